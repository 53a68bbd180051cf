import { auditRecorded } from "@clockleaf/shared/events/audit.ts";
import { z } from "@hono/zod-openapi";
import type { AuditEntry } from "./entry.ts";

const hash = z.string().regex(/^[0-9a-f]{64}$/);

export const entrySchema = z
  .object({
    ...auditRecorded.data.shape,
    at: z.iso.datetime().describe("When the event was decided, ISO 8601, UTC"),
    atMs: z.int().describe("The same in UTC milliseconds, as `hash` covers it"),
  })
  .meta({ id: "AuditEntry" });

const anything = z.unknown();

export const changeSchema = z
  .object({
    entry: z.int().min(1),
    at: entrySchema.shape.at,
    actor: z
      .string()
      .nullable()
      .describe("Who asked for it by name; null for what followed from something else"),
    eventType: z.string(),
    eventId: z.uuid(),
    aggregateId: entrySchema.shape.aggregateId,
    aggregateKind: z.string().describe("What that is, such as person, pay-run or badge"),
    says: anything.describe("The event's own data, such as the reason that was given"),
    before: anything.describe(
      "The state right before the event; null = there was none, or the event stands alone",
    ),
    after: anything.describe("The state right after it; of an event that stands alone, its data"),
    changes: z
      .array(
        z.object({
          pointer: z.string().describe("JSON Pointer (RFC 6901) into `before` and `after`"),
          before: anything.describe("Null also where there was nothing"),
          after: anything.describe("Null also where nothing is left"),
        }),
      )
      .describe("All that tells `before` and `after` apart"),
    isErased: z
      .boolean()
      .describe(
        "True: the person was erased since, and what was personal stands here as an erasure leaves it",
      ),
  })
  .meta({
    id: "AuditChange",
    description:
      "What one event changed. Hashes of keys and PINs are never in it: what stands in their place says which event set them",
  });

export const headSchema = z
  .object({
    size: z.int().min(0).describe("Entries in the log"),
    rootHash: hash.describe("Root of the Merkle tree (RFC 9162) over the entries' `hash`es"),
    newestAt: z.iso.datetime().nullable().describe("When the newest entry's event was decided"),
    strangers: z
      .int()
      .describe("Messages in the log that do not continue it: not 0 = `audit verify` says which"),
  })
  .meta({
    id: "AuditHead",
    description: "Keep one: that a later log still begins with it can be proved",
  });

export const inclusionSchema = z
  .object({
    entry: z.int().min(1),
    leafIndex: z.int().min(0),
    size: z.int().min(1),
    leafHash: hash.describe("SHA-256 of 0x00 and the entry's `hash`"),
    path: z.array(hash).describe("From the leaf's sibling up to the root's child"),
    rootHash: hash,
  })
  .meta({ id: "AuditInclusionProof", description: "RFC 9162, 2.1.3" });

export const consistencySchema = z
  .object({
    first: z.int().min(0),
    second: z.int().min(0),
    firstRootHash: hash,
    secondRootHash: hash,
    path: z.array(hash),
  })
  .meta({ id: "AuditConsistencyProof", description: "RFC 9162, 2.1.4" });

export function entryView(entry: AuditEntry): z.output<typeof entrySchema> {
  return { ...entry, at: new Date(entry.at).toISOString(), atMs: entry.at };
}
