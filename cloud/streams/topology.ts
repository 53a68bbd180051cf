import {
  BUCKETS,
  CLOCK_SUBJECTS,
  DEAD_LETTER_SUBJECTS,
  DOCUMENTS_STORE,
  DOMAINS,
  type Domain,
  domainSubjects,
  NOTIFY_SUBJECTS,
  STREAMS,
} from "@clockleaf/shared/subjects.ts";
import { DiscardPolicy, RetentionPolicy, StorageType, type StreamConfig } from "@nats-io/jetstream";
import { nanos } from "nats";
import { z } from "zod";

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;
const DAY_MS = 86_400_000;
/** A process that stopped renewing has lost its leases after this long. */
export const LEASE_TTL_MS = 3_000;
const PROGRESS_TTL_MS = DAY_MS;
const IDEMPOTENCY_TTL_MS = DAY_MS;
const CLAIMS_TTL_MS = 7 * DAY_MS;
/** A session that nobody uses ends after this long: its entry is written again, coarsely, while somebody does. */
export const SESSION_IDLE_MS = 12 * 3_600_000;
const WEBHOOK_LOG_TTL_MS = 30 * DAY_MS;

const bytes = (what: string, initial: number) =>
  z.int().min(MIB).default(initial).describe(`Room reserved for ${what}, bytes`);

/** Sizes of the streams: the server reserves them, so their sum (times replicas) must fit its `max_file_store`. */
export const topologyConfigSchema = z.strictObject({
  replicas: z
    .union([z.literal(1), z.literal(3), z.literal(5)])
    .default(1)
    .describe("Copies of every stream; 3 needs a cluster of three servers"),
  clockBytes: bytes("raw segments of gateways (400 days)", 2 * GIB),
  domainBytes: bytes("the events of one domain (for ever)", 2 * GIB),
  deadLetterBytes: bytes("messages that could not be processed (30 days)", 256 * MIB),
  queueBytes: bytes("messages waiting to be sent (7 days)", 64 * MIB),
  bucketBytes: bytes("one key-value bucket", 128 * MIB),
  documentBytes: bytes("payslips, reports and attachments", 4 * GIB),
});
export type TopologyConfig = z.output<typeof topologyConfigSchema>;

/** What is asked of the server for one stream. Fields left out are the server's business and never compared. */
export type DeclaredStream = Partial<StreamConfig> & Pick<StreamConfig, "name" | "subjects">;

/**
 * Every stream and bucket of the platform. A bucket is the stream `KV_<bucket>` and is declared as one, so that it is
 * compared and updated like the others (the client's own helper ignores drift of a bucket that is already there).
 */
export function declareTopology(config: TopologyConfig): readonly DeclaredStream[] {
  const common = {
    retention: RetentionPolicy.Limits,
    storage: StorageType.File,
    num_replicas: config.replicas,
    allow_direct: true,
    // Full means "refuse and be heard", never "forget the oldest".
    discard: DiscardPolicy.New,
  };
  const domain = (name: Domain): DeclaredStream => ({
    ...common,
    name: STREAMS[name],
    subjects: [domainSubjects(name)],
    max_age: 0,
    max_bytes: config.domainBytes,
    allow_atomic: true,
    deny_delete: true,
    deny_purge: true,
  });
  /** Entries of `ttlMs` vanish by themselves that long after they were written last. */
  const bucket = (name: string, history: number, ttlMs = 0): DeclaredStream => ({
    ...common,
    name: `KV_${name}`,
    subjects: [`$KV.${name}.>`],
    max_msgs_per_subject: history,
    max_bytes: config.bucketBytes,
    max_age: nanos(ttlMs),
    ...(ttlMs === 0 ? {} : { allow_msg_ttl: true }),
    allow_rollup_hdrs: true,
    deny_delete: true,
    deny_purge: false,
  });
  return [
    {
      ...common,
      name: STREAMS.clock,
      subjects: [...CLOCK_SUBJECTS],
      max_age: nanos(400 * DAY_MS),
      max_bytes: config.clockBytes,
      duplicate_window: nanos(10 * 60_000),
      deny_delete: true,
      deny_purge: true,
    },
    ...DOMAINS.map(domain),
    {
      ...common,
      name: STREAMS.notify,
      subjects: [NOTIFY_SUBJECTS],
      retention: RetentionPolicy.Workqueue,
      max_age: nanos(7 * DAY_MS),
      max_bytes: config.queueBytes,
      allow_atomic: true,
      deny_delete: false,
      deny_purge: true,
    },
    {
      ...common,
      name: STREAMS.deadLetters,
      subjects: [DEAD_LETTER_SUBJECTS],
      max_age: nanos(30 * DAY_MS),
      max_bytes: config.deadLetterBytes,
      deny_delete: false,
      deny_purge: true,
    },
    bucket(BUCKETS.directory, 1),
    bucket(BUCKETS.presence, 1),
    bucket(BUCKETS.gateways, 8),
    bucket(BUCKETS.balances, 1),
    bucket(BUCKETS.profiles, 1),
    bucket(BUCKETS.snapshots, 1),
    bucket(BUCKETS.leases, 1, LEASE_TTL_MS),
    // No history: an old key must not outlive its erasure.
    bucket(BUCKETS.personKeys, 1),
    bucket(BUCKETS.progress, 1, PROGRESS_TTL_MS),
    bucket(BUCKETS.bridges, 1),
    bucket(BUCKETS.claims, 1, CLAIMS_TTL_MS),
    bucket(BUCKETS.sessions, 1, SESSION_IDLE_MS),
    bucket(BUCKETS.identity, 1),
    bucket(BUCKETS.idempotency, 1, IDEMPOTENCY_TTL_MS),
    // What marks a removed entry goes by itself: there is one for every delivery that was tried twice.
    { ...bucket(BUCKETS.webhooks, 1), allow_msg_ttl: true },
    // A log: where there is no room the oldest goes, for nothing rests on it.
    {
      ...bucket(BUCKETS.webhookDeliveries, 1, WEBHOOK_LOG_TTL_MS),
      discard: DiscardPolicy.Old,
    },
    {
      ...common,
      name: `OBJ_${DOCUMENTS_STORE}`,
      subjects: [`$O.${DOCUMENTS_STORE}.C.>`, `$O.${DOCUMENTS_STORE}.M.>`],
      max_age: 0,
      max_bytes: config.documentBytes,
      allow_rollup_hdrs: true,
      deny_delete: false,
      deny_purge: false,
    },
  ];
}
