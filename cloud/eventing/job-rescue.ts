import type { Log } from "@clockleaf/shared/lib/log.ts";
import type { Leases } from "./leases.ts";
import { createTicker, type Ticker } from "./ticker.ts";

export interface JobRescueOptions<J> {
  /** Of the timer. */
  readonly name: string;
  /** Jobs that were asked for at or before then and have not been done, oldest first; some at a time. */
  readonly waiting: (beforeMs: number) => Promise<readonly J[]>;
  /** Has it done, if it still is to be done. */
  readonly again: (job: J, signal: AbortSignal) => Promise<void>;
  readonly leases: Leases;
  readonly nowMs: () => number;
  readonly log: Log;
  /** 30 s unless told. */
  readonly everyMs?: number;
  /** How long a job may wait before it is taken for lost; ten minutes unless told. */
  readonly lostAfterMs?: number;
}

const EVERY_MS = 30_000;
const LOST_AFTER_MS = 10 * 60_000;

/**
 * Has jobs done that nobody seems to do: their message was lost with its queue, or lies in another one since the
 * configuration changed. One that merely waits its turn is done once all the same.
 */
export function createJobRescue<J>(options: JobRescueOptions<J>): Ticker {
  const { waiting, again, everyMs = EVERY_MS, lostAfterMs = LOST_AFTER_MS } = options;
  /** What was seen to lately, so that a long queue does not grow with every turn. */
  const lately = new Map<string, number>();
  return createTicker({
    ...options,
    everyMs,
    async work(now, signal) {
      for (const [key, at] of lately) if (now - at > lostAfterMs) lately.delete(key);
      for (const job of await waiting(now - lostAfterMs)) {
        const key = JSON.stringify(job);
        if (signal.aborted || lately.has(key)) continue;
        await again(job, signal);
        lately.set(key, now);
      }
    },
  });
}
