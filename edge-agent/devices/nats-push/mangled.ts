/** Messages as no terminal should send them, from a seed. For tests. */
export type Bytes = Uint8Array;
/** Numbers in [0, 1). */
export type Chance = () => number;

const below = (random: Chance, n: number): number => Math.floor(random() * n);

export const noise = (random: Chance): Bytes =>
  Uint8Array.from({ length: below(random, random() < 0.02 ? 5000 : 64) }, () => below(random, 256));

/** A valid message with a few bytes changed, taken out, put in, or the end cut off. */
export function mutated(valid: readonly Bytes[], random: Chance): Bytes {
  let bytes = [...(valid[below(random, valid.length)] ?? [])];
  for (let changes = below(random, 4); changes > 0; changes -= 1) {
    const at = below(random, bytes.length);
    const kind = below(random, 4);
    if (kind === 0) bytes[at] = below(random, 256);
    else if (kind === 1) bytes.splice(at, 1);
    else if (kind === 2) bytes.splice(at, 0, below(random, 256));
    else bytes = bytes.slice(0, at);
  }
  return Uint8Array.from(bytes);
}
