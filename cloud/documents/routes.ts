import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { guardOf, lacking } from "../api/guard.ts";
import { problem, refused } from "../api/problem.ts";
import {
  type ApiEnv,
  type ApiRouter,
  causeOf,
  decodeCursor,
  encodeCursor,
  ifMatch,
  newIdFor,
  newRouter,
  page,
  setEtag,
} from "../api/router.ts";
import { isRefusal } from "../eventing/decider.ts";
import { sha256Of } from "../storage/document-store.ts";
import { mayRead, type Reader, visibleDocuments } from "./access.ts";
import { type DocumentReactionsDeps, SOURCE } from "./reactions.ts";
import { type DocumentRow, document, documents } from "./reads.ts";
import {
  contentRoute,
  deleteRoute,
  listRoute,
  showRoute,
  uploadRoute,
} from "./route-definitions.ts";
import { ATTACHMENT_TYPES, attachmentName, MAX_UPLOAD_BYTES, mediaTypeOf } from "./upload.ts";
import { documentView } from "./views.ts";

export type DocumentRoutesDeps = Omit<DocumentReactionsDeps, "nc">;

const READ_YOUR_WRITES_MS = 2_000;
const cursorSchema = z.int().min(1);

/** Documents and attachments, for `/api/v1`. Whoever may not see a document is told that there is none. */
export function createDocumentRoutes(deps: DocumentRoutesDeps): ApiRouter {
  const router = newRouter();
  addReads(router, deps);
  addContent(router, deps);
  addUpload(router, deps);
  addDelete(router, deps);
  return router;
}

function readerOf(c: Context<ApiEnv>): Reader {
  const principal = c.get("principal");
  const { name, employeeId } = principal;
  return {
    name,
    employeeId,
    attachments: guardOf(c, "documents.read"),
    pay: guardOf(c, "pay.read"),
    reports: guardOf(c, "reports.oversee"),
  };
}

async function visible(
  c: Context<ApiEnv>,
  { db }: DocumentRoutesDeps,
  documentId: string,
): Promise<DocumentRow | undefined> {
  const found = await document(db, documentId);
  if (found === undefined || found.erasedAt !== null) return undefined;
  return (await mayRead(readerOf(c), found)) ? found : undefined;
}

function addReads(router: ApiRouter, deps: DocumentRoutesDeps): void {
  router.openapi(listRoute, async (c) => {
    const { cursor, limit, ...filters } = c.req.valid("query");
    const before = decodeCursor(cursor, cursorSchema);
    const seen = await visibleDocuments(readerOf(c));
    const found = await documents(deps.db, { ...filters, visible: seen, before, limit: limit + 1 });
    const shown = found.slice(0, limit);
    const last = found.length > limit ? shown.at(-1) : undefined;
    const next = last === undefined ? null : encodeCursor(last.version);
    return c.json(page(c, shown.map(documentView), next), 200);
  });

  router.openapi(showRoute, async (c) => {
    const found = await visible(c, deps, c.req.valid("param").documentId);
    if (found === undefined) return problem(c, { code: "command.not-found" });
    setEtag(c, found.version);
    return c.json(documentView(found), 200);
  });
}

function addContent(router: ApiRouter, deps: DocumentRoutesDeps): void {
  router.openapi(contentRoute, async (c) => {
    const found = await visible(c, deps, c.req.valid("param").documentId);
    const bytes = found && (await deps.documents.get(found.documentId, found.employeeId));
    if (found === undefined || bytes === undefined) {
      return problem(c, { code: "command.not-found" });
    }
    // The store vouches for what it was given; the event says what that must have been.
    if (sha256Of(bytes) !== found.sha256) {
      throw new PlatformError("document.damaged", "the document is not what was stored");
    }
    return c.body(Uint8Array.from(bytes).buffer, 200, {
      "content-type": found.mediaType,
      "content-disposition": `attachment; filename="${found.name.replaceAll(/[^A-Za-z0-9._-]/gu, "_")}"`,
    });
  });
}

