import { writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  GREEN,
  type RecordedDeps,
  recordedDeps,
} from "@clockleaf/edge-agent/devices/driver.contract.ts";
import type { ReaderActions } from "@clockleaf/edge-agent/devices/driver.ts";
import { zfmConfigSchema } from "@clockleaf/edge-agent/devices/zfm/config.ts";
import { zfmDriver } from "@clockleaf/edge-agent/devices/zfm/driver.ts";
import { createMemoryPair, type MemoryPair } from "@clockleaf/edge-agent/ports/memory.ts";
import type { Port } from "@clockleaf/edge-agent/ports/port.ts";
import type { ModuleEvent } from "@clockleaf/hardware-sim/zfm/light.ts";
import {
  createModule,
  type ModuleOptions,
  type ZfmModule,
} from "@clockleaf/hardware-sim/zfm/module.ts";
import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { eventually } from "../support/eventually.ts";
import { type TempDir, tempDir } from "../support/temp.ts";

const STRANGER = 99;
const refused = (message: RegExp): unknown =>
  expect.objectContaining({ code: "device.refused", message: expect.stringMatching(message) });

describe("a ZFM module and its driver", () => {
  let pair: MemoryPair;
  let deps: RecordedDeps;
  let dir: TempDir;
  let stop: AbortController;
  let run: Promise<void>;
  let module: ZfmModule;
  let events: ModuleEvent[];
  let looks: number;

  beforeEach(() => {
    pair = createMemoryPair();
    dir = tempDir("zfm");
    deps = recordedDeps(dir.path);
    stop = new AbortController();
    run = Promise.resolve();
    events = [];
    looks = 0;
  });
  afterEach(async () => {
    stop.abort();
    await run;
    dir.remove();
    // Whatever the test was about: no template ever moves.
    if (module.counters()["template_transfers"] !== undefined) throw new Error("templates moved");
  });

  const start = async (
    settings: Readonly<Record<string, unknown>> = {},
    { port = pair.agent, ...options }: ModuleOptions & { readonly port?: Port } = {},
  ): Promise<void> => {
    module = createModule(options);
    for (let finger = 1; finger <= 9; finger += 1) module.teach(finger, finger);
    // Of this test alone: what is on its way when a test ends still arrives.
    const mine = events;
    module.onEvent((event) => {
      if (event.kind === "looked") looks += 1;
      else mine.push(event);
    });
    module.attach(pair.terminal);
    const config = zfmConfigSchema.parse({
      reader: "door",
      pollMs: 1,
      replyTimeoutMs: 60,
      ...settings,
    });
    run = zfmDriver.run(port, config, deps, stop.signal);
    await eventually(() => deps.statuses.length === 1, { what: "on line" });
  };
  const looked = async (times: number): Promise<void> => {
    const until = looks + times;
    await eventually(() => looks >= until, { everyMs: 1, what: `${times} looks` });
  };
  const lift = async (): Promise<void> => {
    module.lift();
    await looked(4);
  };
  const lights = (): string[] =>
    events.flatMap((event) => (event.kind === "light" ? [event.colour] : []));
  const values = (): string[] =>
    deps.readings.map(({ credential }) => (credential.kind === "number" ? credential.value : ""));
  const counters = async (): Promise<Readonly<Record<string, number>>> => {
    stop.abort();
    await run;
    return deps.health.get("door")?.counters ?? {};
  };

  const actions = (): Required<Pick<ReaderActions, "enrol" | "deleteSlot" | "slots">> => {
    const { enrol, deleteSlot, slots } = deps.offered.get("door") ?? {};
    if (enrol === undefined || deleteSlot === undefined || slots === undefined) {
      throw new Error("not offered");
    }
    return { enrol, deleteSlot, slots };
  };
  /** The person does as the light says: on at purple, off when it goes out, on again at purple. */
  const followTheLight = (...fingers: number[]): void => {
    module.onEvent((event) => {
      if (event.kind === "light" && event.colour === "purple") {
        module.press(fingers.shift() ?? STRANGER);
      }
      if (event.kind === "dark") module.lift();
    });
  };

  test("makes one punch of a finger however long it lies there, and the next once it was lifted", async () => {
    await start();
    module.press(3);
    await eventually(() => lights().length === 1);
    await looked(30);
    // It moves: one look without a finger is no lifting.
    module.lift();
    await looked(1);
    module.press(3);
    await looked(10);
    expect(values()).toEqual(["door-3"]);
    await lift();
    module.press(3);
    await eventually(() => lights().length === 2);
    expect(values()).toEqual(["door-3", "door-3"]);
    expect(lights()).toEqual(["green", "green"]);
  });

  test("puts the light of the one before out before it looks at the next finger", async () => {
    await start();
    module.press(1);
    await eventually(() => lights().length === 1);
    await lift();
    const stored = Promise.withResolvers<typeof GREEN>();
    deps.answer = () => stored.promise;
    module.press(2);
    await eventually(() => deps.readings.length === 2);
    const kinds = events.map((event) => (event.kind === "light" ? event.colour : event.kind));
    expect(kinds).toEqual(["dark", "matched", "green", "dark", "matched"]);
    stored.resolve(GREEN);
    await eventually(() => lights().length === 2);
  });

  test("shows a stranger red, counts why, and stores nothing", async () => {
    await start({ imagesPerFinger: 3 });
    module.press(STRANGER);
    await eventually(() => lights().length === 1);
    expect(lights()).toEqual(["red"]);
    expect(values()).toEqual([]);
    expect(await counters()).toMatchObject({ fingers: 1, "images_not-found": 3 });
  });

  test("takes another image of a messy one, and gives up after as many as configured", async () => {
    await start({ imagesPerFinger: 2 });
    module.spoil(1, 0x06);
    module.press(4);
    await eventually(() => lights().length === 1);
    await lift();
    module.spoil(2, 0x07);
    module.press(5);
    await eventually(() => lights().length === 2);
    expect(lights()).toEqual(["green", "red"]);
    expect(values()).toEqual(["door-4"]);
    expect(await counters()).toMatchObject({ images_messy: 1, "images_few-features": 2 });
  });

  test("takes a match below the lowest score for none", async () => {
    await start({ minScore: 121, imagesPerFinger: 1 }, { score: 120 });
    module.press(1);
    await eventually(() => lights().length === 1);
    expect(lights()).toEqual(["red"]);
    expect(values()).toEqual([]);
    expect(await counters()).toMatchObject({ "images_low-score": 1 });
  });

  test("names a person by group and slot; blue stands for green where there is none", async () => {
    await start({ userGroup: "plant", light: "red-blue", hint: "in" });
    module.press(7);
    await eventually(() => lights().length === 1);
    expect(deps.readings).toEqual([
      {
        reader: "door",
        credential: { kind: "number", value: "plant-7" },
        hint: "in",
        deviceLocal: null,
        pin: "not-asked",
        deviceSeq: null,
        recordKey: null,
      },
    ]);
    expect(lights()).toEqual(["blue"]);
  });

  test("shows amber and red as it is told", async () => {
    await start();
    for (const [finger, light] of [
      [1, "amber"],
      [2, "red"],
    ] as const) {
      deps.answer = () => Promise.resolve({ light, text: null });
      module.press(finger);
      await eventually(() => lights().length === finger);
      await lift();
    }
    expect(lights()).toEqual(["yellow", "red"]);
  });

  test("goes on without a light where the module has none", async () => {
    await start({}, { hasLight: false });
    for (const finger of [1, 2, 3]) {
      module.press(finger);
      await eventually(() => deps.readings.length === finger);
      await lift();
    }
    expect(module.counters()["order_35"]).toBe(1);
    expect(await counters()).toMatchObject({ light_refused: 1, accepted: 3 });
  });

  test("offers a punch again to a journal that refuses for the moment, and shows nothing meanwhile", async () => {
    await start();
    let asked = 0;
    deps.answer = () => {
      asked += 1;
      const away = new PlatformError("journal.unavailable", "later", { retriable: true });
      if (asked === 2) expect(lights()).toEqual([]);
      return asked < 3 ? Promise.reject(away) : Promise.resolve(GREEN);
    };
    module.press(1);
    await eventually(() => lights().length === 1);
    expect([asked, lights()]).toEqual([3, ["green"]]);
    expect(await counters()).toMatchObject({ accepted: 1 });
  });

  test("shows red when the journal refuses for good", async () => {
    await start();
    deps.answer = () => Promise.reject(new PlatformError("journal.full", "no room"));
    module.press(1);
    await eventually(() => lights().length === 1);
    expect(lights()).toEqual(["red"]);
    expect(await counters()).toMatchObject({ not_stored: 1 });
  });

  test("meets the module again after its power cut, and takes the finger that nobody has dealt with", async () => {
    writeFileSync(join(dir.path, "password"), "0badcafe\n", { mode: 0o600 });
    await start({ passwordFile: join(dir.path, "password") }, { password: 0x0badcafe });
    module.press(1);
    await eventually(() => lights().length === 1);
    await lift();
    module.powerOff();
    module.press(2);
    module.powerOn();
    await eventually(() => lights().length === 2);
    expect(values()).toEqual(["door-1", "door-2"]);
    const { meetings, power_ups } = await counters();
    expect([meetings, power_ups]).toEqual([2, 1]);
    expect(deps.statuses).toEqual([["door", "online"]]);
  });

  test("does not punch again for a finger that lies there over a power cut", async () => {
    await start();
    module.press(1);
    await eventually(() => lights().length === 1);
    module.powerOff();
    module.powerOn();
    await looked(10);
    expect(values()).toEqual(["door-1"]);
  });

  test("never takes a late answer for another question's", async () => {
    const sent: number[] = [];
    pair.disturb({
      toTerminal: (bytes) => {
        sent.push(bytes[9] ?? 0);
        return bytes;
      },
    });
    await start();
    module.onEvent((event) => {
      // The module thinks about the first finger, and about everything it is asked after that, for a long time.
      if (event.kind === "matched" && event.slot === 1) module.mumble(Number.POSITIVE_INFINITY);
    });
    module.press(1);
    const asked = (): number => module.counters()["order_13"] ?? 0;
    await eventually(() => asked() >= 4, { what: "asked for the password again and again" });
    module.mumble(0);
    module.press(2);
    module.speakUp();
    await eventually(() => lights().length === 1);
    expect(values()).toEqual(["door-2"]);
    await lift();
    module.press(3);
    await eventually(() => lights().length === 2);
    expect(values()).toEqual(["door-2", "door-3"]);
    // After the search that nobody answered no finger is looked at until the parameters, and they alone, have come.
    const unanswered = sent.slice(sent.indexOf(0x04) + 1);
    const meeting = unanswered.slice(0, unanswered.indexOf(0x01));
    expect(meeting.slice(0, 3)).toEqual([0x13, 0x13, 0x13]);
    expect(meeting.slice(-2)).toEqual([0x0f, 0x1d]);
    const counted = await counters();
    expect(counted["discarded_unexpected"]).toBeGreaterThanOrEqual(1);
  });

  test("says that a module without power is off line, and that it is back", async () => {
    let aheadMs = 0;
    Object.assign(deps, { now: () => performance.now() + aheadMs });
    await start();
    module.powerOff();
    aheadMs = 6_000;
    await eventually(() => deps.statuses.length === 2);
    expect(deps.health.get("door")).toMatchObject({
      state: "offline",
      fault: { code: "device.no-reply" },
    });
    module.powerOn();
    await eventually(() => deps.statuses.length === 3);
    expect(deps.statuses.map(([, what]) => what)).toEqual(["online", "offline", "online"]);
    expect(deps.health.get("door")).toMatchObject({ state: "online", fault: null });
  });

  test("says that the sensor is covered, until it is not", async () => {
    let aheadMs = 0;
    Object.assign(deps, { now: () => performance.now() + aheadMs });
    await start();
    module.press(1);
    await eventually(() => lights().length === 1);
    aheadMs = 31_000;
    await eventually(() => deps.health.get("door")?.state === "fault");
    expect(deps.health.get("door")?.fault?.message).toMatch(/clean it/);
    module.lift();
    await eventually(() => deps.health.get("door")?.state === "online");
  });

  test("finds the baud rate by itself", async () => {
    let rate = 9_600;
    const port: Port = {
      ...pair.agent,
      setBaudRate: (next) => {
        rate = next;
        return Promise.resolve();
      },
    };
    const begun = start({ baudRates: [57_600, 38_400, 115_200] }, { baud: 12, port });
    module.tune(() => rate);
    await begun;
    expect(rate).toBe(115_200);
    expect(deps.health.get("door")?.facts).toMatchObject({ baudRate: 115_200, capacity: 200 });
    expect(await counters()).toMatchObject({ baud_rates_tried: 3 });
  });

  test("lets a port that takes nothing any more say that it is gone", async () => {
    const gone = new PlatformError("port.lost", "pulled out");
    const port: Port = {
      ...pair.agent,
      write: () => Promise.reject(gone),
      onClosed: (listener) => void setTimeout(() => listener(gone), 20),
    };
    module = createModule();
    const config = zfmConfigSchema.parse({ reader: "door", replyTimeoutMs: 60 });
    await expect(zfmDriver.run(port, config, deps, stop.signal)).rejects.toBe(gone);
  });

  test("says that the password is wrong and never shows it", async () => {
    module = createModule({ password: 1 });
    module.attach(pair.terminal);
    const config = zfmConfigSchema.parse({ reader: "door", pollMs: 1, replyTimeoutMs: 60 });
    run = zfmDriver.run(pair.agent, config, deps, stop.signal);
    await eventually(() => deps.health.get("door")?.state === "fault");
    expect(deps.health.get("door")?.fault?.code).toBe("device.key");
    expect(deps.statuses).toEqual([]);
  });

  describe("by command", () => {
    test("teaches a slot a finger, which then punches, and not while it still lies there", async () => {
      await start();
      followTheLight(42, 42);
      await actions().enrol(17);
      expect(module.slots().get(17)).toBe(42);
      expect(values()).toEqual([]);
      module.press(42);
      await looked(10);
      expect(values()).toEqual([]);
      await lift();
      module.press(42);
      await eventually(() => values().length === 1);
      expect(values()).toEqual(["door-17"]);
      expect(lights().slice(0, 2)).toEqual(["purple", "purple"]);
    });

    test("refuses a slot in use, a slot that is not there, a known finger and two different ones", async () => {
      await start();
      await expect(actions().enrol(3)).rejects.toEqual(refused(/taken/));
      await expect(actions().enrol(200)).rejects.toEqual(refused(/0 to 199/));
      await expect(actions().deleteSlot(-1)).rejects.toEqual(refused(/0 to 199/));
      followTheLight(5, 50, 51);
      await expect(actions().enrol(20)).rejects.toEqual(refused(/in slot 5 already/));
      await expect(actions().enrol(20)).rejects.toEqual(refused(/not of one finger/));
      expect(module.slots().has(20)).toBe(false);
      module.lift();
      await looked(4);
      module.press(1);
      await eventually(() => values().length === 1);
    });

    test("lists slots over several pages, and empties one so that its finger is a stranger", async () => {
      await start({}, { capacity: 1_000 });
      module.teach(999, 77);
      expect(await actions().slots()).toEqual({
        capacity: 1_000,
        taken: [1, 2, 3, 4, 5, 6, 7, 8, 9, 999],
      });
      await actions().deleteSlot(999);
      await actions().deleteSlot(999);
      expect((await actions().slots()).taken).not.toContain(999);
      module.press(77);
      await eventually(() => lights().length === 1);
      expect(lights()).toEqual(["red"]);
    });

    test("gives up when nobody comes, and when the module loses its power meanwhile", async () => {
      let aheadMs = 0;
      Object.assign(deps, { now: () => performance.now() + aheadMs });
      await start();
      const nobody = actions().enrol(20);
      nobody.catch(() => undefined);
      await eventually(() => lights().length === 1);
      aheadMs = 31_000;
      await expect(nobody).rejects.toEqual(refused(/in time/));
      const cut = actions().enrol(20);
      cut.catch(() => undefined);
      await eventually(() => lights().length === 2);
      module.powerOff();
      await expect(cut).rejects.toMatchObject({ code: "device.no-reply" });
      await expect(actions().slots()).rejects.toMatchObject({ code: "device.no-reply" });
      module.powerOn();
      await eventually(async () => (await actions().slots()).taken.length === 9);
    });
  });
});
