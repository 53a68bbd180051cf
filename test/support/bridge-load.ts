import { randomUUID } from "node:crypto";
import { checkInRecorded } from "@clockleaf/shared/events/attendance.ts";
import { metadataSchema } from "@clockleaf/shared/events/envelope.ts";
import { eventSubject } from "@clockleaf/shared/subjects.ts";
import type { NatsConnection } from "nats";
import { type GuardedMessage, publishBatch } from "../../cloud/eventing/atomic-batch.ts";
import { bodyOfEvent, headersOfEvent } from "../../cloud/eventing/event-message.ts";

/** An event as the load stored it. */
export interface Loaded {
  readonly eventId: string;
  readonly seq: number;
  readonly employeeId: string;
}

export interface LoadOptions {
  readonly nc: NatsConnection;
  readonly tenant: string;
  readonly stream: string;
  readonly count: number;
  /** Over how many people the events go in turn. */
  readonly people: number;
  /** Bytes that each event carries besides. */
  readonly padding?: number;
}

const MOST_AT_ONCE = 500;

/** Stores check-ins of many people, as fast as the stream takes them; resolves with what it holds of them. */
export async function storeLoad(options: LoadOptions): Promise<Loaded[]> {
  const { nc, stream, count, padding = 20 } = options;
  const loaded: Loaded[] = [];
  for (let from = 0; from < count; from += MOST_AT_ONCE) {
    const indexes = Array.from(
      { length: Math.min(MOST_AT_ONCE, count - from) },
      (_, i) => from + i,
    );
    const made = await Promise.all(indexes.map((index) => message(options, index, padding)));
    const messages = made.map(({ guarded }) => guarded);
    const last = await publishBatch(nc, messages, { stream, timeoutMs: 20_000 });
    const first = last - made.length + 1;
    loaded.push(
      ...made.map(({ eventId, employeeId }, i) => ({ eventId, employeeId, seq: first + i })),
    );
  }
  return loaded;
}

async function message(
  { tenant, people }: LoadOptions,
  index: number,
  padding: number,
): Promise<{ guarded: GuardedMessage; eventId: string; employeeId: string }> {
  const employeeId = `p${String(index % people).padStart(4, "0")}`;
  const eventId = randomUUID();
  const address = { domain: "attendance", tenant, aggregateId: employeeId } as const;
  const metadata = metadataSchema.parse({
    eventId,
    eventType: checkInRecorded.type,
    timestamp: Date.now(),
    version: checkInRecorded.version,
    source: "test/load",
    correlationId: `load-${index}`,
    causationId: null,
  });
  const data = checkInRecorded.data.parse({
    employeeId,
    punchId: `gw-epoch00001-${index + 1}`,
    at: 1_700_000_000_000 + index,
    site: "hq",
    reader: "front-door",
    workdayOn: "2026-11-23",
    reason: "x".repeat(padding),
    meaning: "in",
  });
  const subject = eventSubject(address);
  const body = await bodyOfEvent({ metadata, data }, subject, undefined);
  const traceparent = `00-${eventId.replaceAll("-", "")}-00000000000000aa-01`;
  return {
    guarded: { subject, data: body, headers: headersOfEvent(metadata, { traceparent }) },
    eventId,
    employeeId,
  };
}