function addUpload(router: ApiRouter, deps: DocumentRoutesDeps): void {
  router.openapi(uploadRoute, async (c) => {
    const { name, employeeId: self = null } = c.get("principal");
    const employeeId = c.req.valid("query").employeeId ?? self;
    if (!(await mayStoreFor(c, employeeId))) {
      return employeeId === null
        ? lacking(c, ["platform.manage"])
        : problem(c, { code: "command.not-found" });
    }
    const file = await readFile(c);
    if (file === undefined) {
      return problem(c, {
        code: "api.malformed",
        detail: "send the file as the body or as `file`",
      });
    }
    if (!(file.mediaType in ATTACHMENT_TYPES)) {
      const detail = `${file.mediaType || "no media type"} is not taken`;
      return problem(c, { code: "api.unsupported-media", detail });
    }
    if (file.bytes.length > MAX_UPLOAD_BYTES) {
      const detail = `at most ${MAX_UPLOAD_BYTES} bytes`;
      return problem(c, { code: "document.too-large", detail });
    }
    const documentId = newIdFor(c, "document");
    const stored = await deps.documents.put({
      documentId,
      personId: employeeId,
      bytes: file.bytes,
    });
    const record = {
      documentId,
      kind: "attachment",
      employeeId,
      name: attachmentName(documentId, file.mediaType),
      mediaType: file.mediaType,
      ...stored,
      storedBy: name,
      at: deps.nowMs(),
    } as const;
    const cause = causeOf(c, SOURCE, deps.nowMs());
    const outcome = await deps.runner.handle(documentId, { type: "store", record }, cause);
    if (isRefusal(outcome)) return refused(c, outcome);
    await deps.waitFor(outcome.seq, READ_YOUR_WRITES_MS);
    setEtag(c, outcome.seq);
    c.header("Location", `/api/v1/documents/${documentId}`);
    return c.json(documentView({ ...record, check: null, version: outcome.seq }), 201);
  });
}

/** Attachments about nobody in particular are the company's: for who runs the platform. */
const mayStoreFor = async (c: Context<ApiEnv>, employeeId: string | null): Promise<boolean> =>
  employeeId === null
    ? guardOf(c, "platform.manage").coversCompany()
    : await guardOf(c).coversPerson(employeeId);

async function readFile(
  c: Context<ApiEnv>,
): Promise<{ readonly mediaType: string; readonly bytes: Uint8Array } | undefined> {
  const mediaType = mediaTypeOf(c.req.header("content-type") ?? "");
  if (mediaType !== "multipart/form-data") {
    const bytes = new Uint8Array(await c.req.arrayBuffer());
    return bytes.length === 0 ? undefined : { mediaType, bytes };
  }
  const { file } = await c.req.parseBody().catch(() => ({ file: undefined }));
  if (!(file instanceof File) || file.size === 0) return undefined;
  return { mediaType: mediaTypeOf(file.type), bytes: new Uint8Array(await file.arrayBuffer()) };
}

function addDelete(router: ApiRouter, deps: DocumentRoutesDeps): void {
  router.openapi(deleteRoute, async (c) => {
    const ifSeq = ifMatch(c);
    const found = await visible(c, deps, c.req.valid("param").documentId);
    if (found === undefined) return problem(c, { code: "command.not-found" });
    const { name } = c.get("principal");
    const mayStore = await mayStoreFor(c, found.employeeId);
    if (!mayStore && found.storedBy !== name) return lacking(c, ["documents.store"]);
    const at = deps.nowMs();
    const command = { type: "erase", because: "asked", by: name, at } as const;
    const guarded = { aggregateId: found.documentId, command, ifSeq };
    const [outcome] = await deps.runner.handleMany([guarded], causeOf(c, SOURCE, at));
    if (outcome === undefined) throw new Error("one command has one outcome");
    if (isRefusal(outcome)) {
      return outcome.code === "aggregate.changed"
        ? problem(c, { code: "api.precondition" })
        : refused(c, outcome);
    }
    await deps.waitFor(outcome.seq, READ_YOUR_WRITES_MS);
    return c.body(null, 204);
  });
}
