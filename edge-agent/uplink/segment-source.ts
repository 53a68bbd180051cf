/** Rows of a journal in their chain: `prev` is the chain value before `first`. */
export interface SourceRows {
  readonly epoch: string;
  readonly first: number;
  readonly prev: Uint8Array;
  readonly rows: readonly Uint8Array[];
}

/** What the uplink needs of the journal. */
export interface SegmentSource {
  readonly epoch: string;
  /** Number of the newest durable row; 0 if there is none. */
  lastRow(): number;
  deliveredRow(): number;
  /**
   * Rows from `from` on, at least one and at most so many. Undefined when row `from` is not there: not yet written, or
   * deleted long after delivery. May throw a `journal.*` code.
   */
  read(
    from: number,
    limits: { readonly maxRows: number; readonly maxBytes: number },
  ): SourceRows | undefined;
  /** The hub holds everything up to `upTo`, whose segment has this stream sequence. */
  markDelivered(upTo: number, streamSeq: number): void;
  onAppended(listener: (lastRow: number) => void): () => void;
  stats(): {
    /** The oldest row still kept; rows before it were delivered long ago. */
    readonly firstKeptRow: number;
    /** The stream sequence last given to `markDelivered`; 0 before the first. */
    readonly deliveredStreamSeq: number;
  };
}
