import { createHash } from "node:crypto";

/**
 * The hash chain over the rows of a journal, see `segment.ts`. A file of its own that needs no schemas: the journal's
 * thread has a heap of its own, and loads nothing it does not use.
 */
export const CHAIN_START: Uint8Array = new Uint8Array(32);

/** Chain value after `row`, which follows the row whose chain value is `previous`. */
export function chain(previous: Uint8Array, row: Uint8Array): Uint8Array {
  return createHash("sha256").update(previous).update(row).digest();
}
