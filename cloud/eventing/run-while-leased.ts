import { codeOf } from "@clockleaf/shared/lib/errors.ts";
import type { Log } from "@clockleaf/shared/lib/log.ts";
import { backoffMs } from "@clockleaf/shared/lib/retry.ts";
import { pause } from "./keep-following.ts";
import type { Lease, Tenure } from "./leases.ts";

/** What runs while a lease is held. */
export interface Closable {
  /** Resolves once nothing of it goes on. */
  close(): Promise<void> | void;
}

export interface LeasedRun extends Closable {
  /** Ends what runs, and starts nothing any more. */
  close(): Promise<void>;
}

const RETRY = { firstMs: 100, maxMs: 5_000, jitter: 0.3 };

/**
 * Starts something whenever this process gets the lease, and closes it before the lease goes to another. Start and close
 * never overlap; a start that fails is tried again for as long as the lease is held.
 */
export function runWhileLeased(
  lease: Lease,
  log: Log,
  start: (tenure: Tenure) => Promise<Closable> | Closable,
): LeasedRun {
  let turn: { readonly ended: AbortController; readonly done: Promise<void> } | undefined;
  let chain = Promise.resolve();

  const runOnce = async (tenure: Tenure, signal: AbortSignal): Promise<void> => {
    for (let attempt = 0; !signal.aborted && tenure.isValid(); attempt += 1) {
      try {
        const running = await start(tenure);
        if (!signal.aborted) await aborted(signal);
        await running.close();
        return;
      } catch (error) {
        log.warn({ err: error, code: codeOf(error), lease: lease.name }, "leased work failed");
        await pause(backoffMs(attempt, RETRY, Math.random()), signal);
      }
    }
  };
  const end = async (): Promise<void> => {
    turn?.ended.abort();
    await turn?.done;
  };
  const detach = lease.attach({
    begin(tenure) {
      const ended = new AbortController();
      chain = chain.then(() => runOnce(tenure, ended.signal));
      turn = { ended, done: chain };
    },
    end,
  });
  return {
    async close() {
      detach();
      await end();
    },
  };
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
