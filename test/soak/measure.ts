import { readFileSync } from "node:fs";
import { askStatus } from "../../edge-agent/health/control-client.ts";
import type { LoopDelay } from "../../edge-agent/health/process-watch.ts";
import type { Sample } from "./hearing.ts";

const LOOK_MS = 1_000;
const SERIES = 60;
const MB = 1e6;

/** What the agent cost the machine. Megabytes are 10^6 bytes. */
export interface Measures {
  readonly rssMb: {
    readonly mean: number;
    readonly max: number;
    /** What the kernel saw at most (VmHWM), of any of the agent's lives. */
    readonly peak: number;
    /** At even distances over the run, at most 60 values. */
    readonly series: readonly number[];
  };
  /** Of each of its lives, from start to kill or stop. */
  readonly loopDelay: readonly LoopDelay[];
  /** The worst of all lives. */
  readonly loopDelayWorst: LoopDelay;
}

export interface Measurement {
  /** A new agent runs, or soon will. */
  started(pid: number | undefined): void;
  readonly samples: readonly Sample[];
  /** Takes a last look. */
  stop(): Promise<Measures>;
}

/** Looks at the agent once a second: its memory as the kernel tells it, its loop and readers as it tells them itself. */
export function measure(runtimeDir: string): Measurement {
  const samples: Sample[] = [];
  const rss: number[] = [];
  const lives: LoopDelay[] = [];
  let peak = 0;
  let life = -1;
  let pid: number | undefined;

  const look = async (): Promise<void> => {
    const memory = pid === undefined ? undefined : memoryOf(pid);
    if (memory !== undefined) {
      rss.push(memory.rss);
      peak = Math.max(peak, memory.peak);
    }
    const [askedAtMs, inLife] = [Date.now(), life];
    const status = await askStatus(runtimeDir).catch(() => undefined);
    // An answer of the one that was killed meanwhile says nothing of its successor.
    if (status === undefined || inLife !== life) return;
    lives[life] = status.process.loopDelay.sinceStart;
    const online = status.readers.filter(({ state }) => state === "online");
    samples.push({
      askedAtMs,
      answeredAtMs: Date.now(),
      life,
      online: new Set(online.map(({ reader }) => reader)),
    });
  };
  let looking = Promise.resolve();
  const timer = setInterval(() => void (looking = looking.then(look)), LOOK_MS);

  return {
    started(newPid) {
      pid = newPid;
      life += 1;
    },
    samples,
    async stop() {
      clearInterval(timer);
      await looking.then(look);
      const loopDelay = lives.filter((each) => each !== undefined);
      return {
        rssMb: { ...summaryOf(rss), peak: mb(peak) },
        loopDelay,
        loopDelayWorst: worst(loopDelay),
      };
    },
  };
}

function memoryOf(pid: number): { readonly rss: number; readonly peak: number } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/status`, "utf8");
    const bytes = (name: string): number =>
      Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(text)?.[1] ?? 0) * 1024;
    return { rss: bytes("VmRSS"), peak: bytes("VmHWM") };
  } catch {
    return undefined; // killed just now
  }
}

function summaryOf(rss: readonly number[]): Omit<Measures["rssMb"], "peak"> {
  const every = Math.max(1, Math.ceil(rss.length / SERIES));
  return {
    mean: mb(rss.reduce((sum, each) => sum + each, 0) / Math.max(1, rss.length)),
    max: mb(Math.max(0, ...rss)),
    series: rss.filter((_, index) => index % every === 0).map(mb),
  };
}

function worst(lives: readonly LoopDelay[]): LoopDelay {
  const most = (value: (life: LoopDelay) => number): number => Math.max(0, ...lives.map(value));
  return { p50Ms: most((l) => l.p50Ms), p99Ms: most((l) => l.p99Ms), maxMs: most((l) => l.maxMs) };
}

const mb = (bytes: number): number => Math.ceil((bytes / MB) * 10) / 10;
