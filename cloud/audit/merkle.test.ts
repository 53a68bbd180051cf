import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { verifiesConsistency, verifiesInclusion } from "../../test/support/merkle.ts";
import {
  consistencyProof,
  foldComplete,
  inclusionProof,
  leafHash,
  rootHash,
  type SubtreeRoot,
} from "./merkle.ts";

const SEED = 20261130;
const MOST = 200;

const sha256 = (...parts: readonly Uint8Array[]): Buffer => {
  const sum = createHash("sha256");
  for (const part of parts) sum.update(part);
  return sum.digest();
};
const entryHash = (index: number): string => sha256(Buffer.from(`entry ${index}`)).toString("hex");

/** Answers only for complete subtrees inside of `size` leaves, as the read model does. */
const subtreesOf =
  (size: number): SubtreeRoot =>
  async (level, index) => {
    const count = 2 ** level;
    if ((index + 1) * count > size) throw new Error("not complete");
    return foldComplete(
      Array.from({ length: count }, (_, at) => leafHash(entryHash(index * count + at))),
    );
  };

/** MTH as RFC 9162 writes it down. */
function treeHash(leaves: readonly string[]): Buffer {
  if (leaves.length === 0) return sha256();
  const [only] = leaves;
  if (leaves.length === 1 && only !== undefined) {
    return sha256(Buffer.of(0), Buffer.from(only, "hex"));
  }
  let half = 1;
  while (half * 2 < leaves.length) half *= 2;
  return sha256(Buffer.of(1), treeHash(leaves.slice(0, half)), treeHash(leaves.slice(half)));
}
const rootOf = (size: number): Buffer =>
  treeHash(Array.from({ length: size }, (_, index) => entryHash(index)));

describe(`the Merkle tree of the log (seed ${SEED})`, () => {
  it("has the roots that RFC 9162 defines, for every size", async () => {
    for (let size = 0; size <= 40; size += 1) {
      expect(await rootHash(size, subtreesOf(size))).toEqual(rootOf(size));
    }
  });

  it("proves every entry of every size, and nothing else", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: MOST }),
        fc.nat(MOST),
        fc.nat(MOST),
        async (size, leaf, other) => {
          const index = leaf % size;
          const path = await inclusionProof(index, size, subtreesOf(size));
          const root = rootOf(size);
          const proof = { index, size, path, root };
          expect(verifiesInclusion(leafHash(entryHash(index)), proof)).toBe(true);
          const stranger = leafHash(entryHash(other === index ? MOST + 1 : other));
          expect(verifiesInclusion(stranger, proof)).toBe(false);
        },
      ),
      { seed: SEED, numRuns: 200 },
    );
  });

  it("proves that a log begins with any earlier one, and with no other", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: MOST }), fc.nat(MOST), async (second, part) => {
        const first = 1 + (part % second);
        const path = await consistencyProof(first, second, subtreesOf(second));
        const proof = { first, second, path, firstRoot: rootOf(first), secondRoot: rootOf(second) };
        expect(verifiesConsistency(proof)).toBe(true);
        expect(verifiesConsistency({ ...proof, firstRoot: sha256(Buffer.from("x")) })).toBe(false);
        expect(verifiesConsistency({ ...proof, secondRoot: sha256(Buffer.from("x")) })).toBe(false);
      }),
      { seed: SEED, numRuns: 200 },
    );
  });
});
