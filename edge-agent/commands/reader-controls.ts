/** What a driver can do for somebody far away with a reader that is up. Each rejects with a code where it cannot. */
export interface ReaderActions {
  /** Lights and sounds for so many seconds, so that a person finds the reader. Resolves once the reader was told. */
  readonly locate?: (seconds: number) => Promise<void>;
  /** Sets the reader's own clock by the gateway's. Resolves once the reader has taken it. */
  readonly resyncClock?: () => Promise<void>;
  /** Shows each light in turn, red and amber first and green last. Resolves once the reader was told all of it. */
  readonly testLight?: () => Promise<void>;
  /** Makes a new key, gives it to the reader and keeps it where the configuration has it. */
  readonly setKey?: () => Promise<void>;
  /** Has a person put a finger on the terminal, which keeps it under this slot. */
  readonly enrol?: (slot: number) => Promise<void>;
  readonly deleteSlot?: (slot: number) => Promise<void>;
  readonly slots?: () => Promise<{
    readonly capacity: number;
    readonly taken: readonly number[];
  }>;
}

/** What can be done with each reader just now. */
export interface ReaderControls {
  has(reader: string): boolean;
  /** Undefined while its driver does not run. */
  actionsOf(reader: string): ReaderActions | undefined;
  /** Begins the reader's line anew. Resolves once its driver runs again. */
  restart(reader: string): Promise<void>;
  /** Says what can be done from now on; the result takes that back. */
  offer(reader: string, actions: ReaderActions): () => void;
}

/** `lines`: the readers of each line, and how that line is begun anew. */
export function createReaderControls(
  lines: ReadonlyArray<{ readonly readers: readonly string[]; restart(): Promise<void> }>,
): ReaderControls {
  const lineOf = new Map(lines.flatMap((line) => line.readers.map((reader) => [reader, line])));
  const offered = new Map<string, ReaderActions>();
  return {
    has: (reader) => lineOf.has(reader),
    actionsOf: (reader) => offered.get(reader),
    restart: async (reader) => await lineOf.get(reader)?.restart(),
    offer(reader, actions) {
      offered.set(reader, actions);
      return () => {
        // A driver that began anew has offered its own by now.
        if (offered.get(reader) === actions) offered.delete(reader);
      };
    },
  };
}
