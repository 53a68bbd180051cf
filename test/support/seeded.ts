/** mulberry32: for fuzz loops of many thousand frames, where a property each is too slow. The same seed gives the same. */
function seededWords(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return (t ^ (t >>> 14)) >>> 0;
  };
}

/** A whole number from 0 up to and without `below`. */
export type Below = (below: number) => number;

export function seededBelow(seed: number): Below {
  const next = seededWords(seed);
  return (below) => next() % below;
}

/** Numbers in [0, 1). */
export function seededFraction(seed: number): () => number {
  const next = seededWords(seed);
  return () => next() / 2 ** 32;
}
