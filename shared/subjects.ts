import { z } from "zod";

/**
 * Every subject, stream, bucket and durable name of the platform. No subject string is written anywhere else, so this
 * file and the permissions in `deploy/nats/` are read side by side.
 */

/** One token of a subject: an id that NATS, KV keys and URLs all take unescaped. */
export const tokenSchema = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,64}$/, "use 1 to 64 of A-Z a-z 0-9 _ -")
  .describe("Identifier: 1 to 64 characters of A-Z a-z 0-9 _ -");

export interface GatewayAddress {
  readonly tenant: string;
  readonly site: string;
  readonly gateway: string;
}

export const DOMAINS = [
  "employee",
  "attendance",
  "leave",
  "payroll",
  "workflow",
  "notification",
  "document",
  "reporting",
  "identity",
  "webhook",
  "fleet",
  "audit",
] as const;
export type Domain = (typeof DOMAINS)[number];

export const STREAMS = {
  clock: "CLOCK",
  employee: "EMPLOYEE",
  attendance: "ATTENDANCE",
  leave: "LEAVE",
  payroll: "PAYROLL",
  workflow: "WORKFLOW",
  notification: "NOTIFICATION",
  document: "DOCUMENT",
  reporting: "REPORTING",
  identity: "IDENTITY",
  webhook: "WEBHOOK",
  fleet: "FLEET",
  audit: "AUDIT",
  /** A work queue: messages to be sent, each gone once a worker has done with it. */
  notify: "NOTIFY",
  deadLetters: "DLQ",
} as const;

export const BUCKETS = {
  directory: "directory",
  presence: "presence",
  gateways: "gateways",
  /** Leave accounts by person, for whoever asks how much is left. */
  balances: "balances",
  /** Who is who: what other services may know of a person without a key to their data. */
  profiles: "profiles",
  /** States of long aggregates, so that they need not be read from the beginning. */
  snapshots: "snapshots",
  /** Which process does what just now; entries vanish by themselves. */
  leases: "leases",
  /** One key per person, wrapped; destroying it makes what is personal in their events unreadable for good. */
  personKeys: "person-keys",
  /** How far long jobs are. */
  progress: "progress",
  /** How the bridges fare, and how far they are at destinations that cannot keep that themselves. */
  bridges: "bridges",
  /** Which messages of other brokers our workers have dealt with, so that a repeat is known; forgotten after a week. */
  claims: "claims",
  /** Who is signed in with a browser; entries vanish once nobody has used them for long. */
  sessions: "sessions",
  /** The token of the first setup, and when API keys were used last. */
  identity: "identity",
  /** Answers of the API to requests that carried an Idempotency-Key, for a day. */
  idempotency: "idempotency",
  /** Of integrators' endpoints: sealed secrets, how far each is, and what has to be sent again. */
  webhooks: "webhooks",
  /** What was sent to them and what they said; forgotten after 30 days. */
  webhookDeliveries: "webhook-deliveries",
} as const;

/** JetStream object store of payslips, reports and attachments. */
export const DOCUMENTS_STORE = "documents";

/** The JetStream domain of the hub, as leaf clients must name it. */
export const HUB_DOMAIN = "hub";

/** The number of partitions is fixed for ever: it is part of every stored subject. */
export const PARTITIONS = 16;

/**
 * Partitions are worked through in shares, two partitions each; a process holds some of the shares. This number is fixed
 * for ever too: it is part of the names of durable consumers.
 */
export const SHARES = 8;
export const shareOfPartition = (partition: number): number => partition % SHARES;
export const partitionsOfShare = (share: number): readonly number[] =>
  Array.from({ length: PARTITIONS }, (_, partition) => partition).filter(
    (partition) => shareOfPartition(partition) === share,
  );

const at = (a: GatewayAddress): string => `${a.tenant}.${a.site}.${a.gateway}`;

/** Live segments of one gateway, in journal order; guarded by the last sequence on this very subject. */
export const segmentSubject = (a: GatewayAddress): string => `clock.v1.${at(a)}`;
/** Ranges sent again on request. A subject of its own, so that the last live segment always tells where to resume. */
export const resentSubject = (a: GatewayAddress): string => `clock.v1.${at(a)}.resent`;
export const CLOCK_SUBJECTS = ["clock.v1.*.*.*", "clock.v1.*.*.*.resent"] as const;

