import type { Consumer } from "@platformatic/kafka";
import { closeClient, openAdmin, openReader } from "../../cloud/bridges/kafka/clients.ts";
import type { KafkaConfig } from "../../cloud/bridges/kafka/config.ts";
import { connectionOf } from "../../cloud/bridges/kafka/connection.ts";
import { extentOf, readPartition } from "../../cloud/bridges/kafka/partition.ts";

/** For `startKafka`: it is the broker that says when something came, whatever a writer claims. */
export const BROKERS_CLOCK = "log.message.timestamp.type=LogAppendTime";

export interface KafkaWatcher extends AsyncDisposable {
  makeTopic(topic: string, partitions: number): Promise<void>;
  /** Offsets that are given away in all partitions together, markers of transactions included; 0 if there is no such topic. */
  sizeOf(topic: string): Promise<number>;
  /**
   * Records a second, by the broker's clock, between the first that came and the last, or the marker that committed it;
   * those that came at the first instant are left out.
   */
  rateOf(topic: string): Promise<number>;
  readonly reader: Consumer;
}

interface Append {
  readonly atMs: number;
  readonly records: number;
}

const CONTROL = 0x20;

/** Watches topics from outside, through connections of its own. */
export async function watchKafka(config: KafkaConfig): Promise<KafkaWatcher> {
  const connection = await connectionOf(config);
  const admin = openAdmin(connection, "test-watcher");
  const reader = openReader(connection, "test-watcher");

  const partitionsOf = async (topic: string): Promise<number[]> => {
    if (!(await admin.listTopics()).includes(topic)) return [];
    const { topics } = await admin.metadata({ topics: [topic], forceUpdate: true });
    return Array.from({ length: topics.get(topic)?.partitionsCount ?? 0 }, (_, index) => index);
  };
  const appendsTo = async (topic: string): Promise<Append[]> => {
    const found: Append[] = [];
    for (const partition of await partitionsOf(topic)) {
      const where = { topic, partition };
      for await (const batch of readPartition(reader, where, await extentOf(reader, where))) {
        const isMarker = (batch.attributes & CONTROL) !== 0;
        const records = isMarker ? 0 : batch.records.length;
        found.push({ atMs: Number(batch.maxTimestamp), records });
      }
    }
    return found;
  };

  return {
    reader,
    async makeTopic(topic, partitions) {
      await admin.createTopics({ topics: [{ topic, partitions, replicas: 1 }] });
    },
    async sizeOf(topic) {
      if ((await partitionsOf(topic)).length === 0) return 0;
      const ends = await reader.listOffsets({ topics: [topic], timestamp: -1n });
      return Number((ends.get(topic) ?? []).reduce((sum, end) => sum + end, 0n));
    },
    async rateOf(topic) {
      const appends = await appendsTo(topic);
      const instants = appends.map(({ atMs }) => atMs);
      const [first, last] = [Math.min(...instants), Math.max(...instants)];
      const after = appends.filter(({ atMs }) => atMs > first);
      return (after.reduce((sum, { records }) => sum + records, 0) * 1_000) / (last - first);
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([closeClient(admin), closeClient(reader)]);
    },
  };
}
