import { randomBytes } from "node:crypto";
import { setImmediate as turn } from "node:timers/promises";
import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type RecordedDeps, recordedDeps } from "../../edge-agent/devices/driver.contract.ts";
import type { Driver } from "../../edge-agent/devices/driver.ts";
import { osdpConfigSchema } from "../../edge-agent/devices/osdp/config.ts";
import { osdpDriver } from "../../edge-agent/devices/osdp/driver.ts";
import { serialBadgeConfigSchema } from "../../edge-agent/devices/serial-badge/config.ts";
import { serialBadgeDriver } from "../../edge-agent/devices/serial-badge/driver.ts";
import { supervise } from "../../edge-agent/devices/supervise.ts";
import { zfmConfigSchema } from "../../edge-agent/devices/zfm/config.ts";
import { zfmDriver } from "../../edge-agent/devices/zfm/driver.ts";
import { createMemoryPair } from "../../edge-agent/ports/memory.ts";
import type { OpenPort, Port } from "../../edge-agent/ports/port.ts";
import { makeCard } from "../../hardware-sim/cards.ts";
import { attachBus } from "../../hardware-sim/osdp/bus.ts";
import { createReader, type OsdpReader } from "../../hardware-sim/osdp/reader.ts";
import { createTagReader, type TagReader } from "../../hardware-sim/serial-badge/reader.ts";
import { eventually } from "../support/eventually.ts";
import { type TempDir, tempDir } from "../support/temp.ts";

// Lines of one agent, most of them dead in a way of their own. What a badge waits for at the good ones is counted in turns of
// the event loop: how long a turn takes is the machine's business, how many it takes is ours.

const QUICK = { firstMs: 1, maxMs: 2, jitter: 0 };
const now = (): number => performance.now();
const BADGES = 200;

let dir: TempDir;
let deps: RecordedDeps;
let stop: AbortController;
let lines: Promise<void>[];
beforeEach(() => {
  dir = tempDir("lines-apart");
  deps = recordedDeps(dir.path);
  stop = new AbortController();
  lines = [];
});
afterEach(async () => {
  stop.abort();
  await Promise.all(lines);
  dir.remove();
});

function start<Config>(driver: Driver<Config>, config: Config, openPort: OpenPort): void {
  const grace = { graceMs: 1 };
  lines.push(supervise({ driver, config, openPort, deps, backoff: QUICK, grace }, stop.signal));
}

const badges = (reader: string) =>
  serialBadgeConfigSchema.parse({ reader, preset: "ascii-line", idleMs: 5_000 });
const osdp = (id: string, address: number) =>
  osdpConfigSchema.parse({
    pollMs: 1,
    replyTimeoutMs: 10,
    readers: [{ id, address, secureChannel: "off" }],
  });

/** A line of text behind which somebody taps. */
function startDesk(): TagReader {
  const pair = createMemoryPair("desk");
  const desk = createTagReader({ style: "ascii-line" });
  desk.attach(pair.terminal);
  start(serialBadgeDriver, badges("desk"), () => Promise.resolve(pair.agent));
  return desk;
}

/** Turns of the event loop from each tap to its acceptance, in order. */
async function turnsOf(desk: TagReader): Promise<number[]> {
  await eventually(() => deps.health.get("desk")?.state === "online", { what: "the desk online" });
  deps.readings.length = 0;
  const turns: number[] = [];
  for (let n = 0; n < BADGES; n += 1) {
    const badge = `1${String(n).padStart(5, "0")}`;
    const isAccepted = (): boolean =>
      deps.readings.some(
        ({ reader, credential }) =>
          reader === "desk" && credential.kind === "number" && credential.value === badge,
      );
    void desk.tap(badge);
    let waited = 0;
    while (!isAccepted()) {
      waited += 1;
      if (waited > 10_000) throw new Error(`badge ${n} is not accepted`);
      await turn();
    }
    turns.push(waited);
  }
  return turns;
}

/** How often each dead line was dead again: proof that it was there all the while. */
interface Deaths {
  flooded: number;
  lost: number;
  unplugged: number;
  thrown: number;
  hung: number;
}

