import {
  describeDriver,
  GREEN,
  type RecordedDeps,
  recordedDeps,
} from "@clockleaf/edge-agent/devices/driver.contract.ts";
import { pcproxConfigSchema } from "@clockleaf/edge-agent/devices/pcprox/config.ts";
import { pcproxDriver } from "@clockleaf/edge-agent/devices/pcprox/driver.ts";
import { hidOverStream } from "@clockleaf/edge-agent/ports/hid-stream.ts";
import { createMemoryPair, type MemoryPair } from "@clockleaf/edge-agent/ports/memory.ts";
import type { Port } from "@clockleaf/edge-agent/ports/port.ts";
import { cardCredential, makeCard } from "@clockleaf/hardware-sim/cards.ts";
import { attachHid, type HidEnd } from "@clockleaf/hardware-sim/hid/feature-frames.ts";
import { type PcproxOptions, PcproxReader } from "@clockleaf/hardware-sim/hid/pcprox.ts";
import { createRandom } from "@clockleaf/hardware-sim/random.ts";
import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import type { Credential } from "@clockleaf/shared/wire/punch.ts";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { eventually } from "../support/eventually.ts";
import { type TempDir, tempDir } from "../support/temp.ts";

const cardOf = (badge: number) => makeCard(26, 12, badge);

describeDriver("the pcProx driver", () => {
  const pair = createMemoryPair();
  const reader = new PcproxReader();
  const end = attachHid(pair.terminal, reader);
  const online = Promise.withResolvers<void>();
  return {
    driver: {
      ...pcproxDriver,
      // oxlint-disable-next-line eslint/max-params -- the contract of drivers has four
      run: (port, config, deps, signal) => {
        const statusChanged: typeof deps.statusChanged = (id, what) => {
          deps.statusChanged(id, what);
          online.resolve();
        };
        return pcproxDriver.run(port, config, { ...deps, statusChanged }, signal);
      },
    },
    config: pcproxConfigSchema.parse({ reader: "door", pollMs: 1 }),
    port: hidOverStream(pair.agent),
    credentialOf: (badge) => cardCredential(cardOf(badge)),
    // A card that lies there at the first look is from before, and no punch.
    present: (badge) => void online.promise.then(() => reader.place(cardOf(badge))),
    inject: (bytes) => end.report(bytes),
    lose: () => pair.lose("unplugged"),
    greens: () => reader.greens(),
  };
});

interface Rig {
  readonly reader: PcproxReader;
  readonly pair: MemoryPair;
  readonly end: HidEnd;
  readonly deps: RecordedDeps;
  readonly running: Promise<void>;
  readonly stop: () => void;
  readonly counters: () => Readonly<Record<string, number>>;
  readonly stored: () => Credential[];
}

