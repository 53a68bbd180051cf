import { hash as hashOnce } from "node:crypto";

/**
 * The Merkle tree of RFC 9162 (2.1) over the log: leaf n is entry n + 1, by its `hash`. Proofs ask for the roots of
 * complete subtrees only, so whoever keeps some of those answers for a million entries with a few hundred hashes.
 */
export type SubtreeRoot = (level: number, index: number) => Promise<Buffer>;

const LEAF = Buffer.of(0);
const NODE = Buffer.of(1);
const sha256 = (...parts: readonly Buffer[]): Buffer =>
  hashOnce("sha256", Buffer.concat(parts), "buffer");

export const leafHash = (entryHash: string): Buffer => sha256(LEAF, Buffer.from(entryHash, "hex"));

const nodeHash = (left: Buffer, right: Buffer): Buffer => sha256(NODE, left, right);

/** Root of the complete tree over nodes of one level, whose number is a power of two. */
export function foldComplete(nodes: readonly Buffer[]): Buffer {
  let row = nodes;
  while (row.length > 1) {
    const above: Buffer[] = [];
    for (let at = 0; at < row.length; at += 2) {
      const [left, right] = row.slice(at, at + 2);
      if (left === undefined || right === undefined) throw new Error("not a power of two");
      above.push(nodeHash(left, right));
    }
    row = above;
  }
  const [root] = row;
  if (root === undefined) throw new Error("a tree of nothing");
  return root;
}

/** Root of the first `size` leaves. */
export async function rootHash(size: number, subtree: SubtreeRoot): Promise<Buffer> {
  if (size === 0) return sha256();
  return treeHash({ begin: 0, end: size }, subtree);
}

/** PATH(leaf, D[size]): what leads from a leaf up to the root of the first `size` leaves. */
export async function inclusionProof(
  leaf: number,
  size: number,
  subtree: SubtreeRoot,
): Promise<Buffer[]> {
  const path: Buffer[] = [];
  let range = { begin: 0, end: size };
  while (range.end - range.begin > 1) {
    const [left, right] = split(range);
    const isLeft = leaf < left.end;
    path.push(await treeHash(isLeft ? right : left, subtree));
    range = isLeft ? left : right;
  }
  return path.toReversed();
}

/** PROOF(first, D[second]): that the tree of `second` leaves begins with the tree of `first`. */
export async function consistencyProof(
  first: number,
  second: number,
  subtree: SubtreeRoot,
): Promise<Buffer[]> {
  if (first === 0 || first === second) return [];
  const path: Buffer[] = [];
  let range = { begin: 0, end: second };
  while (range.end !== first) {
    const [left, right] = split(range);
    const isLeft = first <= left.end;
    path.push(await treeHash(isLeft ? right : left, subtree));
    range = isLeft ? left : right;
  }
  // The tree of `first` itself is known to who asks; a part of it is not.
  if (range.begin > 0) path.push(await treeHash(range, subtree));
  return path.toReversed();
}

interface Range {
  readonly begin: number;
  readonly end: number;
}

async function treeHash(range: Range, subtree: SubtreeRoot): Promise<Buffer> {
  const size = range.end - range.begin;
  const level = Math.log2(size);
  if (Number.isInteger(level)) return subtree(level, range.begin / size);
  const [left, right] = split(range);
  return nodeHash(await treeHash(left, subtree), await treeHash(right, subtree));
}

/** At the largest power of two below the size. */
function split({ begin, end }: Range): readonly [Range, Range] {
  let half = 1;
  while (half * 2 < end - begin) half *= 2;
  return [
    { begin, end: begin + half },
    { begin: begin + half, end },
  ];
}