function startTheDead(): Deaths {
  const deaths: Deaths = { flooded: 0, lost: 0, unplugged: 0, thrown: 0, hung: 0 };
  startFlooded(deaths);
  startHanging();
  start(osdpDriver, osdp("unplugged", 1), () => {
    deaths.unplugged += 1;
    return Promise.reject(new PlatformError("port.unavailable", "plug it in"));
  });
  start(osdpDriver, osdp("loose", 2), () => {
    const pair = createMemoryPair("loose");
    setImmediate(() => {
      deaths.lost += 1;
      pair.lose("a loose contact");
    });
    return Promise.resolve(pair.agent);
  });
  start(
    {
      ...serialBadgeDriver,
      run() {
        deaths.thrown += 1;
        throw new Error("a mistake of ours");
      },
    },
    badges("throws"),
    () => Promise.resolve(createMemoryPair("throws").agent),
  );
  start(
    {
      ...serialBadgeDriver,
      // Hears of nothing, its end included.
      run() {
        deaths.hung += 1;
        return new Promise<void>(() => undefined);
      },
    },
    badges("hangs"),
    () => Promise.resolve(createMemoryPair("hangs").agent),
  );
  return deaths;
}

/** Garbage without end, a chunk in every turn, for a driver that looks for frames in it. */
function startFlooded(deaths: Deaths): void {
  const pair = createMemoryPair("flooded");
  const garbage = Uint8Array.from(randomBytes(512));
  const more = (): void => {
    if (stop.signal.aborted) return;
    deaths.flooded += 1;
    pair.terminal.write(garbage).catch(() => undefined);
    setImmediate(more);
  };
  more();
  start(osdpDriver, osdp("flooded", 3), () => Promise.resolve(pair.agent));
}

/** A line that takes no bytes and gives none. */
function startHanging(): void {
  const port: Port = {
    ...createMemoryPair("hanging").agent,
    write: () => new Promise<void>(() => undefined),
  };
  const config = zfmConfigSchema.parse({ reader: "silent", replyTimeoutMs: 10, baudRates: [] });
  start(zfmDriver, config, () => Promise.resolve(port));
}

const median = (turns: readonly number[]): number =>
  turns.toSorted((a, b) => a - b)[Math.floor(turns.length / 2)] ?? Number.NaN;

describe("a dead terminal", () => {
  it("never has a badge on another line wait", async () => {
    const desk = startDesk();
    const alone = await turnsOf(desk);

    const deaths = startTheDead();
    await eventually(() => Object.values(deaths).every((times) => times > 0), {
      what: "every line dead",
    });
    // Until every one of them has died again in between.
    const before = { ...deaths };
    const isAgain = (): boolean =>
      deaths.flooded - before.flooded >= BADGES &&
      deaths.lost > before.lost &&
      deaths.unplugged > before.unplugged &&
      deaths.thrown > before.thrown;
    const among: number[] = [];
    while (!isAgain()) among.push(...(await turnsOf(desk)));
    expect(median(among)).toBe(median(alone));
    // None waited for a time-out or an end of anybody else: those are hundreds of turns apart.
    expect(Math.max(...among)).toBeLessThanOrEqual(Math.max(...alone) + 2);
    for (const reader of ["unplugged", "throws"]) {
      expect(deps.health.get(reader)?.state).toBe("fault");
    }
  });

  it("never keeps a reader that is asked from being asked", async () => {
    const reader: OsdpReader = createReader({
      address: 5,
      now,
      random: (length) => randomBytes(length),
    });
    const pair = createMemoryPair("bus");
    attachBus(pair.terminal, { readers: [reader], now });
    const deaths = startTheDead();
    await eventually(() => Object.values(deaths).every((times) => times > 0), {
      what: "every line dead",
    });
    start(osdpDriver, osdp("door", 5), () => Promise.resolve(pair.agent));
    const hexes: string[] = [];
    for (let n = 1; n <= 50; n += 1) {
      const card = makeCard(26, 7, n);
      reader.tap(card, `tap-${n}`);
      const stored = await eventually(
        () => deps.readings.filter((reading) => reading.reader === "door")[n - 1],
        { what: `tap ${n}` },
      );
      hexes.push(stored.credential.kind === "card" ? stored.credential.hex : "");
    }
    expect(new Set(hexes).size).toBe(50);
    expect(deps.health.get("door")?.state).toBe("online");
  });

  it("never keeps the agent from ending", async () => {
    startDesk();
    const deaths = startTheDead();
    await eventually(() => deaths.hung > 0 && deaths.flooded > 0, { what: "dead lines" });
    stop.abort();
    await expect(Promise.all(lines)).resolves.toBeDefined();
  });
});
