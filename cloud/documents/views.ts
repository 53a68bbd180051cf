import { documentChecked, documentStored } from "@clockleaf/shared/events/document.ts";
import { z } from "@hono/zod-openapi";
import type { DocumentRow } from "./reads.ts";

export const documentSchema = z
  .object({
    ...documentStored.data.shape,
    at: z.iso.datetime().describe("When it was stored, ISO 8601, UTC"),
    check: documentChecked.data
      .pick({ verdict: true, foundType: true })
      .extend({ at: z.iso.datetime() })
      .nullable()
      .describe("What a worker found in the store, for attachments; null = it has not looked yet"),
    version: z.int().describe("The ETag, too"),
  })
  .meta({ id: "Document" });

export function documentView(
  record: Omit<DocumentRow, "erasedAt">,
): z.output<typeof documentSchema> {
  const { documentId, kind, employeeId, name, mediaType, bytes, sha256, storedBy, at, check } =
    record;
  return {
    documentId,
    kind,
    employeeId,
    name,
    mediaType,
    bytes,
    sha256,
    storedBy,
    at: new Date(at).toISOString(),
    check: check && { ...check, at: new Date(check.at).toISOString() },
    version: record.version,
  };
}
