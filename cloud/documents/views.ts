import { documentStored } from "@clockleaf/shared/events/document.ts";
import { z } from "@hono/zod-openapi";
import type { DocumentRecord } from "./decider.ts";

export const documentSchema = z
  .object({
    ...documentStored.data.shape,
    at: z.iso.datetime().describe("When it was stored, ISO 8601, UTC"),
    version: z.int().describe("The ETag, too"),
  })
  .meta({ id: "Document" });

export function documentView(
  record: DocumentRecord & { readonly version: number },
): z.output<typeof documentSchema> {
  const { documentId, kind, employeeId, name, mediaType, bytes, sha256, storedBy, at } = record;
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
    version: record.version,
  };
}
