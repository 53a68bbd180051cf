import type { WebhookEvent } from "@clockleaf/shared/events/webhook.ts";
import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { STREAMS } from "@clockleaf/shared/subjects.ts";
import { jetstreamManager } from "@nats-io/jetstream";
import type { NatsConnection } from "nats";
import { type AggregateRunner, createAggregateRunner } from "../eventing/aggregate-runner.ts";
import { newEventId } from "../eventing/event-id.ts";
import type { EventStore } from "../eventing/event-store.ts";
import { type Start, type WebhookCommand, type WebhookState, webhookDecider } from "./decider.ts";
import { domainsOf } from "./event-types.ts";

export const SOURCE = "cloud/webhooks";

export type WebhookCommands = AggregateRunner<WebhookState, WebhookCommand, WebhookEvent>;

export const createWebhookCommands = (store: EventStore, tenant: string): WebhookCommands =>
  createAggregateRunner({ store, decider: webhookDecider, domain: "webhook", tenant });

/** Beginnings in every stream that holds what is wanted: behind everything that stands there now. */
export async function startsNow(nc: NatsConnection, types: readonly string[]): Promise<Start[]> {
  const jsm = await jetstreamManager(nc, { checkAPI: false });
  return await Promise.all(
    domainsOf(types).map(async (domain) => {
      const { state } = await jsm.streams.info(STREAMS[domain]);
      return { domain, afterSeq: state.last_seq, startId: newEventId() };
    }),
  );
}

/** Beginnings at a moment: in front of the first event that was stored then or later. */
export async function startsAt(
  nc: NatsConnection,
  types: readonly string[],
  fromMs: number,
): Promise<Start[]> {
  const jsm = await jetstreamManager(nc, { checkAPI: false });
  return await Promise.all(
    domainsOf(types).map(async (domain) => {
      const stream = STREAMS[domain];
      const { state } = await jsm.streams.info(stream);
      const first = await firstSince(nc, stream, fromMs);
      const afterSeq = first === undefined ? state.last_seq : first - 1;
      return { domain, afterSeq, startId: newEventId() };
    }),
  );
}

/** Undefined if nothing was stored since. */
async function firstSince(
  nc: NatsConnection,
  stream: string,
  fromMs: number,
): Promise<number | undefined> {
  const jsm = await jetstreamManager(nc, { checkAPI: false });
  const reading = await jsm.direct.getBatch(stream, { start_time: new Date(fromMs), batch: 1 });
  try {
    for await (const { seq } of reading) return seq;
    return undefined;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === 404) return undefined;
    throw new PlatformError("stream.not-connected", "the stream could not be read", {
      retriable: true,
      cause: error,
    });
  }
}
