import type { RecordsBatch } from "@platformatic/kafka";
import { expect, test } from "vitest";
import { createCommittedFilter } from "./read-committed.ts";

const TRANSACTIONAL = 0x10;
const CONTROL = 0x20;
const ABORT = 0;
const COMMIT = 1;

const texts = (all: readonly string[]) => all.map((text) => Buffer.from(text));

/** A log as a broker would lay it out, written by producers of the given ids. */
function createLog() {
  let offset = 0n;
  const batch = (attributes: number, producerId: bigint, keys: readonly Buffer[]): RecordsBatch => {
    const firstOffset = offset;
    offset += BigInt(keys.length);
    return {
      firstOffset,
      length: 0,
      partitionLeaderEpoch: 0,
      magic: 2,
      crc: 0,
      attributes,
      lastOffsetDelta: keys.length - 1,
      firstTimestamp: 0n,
      maxTimestamp: 0n,
      producerId,
      producerEpoch: 0,
      firstSequence: 0,
      records: keys.map((key, offsetDelta) => ({
        length: 0,
        attributes: 0,
        timestampDelta: 0n,
        offsetDelta,
        key,
        value: key,
        headers: [],
      })),
    };
  };
  const marker = (producerId: bigint, type: number): RecordsBatch =>
    batch(TRANSACTIONAL | CONTROL, producerId, [Buffer.from([0, 0, 0, type])]);
  return {
    sent: (producerId: bigint, ...all: string[]) => batch(TRANSACTIONAL, producerId, texts(all)),
    plain: (...all: string[]) => batch(0, -1n, texts(all)),
    commit: (producerId: bigint) => marker(producerId, COMMIT),
    abort: (producerId: bigint) => marker(producerId, ABORT),
  };
}

function seen(batches: readonly RecordsBatch[]): string[] {
  const filter = createCommittedFilter();
  return batches.flatMap((batch) => filter.take(batch).map(({ key }) => String(key)));
}

test("two aborted transactions of one producer in one fetch: neither is seen", () => {
  const log = createLog();
  expect(
    seen([
      log.sent(1n, "a"),
      log.abort(1n),
      log.sent(1n, "b"),
      log.abort(1n),
      log.sent(1n, "c"),
      log.commit(1n),
    ]),
  ).toEqual(["c"]);
});

test("what was killed in mid-transaction is not seen, however far its end is", () => {
  const log = createLog();
  const filter = createCommittedFilter();
  const batches = [log.sent(1n, "a"), log.sent(2n, "b"), log.commit(2n), log.plain("c")];
  expect(batches.flatMap((batch) => filter.take(batch)).map(({ key }) => String(key))).toEqual([
    "b",
    "c",
  ]);
  expect(filter.openFrom()).toBe(0n);
  expect(filter.take(log.abort(1n))).toEqual([]);
  expect(filter.openFrom()).toBeUndefined();
});

test("a transaction of several batches comes whole, with the offsets of its records", () => {
  const log = createLog();
  const filter = createCommittedFilter();
  const batches = [log.sent(1n, "a", "b"), log.sent(2n, "x"), log.sent(1n, "c"), log.commit(1n)];
  expect(
    batches.flatMap((batch) => filter.take(batch)).map(({ offset, key }) => [offset, String(key)]),
  ).toEqual([
    [0n, "a"],
    [1n, "b"],
    [3n, "c"],
  ]);
  expect(filter.openFrom()).toBe(2n);
});

test("a marker whose records lie before what is read brings nothing", () => {
  const log = createLog();
  expect(seen([log.commit(1n), log.sent(1n, "a"), log.commit(1n)])).toEqual(["a"]);
});
