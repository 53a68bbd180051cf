import { expect, test } from "vitest";
import type { BridgeRecord } from "../bridge.ts";
import { encodeRecord } from "./encode.ts";
import { partitionOf } from "./partitioner.ts";
import { topicOf } from "./topics.ts";

const encoder = { encode: async (record: BridgeRecord) => Buffer.from(`#${record.seq}`) };
const record: BridgeRecord = {
  seq: 7,
  stream: "LEAVE",
  aggregateId: "request-1",
  traceparent: "00-1-2-01",
  event: {
    metadata: {
      eventId: "e-1",
      eventType: "leave.leave.requested",
      timestamp: 1_700_000_000_000,
      version: "1.0",
      source: "test",
      correlationId: "c-1",
      causationId: null,
    },
    data: { employeeId: "emp-7" },
  },
};
const people = topicOf({ id: "leave", stream: "LEAVE" }, "");
const audit = topicOf({ id: "audit", stream: "AUDIT" }, "");

const headersOf = (headers: ReadonlyMap<Buffer, Buffer>): Record<string, string> =>
  Object.fromEntries([...headers].map(([name, value]) => [String(name), String(value)]));

test("the key is the person's, in the partition where Java would look for it", async () => {
  const encoded = await encodeRecord(record, people, encoder);
  expect(encoded).toMatchObject({ topic: "employee-events", value: Buffer.from("#7") });
  expect(String(encoded.key)).toBe("emp-7");
  expect(encoded.partition).toBe(partitionOf(encoded.key, 3));
});

test("in audit-events the key is the aggregate's, and the header agrees", async () => {
  const encoded = await encodeRecord(record, audit, encoder);
  expect(String(encoded.key)).toBe("request-1");
  expect(headersOf(encoded.headers)).toMatchObject({ ce_partitionkey: "request-1" });
});

test("headers are CloudEvents', what the value is, where it came from and the trace", async () => {
  const { headers, bytes } = await encodeRecord(record, people, encoder);
  expect(headersOf(headers)).toEqual({
    "content-type": "application/avro",
    ce_specversion: "1.0",
    ce_id: "e-1",
    ce_type: "leave.leave.requested",
    ce_source: "test",
    ce_time: "2023-11-14T22:13:20.000Z",
    ce_partitionkey: "emp-7",
    "nats-stream": "LEAVE",
    "nats-seq": "7",
    traceparent: "00-1-2-01",
  });
  expect(bytes).toBeGreaterThan(200);
});

test("the same record always gives the same bytes", async () => {
  expect(await encodeRecord(record, people, encoder)).toEqual(
    await encodeRecord(record, people, encoder),
  );
});
