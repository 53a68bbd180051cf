import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { type Consumer, FetchIsolationLevels, type RecordsBatch } from "@platformatic/kafka";

export interface Partition {
  readonly topic: string;
  readonly partition: number;
}

export interface Extent {
  readonly first: bigint;
  /** Behind the last record that all replicas have. */
  readonly end: bigint;
}

const LATEST = -1n;
const EARLIEST = -2n;
const FETCH_BYTES = 1_048_576;
const FETCH_WAIT_MS = 500;

export async function extentOf(reader: Consumer, { topic, partition }: Partition): Promise<Extent> {
  const first = await offsetsOf(reader, topic, EARLIEST);
  const end = await offsetsOf(reader, topic, LATEST);
  return { first: first[partition] ?? 0n, end: end[partition] ?? 0n };
}

/** Whether there is anything in any partition of a topic. */
export async function hasRecords(reader: Consumer, topic: string): Promise<boolean> {
  const first = await offsetsOf(reader, topic, EARLIEST);
  const end = await offsetsOf(reader, topic, LATEST);
  return end.some((offset, partition) => offset !== first[partition]);
}

async function offsetsOf(
  reader: Consumer,
  topic: string,
  timestamp: bigint,
): Promise<readonly bigint[]> {
  const isolationLevel = FetchIsolationLevels.READ_UNCOMMITTED;
  const offsets = await reader.listOffsets({ topics: [topic], timestamp, isolationLevel });
  return offsets.get(topic) ?? [];
}

/**
 * All batches from `from` to `end`, control batches too, whatever became of their transactions; the first may begin
 * earlier. Rejects rather than ending early.
 */
export async function* readPartition(
  reader: Consumer,
  where: Partition,
  { first: from, end }: Extent,
): AsyncGenerator<RecordsBatch> {
  for (let next = from; next < end; ) {
    const batches = await fetch(reader, where, { first: next, end });
    // Nothing between here and the end: compaction left no record there.
    if (batches.length === 0) return;
    yield* batches;
    const last = batches.at(-1);
    if (last !== undefined) next = last.firstOffset + BigInt(last.lastOffsetDelta) + 1n;
  }
}

async function fetch(
  reader: Consumer,
  { topic, partition }: Partition,
  { first, end }: Extent,
): Promise<readonly RecordsBatch[]> {
  const { topics } = await reader.metadata({ topics: [topic] });
  const place = topics.get(topic);
  const lead = place?.partitions[partition];
  if (place === undefined || lead === undefined) throw notRead(topic, "has no such partition");
  const { responses } = await reader.fetch({
    node: lead.leader,
    isolationLevel: FetchIsolationLevels.READ_UNCOMMITTED,
    minBytes: 1,
    maxBytes: FETCH_BYTES,
    maxWaitTime: FETCH_WAIT_MS,
    topics: [
      {
        topicId: place.id,
        partitions: [
          {
            partition,
            currentLeaderEpoch: lead.leaderEpoch,
            fetchOffset: first,
            lastFetchedEpoch: -1,
            partitionMaxBytes: FETCH_BYTES,
          },
        ],
      },
    ],
  });
  const answer = responses[0]?.partitions[0];
  if (answer === undefined || answer.highWatermark < end) {
    throw notRead(topic, `ends before offset ${end} at the broker that leads it`);
  }
  return answer.records ?? [];
}

const notRead = (topic: string, why: string): PlatformError =>
  new PlatformError("bridge.unreachable", `Kafka: ${topic} ${why}`, { retriable: true });
