import { codeOf } from "@clockleaf/shared/lib/errors.ts";
import type { Log } from "@clockleaf/shared/lib/log.ts";
import { pause } from "./keep-following.ts";
import type { Leases, Tenure } from "./leases.ts";
import { type Closable, type LeasedRun, runWhileLeased } from "./run-while-leased.ts";

export interface TickerOptions {
  /** Lower-case token, such as `leave-due`; in a log line and, where several processes share the work, its lease. */
  readonly name: string;
  readonly everyMs: number;
  readonly log: Log;
  readonly nowMs: () => number;
  /** Of several processes one ticks. */
  readonly leases: Leases;
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
  const { name, log, leases } = options;
  let run: LeasedRun | undefined;
  return {
    start() {
      const lease = leases.single(`timer-${name}`);
      run ??= runWhileLeased(lease, log, (tenure) => tick(options, tenure));
    },
    async close() {
      await run?.close();
    },
  };
}

function tick({ name, everyMs, log, nowMs, work }: TickerOptions, tenure: Tenure): Closable {
  const stopping = new AbortController();
  const { signal } = stopping;
  const run = async (): Promise<void> => {
    while (!signal.aborted && tenure.isValid()) {
      try {
        await work(nowMs(), signal);
      } catch (error) {
        if (!signal.aborted)
          log.warn({ err: error, code: codeOf(error), timer: name }, "timer failed");
      }
      await pause(everyMs, signal);
    }
  };
  const running = run();
  return {
    async close() {
      stopping.abort();
      await running;
    },
  };
}
