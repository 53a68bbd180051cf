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
