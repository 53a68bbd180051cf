import {
  ALL_GATEWAY_COMMANDS,
  ALL_HEARTBEATS,
  ALL_ROSTER_CHANGES,
  ALL_ROSTER_READS,
  ALL_TERMINAL_PUNCHES,
  BUCKETS,
  CLOUD_INBOX,
  DEAD_LETTER_SUBJECTS,
  DOCUMENTS_STORE,
  DOMAINS,
  domainSubjects,
  type GatewayAddress,
  gatewayCommandSubject,
  gatewayInbox,
  heartbeatSubject,
  LETTER_RETRIED_SUBJECTS,
  LETTER_RETRY_SUBJECTS,
  NOTIFY_SUBJECTS,
  resentSubject,
  rosterChangedSubject,
  rosterReadSubject,
  SALARY_REPLY_SUBJECTS,
  SALARY_REQUEST_SUBJECTS,
  STREAMS,
  segmentSubject,
  terminalAnswerSubject,
  terminalInbox,
  terminalPunchSubject,
} from "@clockleaf/shared/subjects.ts";

/** What a user may publish and subscribe to; nats-server refuses everything else. */
export interface Permissions {
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
}

export const CLOUD_ROLES = ["cloud-api", "cloud-consumers", "cloud-all", "cloud-admin"] as const;
export type CloudRole = (typeof CLOUD_ROLES)[number];

/**
 * The API's prefix as permissions must spell it. Clients may say `$JS.hub.API`: the hub maps the domain's prefix to
 * this one before it looks at permissions.
 */
const API = "$JS.API";

/**
 * Replies to requests that crossed accounts; nats-server makes these subjects and forgets them after the reply. The
 * server's `allow_responses` would be narrower but fails for leaf clients and for two subscriptions on one request.
 */
const SERVICE_REPLIES = "_R_.>";

/** The one message a gateway may read back: the newest of its own segments. */
export const ownLastSegment = (gateway: GatewayAddress): string =>
  `${API}.DIRECT.GET.${STREAMS.clock}.${segmentSubject(gateway)}`;
/** The same in the words a leaf client uses, for a server that has no JetStream and so maps nothing. */
export const ownLastSegmentByDomain = (gateway: GatewayAddress, domain: string): string =>
  ownLastSegment(gateway).replace(API, `$JS.${domain}.API`);

export function gatewayPermissions(gateway: GatewayAddress, domain: string): Permissions {
  return {
    publish: [
      segmentSubject(gateway),
      resentSubject(gateway),
      heartbeatSubject(gateway),
      rosterReadSubject(gateway.tenant, gateway.site),
      ownLastSegment(gateway),
      ownLastSegmentByDomain(gateway, domain),
      SERVICE_REPLIES,
    ],
    subscribe: [
      `${gatewayInbox(gateway)}.>`,
      gatewayCommandSubject(gateway, "*"),
      rosterChangedSubject(gateway.tenant, gateway.site),
    ],
  };
}

/** A terminal speaks for itself alone and hears its own answers only. */
export const terminalPermissions = (reader: string): Permissions => ({
  publish: [terminalPunchSubject(reader)],
  subscribe: [terminalAnswerSubject(reader), `${terminalInbox(reader)}.>`],
});

/** The agent's driver: hears every terminal, and can answer terminals and nobody else. */
export const terminalReaderPermissions = (): Permissions => ({
  publish: [terminalAnswerSubject("*"), `${terminalInbox("*")}.>`],
  subscribe: [ALL_TERMINAL_PUNCHES],
});

/** Permissions of a cloud process. None may delete or purge a stream, and none may write segments. */
export function permissionsOf(role: CloudRole): Permissions {
  switch (role) {
    case "cloud-api":
      return API_ROLE;
    case "cloud-consumers":
      return CONSUMERS_ROLE;
    case "cloud-admin":
      return ADMIN_ROLE;
    case "cloud-all":
      return union(API_ROLE, CONSUMERS_ROLE, ADMIN_ROLE);
  }
}

const kvStream = (bucket: string): string => `KV_${bucket}`;
const keysOf = (bucket: string): string => `$KV.${bucket}.>`;

const read = (stream: string): readonly string[] => [
  `${API}.STREAM.INFO.${stream}`,
  `${API}.STREAM.MSG.GET.${stream}`,
  `${API}.DIRECT.GET.${stream}`,
  `${API}.DIRECT.GET.${stream}.>`,
];

const consume = (stream: string): readonly string[] => [
  ...read(stream),
  `${API}.CONSUMER.CREATE.${stream}`,
  `${API}.CONSUMER.CREATE.${stream}.>`,
  `${API}.CONSUMER.DURABLE.CREATE.${stream}.>`,
  `${API}.CONSUMER.INFO.${stream}.>`,
  `${API}.CONSUMER.DELETE.${stream}.>`,
  `${API}.CONSUMER.RESET.${stream}.>`,
  `${API}.CONSUMER.MSG.NEXT.${stream}.>`,
];

