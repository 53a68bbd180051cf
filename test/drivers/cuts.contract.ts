import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import type {
  DeviceDriver,
  DriverDeps,
  Feedback,
  Reading,
} from "@clockleaf/edge-agent/devices/driver.ts";
import { createMemoryPair, type MemoryPair } from "@clockleaf/edge-agent/ports/memory.ts";
import type { Line } from "@clockleaf/hardware-sim/line.ts";
import { silentLog } from "@clockleaf/shared/lib/log.ts";
import type { Credential } from "@clockleaf/shared/wire/punch.ts";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { eventually } from "../support/eventually.ts";
import { type TempDir, tempDir } from "../support/temp.ts";

/** What is torn at a byte: the line, the agent (killed, and started again), or the terminal's power. */
export type Torn = "line" | "agent" | "power";

/** A terminal that outlives every connection to it. */
export interface CutTerminal<Config> {
  readonly driver: DeviceDriver<Config>;
  readonly config: Config;
  credentialOf(badge: number): Credential;
  /** A person presents the badge; from now on the terminal has it, if it keeps anything. */
  present(badge: number): void;
  /** Hangs the terminal on this end of a fresh line; the line before is dead by then. */
  attach(line: Line): void;
  /** Power off and on; what the terminal keeps over it is its protocol's business. */
  powerCut(): void;
  /** How many badges the terminal has let go of, told or by itself; undefined where it keeps none. */
  readonly forgotten?: () => number;
}

export interface CutsOptions {
  /**
   * What the terminal keeps a badge over until it is told to forget it. A badge on its way through a cut that is not
   * listed may be lost, never another one, and never doubled.
   */
  readonly keepsOver: readonly Torn[];
  /** At most so many cuts per kind, spread over all the bytes of an exchange; `DRIVER_CUTS=100000` tries every byte. */
  readonly cuts?: number;
}

const BADGES = [1, 2, 3];
const DEFAULT_CUTS = Number(process.env["DRIVER_CUTS"] ?? 40);
/** Hundreds of short exchanges: look often. */
const OFTEN = { everyMs: 1 };

/**
 * Nothing lost and nothing doubled wherever the exchange is torn: three badges are carried over, and the exchange is
 * torn after the first byte, then, with a fresh terminal, after the second, and so on to its end; both directions count.
 */
export function describeCuts<Config>(
  name: string,
  makeTerminal: () => CutTerminal<Config>,
  options: CutsOptions,
): void {
  describe(`${name}, torn at any byte`, () => {
    let dir: TempDir;
    beforeEach(() => {
      dir = tempDir("cuts");
    });
    afterEach(() => dir.remove());

    for (const torn of ["line", "agent", "power"] as const) {
      test(`${torn}: ${options.keepsOver.includes(torn) ? "every badge once" : "at most the one under way"}`, async () => {
        const bytes = await bytesUndisturbed(makeTerminal(), dir.path);
        const step = Math.max(1, Math.ceil(bytes / (options.cuts ?? DEFAULT_CUTS)));
        for (let at = 1; at <= bytes; at += step) {
          const keeps = options.keepsOver.includes(torn);
          const { doubled, lost } = await tearAt({
            terminal: makeTerminal(),
            torn,
            at,
            keeps,
            dir: dir.path,
          });
          expect(doubled, `doubled: ${torn} at byte ${at}`).toEqual([]);
          expect(lost, `lost: ${torn} at byte ${at}`).toEqual([]);
        }
      });
    }
  });
}

/** The agent's half that survives the agent: what is on its disk. */
interface Disk {
  readonly rows: Credential[];
  readonly deps: (isAlive: () => boolean) => DriverDeps;
  readonly online: () => number;
}

/** A new, empty one: no state of an earlier tearing may help or harm. */
function disk(under: string): Disk {
  const runtimeDir = mkdtempSync(join(under, "run-"));
  const rows: Credential[] = [];
  const seqs = new Map<string, number>();
  const keys = new Set<string>();
  let online = 0;
  const isRepeat = ({ reader, deviceSeq, recordKey }: Reading): boolean => {
    if (recordKey !== null) return keys.has(`${reader} ${recordKey}`);
    return deviceSeq !== null && deviceSeq <= (seqs.get(reader) ?? Number.NEGATIVE_INFINITY);
  };
  const commit = (reading: Reading): void => {
    if (isRepeat(reading)) return;
    rows.push(reading.credential);
    if (reading.recordKey !== null) keys.add(`${reading.reader} ${reading.recordKey}`);
    else if (reading.deviceSeq !== null) seqs.set(reading.reader, reading.deviceSeq);
  };
  return {
    rows,
    online: () => online,
    deps: (isAlive) => ({
      accept: (reading) =>
        new Promise<Feedback>((resolve) => {
          // A commit takes its time; a dead agent commits nothing and answers nobody.
          setImmediate(() => {
            if (!isAlive()) return;
            commit(reading);
            resolve({ light: "green", text: null });
          });
        }),
      checkPin: () => "none-set",
      lastDeviceSeq: (reader) => seqs.get(reader) ?? null,
      statusChanged: (_, what) => {
        if (what === "online") online += 1;
      },
      report: () => undefined,
      progress: () => undefined,
      offer: () => () => undefined,
      deviceClock: () => ({ offset: null, advice: "leave" }),
      localTime: () => null,
      now: () => performance.now(),
      runtimeDir,
      log: silentLog(),
    }),
  };
}

