import type { BridgeRecord, Position, Sink } from "../bridge.ts";
import { type CheckpointPlace, checkpointRecord, type OutgoingRecord } from "./checkpoint.ts";
import { type EncodedRecord, type Encoder, encodeRecord } from "./encode.ts";
import type { EventTopic } from "./topics.ts";
import type { Transactions } from "./transaction.ts";
import { within } from "./within.ts";

export interface SinkOptions {
  readonly topic: EventTopic;
  readonly encoder: Encoder;
  readonly position: Position | undefined;
  readonly checkpoint: CheckpointPlace;
  readonly transactions: Transactions;
  /** What an error of the client means to the loop. */
  readonly explain: (error: unknown) => Error;
  /** For a planted fault: takes the checkpoint after the transaction, instead of in it. */
  readonly sendApart?: (record: OutgoingRecord) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** A batch takes milliseconds; so long only if brokers are away or hang, and then the loop is to know. */
const APPLY_MS = 30_000;

export function createSink(options: SinkOptions): Sink<EncodedRecord> {
  const { topic, encoder, position, checkpoint, transactions, explain, sendApart, close } = options;
  let failed: Error | undefined;

  async function store(batch: readonly OutgoingRecord[], reached: Position): Promise<void> {
    const note = checkpointRecord(checkpoint, reached);
    const together = sendApart === undefined ? [...batch, note] : batch;
    if (together.length > 0) {
      await transactions.send(together);
      await transactions.commit();
    }
    await sendApart?.(note);
  }

  return {
    position,
    encode: (record: BridgeRecord) => encodeRecord(record, topic, encoder),
    async apply(batch, reached) {
      if (failed !== undefined) throw failed;
      try {
        await within(APPLY_MS, `transaction of ${batch.length} records`, store(batch, reached));
      } catch (error) {
        failed = explain(error);
        throw failed;
      }
    },
    close,
  };
}
