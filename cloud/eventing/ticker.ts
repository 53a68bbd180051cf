import { codeOf } from "@clockleaf/shared/lib/errors.ts";
import type { Log } from "@clockleaf/shared/lib/log.ts";
import { pause } from "./keep-following.ts";

export interface TickerOptions {
  /** Lower-case token, such as `leave-due`; in a log line and, where several processes share the work, its lease. */
  readonly name: string;
  readonly everyMs: number;
  readonly log: Log;
  readonly nowMs: () => number;
  /**
   * Does whatever is due by `nowMs` and was not done yet. What is due is read from facts, never from how long ago the last
   * turn was, so a turn may be missed, repeated or come late.
   */
  readonly work: (nowMs: number, signal: AbortSignal) => Promise<void>;
}

export interface Ticker {
  start(): void;
  close(): Promise<void>;
}

/** Lets time have its effects. A turn that fails is logged and tried again at the next. */
export function createTicker(options: TickerOptions): Ticker {
  const { name, everyMs, log, nowMs, work } = options;
  const stopping = new AbortController();
  const { signal } = stopping;
  const run = async (): Promise<void> => {
    while (!signal.aborted) {
      try {
        await work(nowMs(), signal);
      } catch (error) {
        if (!signal.aborted)
          log.warn({ err: error, code: codeOf(error), timer: name }, "timer failed");
      }
      await pause(everyMs, signal);
    }
  };
  let running: Promise<void> | undefined;
  return {
    start() {
      running ??= run();
    },
    async close() {
      stopping.abort();
      await running;
    },
  };
}
