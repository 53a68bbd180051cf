import { closeClient, openAdmin, openReader } from "../../cloud/bridges/kafka/clients.ts";
import type { KafkaConfig } from "../../cloud/bridges/kafka/config.ts";
import { connectionOf } from "../../cloud/bridges/kafka/connection.ts";
import { extentOf, readPartition } from "../../cloud/bridges/kafka/partition.ts";
import {
  type CommittedRecord,
  createCommittedFilter,
} from "../../cloud/bridges/kafka/read-committed.ts";

export interface ReadRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
  readonly key: string;
  readonly value: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * What a read-committed reader gets to see of a topic from its beginning: partition by partition, each in its order, up to
 * the first transaction that is still open. Nothing of a topic that is not there.
 */
export async function readCommitted(config: KafkaConfig, topic: string): Promise<ReadRecord[]> {
  const connection = await connectionOf(config);
  const admin = openAdmin(connection, "test-reader");
  const reader = openReader(connection, "test-reader");
  try {
    if (!(await admin.listTopics()).includes(topic)) return [];
    const { topics } = await admin.metadata({ topics: [topic] });
    const found: ReadRecord[] = [];
    for (let partition = 0; partition < (topics.get(topic)?.partitionsCount ?? 0); partition += 1) {
      const where = { topic, partition };
      const filter = createCommittedFilter();
      const committed: CommittedRecord[] = [];
      for await (const batch of readPartition(reader, where, await extentOf(reader, where))) {
        committed.push(...filter.take(batch));
      }
      const openFrom = filter.openFrom();
      const visible = committed
        .filter(({ offset }) => openFrom === undefined || offset < openFrom)
        .toSorted((a, b) => Number(a.offset - b.offset));
      found.push(...visible.map((record) => readable(where, record)));
    }
    return found;
  } finally {
    await Promise.all([closeClient(admin), closeClient(reader)]);
  }
}

const readable = (
  where: { readonly topic: string; readonly partition: number },
  { offset, key, value, headers }: CommittedRecord,
): ReadRecord => ({
  ...where,
  offset,
  key: String(key ?? ""),
  value: value ?? Buffer.alloc(0),
  headers: Object.fromEntries(headers.map(([name, text]) => [String(name), String(text)])),
});
