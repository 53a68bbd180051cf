import type { ReaderActions } from "../reader-actions.ts";

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