/** Reads the gateway out of a CLOCK subject; undefined if it is none. */
export function parseClockSubject(
  subject: string,
): (GatewayAddress & { readonly resent: boolean }) | undefined {
  const [clock, version, tenant, site, gateway, kind, ...rest] = subject.split(".");
  if (clock !== "clock" || version !== "v1" || rest.length > 0) return undefined;
  if (tenant === undefined || site === undefined || gateway === undefined) return undefined;
  if (kind !== undefined && kind !== "resent") return undefined;
  return { tenant, site, gateway, resent: kind === "resent" };
}

/** Heartbeats: plain NATS, not stored; the newest one is all that counts. */
export const heartbeatSubject = (a: GatewayAddress): string => `beat.v1.${at(a)}`;
export const ALL_HEARTBEATS = "beat.v1.*.*.*";

/** Commands about one reader of a gateway (see `wire/reader-command.ts`). */
export const READER_VERBS = ["locate", "resync-clock", "restart-driver"] as const;
export type ReaderVerb = (typeof READER_VERBS)[number];
export const GATEWAY_VERBS = ["resend", ...READER_VERBS] as const;
export type GatewayVerb = (typeof GATEWAY_VERBS)[number];
/** Requests from the cloud to one gateway. */
export const gatewayCommandSubject = (a: GatewayAddress, verb: GatewayVerb | "*"): string =>
  `cmd.v1.${at(a)}.${verb}`;
export const ALL_GATEWAY_COMMANDS = "cmd.v1.>";

/** Requests of a site's gateways for what changed in their directory; answered by the cloud (see `wire/roster.ts`). */
export const rosterReadSubject = (tenant: string, site: string): string =>
  `roster.v1.${tenant}.${site}.read`;
export const ALL_ROSTER_READS = "roster.v1.*.*.read";
/** Plain NATS, empty: something changed in the site's directory, read again. */
export const rosterChangedSubject = (tenant: string, site: string): string =>
  `roster.v1.${tenant}.${site}.changed`;
export const ALL_ROSTER_CHANGES = "roster.v1.*.*.changed";

/**
 * Terminals that publish by themselves, to the gateway's own server. They never leave the gateway: who is there goes up as a
 * row of its journal.
 */
export const terminalPunchSubject = (reader: string): string => `terminal.v1.${reader}.punch`;
/** What became of a punch, for terminals that cannot take replies (MQTT). */
export const terminalAnswerSubject = (reader: string): string => `terminal.v1.${reader}.ack`;
/** Prefix of a terminal's reply subjects: a terminal that names any other is answered as one that named none. */
export const terminalInbox = (reader: string): string => `terminal.v1.${reader}.reply`;
export const ALL_TERMINAL_PUNCHES = terminalPunchSubject("*");
/** The reader that a punch was published for; undefined if that is no id. */
export function readerOfPunchSubject(subject: string): string | undefined {
  const reader = subject.split(".")[2];
  if (reader === undefined || subject !== terminalPunchSubject(reader)) return undefined;
  return tokenSchema.safeParse(reader).success ? reader : undefined;
}
/** A subject as MQTT spells it. Ids hold neither dots nor slashes, so it is the same both ways. */
export const mqttTopic = (subject: string): string => subject.replaceAll(".", "/");

export interface AggregateAddress {
  readonly domain: Domain;
  readonly tenant: string;
  readonly aggregateId: string;
}

export const eventSubject = (a: AggregateAddress): string =>
  `evt.v1.${a.domain}.${partitionOf(a.tenant, a.aggregateId)}.${a.tenant}.${a.aggregateId}`;
export const domainSubjects = (domain: Domain): string => `evt.v1.${domain}.>`;
/** All events of one tenant in a domain, or those of one partition. */
export const tenantSubjects = (
  domain: Domain,
  tenant: string,
  partition: number | "*" = "*",
): string => `evt.v1.${domain}.${partition}.${tenant}.*`;

export function parseEventSubject(subject: string): AggregateAddress | undefined {
  const [evt, version, domain, , tenant, aggregateId, ...rest] = subject.split(".");
  if (evt !== "evt" || version !== "v1" || rest.length > 0) return undefined;
  if (tenant === undefined || aggregateId === undefined) return undefined;
  const known = DOMAINS.find((name) => name === domain);
  return known === undefined ? undefined : { domain: known, tenant, aggregateId };
}

