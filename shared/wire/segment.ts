import { type KeyObject, sign, verify } from "node:crypto";
import { z } from "zod";
import { PlatformError } from "../lib/errors.ts";
import { tokenSchema } from "../subjects.ts";
import { chain } from "./chain.ts";
import { decode, encode } from "./codec.ts";

/**
 * A segment is a contiguous, signed range of one gateway's journal:
 *
 *   outer  = msgpack [ body: bin, signature: bin(64) ]        signature = Ed25519(body)
 *   body   = msgpack { v, tenant, site, gateway, epoch, first, prev: bin(32), rows: [bin…] }
 *   chain  h(first−1) = prev;  h(n) = SHA-256( h(n−1) ‖ row n )   head of the segment = h(last)
 *
 * The chain runs over rows, not over segments, so the same rows cut differently (a resend) verify against the same
 * heads. Row 1 follows 32 zero bytes. Rows stay bytes until they are needed: what was signed is what is read.
 */
export const MAX_SEGMENT_ROWS = 1000;
/** Rows are cut off by this sum, well under nats-server's 1 MiB `max_payload`. */
export const MAX_SEGMENT_BYTES = 512 * 1024;
export const MAX_ROW_BYTES = 2048;

const bytesSchema = z.custom<Uint8Array>((value) => value instanceof Uint8Array, "bytes");

const bodySchema = z.strictObject({
  v: z.literal(1),
  tenant: tokenSchema,
  site: tokenSchema,
  gateway: tokenSchema,
  epoch: z.string().regex(/^[0-9a-z]{8,16}$/),
  first: z.int().min(1),
  prev: bytesSchema.refine((bytes) => bytes.length === 32, "32 bytes"),
  rows: z
    .array(bytesSchema.refine((bytes) => bytes.length > 0 && bytes.length <= MAX_ROW_BYTES))
    .min(1)
    .max(MAX_SEGMENT_ROWS),
});
export type SegmentBody = z.output<typeof bodySchema>;

const outerSchema = z.tuple([
  bytesSchema,
  bytesSchema.refine((bytes) => bytes.length === 64, "64 bytes"),
]);

export interface Segment extends SegmentBody {
  /** Number of the last row. */
  readonly last: number;
  /** Chain value after the last row. */
  readonly head: Uint8Array;
}

export interface SealedSegment {
  readonly bytes: Uint8Array;
  readonly signature: Uint8Array;
  readonly body: Uint8Array;
}

/** Encodes and signs a segment. `key` is the gateway's Ed25519 private key. */
export function sealSegment(body: SegmentBody, key: KeyObject): Uint8Array {
  const bytes = encode(body);
  return encode([bytes, sign(null, bytes, key)]);
}

/**
 * Reads a segment **without** checking its signature: enough for a gateway that looks at its own last segment to
 * learn where to resume. Throws `wire.malformed` or `wire.too-large`.
 */
export function readSegment(message: Uint8Array): { segment: Segment; sealed: SealedSegment } {
  const [bodyBytes, signature] = decode(message, outerSchema, { what: "segment" });
  const body = decode(bodyBytes, bodySchema, { what: "segment body" });
  let head: Uint8Array = body.prev;
  for (const row of body.rows) head = chain(head, row);
  return {
    segment: { ...body, last: body.first + body.rows.length - 1, head },
    sealed: { bytes: message, signature, body: bodyBytes },
  };
}

/**
 * Reads a segment and checks that the gateway holding `publicKey` made it. Throws `segment.signature` besides the
 * errors of {@link readSegment}. Chain and contiguity need the gateway's earlier state and are the intake's.
 */
export function openSegment(message: Uint8Array, publicKey: KeyObject): Segment {
  const { segment, sealed } = readSegment(message);
  if (!verify(null, sealed.body, publicKey, sealed.signature)) {
    throw new PlatformError("segment.signature", "segment is not signed by its gateway", {
      details: { gateway: segment.gateway, epoch: segment.epoch, first: segment.first },
    });
  }
  return segment;
}
