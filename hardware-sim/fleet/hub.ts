import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import {
  type GatewayAddress,
  HUB_DOMAIN,
  STREAMS,
  segmentSubject,
} from "@clockleaf/shared/subjects.ts";
import { readSegment, type Segment } from "@clockleaf/shared/wire/segment.ts";
import { TRACEPARENT } from "@clockleaf/shared/wire/trace-context.ts";
import { headers, type NatsConnection } from "nats";
import { z } from "zod";
import type { NextSegment } from "./rows.ts";

const TIMEOUT_MS = 5_000;
/** JetStream's code for an expectation that does not hold. */
const WRONG_LAST_SEQUENCE = 10071;
const NOT_FOUND = 404;

const ackSchema = z.union([
  z.object({ error: z.object({ err_code: z.int(), description: z.string() }) }),
  z.object({ stream: z.string(), seq: z.int(), domain: z.string().optional() }),
]);

/** `stored` under this sequence; `behind`: another message is the last one there; `refused` for good, in the hub's words. */
export type Outcome =
  | { readonly kind: "stored"; readonly seq: number }
  | { readonly kind: "behind" }
  | { readonly kind: "refused"; readonly why: string };

type Sending = Omit<NextSegment, "last"> & { readonly expect: number };

/** Stores a segment right after message `expect` of its subject. Rejects when nobody knows what became of it. */
export async function publishSegment(
  connection: NatsConnection,
  address: GatewayAddress,
  { bytes, traceparent, expect }: Sending,
): Promise<Outcome> {
  const guard = headers();
  guard.set("Nats-Expected-Stream", STREAMS.clock);
  guard.set("Nats-Expected-Last-Subject-Sequence", String(expect));
  if (traceparent !== undefined) guard.set(TRACEPARENT, traceparent);
  const how = { timeout: TIMEOUT_MS, headers: guard };
  const reply = await connection.request(segmentSubject(address), bytes, how);
  const ack = ackSchema.parse(reply.json());
  if ("error" in ack) {
    if (ack.error.err_code === WRONG_LAST_SEQUENCE) return { kind: "behind" };
    return { kind: "refused", why: ack.error.description };
  }
  if (ack.stream === STREAMS.clock) return { kind: "stored", seq: ack.seq };
  return { kind: "refused", why: `stored in ${ack.stream}` };
}

export interface Stored {
  readonly seq: number;
  readonly segment: Segment;
}

/** The newest segment that the hub has of this gateway. Rejects when the hub does not say. */
export async function lastStored(
  connection: NatsConnection,
  address: GatewayAddress,
): Promise<Stored | undefined> {
  const subject = `$JS.${HUB_DOMAIN}.API.DIRECT.GET.${STREAMS.clock}.${segmentSubject(address)}`;
  const reply = await connection.request(subject, undefined, { timeout: TIMEOUT_MS });
  if (reply.headers?.code === NOT_FOUND) return undefined;
  const seq = Number(reply.headers?.get("Nats-Sequence"));
  if (!Number.isInteger(seq) || seq < 1) {
    throw new PlatformError("uplink.ambiguous", "the hub does not say what it has", {
      retriable: true,
    });
  }
  return { seq, segment: readSegment(reply.data).segment };
}
