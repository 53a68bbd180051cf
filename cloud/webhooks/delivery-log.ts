import { BUCKETS, webhookEntryKey } from "@clockleaf/shared/subjects.ts";
import { jetstreamManager } from "@nats-io/jetstream";
import type { NatsConnection } from "nats";
import { readAfter } from "../eventing/direct-read.ts";
import type { Delivery } from "./delivery.ts";
import { deliveryIn } from "./entries.ts";

export interface LoggedDelivery {
  readonly delivery: Delivery;
  /** Grows with every change of the log. */
  readonly seq: number;
}

export interface LogQuery {
  readonly webhookId: string;
  readonly status?: Delivery["status"] | undefined;
  /** Changed last before the one of this sequence. */
  readonly before?: number | undefined;
  readonly limit: number;
}

export interface DeliveryLog {
  /** The newest first, by when they changed last. */
  list(query: LogQuery): Promise<LoggedDelivery[]>;
  show(webhookId: string, deliveryId: string): Promise<LoggedDelivery | undefined>;
}

const STREAM = `KV_${BUCKETS.webhookDeliveries}`;
const TIMEOUT_MS = 5_000;
/** How much of the log is looked at first, and how much more each time that was not enough. */
const FIRST_LOOK = 512;
const GROWTH = 4;

/** Reads the bucket `webhook-deliveries`, which holds each delivery as it is now; nothing is kept of it here. */
export function openDeliveryLog(nc: NatsConnection, tenant: string): DeliveryLog {
  const subjectOf = (webhookId: string, name: string): string =>
    `$KV.${BUCKETS.webhookDeliveries}.${webhookEntryKey(tenant, webhookId, name)}`;
  return {
    async list({ webhookId, status, before, limit }) {
      const jsm = await jetstreamManager(nc, { checkAPI: false });
      const { first_seq: first, last_seq: last } = (await jsm.streams.info(STREAM)).state;
      let end = Math.min(before ?? last + 1, last + 1);
      const found: LoggedDelivery[] = [];
      // JetStream reads forwards only: so stretch by stretch towards the beginning, each longer than the one before.
      for (let look = FIRST_LOOK; end > first && found.length < limit; look *= GROWTH) {
        const begin = Math.max(first, end - look);
        const query = { stream: STREAM, subject: subjectOf(webhookId, "*"), timeoutMs: TIMEOUT_MS };
        const stretch: LoggedDelivery[] = [];
        for await (const { seq, data } of readAfter(nc, jsm, { ...query, afterSeq: begin - 1 })) {
          if (seq >= end) break;
          const delivery = deliveryIn(data);
          if (status === undefined || delivery.status === status) stretch.push({ delivery, seq });
        }
        found.push(...stretch.toReversed());
        end = begin;
      }
      return found.slice(0, limit);
    },
    async show(webhookId, deliveryId) {
      const jsm = await jetstreamManager(nc, { checkAPI: false });
      // From the leader: who has just asked for something wants to see that.
      const subject = subjectOf(webhookId, deliveryId);
      const message = await jsm.streams.getMessage(STREAM, { last_by_subj: subject });
      if (message === null) return undefined;
      return { delivery: deliveryIn(message.data), seq: message.seq };
    },
  };
}
