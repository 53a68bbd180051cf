import { metadataSchema } from "@clockleaf/shared/events/envelope.ts";
import {
  type DeclaredStream,
  declareTopology,
  topologyConfigSchema,
} from "../../streams/topology.ts";
import { type Channel, type Message, PARAMETERS, tokensOf } from "./channel.ts";
import { EVENT_HEADERS, eventChannels, SEALED } from "./event-channels.ts";
import { exchangeChannels } from "./exchange-channels.ts";
import { schemaOf } from "./json-schema.ts";
import { storeChannels } from "./store-channels.ts";

type Json = Readonly<Record<string, unknown>>;

const ABOUT = [
  "What goes over NATS: the events of every domain, what gateways and the cloud say to each other, what is asked and",
  "answered, and the buckets. Bodies are MessagePack unless a message says otherwise. `x-stability: public` may be built",
  "upon; `internal` is told so that permissions can be read beside it, and may change with any release. Events of an older",
  "version are read as the newest one by the platform; a new major version is a break and is announced as one.",
].join(" ");

export const allChannels = (): Channel[] => [
  ...eventChannels(),
  ...exchangeChannels(),
  ...storeChannels(),
];

/** The AsyncAPI 3.0 document of every subject, made of the schemas that the platform itself reads and writes by. */
export function asyncApiDocument(): Json {
  const channels = allChannels();
  const streams = declareTopology(topologyConfigSchema.parse({}));
  const messages = Object.fromEntries(
    channels.flatMap((channel) => Object.entries(channel.messages)),
  );
  return {
    asyncapi: "3.0.0",
    id: "urn:clockleaf:nats",
    info: {
      title: "Clockleaf",
      version: "1",
      description: ABOUT,
      license: { name: "Apache-2.0", url: "https://www.apache.org/licenses/LICENSE-2.0" },
    },
    defaultContentType: "application/msgpack",
    servers: {
      hub: {
        host: "{host}:4222",
        protocol: "nats",
        description: "The hub; its JetStream domain is `hub`",
        variables: { host: { default: "localhost", description: "Where the hub is" } },
        security: [{ $ref: "#/components/securitySchemes/nkey" }],
      },
    },
    channels: Object.fromEntries(
      channels.map((channel) => [channel.name, channelObject(channel, streams)]),
    ),
    operations: Object.fromEntries(channels.flatMap(operationEntry)),
    components: {
      messages: mapped(messages, messageObject),
      schemas: {
        EventMetadata: schemaOf(metadataSchema),
        EventHeaders: EVENT_HEADERS,
        Sealed: SEALED,
      },
      parameters: mapped(PARAMETERS, (description) => ({ description })),
      correlationIds: {
        event: {
          description: "Shared by everything that one request or punch set off",
          location: "$message.payload#/metadata/correlationId",
        },
      },
      securitySchemes: {
        nkey: { type: "asymmetricEncryption", description: "NKey seed of a user of the hub" },
      },
    },
  };
}

const mapped = <T>(values: Readonly<Record<string, T>>, to: (value: T) => unknown): Json =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, to(value)]));

function channelObject(channel: Channel, streams: readonly DeclaredStream[]): Json {
  const { address, title, description, stability, messages } = channel;
  const tokens = [...new Set(tokensOf(address ?? ""))];
  const stream = streams.find(({ name }) => name === channel.stream);
  return {
    ...(address === null ? {} : { address }),
    title,
    description,
    messages: Object.fromEntries(
      Object.keys(messages).map((name) => [name, { $ref: `#/components/messages/${name}` }]),
    ),
    ...(tokens.length === 0
      ? {}
      : {
          parameters: Object.fromEntries(
            tokens.map((name) => [name, { $ref: `#/components/parameters/${name}` }]),
          ),
        }),
    "x-stability": stability,
    ...(stream === undefined ? {} : { "x-jetstream": streamObject(stream) }),
  };
}

/** What an installation does not choose for itself: its sizes and replicas are its own. */
function streamObject({ name, subjects, retention, max_age: maxAge }: DeclaredStream): Json {
  return { stream: name, subjects, retention, maxAgeSeconds: (maxAge ?? 0) / 1e9 };
}

function operationEntry({ name, operation }: Channel): Array<[string, Json]> {
  if (operation === undefined) return [];
  const { action, summary, reply, queue } = operation;
  return [
    [
      operation.name,
      {
        action,
        channel: { $ref: `#/channels/${name}` },
        summary,
        ...(reply === undefined ? {} : { reply: { channel: { $ref: `#/channels/${reply}` } } }),
        ...(queue === undefined ? {} : { bindings: { nats: { queue, bindingVersion: "0.1.0" } } }),
      },
    ],
  ];
}

function messageObject({ title, summary, contentType, headers, payload, more }: Message): Json {
  return {
    title,
    ...(summary === undefined ? {} : { summary }),
    contentType,
    ...(headers === undefined ? {} : { headers }),
    payload,
    ...more,
  };
}
