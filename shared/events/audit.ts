import { z } from "zod";
import { tokenSchema } from "../subjects.ts";
import { defineEvent, type EventOf } from "./envelope.ts";

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/**
 * One entry of a tenant's audit log: which event was stored, by whom and why, and a hash of its bytes as stored. Nothing of
 * its content, so the log outlives an erasure. `hash` covers all other fields and `previousHash`.
 */
export const auditRecorded = defineEvent({
  type: "audit.entry.recorded",
  domain: "audit",
  name: "AuditRecorded",
  version: "1.0",
  data: z.object({
    entry: z.int().min(1).describe("Number in the log, without gaps"),
    eventId: z.uuid(),
    eventType: z.string().max(128),
    stream: z.string().max(64),
    streamSeq: z.int().min(1),
    subject: z.string().max(256),
    aggregateId: tokenSchema,
    at: z.int().min(0).describe("When the event was decided, UTC milliseconds"),
    source: z.string().max(128),
    correlationId: z.string().max(64).nullable(),
    causationId: z.string().max(128).nullable(),
    bytesHash: sha256.describe("SHA-256 of the event's message body as stored"),
    actor: z
      .string()
      .max(128)
      .optional()
      .describe("Who asked for it by name; absent for what followed from something else"),
    previousHash: sha256.describe("`hash` of the entry before; 64 zeros for the first"),
    hash: sha256,
  }),
});

export type AuditEvent = EventOf<typeof auditRecorded>;