describe("the pcProx driver and its reader", () => {
  let dir: TempDir;
  let rigs: Rig[];
  beforeEach(() => {
    dir = tempDir("pcprox");
    rigs = [];
  });
  afterEach(async () => {
    for (const rig of rigs) {
      rig.stop();
      await rig.running.catch(() => undefined);
    }
    dir.remove();
  });

  function start(
    settings: object = {},
    reader: PcproxReader = new PcproxReader(),
    portOf: (pair: MemoryPair) => Port = (pair) => hidOverStream(pair.agent),
  ): Rig {
    const pair = createMemoryPair();
    const end = attachHid(pair.terminal, reader);
    const deps = recordedDeps(dir.path);
    const stopping = new AbortController();
    const config = pcproxConfigSchema.parse({ reader: "door", pollMs: 1, goneMs: 20, ...settings });
    const running = pcproxDriver.run(portOf(pair), config, deps, stopping.signal);
    running.catch(() => undefined);
    const rig: Rig = {
      reader,
      pair,
      end,
      deps,
      running,
      stop: () => stopping.abort(),
      counters: () => deps.health.get("door")?.counters ?? {},
      stored: () => deps.readings.map(({ credential }) => credential),
    };
    rigs.push(rig);
    return rig;
  }
  const online = ({ deps }: Rig): Promise<unknown> =>
    eventually(() => deps.statuses.some(([, what]) => what === "online"), { what: "online" });
  /** Several looks pass; only for proving that something does not happen. */
  const looks = async ({ deps }: Rig, count = 10): Promise<void> => {
    const from = deps.progressed;
    await eventually(() => deps.progressed >= from + count, { what: `${count} looks` });
  };

  test("takes a card that lies there for one punch, and the same card later for another", async () => {
    const rig = start();
    await online(rig);
    rig.reader.place(cardOf(1));
    await eventually(() => rig.stored().length === 1);
    await looks(rig, 30);
    expect(rig.stored()).toHaveLength(1);
    rig.reader.lift();
    // Looked for in vain for goneMs.
    await new Promise((resolve) => setTimeout(resolve, 20));
    await looks(rig, 5);
    rig.reader.place(cardOf(1));
    await eventually(() => rig.stored().length === 2);
    expect(rig.stored()).toEqual([cardCredential(cardOf(1)), cardCredential(cardOf(1))]);
  });

  test("takes a buffer that stays filled for one punch, and one that reading empties as well", async () => {
    let nowMs = 0;
    const readers: PcproxOptions[] = [{ holdMs: 1_000, now: () => nowMs }, { buffer: "once" }];
    for (const options of readers) {
      const rig = start({}, new PcproxReader(options));
      await online(rig);
      rig.reader.place(cardOf(1));
      rig.reader.lift();
      await eventually(() => rig.stored().length === 1 || options.buffer !== undefined);
      rig.reader.place(cardOf(1));
      await eventually(() => rig.stored().length === 1);
      await looks(rig, 30);
      expect(rig.stored()).toHaveLength(1);
      nowMs += 1_001;
    }
  });

  test("gives a card the name it has at readers of whole cards, by the bits the reader strips", async () => {
    for (const [strip, card, parity] of [
      [{ lead: 0, trail: 0 }, makeCard(26, 123, 45_678), "parity_right"],
      [{ lead: 1, trail: 1 }, makeCard(34, 18_838, 722), "parity_restored"],
      [{ lead: 1, trail: 1 }, makeCard(37, 700, 200_802), "parity_restored"],
    ] as const) {
      const rig = start({}, new PcproxReader({ strip }));
      await online(rig);
      rig.reader.place(card);
      await eventually(() => rig.stored().length === 1);
      expect(rig.stored()).toEqual([cardCredential(card)]);
      rig.stop();
      await rig.running;
      expect(rig.counters()[parity]).toBe(1);
    }
  });

  test("shows green, amber and red, and puts them out; red means that nothing was stored", async () => {
    const rig = start({ lightMs: 200 });
    await online(rig);
    const shows = async (badge: number, led: string): Promise<void> => {
      rig.reader.place(cardOf(badge));
      await eventually(() => rig.reader.led() === led, { everyMs: 1, what: led });
      await eventually(() => rig.reader.led() === "dark", { everyMs: 1, what: "dark" });
    };
    await shows(1, "green");
    rig.deps.answer = () => Promise.resolve({ ...GREEN, light: "amber" });
    await shows(2, "amber");
    rig.deps.answer = () => Promise.reject(new PlatformError("journal.full", "no room"));
    await shows(3, "red");
    expect(rig.reader.greens()).toBe(1);
  });

  test("leaves the reader as it was, and never writes to its EEPROM", async () => {
    const reader = new PcproxReader();
    const before = [0, 1, 2].map((number) => reader.page(number));
    const rig = start({ lightMs: 10_000 }, reader);
    await online(rig);
    reader.place(cardOf(1));
    await eventually(() => reader.led() === "green");
    rig.stop();
    await rig.running;
    expect([0, 1, 2].map((number) => reader.page(number))).toEqual(before);
    expect(reader.saves()).toBe(0);
  });

  test("puts out the green of an agent that was killed", async () => {
    const reader = new PcproxReader();
    const killed = start({ lightMs: 10_000 }, reader);
    await online(killed);
    reader.place(cardOf(1));
    await eventually(() => reader.led() === "green");
    killed.pair.disturb({ toTerminal: () => new Uint8Array(0) });
    const next = start({}, reader);
    await online(next);
    expect(reader.led()).toBe("dark");
    next.stop();
    await next.running;
    expect(reader.led()).toBe("dark");
    // What the killed one had in hand was stored by it; it is no punch of this one.
    expect(next.stored()).toEqual([]);
  });

  test("does not write an order into a page that an agent before it had asked for", async () => {
    const reader = new PcproxReader();
    const before = reader.page(2);
    reader.setFeature(0, Uint8Array.of(0x82, 0, 0, 0, 0, 0, 0, 0));
    await online(start({ light: "none" }, reader));
    expect(reader.page(2)).toEqual(before);
  });

  test("leaves the LED to the reader when told to, and says that it shows nothing", async () => {
    const rig = start({ light: "none" });
    await online(rig);
    rig.reader.place(cardOf(1));
    await eventually(() => rig.stored().length === 1);
    await looks(rig);
    expect(rig.reader.page(2)).toEqual(new Uint8Array(8));
    expect(rig.deps.offered.get("door")).toEqual({});
  });

  test("blinks red to be found", async () => {
    const rig = start();
    await online(rig);
    await rig.deps.offered.get("door")?.locate?.(60);
    expect(rig.reader.led()).toBe("red");
    await eventually(() => rig.reader.led() === "dark");
    await eventually(() => rig.reader.led() === "red");
    rig.reader.misbehave("stall");
    await eventually(() =>
      rig.deps.offered
        .get("door")
        ?.locate?.(60)
        .then(() => false, isNoReply),
    );
  });

  test("shows each light to an installer who asked for it", async () => {
    const rig = start();
    await online(rig);
    const tested = rig.deps.offered.get("door")?.testLight?.();
    for (const led of ["red", "amber", "green", "dark"]) {
      await eventually(() => rig.reader.led() === led, { everyMs: 1, what: led });
    }
    await tested;
    expect(rig.stored()).toEqual([]);
  });

  test("does not take half of one card and half of another for a third", async () => {
    const reader = new SwappingReader();
    const rig = start({}, reader);
    await eventually(() => reader.turn > 40);
    rig.stop();
    await rig.running;
    expect(rig.stored()).toEqual([]);
    expect(rig.counters()["discarded_unsettled"]).toBeGreaterThan(5);
  });

  test("counts garbage, reads on after it, and does not take it for progress", async () => {
    const rig = start();
    await online(rig);
    const random = createRandom(20_261_201);
    // A random report of data is a card when two bytes agree; these never do.
    let flip = 0;
    rig.reader.misbehave("garbage", (length) => {
      const bytes = random.bytes(length);
      flip += 1;
      bytes[0] = 1 + (flip % 2);
      bytes[1] = 9;
      return bytes;
    });
    const from = rig.deps.progressed;
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(rig.deps.progressed - from).toBeLessThanOrEqual(1);
    rig.reader.misbehave("none");
    rig.reader.place(cardOf(7));
    await eventually(() => rig.stored().length === 1);
    rig.stop();
    await rig.running;
    const discards = Object.entries(rig.counters()).filter(([name]) =>
      name.startsWith("discarded_"),
    );
    expect(discards.length).toBeGreaterThan(0);
    expect(rig.stored()).toEqual([cardCredential(cardOf(7))]);
  });

  test("is off line while the reader refuses everything, and on line again after it", async () => {
    const rig = start();
    await online(rig);
    rig.reader.misbehave("stall");
    // Five seconds without an answer.
    rig.deps.now = () => performance.now() + 5_001;
    await eventually(() => rig.deps.statuses.at(-1)?.[1] === "offline");
    expect(rig.deps.health.get("door")).toMatchObject({
      state: "offline",
      fault: { code: "device.no-reply" },
    });
    rig.reader.misbehave("none");
    await eventually(() => rig.deps.statuses.at(-1)?.[1] === "online");
  });

  test("says that a device is no pcProx, refusing or blank, and what to use instead", async () => {
    const blank = new PcproxReader();
    blank.misbehave("garbage", (length) => new Uint8Array(length));
    const refusing = new PcproxReader();
    refusing.misbehave("stall");
    for (const reader of [blank, refusing]) {
      const rig = start({}, reader);
      await eventually(() => rig.deps.health.get("door")?.state === "fault");
      expect(rig.deps.health.get("door")?.fault).toEqual({
        code: "device.refused",
        message: expect.stringContaining("use the driver hid-keyboard"),
      });
    }
  });

  test("says that a port without feature reports is the wrong one", async () => {
    const rig = start({}, new PcproxReader(), (pair) => pair.agent);
    await expect(rig.running).rejects.toMatchObject({
      code: "config.invalid",
      message: expect.stringContaining("a pcProx hangs on a port of hid"),
    });
  });

  test("notices a reader that types as well", async () => {
    const rig = start();
    await online(rig);
    rig.end.report(Uint8Array.of(0, 0, 0x1e, 0, 0, 0, 0, 0));
    await eventually(() => rig.counters()["ignored_keystrokes"] === 1);
    expect(rig.deps.health.get("door")?.facts).toMatchObject({
      firmware: "07.3.0",
      strippedBits: "1+1",
      feedback: true,
      typesToo: true,
    });
  });
});

const isNoReply = (error: unknown): boolean =>
  error instanceof PlatformError && error.code === "device.no-reply";

/** Between the data and its length another card comes: every look meets that. */
class SwappingReader extends PcproxReader {
  turn = 0;
  override setFeature(id: number, bytes: Uint8Array): boolean | undefined {
    if (bytes[0] === 0x8f) {
      this.turn += 1;
      this.place(this.turn % 2 === 0 ? cardOf(1) : makeCard(34, 18_838, 722));
    }
    return super.setFeature(id, bytes);
  }
}
