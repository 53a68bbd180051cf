import { CATALOGUE } from "@clockleaf/shared/events/catalogue.ts";
import type { EventDefinition } from "@clockleaf/shared/events/envelope.ts";
import { DOMAINS, type Domain, STREAMS, tenantSubjects } from "@clockleaf/shared/subjects.ts";
import { addressOf, type Channel, type Message, MSGPACK } from "./channel.ts";
import { type Schema, schemaOf } from "./json-schema.ts";

const ABOUT =
  "One subject per aggregate, in the order of its events. Reading needs a consumer of the stream; a repeat is told by " +
  "`metadata.eventId`. Only the cloud writes, each append guarded by the sequence of the one before.";

/** One channel per domain, one message per type of event. */
export const eventChannels = (): Channel[] => DOMAINS.map(eventChannel);

function eventChannel(domain: Domain): Channel {
  const own = CATALOGUE.filter((definition) => definition.domain === domain);
  const title = domain.charAt(0).toUpperCase() + domain.slice(1);
  return {
    name: `${domain}Events`,
    address: addressOf(tenantSubjects(domain, "{tenant}"), "partition", "aggregateId"),
    title: `${title} events`,
    description: ABOUT,
    stability: "public",
    stream: STREAMS[domain],
    messages: Object.fromEntries(
      own.map((definition) => [definition.name, eventMessage(definition)]),
    ),
    operation: {
      name: `send${title}Events`,
      action: "send",
      summary: `Tell what happened in ${domain}`,
    },
  };
}

function eventMessage({ type, name, version, data, personal }: EventDefinition): Message {
  const secret = Object.keys(personal ?? {});
  return {
    title: name,
    contentType: MSGPACK,
    headers: headersOf(type),
    payload: {
      type: "object",
      required: ["metadata", "data"],
      properties: {
        metadata: {
          allOf: [
            { $ref: "#/components/schemas/EventMetadata" },
            { properties: { eventType: { const: type } } },
          ],
        },
        data: withoutSealed(schemaOf(data), secret),
        ...(secret.length === 0 ? {} : { sealed: { $ref: "#/components/schemas/Sealed" } }),
      },
    },
    more: {
      correlationId: { $ref: "#/components/correlationIds/event" },
      "x-event-type": type,
      "x-event-version": version,
      ...(secret.length === 0 ? {} : { "x-personal": secret }),
    },
  };
}

/** What is personal stands in `sealed`, or in `data` where a hub runs without a vault. */
function withoutSealed(schema: Schema, secret: readonly string[]): Schema {
  const { required } = schema;
  if (secret.length === 0 || !Array.isArray(required)) return schema;
  return {
    ...schema,
    required: required.filter((name: unknown) => !secret.includes(String(name))),
  };
}

const text = (description: string): Schema => ({ type: "string", description });

const headersOf = (type: string): Schema => ({
  allOf: [
    { $ref: "#/components/schemas/EventHeaders" },
    { properties: { "ce-type": { const: type } } },
  ],
});

/** CloudEvents 1.0 in binary mode, the trace, and what guards an append. */
export const EVENT_HEADERS: Schema = {
  type: "object",
  required: ["ce-specversion", "ce-id", "ce-type", "ce-source", "ce-time"],
  properties: {
    "ce-specversion": { const: "1.0" },
    "ce-id": text("`metadata.eventId`"),
    "ce-type": text("`metadata.eventType`: route by it without decoding"),
    "ce-source": text("`metadata.source`"),
    "ce-time": { type: "string", format: "date-time", description: "`metadata.timestamp`" },
    traceparent: text("W3C Trace Context 00: from the punch to the last event it causes"),
    "Nats-Expected-Stream": text("Set by the writer: the stream it means"),
    "Nats-Expected-Last-Subject-Sequence": text(
      "Set by the writer on the first event of an append: the guard against a rival",
    ),
    "Nats-Batch-Id": text("Events of one append are stored together or not at all"),
    "Nats-Batch-Sequence": text("Place in the append, from 1"),
    "Nats-Batch-Commit": text("`1` on the last event of the append"),
  },
};

export const SEALED: Schema = {
  type: "string",
  format: "binary",
  description:
    "The fields named by `x-personal`, as msgpack, encrypted under the person's key (AES-256-GCM). Without the key they " +
    "are read as an erasure leaves them.",
};
