import type { ExchangeNames } from "../../rabbitmq/config.ts";
import type { BridgeRecord, Encoded } from "../bridge.ts";
import { headersOf, PREFIXES } from "../cloud-event.ts";
import { type Route, routesOf } from "./routing.ts";

/** Headers beside those that every transport has. */
export const RABBIT_HEADERS = {
  tenant: "clockleaf-tenant",
  stream: "nats-stream",
  seq: "nats-seq",
  /** When the stream was created, UTC milliseconds: one made anew counts from 1 again. */
  incarnation: "nats-incarnation",
} as const;

/** An event as it is published, once per route. */
export interface RabbitMessage extends Encoded {
  readonly seq: number;
  readonly messageId: string;
  readonly type: string;
  /** UTC seconds, as AMQP 0-9-1 has it. */
  readonly timestamp: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly routes: readonly Route[];
}

export interface EncodeFor {
  readonly tenant: string;
  readonly incarnation: number;
  readonly exchanges: ExchangeNames;
}

/** CloudEvents in binary mode: the attributes are headers, the body is the event as JSON. */
export function messageOf(
  record: BridgeRecord,
  { tenant, incarnation, exchanges }: EncodeFor,
): RabbitMessage {
  const { event, seq } = record;
  const { metadata, data } = event;
  const headers = {
    ...Object.fromEntries(headersOf(record, PREFIXES.rabbitmq)),
    [RABBIT_HEADERS.tenant]: tenant,
    [RABBIT_HEADERS.incarnation]: String(incarnation),
  };
  const body = Buffer.from(JSON.stringify({ metadata, data }));
  const headerBytes = Buffer.byteLength(JSON.stringify(headers));
  return {
    seq,
    messageId: metadata.eventId,
    type: metadata.eventType,
    timestamp: Math.floor(metadata.timestamp / 1000),
    headers,
    body,
    routes: routesOf(record, exchanges),
    bytes: body.length + headerBytes,
  };
}
