import { signatureHeaders } from "@clockleaf/shared/lib/webhook-signature.ts";
import type { BridgeRecord } from "../bridges/bridge.ts";
import { headersOf } from "../bridges/cloud-event.ts";
import { deriveEventId } from "../eventing/event-id.ts";

/** What one try sends, but for the time of the try and its signatures. */
export interface Message {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** CloudEvents 1.0, HTTP binding, binary mode: what its attributes begin with. */
const CE = "ce-";
export const TEST_TYPE = "webhook.test";

/** Of an endpoint and an event, for ever the same: what a receiver drops repeats by, over restarts and replays. */
export const deliveryIdOf = (webhookId: string, eventId: string): string =>
  deriveEventId("webhook", webhookId, eventId);

/**
 * An event as Standard Webhooks has it: type, time, data. Where it stands and what it belongs to goes into headers, the same
 * as the bridges write, for whoever wants to know.
 */
export function messageOf(record: BridgeRecord): Message {
  const { eventType: type, timestamp } = record.event.metadata;
  return {
    body: bodyOf(type, timestamp, record.event.data),
    headers: Object.fromEntries(headersOf(record, CE)),
  };
}

/** What a test sends. */
export const testMessage = (webhookId: string, atMs: number): Message => ({
  body: bodyOf(TEST_TYPE, atMs, { webhookId }),
  headers: {},
});

const bodyOf = (type: string, atMs: number, data: unknown): string =>
  JSON.stringify({ type, timestamp: new Date(atMs).toISOString(), data });

/** All headers of one try. */
export function headersFor(
  { headers, body }: Message,
  {
    keys,
    id,
    atMs,
  }: { readonly keys: readonly Buffer[]; readonly id: string; readonly atMs: number },
): Readonly<Record<string, string>> {
  return {
    ...headers,
    "content-type": "application/json",
    "user-agent": "clockleaf-webhooks/1",
    ...signatureHeaders(keys, { id, atMs, body }),
  };
}
