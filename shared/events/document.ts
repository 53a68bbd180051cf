import { z } from "zod";
import { tokenSchema } from "../subjects.ts";
import { defineEvent, type EventOf } from "./envelope.ts";

const instant = z.int().min(0).describe("UTC milliseconds");

export const DOCUMENT_KINDS = [
  "payslip",
  "payment-file",
  "payroll-export",
  "report",
  "attachment",
] as const;

export const documentStored = defineEvent({
  type: "document.document.stored",
  domain: "document",
  name: "DocumentStored",
  version: "1.0",
  data: z.object({
    documentId: tokenSchema,
    kind: z.enum(DOCUMENT_KINDS),
    employeeId: tokenSchema.nullable().describe("Whose it is; null = of the company"),
    name: z.string().min(1).max(200).describe("File name, without a person's name in it"),
    mediaType: z.string().max(100),
    bytes: z.int().min(0),
    sha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .describe("Of the content as people get it"),
    storedBy: z.string().max(128),
    at: instant,
  }),
});
export const documentErased = defineEvent({
  type: "document.document.erased",
  domain: "document",
  name: "DocumentErased",
  version: "1.0",
  data: z.object({ documentId: tokenSchema, by: z.string().max(128), at: instant }),
});

export const CHECK_VERDICTS = ["sound", "other-type", "damaged", "missing"] as const;

/** A worker has looked at what lies in the store. An aggregate of its own, named by the document and its content. */
export const documentChecked = defineEvent({
  type: "document.document.checked",
  domain: "document",
  name: "DocumentChecked",
  version: "1.0",
  data: z.object({
    documentId: tokenSchema,
    sha256: documentStored.data.shape.sha256.describe("Which content was to be there"),
    verdict: z
      .enum(CHECK_VERDICTS)
      .describe(
        "sound = it is, and of the type it was handed in as; other-type = it is, but of another type; damaged = something else is there; missing = nothing is",
      ),
    foundType: z
      .string()
      .max(100)
      .nullable()
      .describe("Media type by its content; null = there is no content to be believed"),
    at: instant,
  }),
});

export type DocumentChecked = EventOf<typeof documentChecked>;
export type DocumentEvent = EventOf<typeof documentStored> | EventOf<typeof documentErased>;
