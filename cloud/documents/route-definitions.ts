import { DOCUMENT_KINDS } from "@clockleaf/shared/events/document.ts";
import { tokenSchema } from "@clockleaf/shared/subjects.ts";
import { createRoute, z } from "@hono/zod-openapi";
import { guarded } from "../api/guard.ts";
import { problemSchema } from "../api/problem.ts";
import {
  invalidResponse,
  jsonResponse,
  notFoundResponse,
  pageQuerySchema,
  pageSchema,
  preconditionResponses,
  refusalResponses,
} from "../api/router.ts";
import { ATTACHMENT_TYPES } from "./upload.ts";
import { documentSchema } from "./views.ts";

const tags = ["documents"];
const idParams = z.object({ documentId: tokenSchema });
const binary = z.string().meta({ format: "binary" });
const problemContent = { "application/problem+json": { schema: problemSchema } };
const file = z.string().min(1).meta({ format: "binary" });
const attachmentTypes = Object.keys(ATTACHMENT_TYPES);
/** Attachments, and what reports and pay runs make; `application/octet-stream` where a browser is to guess nothing. */
const storedTypes = [...attachmentTypes, "application/xml", "application/octet-stream"];
/** No schema of zod's: the router would read the file as a form of texts. */
const form = {
  schema: {
    type: "object" as const,
    required: ["file"],
    properties: { file: { type: "string" as const, format: "binary", minLength: 1 } },
  },
  encoding: { file: { contentType: attachmentTypes.join(", ") } },
};

export const listRoute = createRoute({
  method: "get",
  path: "/documents",
  operationId: "listDocuments",
  ...guarded({ permission: ["documents.read", "pay.read"], about: "each" }),
  tags,
  summary: "Documents that the caller may see, newest first",
  request: {
    query: pageQuerySchema.extend({
      kind: z.enum(DOCUMENT_KINDS).optional(),
      employeeId: tokenSchema.optional(),
    }),
  },
  responses: { 200: jsonResponse(pageSchema(documentSchema), "One page"), ...invalidResponse },
});

export const showRoute = createRoute({
  method: "get",
  path: "/documents/{documentId}",
  operationId: "showDocument",
  ...guarded({ permission: ["documents.read", "pay.read"], about: "each" }),
  tags,
  summary: "What a document is",
  request: { params: idParams },
  responses: {
    200: jsonResponse(documentSchema, "The document"),
    ...notFoundResponse,
    ...invalidResponse,
  },
});

export const contentRoute = createRoute({
  method: "get",
  path: "/documents/{documentId}/content",
  operationId: "documentContent",
  ...guarded({ permission: ["documents.read", "pay.read"], about: "each" }),
  tags,
  summary: "The document itself",
  request: { params: idParams },
  responses: {
    200: {
      description: "The bytes, as the media type that they were stored as",
      content: Object.fromEntries(storedTypes.map((type) => [type, { schema: binary }])),
    },
    ...notFoundResponse,
    ...invalidResponse,
  },
});

export const uploadRoute = createRoute({
  method: "post",
  path: "/documents",
  operationId: "uploadDocument",
  ...guarded({ permission: "documents.store", about: "each" }),
  tags,
  summary: "Attach a file, such as a doctor's note; at most 10 MiB",
  description: `The file as the body, its media type as \`Content-Type\`; or \`multipart/form-data\` with the part \`file\`. Taken are ${Object.keys(ATTACHMENT_TYPES).join(", ")}. The file's own name is not kept: it may name people.`,
  request: {
    query: z.object({
      employeeId: tokenSchema
        .optional()
        .describe("Whom it is about; left out: the caller, or the company where that is nobody"),
    }),
    body: {
      required: true,
      content: {
        ...Object.fromEntries(attachmentTypes.map((type) => [type, { schema: file }])),
        "multipart/form-data": form,
      },
    },
  },
  responses: {
    201: jsonResponse(documentSchema, "Stored"),
    400: { description: "No file", content: problemContent },
    413: { description: "More than 10 MiB", content: problemContent },
    415: { description: "Not a kind of file that is taken", content: problemContent },
    ...refusalResponses,
  },
});

export const deleteRoute = createRoute({
  method: "delete",
  path: "/documents/{documentId}",
  operationId: "deleteDocument",
  ...guarded({ permission: "documents.store", about: "each" }),
  tags,
  summary: "Delete an attachment",
  request: { params: idParams },
  responses: { 204: { description: "Deleted" }, ...preconditionResponses, ...refusalResponses },
});
