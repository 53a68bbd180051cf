import { parseEvent } from "@clockleaf/shared/events/catalogue.ts";
import type { Metadata } from "@clockleaf/shared/events/envelope.ts";
import { decode } from "@clockleaf/shared/wire/codec.ts";
import { TRACEPARENT } from "@clockleaf/shared/wire/trace-context.ts";
import type { MsgHdrs } from "nats";
import { z } from "zod";
import type { StoredEvent } from "./event-store.ts";

/**
 * An event as a message: body msgpack `{metadata, data}`, headers CloudEvents 1.0 in binary mode (NATS binding), so
 * that a consumer can route and trace without decoding.
 */
export const EVENT_ID_HEADER = "ce-id";

const bodySchema = z.object({ metadata: z.unknown(), data: z.unknown() });

export function headersOfEvent(
  metadata: Metadata,
  traceparent: string | undefined,
): Array<readonly [string, string]> {
  return [
    ["ce-specversion", "1.0"],
    [EVENT_ID_HEADER, metadata.eventId],
    ["ce-type", metadata.eventType],
    ["ce-source", metadata.source],
    ["ce-time", new Date(metadata.timestamp).toISOString()],
    ...(traceparent === undefined ? [] : ([[TRACEPARENT, traceparent]] as const)),
  ];
}

/** What JetStream hands back in its several ways of reading. */
export interface EventMessage {
  readonly seq: number;
  readonly subject: string;
  readonly data: Uint8Array;
  readonly headers: MsgHdrs | undefined;
}

/** Parses a stored message. Throws `wire.malformed`, `wire.too-large`, `event.unknown-type` or `event.invalid`. */
export function storedEventOf(message: EventMessage): StoredEvent {
  const body = decode(message.data, bodySchema, { what: `event ${message.seq}` });
  return {
    seq: message.seq,
    subject: message.subject,
    event: parseEvent(body),
    traceparent: message.headers?.get(TRACEPARENT) || undefined,
  };
}
