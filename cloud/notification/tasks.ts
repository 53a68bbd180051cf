import type { Log } from "@clockleaf/shared/lib/log.ts";
import { type Channel, notifySubject, STREAMS, tokenSchema } from "@clockleaf/shared/subjects.ts";
import { encode } from "@clockleaf/shared/wire/codec.ts";
import type { NatsConnection } from "nats";
import { z } from "zod";
import { publishGuarded } from "../eventing/atomic-batch.ts";
import { createTicker, type Ticker, type TickerOptions } from "../eventing/ticker.ts";
import { type Db, dueMessages } from "./reads.ts";

export const taskSchema = z.object({ notificationId: tokenSchema });

const TIMEOUT_MS = 5_000;

/** Puts a task into the work queue. One more than needed does no harm: the message itself says whether it is to be sent. */
export async function publishTask(
  nc: NatsConnection,
  to: { readonly tenant: string; readonly channel: Channel; readonly notificationId: string },
): Promise<void> {
  const { tenant, channel, notificationId } = to;
  await publishGuarded(
    nc,
    { subject: notifySubject(tenant, channel), data: encode({ notificationId }), headers: [] },
    { stream: STREAMS.notify, timeoutMs: TIMEOUT_MS },
  );
}

export interface RescueDeps extends Pick<TickerOptions, "leases"> {
  readonly nc: NatsConnection;
  readonly tenant: string;
  readonly db: Db;
  readonly nowMs: () => number;
  readonly log: Log;
  /** Those that have workers: a task for another would lie there for nobody. */
  readonly channels: readonly Channel[];
  readonly staleAfterMs: number;
  readonly everyMs: number;
}

/** A task that no worker has taken after this long is put there again. */
const LOST_AFTER_MS = 10 * 60_000;
const AT_ONCE = 500;

/** Puts tasks there again: for tries that are due, for claims whose worker died, and for tasks that were lost. */
export function createRescue(deps: RescueDeps): Ticker {
  const { nc, tenant, db, nowMs, log, channels, staleAfterMs, everyMs } = deps;
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
        await publishTask(nc, { tenant, channel, notificationId });
        lately.set(key, now);
      }
    },
  });
}
