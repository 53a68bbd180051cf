import {
  BUCKETS,
  DOCUMENTS_STORE,
  directoryKey,
  gatewayKey,
  idempotencyKey,
  leaseKey,
  personKey,
  presenceKey,
  sessionKey,
  webhookEntryKey,
} from "@clockleaf/shared/subjects.ts";
import { balancesSchema } from "@clockleaf/shared/wire/balances.ts";
import { directoryEntrySchema } from "@clockleaf/shared/wire/directory.ts";
import { gatewayRecordSchema } from "@clockleaf/shared/wire/gateway.ts";
import { presenceSchema } from "@clockleaf/shared/wire/presence.ts";
import type { z } from "zod";
import { BYTES, type Channel, MSGPACK, type Stability } from "./channel.ts";
import { schemaOf } from "./json-schema.ts";

interface Bucket {
  readonly key: string;
  readonly title: string;
  /** Undefined: a form of the platform's own. */
  readonly value?: z.ZodType;
  readonly stability: Stability;
}

const PERSON = personKey("{tenant}", "{employeeId}");

/** Every bucket: one that is added is a compile error here. */
const ALL: Readonly<Record<keyof typeof BUCKETS, Bucket>> = {
  directory: {
    key: directoryKey("{tenant}", "{site}", "{badge}"),
    title: "Who holds a badge",
    value: directoryEntrySchema,
    stability: "internal",
  },
  presence: {
    key: presenceKey("{tenant}", "{employeeId}"),
    title: "Who is in, out or on a break",
    value: presenceSchema,
    stability: "public",
  },
  gateways: {
    key: gatewayKey({ tenant: "{tenant}", site: "{site}", gateway: "{gateway}" }),
    title: "Registered gateways",
    value: gatewayRecordSchema,
    stability: "internal",
  },
  balances: {
    key: PERSON,
    title: "Leave accounts",
    value: balancesSchema,
    stability: "public",
  },
  profiles: { key: PERSON, title: "Who is who, for services", stability: "internal" },
  snapshots: { key: "{key}", title: "States of long aggregates", stability: "internal" },
  leases: {
    key: leaseKey("{tenant}", "{name}"),
    title: "Which process does what",
    stability: "internal",
  },
  personKeys: { key: PERSON, title: "Keys of persons, wrapped", stability: "internal" },
  progress: { key: "{key}", title: "How far long jobs are", stability: "internal" },
  bridges: { key: "{key}", title: "How the bridges fare", stability: "internal" },
  sessions: {
    key: sessionKey("{tenant}", "{hash}"),
    title: "Who is signed in with a browser",
    stability: "internal",
  },
  identity: {
    key: "{tenant}.{entry}",
    title: "The token of the first setup, and when API keys were used last",
    stability: "internal",
  },
  idempotency: {
    key: idempotencyKey("{tenant}", "{hash}"),
    title: "Answers to requests with an Idempotency-Key",
    stability: "internal",
  },
  webhooks: {
    key: webhookEntryKey("{tenant}", "{webhookId}", "{entry}"),
    title: "Of integrators' endpoints: sealed secrets, how far each is, what has to be sent again",
    stability: "internal",
  },
  webhookDeliveries: {
    key: webhookEntryKey("{tenant}", "{webhookId}", "{deliveryId}"),
    title: "What was sent to integrators' endpoints",
    stability: "internal",
  },
  claims: { key: "{key}", title: "Which messages were dealt with", stability: "internal" },
};

/** Key-value buckets and the object store, as the subjects that they are. */
export const storeChannels = (): Channel[] => [
  ...Object.entries(ALL).map(([name, bucket]) => bucketChannel(name, bucket)),
  ...documentChannels(),
];

/** `name` is the property of `BUCKETS`. */
function bucketChannel(name: string, { key, title, value, stability }: Bucket): Channel {
  const bucket = Object.entries(BUCKETS).find(([property]) => property === name)?.[1] ?? name;
  const spoken = name.charAt(0).toUpperCase() + name.slice(1);
  return {
    name: `${name}Bucket`,
    address: `$KV.${bucket}.${key}`,
    title,
    description: `Key-value bucket \`${bucket}\`: the last value of a key is what holds.`,
    stability,
    stream: `KV_${bucket}`,
    messages: {
      [`${spoken}Entry`]: {
        title,
        contentType: value === undefined ? BYTES : MSGPACK,
        headers: {
          type: "object",
          properties: {
            "KV-Operation": {
              type: "string",
              enum: ["DEL", "PURGE"],
              description: "There is no value any more",
            },
          },
        },
        payload:
          value === undefined
            ? { description: "An internal form; it may change with any release" }
            : schemaOf(value),
      },
    },
    operation: { name: `put${spoken}`, action: "send", summary: `Keep the bucket \`${bucket}\`` },
  };
}

const documentChannels = (): Channel[] =>
  (
    [
      ["Chunks", "C", "Parts of files"],
      ["Descriptions", "M", "Names, sizes and digests of files"],
    ] as const
  ).map(([kind, letter, title]) => ({
    name: `document${kind}`,
    address: `$O.${DOCUMENTS_STORE}.${letter}.{key}`,
    title,
    description: `Object store \`${DOCUMENTS_STORE}\`; use a client's object store, or the HTTP API.`,
    stability: "internal",
    stream: `OBJ_${DOCUMENTS_STORE}`,
    messages: {
      [`Document${kind}`]: {
        title,
        contentType: BYTES,
        payload: { description: "As NATS's object store has it" },
      },
    },
    operation: { name: `putDocument${kind}`, action: "send", summary: "Keep a file" },
  }));
