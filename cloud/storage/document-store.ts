import { createHash } from "node:crypto";

/** Bytes to keep: a payslip, a payment file, a report, an attachment. */
export interface NewDocument {
  /** A token; derived from what the document is of, where making it again must give the same one. */
  readonly documentId: string;
  /** Whose it is: sealed under their key, so that it goes with them. Null = of the company. */
  readonly personId: string | null;
  readonly bytes: Uint8Array;
}

export interface StoredDocument {
  /** Of the bytes as given, hex. */
  readonly sha256: string;
  readonly bytes: number;
}

/**
 * Where documents lie. Who may see one, and what it is, is the documents context's business; contexts that make documents
 * put them here and tell their ids in events.
 */
export interface DocumentStore {
  /** Resolves when it is stored for good. Putting the same again changes nothing; other bytes under a known id replace it. */
  put(document: NewDocument): Promise<StoredDocument>;
  /** Undefined if it is not there, or its person was erased. Rejects with `document.damaged` if it is not what was stored. */
  get(documentId: string, personId: string | null): Promise<Uint8Array | undefined>;
  remove(documentId: string): Promise<void>;
}

export const sha256Of = (bytes: Uint8Array): string =>
  createHash("sha256").update(bytes).digest("hex");

/** For tests of what makes documents. */
export function createMemoryDocumentStore(): DocumentStore & {
  readonly documents: ReadonlyMap<string, Uint8Array>;
} {
  const documents = new Map<string, Uint8Array>();
  return {
    documents,
    async put({ documentId, bytes }) {
      documents.set(documentId, bytes);
      return { sha256: sha256Of(bytes), bytes: bytes.length };
    },
    async get(documentId) {
      return documents.get(documentId);
    },
    async remove(documentId) {
      documents.delete(documentId);
    },
  };
}
