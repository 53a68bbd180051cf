import { type AuditEntry, hashOfEntry } from "./entry.ts";

/** Where the log stands before an entry: its newest entry, and how far the entry's stream is recorded. */
export interface Place {
  readonly entry: number;
  readonly hash: string;
  /** Sequence of the newest event recorded of the entry's own stream; 0 = none. */
  readonly streamSeq: number;
}

/**
 * Whether an entry continues the log. What does not (only somebody else can have written it) is passed over by whoever
 * writes the log and whoever reads it alike, so that vandalism cannot stop the recording; `audit verify` reports it.
 */
export function continues(place: Place, entry: AuditEntry): boolean {
  return (
    entry.entry === place.entry + 1 &&
    entry.previousHash === place.hash &&
    entry.streamSeq > place.streamSeq &&
    entry.hash === hashOfEntry(entry)
  );
}
