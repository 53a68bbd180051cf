import type { KafkaRecord, RecordsBatch } from "@platformatic/kafka";

export interface CommittedRecord {
  readonly offset: bigint;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: KafkaRecord["headers"];
}

export interface CommittedFilter {
  /** Batches of one partition in order, as they lie there; gives what has turned out to be committed by them. */
  take(batch: RecordsBatch): CommittedRecord[];
  /** Offset of the first record that is neither committed nor aborted yet: Kafka shows its own readers nothing from here on. */
  openFrom(): bigint | undefined;
}

// Attributes of a record batch, and the key of a control record (Kafka protocol, "Record Batch").
const IS_TRANSACTIONAL = 0x10;
const IS_CONTROL = 0x20;
const MARKER_AT = 2;
const COMMIT = 1;

/**
 * What a read-committed reader sees of a partition. Of our own, for the library's delivers records of aborted transactions
 * (D4): records of a producer wait until its marker says commit or abort, and what waits at the end was never committed.
 */
export function createCommittedFilter(): CommittedFilter {
  const open = new Map<bigint, CommittedRecord[]>();
  return {
    take(batch) {
      const { attributes, producerId, records } = batch;
      if ((attributes & IS_CONTROL) !== 0) {
        const decided = open.get(producerId) ?? [];
        open.delete(producerId);
        return records[0]?.key?.readInt16BE(MARKER_AT) === COMMIT ? decided : [];
      }
      const read = records.map((record) => recordOf(batch, record));
      if ((attributes & IS_TRANSACTIONAL) === 0) return read;
      open.set(producerId, [...(open.get(producerId) ?? []), ...read]);
      return [];
    },
    openFrom: () =>
      [...open.values()]
        .flatMap(([first]) => (first === undefined ? [] : [first.offset]))
        .reduce<bigint | undefined>(
          (least, offset) => (least !== undefined && least < offset ? least : offset),
          undefined,
        ),
  };
}

const recordOf = (
  { firstOffset }: RecordsBatch,
  { offsetDelta, key, value, headers }: KafkaRecord,
): CommittedRecord => ({ offset: firstOffset + BigInt(offsetDelta), key, value, headers });
