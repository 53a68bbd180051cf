import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import type { Consumer } from "@platformatic/kafka";
import { z } from "zod";
import type { Position } from "../bridge.ts";
import { type Extent, extentOf, readPartition } from "./partition.ts";
import { type CommittedRecord, createCommittedFilter } from "./read-committed.ts";

/** Where a feed's checkpoint lies: a record of this key in the only partition of this topic. */
export interface CheckpointPlace {
  readonly topic: string;
  readonly key: string;
}

export interface OutgoingRecord {
  readonly topic: string;
  readonly partition: number;
  readonly key: Buffer;
  /** Left out: a tombstone, which compaction takes for "there is nothing of this key". */
  readonly value?: Buffer;
  readonly headers: Map<Buffer, Buffer>;
}

const PARTITION = 0;

const valueSchema = z.object({ incarnation: z.int().min(0), seq: z.int().min(0) });

export const checkpointRecord = (
  { topic, key }: CheckpointPlace,
  { incarnation, seq }: Position,
): OutgoingRecord => ({
  topic,
  partition: PARTITION,
  key: Buffer.from(key),
  value: Buffer.from(JSON.stringify({ incarnation, seq })),
  headers: new Map(),
});

/** Records from the end that are looked through first; then ever more of them, up to all there are. */
const TAILS = [2_000n, 20_000n, 200_000n] as const;

/**
 * The last committed checkpoint; undefined if there is none, or if it was taken back (a record without a value). It counts
 * only for who has shut out the other writers: then none of this key is under way any more. One that lies before the part
 * looked through, but was committed in it, is older than any found there.
 */
export async function readCheckpoint(
  reader: Consumer,
  place: CheckpointPlace,
): Promise<Position | undefined> {
  const where = { topic: place.topic, partition: PARTITION };
  const { first, end } = await extentOf(reader, where);
  for (const tail of [...TAILS, end]) {
    const from = end - tail > first ? end - tail : first;
    const found = await lastOf(reader, place, { first: from, end });
    if (found !== undefined) return positionIn(found, place);
    if (from === first) return undefined;
  }
  return undefined;
}

async function lastOf(
  reader: Consumer,
  { topic, key }: CheckpointPlace,
  extent: Extent,
): Promise<CommittedRecord | undefined> {
  const filter = createCommittedFilter();
  const wanted = Buffer.from(key);
  let last: CommittedRecord | undefined;
  for await (const batch of readPartition(reader, { topic, partition: PARTITION }, extent)) {
    for (const record of filter.take(batch)) {
      if (record.key?.equals(wanted) !== true) continue;
      if (last === undefined || record.offset > last.offset) last = record;
    }
  }
  return last;
}

function positionIn({ value, offset }: CommittedRecord, { topic, key }: CheckpointPlace) {
  if (value === null) return undefined;
  const parsed = valueSchema.safeParse(jsonOf(value));
  if (parsed.success) return parsed.data;
  throw new PlatformError(
    "bridge.unsafe",
    `${topic}, offset ${offset}, key ${key}: not a checkpoint of ours; write the right one, or one without a value to have everything sent again`,
  );
}

function jsonOf(value: Buffer): unknown {
  try {
    return JSON.parse(value.toString("utf8"));
  } catch {
    return undefined;
  }
}
