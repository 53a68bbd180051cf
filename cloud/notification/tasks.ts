import type { Log } from "@clockleaf/shared/lib/log.ts";
import { createTicker, type Ticker, type TickerOptions } from "../eventing/ticker.ts";
import { type Db, dueMessages } from "./reads.ts";
import type { OutgoingChannelName, TaskQueue } from "./task-queue.ts";

export interface RescueDeps extends Pick<TickerOptions, "leases"> {
  readonly queue: TaskQueue;
  readonly db: Db;
  readonly nowMs: () => number;
  readonly log: Log;
  /** Those that have workers: a task for another would lie there for nobody. */
  readonly channels: readonly OutgoingChannelName[];
  readonly staleAfterMs: number;
  readonly everyMs: number;
}

/** A task that no worker has taken after this long is put there again. */
const LOST_AFTER_MS = 10 * 60_000;
const AT_ONCE = 500;

/** Puts tasks there again: for tries that are due, for claims whose worker died, and for tasks that were lost. */
export function createRescue(deps: RescueDeps): Ticker {
  const { queue, db, nowMs, log, channels, staleAfterMs, everyMs } = deps;
  /** What was put there lately, so that a long queue does not grow with every turn. */
  const lately = new Map<string, number>();
  return createTicker({
    ...deps,
    name: "notification-rescue",
    everyMs,
    log,
    nowMs,
    async work(now, signal) {
      for (const [key, at] of lately) if (now - at > LOST_AFTER_MS) lately.delete(key);
      const before = { nowMs: now, claimedMs: now - staleAfterMs, waitingMs: now - LOST_AFTER_MS };
      for (const { notificationId, channel, version } of await dueMessages(
        db,
        { ...before, channels },
        AT_ONCE,
      )) {
        const key = `${notificationId}/${version}`;
        if (signal.aborted || lately.has(key)) continue;
        if (channel !== "in-app") await queue.publish({ channel, notificationId });
        lately.set(key, now);
      }
    },
  });
}
