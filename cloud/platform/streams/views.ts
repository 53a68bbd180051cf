import { STREAMS } from "@clockleaf/shared/subjects.ts";
import { z } from "@hono/zod-openapi";
import type { ConsumerInfo, StreamInfo } from "@nats-io/jetstream";

const instant = z.iso.datetime();

const consumerSchema = z.object({
  name: z.string(),
  isDurable: z.boolean().describe("False: a projection or a live page that reads along"),
  filterSubjects: z.array(z.string()),
  pending: z.int().min(0).describe("Messages stored that it has not been given yet"),
  ackPending: z.int().min(0).describe("Given, and not dealt with yet"),
  redelivered: z.int().min(0).describe("Of those: given more than once"),
  lag: z.int().min(0).describe("`pending` and `ackPending` together"),
  deliveredSeq: z.int().min(0),
  ackedSeq: z.int().min(0).describe("Everything up to here is dealt with"),
  lastDeliveredAt: instant.nullable(),
});

const peerSchema = z.object({
  server: z.string(),
  isCurrent: z.boolean(),
  isOffline: z.boolean(),
  lag: z.int().min(0).describe("Operations it is behind the leader"),
});

export const streamSchema = z
  .object({
    name: z.string(),
    kind: z.enum(["clock", "events", "queue", "dead-letters", "bucket", "objects"]),
    subjects: z.array(z.string()),
    messages: z.int().min(0),
    bytes: z.int().min(0),
    maxBytes: z.int().describe("Room reserved; what is full refuses, and never forgets the oldest"),
    firstSeq: z.int().min(0),
    firstAt: instant.nullable(),
    lastSeq: z.int().min(0),
    lastAt: instant.nullable(),
    replicas: z.int().min(1),
    leader: z.string().nullable().describe("Null: it has none, and takes nothing just now"),
    peers: z.array(peerSchema).describe("The other copies"),
    isHealthy: z.boolean().describe("It has a leader, and every copy is there and current"),
    consumers: z.array(consumerSchema),
  })
  .meta({ id: "Stream" });
export type StreamView = z.output<typeof streamSchema>;

export function streamView(
  { config, state, cluster }: StreamInfo,
  consumers: readonly ConsumerInfo[],
): StreamView {
  const isCluster = config.num_replicas > 1;
  const leader = cluster?.leader ?? null;
  const peers = (cluster?.replicas ?? []).map(({ name, current, offline, lag }) => ({
    server: name,
    isCurrent: current,
    isOffline: offline,
    lag: lag ?? 0,
  }));
  const isComplete = peers.length === config.num_replicas - 1;
  return {
    name: config.name,
    kind: kindOf(config.name),
    subjects: config.subjects,
    messages: state.messages,
    bytes: state.bytes,
    maxBytes: config.max_bytes,
    firstSeq: state.first_seq,
    firstAt: instantOf(state.first_ts),
    lastSeq: state.last_seq,
    lastAt: instantOf(state.last_ts),
    replicas: config.num_replicas,
    leader,
    peers,
    isHealthy: isCluster
      ? leader !== null && isComplete && peers.every((peer) => peer.isCurrent && !peer.isOffline)
      : true,
    consumers: consumers.map(consumerView),
  };
}

function consumerView(info: ConsumerInfo): StreamView["consumers"][number] {
  const { name, config, num_pending, num_ack_pending, num_redelivered, delivered } = info;
  const { durable_name, filter_subject, filter_subjects } = config;
  const one = filter_subject === undefined || filter_subject === "" ? [] : [filter_subject];
  return {
    name,
    isDurable: durable_name !== undefined,
    filterSubjects: filter_subjects ?? one,
    pending: num_pending,
    ackPending: num_ack_pending,
    redelivered: num_redelivered,
    lag: num_pending + num_ack_pending,
    deliveredSeq: delivered.stream_seq,
    ackedSeq: info.ack_floor.stream_seq,
    // The client types it as nanoseconds; the server sends a date.
    lastDeliveredAt: instantOf(
      delivered.last_active === undefined ? undefined : String(delivered.last_active),
    ),
  };
}

export function kindOf(name: string): StreamView["kind"] {
  if (name.startsWith("KV_")) return "bucket";
  if (name.startsWith("OBJ_")) return "objects";
  switch (name) {
    case STREAMS.clock:
      return "clock";
    case STREAMS.notify:
      return "queue";
    case STREAMS.deadLetters:
      return "dead-letters";
    default:
      return "events";
  }
}

/** The server writes year 1 for "never". */
function instantOf(time: string | undefined): string | null {
  const at = time === undefined ? Number.NaN : Date.parse(time);
  return at > 0 ? new Date(at).toISOString() : null;
}
