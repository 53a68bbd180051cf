import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { BenchOptions, BenchResult } from "./result.ts";
import { type Share, shareSchema } from "./worktime-share.ts";

const PEOPLE = 10_000;
const DAYS_OF_MONTH = 31;
/** Seconds on two cores for everybody's month. */
const BOUND_SECONDS = 20;
const MOST_WORKERS = 2;

/**
 * How long it takes to compute a month of 10,000 people anew, with weekly overtime, breaks, premiums and exceptions, from
 * their punches alone. `days` are the workdays that came out of 310,000 dates.
 */
export async function run({ scale, progress }: BenchOptions): Promise<BenchResult> {
  const people = Math.max(20, Math.round(PEOPLE * scale));
  const workers = Math.min(MOST_WORKERS, availableParallelism());
  progress(`${people} people in ${workers} threads`);
  const stopWatching = watchMemory();
  const startedAt = performance.now();
  const shares = await Promise.all(
    Array.from({ length: workers }, (_, index) =>
      shareOf(Math.floor((people * index) / workers), Math.floor((people * (index + 1)) / workers)),
    ),
  );
  const seconds = (performance.now() - startedAt) / 1000;
  const peakRssMiB = stopWatching();
  const sum = (key: keyof Share): number => shares.reduce((total, each) => total + each[key], 0);
  const bound = BOUND_SECONDS * scale;
  return {
    name: "worktime",
    claims: [
      {
        claim: `seconds for ${people} people x ${DAYS_OF_MONTH} days, everything computed anew, at most`,
        measured: seconds,
        bound,
        holds: seconds <= bound,
      },
    ],
    figures: {
      people,
      days: sum("days"),
      dates: people * DAYS_OF_MONTH,
      seconds,
      workers,
      peakRssMiB,
      engineSecondsPerThread: Math.max(...shares.map(({ ms }) => ms)) / 1000,
      microsecondsADate: (sum("ms") * 1000) / (people * DAYS_OF_MONTH),
      workedHours: sum("workedSeconds") / 3600,
      overtimeHours: sum("overtimeSeconds") / 3600,
      premiumHours: sum("premiumSeconds") / 3600,
    },
  };
}

async function shareOf(from: number, to: number): Promise<Share> {
  const worker = new Worker(new URL("worktime-worker.ts", import.meta.url), {
    workerData: { from, to },
  });
  return await new Promise((resolve, reject) => {
    worker.once("message", (message: unknown) => {
      resolve(shareSchema.parse(message));
    });
    worker.once("error", reject);
    worker.once("exit", (code) => {
      if (code !== 0) reject(new Error(`a worker ended with ${code}`));
    });
  });
}

/** Largest resident memory of the process, threads included, in MiB. */
function watchMemory(): () => number {
  let peak = process.memoryUsage.rss();
  const timer = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  }, 50);
  return () => {
    clearInterval(timer);
    return Math.max(peak, process.memoryUsage.rss()) / 1024 / 1024;
  };
}
