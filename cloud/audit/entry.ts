import { hash as hashOnce } from "node:crypto";
import { type AuditEvent, auditRecorded } from "@clockleaf/shared/events/audit.ts";
import { type Metadata, metadataSchema } from "@clockleaf/shared/events/envelope.ts";
import {
  type AggregateAddress,
  parseEventSubject,
  tokenSchema,
} from "@clockleaf/shared/subjects.ts";
import { decode } from "@clockleaf/shared/wire/codec.ts";
import { z } from "zod";
import { deriveEventId } from "../eventing/event-id.ts";

export type AuditEntry = AuditEvent["data"];
/** What an entry says of its event, before it has a place in the log. */
export type AuditSubject = Omit<AuditEntry, "entry" | "previousHash" | "hash">;

export const SOURCE = "cloud/audit";
/** `previousHash` of the first entry. */
export const NO_HASH = "0".repeat(64);

/** The one log of a tenant. */
export const logAddress = (tenant: string): AggregateAddress => ({
  domain: "audit",
  tenant,
  aggregateId: "log",
});

export interface SourceMessage {
  readonly stream: string;
  readonly seq: number;
  readonly subject: string;
  readonly data: Uint8Array;
  readonly storedAtMs: number;
  /** From the message's headers; undefined = nobody by name. */
  readonly actor?: string | undefined;
}

const bodySchema = z.object({
  metadata: metadataSchema.extend({ eventType: metadataSchema.shape.eventType.max(128) }),
});
const MAX_SUBJECT = 256;
/** Type and source of a message in a domain's stream that is no event: it gets its entry all the same. */
const UNREADABLE = "unreadable";

/** Reads of a stored message what its entry says: who, what, when and why, and a hash of the bytes as they lie there. */
export function subjectOf(message: SourceMessage): AuditSubject {
  const { stream, seq: streamSeq, subject, data } = message;
  const metadata = metadataOf(message);
  return {
    eventId: metadata.eventId,
    eventType: metadata.eventType,
    stream,
    streamSeq,
    subject: subject.slice(0, MAX_SUBJECT),
    aggregateId: tokenSchema.catch(UNREADABLE).parse(parseEventSubject(subject)?.aggregateId),
    at: metadata.timestamp,
    source: metadata.source,
    correlationId: metadata.correlationId,
    causationId: metadata.causationId,
    bytesHash: hashOnce("sha256", data, "hex"),
    ...(message.actor === undefined ? {} : { actor: message.actor }),
  };
}

function metadataOf({ stream, seq, data, storedAtMs }: SourceMessage): Metadata {
  try {
    return decode(data, bodySchema, { what: `${stream} ${seq}` }).metadata;
  } catch {
    return {
      eventId: deriveEventId(UNREADABLE, stream, String(seq)),
      eventType: UNREADABLE,
      timestamp: storedAtMs,
      version: "1.0",
      source: UNREADABLE,
      correlationId: null,
      causationId: null,
    };
  }
}

/** Gives an event its place in the log. */
export function entryOf(
  after: { readonly entry: number; readonly hash: string },
  subject: AuditSubject,
): AuditEntry {
  const unhashed = { entry: after.entry + 1, ...subject, previousHash: after.hash };
  return { ...unhashed, hash: hashOfEntry(unhashed) };
}

/**
 * SHA-256 over the UTF-8 bytes of a JSON array of all other fields, in this order and in the form of RFC 8785: no spaces,
 * numbers in decimal, only what must be escaped is. The README says it for those who write a verifier.
 */
export function hashOfEntry(entry: Omit<AuditEntry, "hash">): string {
  const { actor } = entry;
  const fields = [
    // Entries that name nobody are hashed as those were that could not.
    actor === undefined ? "clockleaf-audit-1" : "clockleaf-audit-2",
    entry.entry,
    entry.eventId,
    entry.eventType,
    entry.stream,
    entry.streamSeq,
    entry.subject,
    entry.aggregateId,
    entry.at,
    entry.source,
    entry.correlationId,
    entry.causationId,
    entry.bytesHash,
    ...(actor === undefined ? [] : [actor]),
    entry.previousHash,
  ];
  return hashOnce("sha256", JSON.stringify(fields), "hex");
}

/**
 * The metadata of an entry's event. All of it follows from the entry, the instant too (that of the event recorded), so
 * nothing of a stored entry is left that its hash does not cover, and two processes write the same bytes.
 */
export function metadataOfEntry(entry: AuditEntry): Metadata & { readonly eventType: string } {
  return {
    eventId: deriveEventId("audit", entry.hash),
    eventType: auditRecorded.type,
    timestamp: entry.at,
    version: auditRecorded.version,
    source: SOURCE,
    correlationId: entry.correlationId,
    causationId: entry.eventId,
  };
}
