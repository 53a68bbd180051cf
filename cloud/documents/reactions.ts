import { type DocumentEvent, documentErased } from "@clockleaf/shared/events/document.ts";
import { type EmployeeEvent, personErased } from "@clockleaf/shared/events/employee.ts";
import {
  type PayrollEvent,
  paymentProcessed,
  payslipGenerated,
} from "@clockleaf/shared/events/payroll.ts";
import { type ReportingEvent, reportCompleted } from "@clockleaf/shared/events/reporting.ts";
import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { STREAMS } from "@clockleaf/shared/subjects.ts";
import { jetstreamManager } from "@nats-io/jetstream";
import type { NatsConnection } from "nats";
import type { AggregateRunner } from "../eventing/aggregate-runner.ts";
import { causeOfEvent } from "../eventing/cause.ts";
import { decidedAs } from "../eventing/decided-as.ts";
import type { StoredEvent } from "../eventing/event-store.ts";
import type { Reaction } from "../eventing/reaction.ts";
import { type DocumentStore, sha256Of } from "../storage/document-store.ts";
import type { DocumentCommand, DocumentKind, DocumentState } from "./decider.ts";
import { type Db, documentsOf } from "./reads.ts";

export const SOURCE = "cloud/documents";

export interface DocumentReactionsDeps {
  readonly nc: NatsConnection;
  readonly documents: DocumentStore;
  readonly runner: AggregateRunner<DocumentState, DocumentCommand, DocumentEvent>;
  readonly db: Db;
  readonly waitFor: (seq: number, timeoutMs: number) => Promise<boolean>;
  readonly nowMs: () => number;
}

const CATCH_UP_MS = 10_000;

/** What other contexts put into the store gets its record here; what must go, goes. */
export function documentReactions(deps: DocumentReactionsDeps): readonly Reaction[] {
  return [
    {
      domain: "payroll",
      name: "pay",
      types: [payslipGenerated.type, paymentProcessed.type],
      handle: (stored) => onPay(deps, stored),
    },
    {
      domain: "reporting",
      name: "reports",
      types: [reportCompleted.type],
      handle: (stored) => onReport(deps, stored),
    },
    {
      domain: "employee",
      name: "erasure",
      types: [personErased.type],
      handle: (stored) => onPersonErased(deps, stored),
    },
    {
      domain: "document",
      name: "removal",
      types: [documentErased.type],
      handle: (stored) => onErased(deps, stored),
    },
  ];
}

async function onPay(deps: DocumentReactionsDeps, stored: StoredEvent): Promise<void> {
  const event = decidedAs<PayrollEvent>(stored);
  switch (event.type) {
    case "payroll.payslip.generated": {
      const { documentId, employeeId, periodId } = event.data;
      const name = `payslip-${periodId}.pdf`;
      return await record(deps, stored, { documentId, kind: "payslip", employeeId, name });
    }
    case "payroll.payment.processed": {
      const { documentId, periodId } = event.data;
      // Each payment of a run names the same file.
      const { state } = await deps.runner.state(documentId);
      if (state.status !== "none") return;
      const name = `payments-${periodId}`;
      return await record(deps, stored, {
        documentId,
        kind: "payment-file",
        employeeId: null,
        name,
      });
    }
    default:
      return;
  }
}

async function onReport(deps: DocumentReactionsDeps, stored: StoredEvent): Promise<void> {
  const event = decidedAs<ReportingEvent>(stored);
  if (event.type !== "reporting.report.completed") return;
  const { documentId, name, mediaType, requestedBy } = event.data;
  await record(deps, stored, {
    documentId,
    kind: "report",
    employeeId: null,
    name,
    mediaType,
    storedBy: requestedBy,
  });
}

interface Made {
  readonly documentId: string;
  readonly kind: DocumentKind;
  readonly employeeId: string | null;
  /** Without an ending, where that depends on the content. */
  readonly name: string;
  readonly mediaType?: string;
  readonly storedBy?: string;
}

/** Who makes a document stores its bytes before it tells of it, so they are there, unless their person was erased. */
async function record(deps: DocumentReactionsDeps, stored: StoredEvent, made: Made): Promise<void> {
  const { documentId, employeeId } = made;
  const bytes = await deps.documents.get(documentId, employeeId);
  if (bytes === undefined) {
    if (employeeId !== null) return;
    throw new PlatformError("document.damaged", `the bytes of ${documentId} are not in the store`);
  }
  const kind = made.kind === "payment-file" ? paymentFileKind(bytes) : undefined;
  const { timestamp, source } = stored.event.metadata;
  const command = {
    type: "store",
    record: {
      documentId,
      kind: made.kind,
      employeeId,
      name: `${made.name}${kind?.ending ?? ""}`,
      mediaType: kind?.mediaType ?? made.mediaType ?? "application/pdf",
      bytes: bytes.length,
      sha256: sha256Of(bytes),
      storedBy: made.storedBy ?? source,
      at: timestamp,
    },
  } as const;
  await deps.runner.handle(documentId, command, causeOfEvent(SOURCE, deps.nowMs(), stored));
}

/** SEPA files are XML, NACHA files are plain text. */
function paymentFileKind(bytes: Uint8Array): { mediaType: string; ending: string } {
  const isXml = Buffer.from(bytes.subarray(0, 5)).toString("latin1") === "<?xml";
  return isXml
    ? { mediaType: "application/xml", ending: ".xml" }
    : { mediaType: "text/plain", ending: ".txt" };
}

/** All that is recorded of the person by now; what comes later finds no key and is not recorded. */
async function onPersonErased(deps: DocumentReactionsDeps, stored: StoredEvent): Promise<void> {
  const event = decidedAs<EmployeeEvent>(stored);
  if (event.type !== "employee.person.erased") return;
  await catchUp(deps);
  const { employeeId, requestedBy: by, at } = event.data;
  const cause = causeOfEvent(SOURCE, deps.nowMs(), stored);
  for (const documentId of await documentsOf(deps.db, employeeId)) {
    const command = { type: "erase", because: "person", by, at } as const;
    await deps.runner.handle(documentId, command, cause);
  }
}

async function onErased(deps: DocumentReactionsDeps, stored: StoredEvent): Promise<void> {
  const event = decidedAs<DocumentEvent>(stored);
  if (event.type === "document.document.erased") await deps.documents.remove(event.data.documentId);
}

async function catchUp({ nc, waitFor }: DocumentReactionsDeps): Promise<void> {
  const jsm = await jetstreamManager(nc, { checkAPI: false });
  const { state } = await jsm.streams.info(STREAMS.document);
  if (await waitFor(state.last_seq, CATCH_UP_MS)) return;
  throw new PlatformError("stream.not-connected", "the read model of documents is behind", {
    retriable: true,
  });
}
