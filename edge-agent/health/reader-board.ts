import type { ReaderHealth } from "../devices/driver.ts";

/** The newest health of every configured reader; one that never reported is `starting`. */
export interface ReaderBoard {
  update(health: ReaderHealth): void;
  all(): readonly ReaderHealth[];
}

export function createReaderBoard(readers: readonly string[]): ReaderBoard {
  const board = new Map<string, ReaderHealth>(readers.map((reader) => [reader, starting(reader)]));
  return {
    update: (health) => void board.set(health.reader, health),
    all: () => [...board.values()],
  };
}

function starting(reader: string): ReaderHealth {
  return { reader, state: "starting", fault: null, counters: {}, facts: {} };
}
