import type { DocumentChecked } from "@clockleaf/shared/events/document.ts";
import type { Kysely } from "kysely";
import { aboutVisible } from "../identity/visible.ts";
import { PAY_KINDS, type VisibleDocuments } from "./access.ts";
import type { DocumentKind, DocumentRecord } from "./decider.ts";
import type { DocumentsDb } from "./projection.ts";

export type Db = Kysely<DocumentsDb>;

export interface DocumentRow extends DocumentRecord {
  readonly erasedAt: number | null;
  readonly version: number;
  /** What a worker found; null = none has looked. */
  readonly check: DocumentCheck | null;
}

export interface DocumentCheck {
  readonly verdict: DocumentChecked["data"]["verdict"];
  readonly foundType: string | null;
  readonly at: number;
}

export interface DocumentQuery {
  readonly kind?: DocumentKind | undefined;
  readonly employeeId?: string | undefined;
  /** The rows of `mayRead`, and no others. */
  readonly visible: VisibleDocuments;
  /** Only documents whose version is lower: the newest come first. */
  readonly before?: number | undefined;
  readonly limit: number;
}

/** Documents that are there, newest first. */
export async function documents(db: Db, query: DocumentQuery): Promise<DocumentRow[]> {
  const { kind, employeeId, visible, before, limit } = query;
  let rows = db.selectFrom("documents").selectAll().where("erased_at", "is", null);
  if (kind !== undefined) rows = rows.where("kind", "=", kind);
  if (employeeId !== undefined) rows = rows.where("employee_id", "=", employeeId);
  if (before !== undefined) rows = rows.where("version", "<", before);
  rows = rows.where((eb) =>
    eb.or([
      eb("stored_by", "=", visible.storedBy),
      eb.and([eb("kind", "=", "attachment"), aboutVisible(visible.attachments, "employee_id")]),
      eb.and([eb("kind", "in", [...PAY_KINDS]), aboutVisible(visible.pay, "employee_id")]),
      eb.and([eb("kind", "=", "report"), aboutVisible(visible.reports, "employee_id")]),
    ]),
  );
  const found = await rows.orderBy("version", "desc").limit(limit).execute();
  return found.map(rowOf);
}

export async function document(db: Db, documentId: string): Promise<DocumentRow | undefined> {
  const row = await db
    .selectFrom("documents")
    .selectAll()
    .where("document_id", "=", documentId)
    .executeTakeFirst();
  return row === undefined ? undefined : rowOf(row);
}

/** What is there of a person, some at a time. */
export async function documentsOf(db: Db, employeeId: string): Promise<string[]> {
  const rows = await db
    .selectFrom("documents")
    .select("document_id")
    .where("employee_id", "=", employeeId)
    .where("erased_at", "is", null)
    .orderBy("version")
    .execute();
  return rows.map(({ document_id }) => document_id);
}

/** Attachments that were handed in at or before then and that nobody has looked at, oldest first. */
export async function uncheckedDocuments(
  db: Db,
  beforeMs: number,
  limit: number,
): Promise<Array<{ readonly documentId: string }>> {
  const rows = await db
    .selectFrom("documents")
    .select("document_id")
    .where("kind", "=", "attachment")
    .where("erased_at", "is", null)
    .where("checked_at", "is", null)
    .where("at", "<=", beforeMs)
    .orderBy("version")
    .limit(limit)
    .execute();
  return rows.map(({ document_id: documentId }) => ({ documentId }));
}

function rowOf(row: DocumentsDb["documents"]): DocumentRow {
  const { kind, name, bytes, sha256, at, version } = row;
  return {
    documentId: row.document_id,
    kind,
    employeeId: row.employee_id,
    name,
    mediaType: row.media_type,
    bytes,
    sha256,
    storedBy: row.stored_by,
    at,
    erasedAt: row.erased_at,
    version,
    check: checkOf(row),
  };
}

function checkOf(row: DocumentsDb["documents"]): DocumentCheck | null {
  const { check_verdict: verdict, check_type: foundType, checked_at: at } = row;
  return verdict === null || at === null ? null : { verdict, foundType, at };
}
