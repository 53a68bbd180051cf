import { TRACEPARENT } from "@clockleaf/shared/wire/trace-context.ts";
import type { BridgeRecord } from "./bridge.ts";
import { keyOf } from "./record.ts";

/** How a transport spells the attributes of CloudEvents 1.0 in binary mode: their bindings name the prefixes. */
export const PREFIXES = { kafka: "ce_", rabbitmq: "cloudEvents_", redis: "ce_" } as const;

/**
 * The headers of an event outside: CloudEvents attributes, where it stands in JetStream, and the trace it belongs to.
 * Values are text; the same record gives the same headers.
 */
export function headersOf(record: BridgeRecord, prefix: string): Array<readonly [string, string]> {
  const { event, stream, seq, traceparent } = record;
  const { eventId, eventType, source, timestamp } = event.metadata;
  return [
    [`${prefix}specversion`, "1.0"],
    [`${prefix}id`, eventId],
    [`${prefix}type`, eventType],
    [`${prefix}source`, source],
    [`${prefix}time`, new Date(timestamp).toISOString()],
    [`${prefix}partitionkey`, keyOf(record)],
    ["nats-stream", stream],
    ["nats-seq", String(seq)],
    ...(traceparent === undefined ? [] : ([[TRACEPARENT, traceparent]] as const)),
  ];
}