interface Run {
  /** Resolves when the budget of bytes is used up. */
  readonly torn: Promise<void>;
  readonly bytes: () => number;
  /** The line goes; the driver's run ends. */
  tear(): Promise<void>;
  /** The agent is killed: nothing it does from now on reaches anybody. */
  kill(): void;
  stop(): Promise<void>;
}

/** Runs the driver on a fresh line to the terminal; bytes beyond `budget` do not pass. */
function run<Config>(terminal: CutTerminal<Config>, onDisk: Disk, budget: number): Run {
  const pair: MemoryPair = createMemoryPair();
  const spent = Promise.withResolvers<void>();
  const stop = new AbortController();
  let [isAlive, bytes] = [true, 0];
  const pass = (chunk: Uint8Array): Uint8Array => {
    const room = Math.max(0, budget - bytes);
    bytes += chunk.length;
    if (bytes >= budget) setImmediate(() => setImmediate(spent.resolve));
    return chunk.subarray(0, room);
  };
  pair.disturb({ toAgent: pass, toTerminal: pass });
  terminal.attach(pair.terminal);
  const running = terminal.driver
    .run(
      pair.agent,
      terminal.config,
      onDisk.deps(() => isAlive),
      stop.signal,
    )
    .catch(() => undefined);
  return {
    torn: spent.promise,
    bytes: () => bytes,
    async tear() {
      pair.lose("torn by the test");
      await running;
    },
    kill() {
      isAlive = false;
      pair.disturb({ toAgent: () => new Uint8Array(0), toTerminal: () => new Uint8Array(0) });
      stop.abort();
    },
    async stop() {
      stop.abort();
      await running;
      await pair.agent.close();
    },
  };
}

async function bytesUndisturbed<Config>(
  terminal: CutTerminal<Config>,
  dir: string,
): Promise<number> {
  const onDisk = disk(dir);
  const undisturbed = run(terminal, onDisk, Number.POSITIVE_INFINITY);
  await eventually(() => onDisk.online() > 0, { ...OFTEN, what: "on line" });
  for (const badge of BADGES) {
    terminal.present(badge);
    await eventually(() => onDisk.rows.length === badge, {
      ...OFTEN,
      what: `badge ${badge} stored`,
    });
  }
  const { forgotten } = terminal;
  if (forgotten !== undefined) await eventually(() => forgotten() === BADGES.length);
  const bytes = undisturbed.bytes();
  await undisturbed.stop();
  return bytes;
}

interface Tearing<Config> {
  readonly terminal: CutTerminal<Config>;
  readonly torn: Torn;
  readonly at: number;
  readonly keeps: boolean;
  readonly dir: string;
}

interface Outcome {
  readonly doubled: readonly string[];
  readonly lost: readonly number[];
}

async function tearAt<Config>(tearing: Tearing<Config>): Promise<Outcome> {
  const { terminal, torn, at, keeps, dir } = tearing;
  const onDisk = disk(dir);
  const first = run(terminal, onDisk, at);
  const presented: number[] = [];
  let isTorn = false;
  const early = async (): Promise<void> => {
    await eventually(() => isTorn || onDisk.online() > 0, OFTEN);
    for (const badge of BADGES) {
      if (isTorn) return;
      terminal.present(badge);
      presented.push(badge);
      await eventually(() => isTorn || onDisk.rows.length === badge, OFTEN);
    }
  };
  const presenting = early();
  await first.torn;
  isTorn = true;
  await presenting;
  if (torn === "agent") first.kill();
  else await first.tear();
  if (torn === "power") terminal.powerCut();

  const onlineBefore = onDisk.online();
  const second = run(terminal, onDisk, Number.POSITIVE_INFINITY);
  await eventually(() => onDisk.online() > onlineBefore, {
    ...OFTEN,
    what: `on line again after ${at}`,
  });
  const later = BADGES.filter((badge) => !presented.includes(badge)).concat(4);
  for (const badge of later) {
    terminal.present(badge);
    await eventually(() => has(onDisk, terminal.credentialOf(badge)), {
      ...OFTEN,
      what: `badge ${badge} stored after a cut of the ${torn} at byte ${at}`,
    });
  }
  if (keeps) {
    await eventually(() => presented.every((badge) => has(onDisk, terminal.credentialOf(badge))), {
      ...OFTEN,
      what: `what was presented before a cut of the ${torn} at byte ${at}`,
    });
  }
  await second.stop();
  if (torn !== "agent") await first.stop();

  const spelled = onDisk.rows.map((each) => JSON.stringify(each));
  const missing = presented.filter((badge) => !has(onDisk, terminal.credentialOf(badge)));
  const underWay = new Set(presented.slice(-1));
  return {
    doubled: spelled.filter((each, index) => spelled.indexOf(each) !== index),
    lost: keeps ? missing : missing.filter((badge) => !underWay.has(badge)),
  };
}

const has = ({ rows }: Disk, credential: Credential): boolean =>
  rows.some((row) => JSON.stringify(row) === JSON.stringify(credential));
