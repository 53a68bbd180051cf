import type { DOCUMENT_KINDS, DocumentEvent } from "@clockleaf/shared/events/document.ts";
import type { Decided } from "@clockleaf/shared/events/envelope.ts";
import { type Decider, refuse } from "../eventing/decider.ts";

export type DocumentKind = (typeof DOCUMENT_KINDS)[number];

/** What is known of a document; its bytes lie in the store. */
export interface DocumentRecord {
  readonly documentId: string;
  readonly kind: DocumentKind;
  /** Whose it is; null = of the company. */
  readonly employeeId: string | null;
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly storedBy: string;
  readonly at: number;
}

export type DocumentState =
  | { readonly status: "none" }
  | { readonly status: "stored"; readonly record: DocumentRecord }
  | { readonly status: "erased"; readonly record: DocumentRecord };

export type DocumentCommand =
  | { readonly type: "store"; readonly record: DocumentRecord }
  /** `person` = because the person was erased; otherwise somebody asks, and only attachments may go. */
  | {
      readonly type: "erase";
      readonly because: "asked" | "person";
      readonly by: string;
      readonly at: number;
    };

export const documentDecider: Decider<DocumentState, DocumentCommand, DocumentEvent> = {
  initial: { status: "none" },
  decide(state, command) {
    switch (command.type) {
      case "store":
        return store(state, command.record);
      case "erase":
        return erase(state, command);
    }
  },
  evolve(state, event) {
    switch (event.type) {
      case "document.document.stored":
        return { status: "stored", record: event.data };
      case "document.document.erased":
        return state.status === "none" ? state : { status: "erased", record: state.record };
    }
  },
};

type Decision = ReadonlyArray<Decided<DocumentEvent>> | ReturnType<typeof refuse>;

/** The same document told again is nothing new; other bytes under a known id take its place. */
function store(state: DocumentState, record: DocumentRecord): Decision {
  if (state.status === "erased") return refuse("document.erased", "it was erased");
  if (state.status === "stored") {
    const { record: known } = state;
    if (known.employeeId !== record.employeeId || known.kind !== record.kind) {
      return refuse("document.not-the-same", "the id belongs to another document");
    }
    if (known.sha256 === record.sha256) return [];
  }
  return [{ type: "document.document.stored", data: record }];
}

function erase(
  state: DocumentState,
  { because, by, at }: Extract<DocumentCommand, { type: "erase" }>,
): Decision {
  if (state.status === "none") return refuse("document.not-found", "there is no such document");
  if (state.status === "erased") return [];
  const { documentId, kind } = state.record;
  if (because === "asked" && kind !== "attachment") {
    return refuse("document.not-yours-to-erase", "only attachments can be deleted");
  }
  return [{ type: "document.document.erased", data: { documentId, by, at } }];
}
