import { PlatformError } from "@clockleaf/shared/lib/errors.ts";

/** Seeded randomness: the same seed gives the same sequence on every machine. Never for keys that matter. */
export interface Random {
  /** In [0, 1). */
  next(): number;
  /** A whole number in [from, to], both ends included. */
  int(from: number, to: number): number;
  /** True with probability `p`. */
  chance(p: number): boolean;
  /** One of `items`, which must not be empty. */
  pick<T extends object | string | number>(items: readonly T[]): T;
  bytes(length: number): Uint8Array;
  /** A sequence of its own, so that drawing more in one place does not shift what another place draws. */
  fork(label: string): Random;
}

/** mulberry32, seeded through FNV-1a so that neighbouring seeds do not give neighbouring sequences. */
export function createRandom(seed: number | string): Random {
  let state = hash(String(seed));
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const int = (from: number, to: number): number => from + Math.floor(next() * (to - from + 1));
  return {
    next,
    int,
    chance: (p) => next() < p,
    pick: (items) => {
      const item = items[int(0, items.length - 1)];
      if (item === undefined) throw new PlatformError("internal", "nothing to pick from");
      return item;
    },
    bytes: (length) => Uint8Array.from({ length }, () => int(0, 255)),
    fork: (label) => createRandom(`${seed}/${label}`),
  };
}

function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) {
    value = Math.imul(value ^ byte, 0x01000193) >>> 0;
  }
  return value;
}
