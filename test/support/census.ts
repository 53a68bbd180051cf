import { DOMAINS, STREAMS } from "@clockleaf/shared/subjects.ts";
import { DeliverPolicy, jetstream, jetstreamManager } from "@nats-io/jetstream";
import type { NatsConnection } from "nats";
import { keyOf } from "../../cloud/bridges/record.ts";
import { storedEventOf } from "../../cloud/eventing/event-message.ts";
import type { StoredEvent } from "../../cloud/eventing/event-store.ts";

/** Every event of every domain, stream by stream, without what is personal. */
export async function allEvents(nc: NatsConnection): Promise<StoredEvent[]> {
  const jsm = await jetstreamManager(nc, { checkAPI: false });
  const events: StoredEvent[] = [];
  for (const domain of DOMAINS) {
    const stream = STREAMS[domain];
    const { last_seq: lastSeq, messages: count } = (await jsm.streams.info(stream)).state;
    if (count === 0) continue;
    const consumer = await jetstream(nc).consumers.get(stream, {
      deliver_policy: DeliverPolicy.All,
    });
    const messages = await consumer.consume({ max_messages: 500 });
    for await (const message of messages) {
      events.push(storedEventOf(message));
      if (message.seq >= lastSeq) break;
    }
    messages.stop();
  }
  return events;
}

export interface Census {
  readonly byType: Readonly<Record<string, number>>;
  /** Events whose cause is neither an event that is there nor named as something from outside, or of another correlation. */
  readonly causationBroken: number;
  /** The first few of them, for people. */
  readonly broken: readonly string[];
}

const EVENT_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const MOST_TOLD = 10;

/** Counts events by type and follows each one's cause. */
export function censusOf(events: readonly StoredEvent[]): Census {
  const byId = new Map(events.map((stored) => [stored.event.metadata.eventId, stored]));
  const byType: Record<string, number> = {};
  const broken: string[] = [];
  for (const { event, seq } of events) {
    const { eventType, causationId, correlationId } = event.metadata;
    byType[eventType] = (byType[eventType] ?? 0) + 1;
    const fault = faultOf(causationId, correlationId, byId);
    if (fault !== undefined) broken.push(`${eventType} at ${seq}: ${fault}`);
  }
  const sorted = Object.entries(byType).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return {
    byType: Object.fromEntries(sorted),
    causationBroken: broken.length,
    broken: broken.slice(0, MOST_TOLD),
  };
}

/** Aggregates whose events would go to different partitions of another broker, and so lose their order there. */
export function aggregatesOfTwoKeys(events: readonly StoredEvent[]): string[] {
  const keys = new Map<string, string>();
  const torn = new Set<string>();
  for (const { subject, event, seq } of events) {
    const aggregateId = subject.split(".").at(-1) ?? "";
    const key = keyOf({ seq, stream: "", aggregateId, event, traceparent: undefined });
    if ((keys.get(subject) ?? key) !== key) torn.add(subject);
    keys.set(subject, key);
  }
  return [...torn];
}

function faultOf(
  causationId: string | null,
  correlationId: string | null,
  byId: ReadonlyMap<string, StoredEvent>,
): string | undefined {
  if (causationId === null) return "has no cause";
  if (!EVENT_ID.test(causationId)) return undefined;
  const cause = byId.get(causationId);
  if (cause === undefined) return `its cause ${causationId} is no event`;
  const expected = cause.event.metadata.correlationId;
  if (correlationId === expected) return undefined;
  return `correlated by ${correlationId}, its cause by ${expected}`;
}