// Acknowledgements name domain and account before the stream (`$JS.ACK` version 2, the default from 2.15 on).
const CONSUMING = [`${API}.INFO`, "$JS.ACK.>", "$JS.FC.>"];
const INBOX = [`${CLOUD_INBOX}.>`];
const DOMAIN_STREAMS = DOMAINS.map((domain) => STREAMS[domain]);
const DOCUMENTS = `OBJ_${DOCUMENTS_STORE}`;
const DOCUMENT_SUBJECTS = `$O.${DOCUMENTS_STORE}.>`;
const DOMAIN_EVENTS = DOMAINS.map((domain) => domainSubjects(domain));

const WRITTEN_BY_THE_API = [
  BUCKETS.gateways,
  BUCKETS.personKeys,
  BUCKETS.snapshots,
  BUCKETS.progress,
  BUCKETS.sessions,
  BUCKETS.identity,
  BUCKETS.idempotency,
  BUCKETS.webhooks,
  BUCKETS.webhookDeliveries,
];

/** Takes commands over HTTP: appends events, keeps read models and registered gateways, talks to gateways; has dead letters retried; looks at every stream's figures. */
const API_ROLE: Permissions = {
  publish: [
    ...CONSUMING,
    ...DOMAIN_EVENTS,
    ...DOMAIN_STREAMS.flatMap(consume),
    ...consume(STREAMS.deadLetters),
    ...Object.values(BUCKETS).flatMap((bucket) => consume(kvStream(bucket))),
    ...read(STREAMS.clock),
    // How full every stream is and how far its readers are, not what is in it.
    `${API}.STREAM.INFO.*`,
    `${API}.CONSUMER.LIST.*`,
    ...consume(DOCUMENTS),
    DOCUMENT_SUBJECTS,
    NOTIFY_SUBJECTS,
    ...WRITTEN_BY_THE_API.map(keysOf),
    ALL_GATEWAY_COMMANDS,
    LETTER_RETRY_SUBJECTS,
    SALARY_REQUEST_SUBJECTS,
  ],
  subscribe: [...INBOX, ALL_HEARTBEATS, LETTER_RETRIED_SUBJECTS, SALARY_REPLY_SUBJECTS],
};

/** Works through the streams: intake, projections, directory and presence; answers gateways about their roster. */
const CONSUMERS_ROLE: Permissions = {
  publish: [
    ...CONSUMING,
    ...DOMAIN_EVENTS,
    ...Object.values(STREAMS).flatMap(consume),
    ...Object.values(BUCKETS).flatMap((bucket) => consume(kvStream(bucket))),
    ...Object.values(BUCKETS).map(keysOf),
    ...consume(DOCUMENTS),
    DOCUMENT_SUBJECTS,
    NOTIFY_SUBJECTS,
    DEAD_LETTER_SUBJECTS,
    `${API}.STREAM.MSG.DELETE.${STREAMS.deadLetters}`,
    LETTER_RETRIED_SUBJECTS,
    SALARY_REPLY_SUBJECTS,
    ALL_ROSTER_CHANGES,
    SERVICE_REPLIES,
    ALL_GATEWAY_COMMANDS,
  ],
  subscribe: [
    ...INBOX,
    ALL_HEARTBEATS,
    ALL_ROSTER_READS,
    LETTER_RETRY_SUBJECTS,
    SALARY_REQUEST_SUBJECTS,
    keysOf(BUCKETS.directory),
  ],
};

/** Creates and updates streams, consumers and buckets at start-up and upgrade; reads and writes no data. */
const ADMIN_ROLE: Permissions = {
  publish: [
    `${API}.INFO`,
    `${API}.STREAM.NAMES`,
    `${API}.STREAM.LIST`,
    `${API}.STREAM.INFO.*`,
    `${API}.STREAM.CREATE.*`,
    `${API}.STREAM.UPDATE.*`,
    `${API}.CONSUMER.NAMES.*`,
    `${API}.CONSUMER.LIST.*`,
    `${API}.CONSUMER.INFO.>`,
    `${API}.CONSUMER.CREATE.>`,
    `${API}.CONSUMER.DURABLE.CREATE.>`,
    `${API}.CONSUMER.DELETE.>`,
  ],
  subscribe: INBOX,
};

function union(...roles: readonly Permissions[]): Permissions {
  return {
    publish: [...new Set(roles.flatMap((role) => role.publish))],
    subscribe: [...new Set(roles.flatMap((role) => role.subscribe))],
  };
}
