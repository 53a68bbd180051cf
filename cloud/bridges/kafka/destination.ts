import type { Destination, Sink } from "../bridge.ts";
import type { KafkaConfig } from "./config.ts";
import { connectionOf } from "./connection.ts";
import type { EncodedRecord, Encoder } from "./encode.ts";
import { openSink } from "./open-sink.ts";
import { FEEDS } from "./topics.ts";

export interface KafkaDestinationOptions {
  readonly config: KafkaConfig;
  readonly tenant: string;
  readonly encoder: Encoder;
  /**
   * A planted fault, for tests that must notice it: the checkpoint is sent after the transaction instead of in it, so a kill
   * in between doubles a batch.
   */
  readonly checkpointApart?: boolean;
}

/**
 * Kafka as a destination: exactly once for whoever reads committed records only. Each feed has a transactional id, whose
 * last opener is its one writer, and stores records and checkpoint in one transaction. Reaches for no broker yet; rejects
 * with `config.unreadable` where a key or a password cannot be read.
 */
export async function openKafkaDestination(
  options: KafkaDestinationOptions,
): Promise<Destination<EncodedRecord>> {
  const { config } = options;
  await connectionOf(config);
  const sinks = new Set<Sink<EncodedRecord>>();
  return {
    name: "kafka",
    feeds: FEEDS,
    maxRecordBytes: config.maxRecordBytes,
    async open(opening) {
      const sink = await openSink(options, opening);
      const tracked: Sink<EncodedRecord> = {
        ...sink,
        async close() {
          sinks.delete(tracked);
          await sink.close();
        },
      };
      sinks.add(tracked);
      return tracked;
    },
    async close() {
      await Promise.all([...sinks].map((sink) => sink.close()));
    },
  };
}
