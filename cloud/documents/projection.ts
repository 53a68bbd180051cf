import type {
  CHECK_VERDICTS,
  DocumentChecked,
  DocumentEvent,
} from "@clockleaf/shared/events/document.ts";
import { domainSubjects, parseEventSubject, STREAMS } from "@clockleaf/shared/subjects.ts";
import type { Kysely, Transaction } from "kysely";
import { decidedAs } from "../eventing/decided-as.ts";
import type { StoredEvent } from "../eventing/event-store.ts";
import type { Projection } from "../eventing/projection.ts";
import type { DocumentKind } from "./decider.ts";

export interface DocumentsDb {
  documents: {
    document_id: string;
    kind: DocumentKind;
    employee_id: string | null;
    name: string;
    media_type: string;
    bytes: number;
    sha256: string;
    stored_by: string;
    /** UTC milliseconds. */
    at: number;
    erased_at: number | null;
    check_verdict: (typeof CHECK_VERDICTS)[number] | null;
    check_type: string | null;
    checked_at: number | null;
    /** Stream sequence of its last event; that it was checked is none of its own. */
    version: number;
  };
}

export function documentsProjection(tenant: string): Projection<DocumentsDb> {
  return {
    name: "documents",
    version: 2,
    stream: STREAMS.document,
    filterSubjects: [domainSubjects("document")],
    migrate,
    async apply(tx, stored) {
      if (parseEventSubject(stored.subject)?.tenant === tenant) await apply(tx, stored);
    },
  };
}

async function migrate(db: Kysely<DocumentsDb>): Promise<void> {
  await db.schema
    .createTable("documents")
    .addColumn("document_id", "text", (column) => column.primaryKey())
    .addColumn("kind", "text", (column) => column.notNull())
    .addColumn("employee_id", "text")
    .addColumn("name", "text", (column) => column.notNull())
    .addColumn("media_type", "text", (column) => column.notNull())
    .addColumn("bytes", "bigint", (column) => column.notNull())
    .addColumn("sha256", "text", (column) => column.notNull())
    .addColumn("stored_by", "text", (column) => column.notNull())
    .addColumn("at", "bigint", (column) => column.notNull())
    .addColumn("erased_at", "bigint")
    .addColumn("check_verdict", "text")
    .addColumn("check_type", "text")
    .addColumn("checked_at", "bigint")
    .addColumn("version", "bigint", (column) => column.notNull())
    .execute();
  for (const by of ["employee_id", "stored_by", "kind"] as const) {
    await db.schema
      .createIndex(`documents_by_${by}`)
      .on("documents")
      .columns([by, "version"])
      .execute();
  }
}

async function apply(tx: Transaction<DocumentsDb>, stored: StoredEvent): Promise<void> {
  const event = decidedAs<DocumentEvent | DocumentChecked>(stored);
  switch (event.type) {
    case "document.document.stored": {
      const { documentId: document_id, employeeId, mediaType, storedBy, ...same } = event.data;
      const row = {
        ...same,
        employee_id: employeeId,
        media_type: mediaType,
        stored_by: storedBy,
        erased_at: null,
        check_verdict: null,
        check_type: null,
        checked_at: null,
        version: stored.seq,
      };
      await tx
        .insertInto("documents")
        .values({ document_id, ...row })
        .onConflict((key) => key.column("document_id").doUpdateSet(row))
        .execute();
      return;
    }
    case "document.document.erased":
      await tx
        .updateTable("documents")
        .set({ erased_at: event.data.at, version: stored.seq })
        .where("document_id", "=", event.data.documentId)
        .execute();
      return;
    case "document.document.checked": {
      const { documentId, sha256, verdict, foundType, at } = event.data;
      await tx
        .updateTable("documents")
        .set({ check_verdict: verdict, check_type: foundType, checked_at: at })
        .where("document_id", "=", documentId)
        .where("sha256", "=", sha256)
        .execute();
      return;
    }
  }
}