export const CHANNELS = ["email", "sms", "webhook", "in-app"] as const;
export type Channel = (typeof CHANNELS)[number];
/** Messages to be sent; each is taken by one worker of its channel. */
export const notifySubject = (tenant: string, channel: Channel): string =>
  `notify.v1.${tenant}.${channel}`;
export const NOTIFY_SUBJECTS = "notify.v1.*.*";

export const deadLetterSubject = (consumer: string): string => `dlq.v1.${consumer}`;
export const DEAD_LETTER_SUBJECTS = "dlq.v1.*";

/** Asks whoever runs a consumer to handle one of its dead letters again; plain NATS, answered. */
export const letterRetrySubject = (consumer: string): string => `retry.v1.${consumer}`;
export const LETTER_RETRY_SUBJECTS = "retry.v1.*";
/** Where the answer goes: a subject of its own, so that a worker needs no right to write into inboxes. */
export const letterRetriedSubject = (id: string): string => `retried.v1.${id}`;
export const LETTER_RETRIED_SUBJECTS = "retried.v1.*";

/** Asks payroll what somebody earns in a period; plain NATS, answered by one of the processes that work. */
export const salaryRequestSubject = (tenant: string): string => `salary.v1.${tenant}.calculate`;
export const SALARY_REQUEST_SUBJECTS = "salary.v1.*.calculate";
/** Where the answer goes; a subject of its own, as for retries. */
export const salaryReplySubject = (id: string): string => `salary-reply.v1.${id}`;
export const SALARY_REPLY_SUBJECTS = "salary-reply.v1.*";

/** Of `leases`: who does a piece of work just now. */
export const leaseKey = (tenant: string, name: string): string => `${tenant}.${name}`;
export const shareLeaseName = (share: number): string => `share-${share}`;
/** Of `leases`: which processes there are to share the work. */
export const memberKey = (tenant: string, session: string): string => `${tenant}.member.${session}`;

export const directoryKey = (tenant: string, site: string, badge: string): string =>
  `${tenant}.${site}.${badge}`;
export const directoryFilter = (tenant: string, site: string): string => `${tenant}.${site}.>`;
export const presenceKey = (tenant: string, employeeId: string): string =>
  `${tenant}.${employeeId}`;
export const gatewayKey = (a: GatewayAddress): string => at(a);
/** Of `balances`, `profiles`, `person-keys`: one entry per person. */
export const personKey = (tenant: string, employeeId: string): string => `${tenant}.${employeeId}`;
/** Of `progress`: one entry per job. */
export const progressKey = (tenant: string, jobId: string): string => `${tenant}.${jobId}`;

/** Of `sessions`: one entry per session, under the hash of its token. */
export const sessionKey = (tenant: string, hash: string): string => `${tenant}.${hash}`;
/** Of `identity`: the one setup token there may be. */
export const setupKey = (tenant: string): string => `${tenant}.setup`;
/** Of `identity`: when an API key was used last. */
export const keyUseKey = (tenant: string, keyId: string): string => `${tenant}.used.${keyId}`;
/** Of `idempotency`: one entry per key of a caller, under a hash of both. */
export const idempotencyKey = (tenant: string, hash: string): string => `${tenant}.${hash}`;
/** Of `webhooks`, `webhook-deliveries`: what there is of one endpoint, under a name of one or two tokens. */
export const webhookEntryKey = (tenant: string, webhookId: string, name: string): string =>
  `${tenant}.${webhookId}.${name}`;

/** Reply inboxes, one prefix per kind of client, so that nobody can read another's replies. */
export const gatewayInbox = (a: GatewayAddress): string => `_INBOX_${a.gateway}`;
export const CLOUD_INBOX = "_INBOX_cloud";

/**
 * FNV-1a (32 bit) over the bytes of tenant and aggregate id, modulo 16: the same as nats-server's
 * `{{partition(16,…)}}`, which joins tokens without a separator.
 */
export function partitionOf(tenant: string, aggregateId: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(tenant + aggregateId)) {
    hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  }
  return hash % PARTITIONS;
}
