import { expect, it } from "vitest";
import type { BridgeRecord } from "../bridge.ts";
import { entryOf } from "./entry.ts";

const record: BridgeRecord = {
  seq: 42,
  stream: "ATTENDANCE",
  aggregateId: "p1",
  traceparent: "00-0123-45-01",
  event: {
    metadata: {
      eventId: "7d7f7c3e-0f2f-4f5c-9d65-2f6a0f1b2c3d",
      eventType: "attendance.check-in.recorded",
      timestamp: 1_700_000_000_000,
      version: "1.0",
      source: "cloud/attendance",
      correlationId: null,
      causationId: null,
    },
    data: { employeeId: "e-17", reason: "früh" },
  },
};

it("an entry is flat text: the attributes of CloudEvents, where it stands, and the event as JSON", () => {
  const { seq, fields, bytes } = entryOf(record);
  const named = Object.fromEntries(
    Array.from({ length: fields.length / 2 }, (_, i) => fields.slice(i * 2, i * 2 + 2)),
  );
  expect(seq).toBe(42);
  expect(named).toEqual({
    ce_specversion: "1.0",
    ce_id: record.event.metadata.eventId,
    ce_type: "attendance.check-in.recorded",
    ce_source: "cloud/attendance",
    ce_time: "2023-11-14T22:13:20.000Z",
    ce_partitionkey: "e-17",
    "nats-stream": "ATTENDANCE",
    "nats-seq": "42",
    traceparent: "00-0123-45-01",
    data: JSON.stringify(record.event),
  });
  expect(bytes).toBe(Buffer.byteLength(fields.join("")));
  expect(entryOf(record)).toEqual(entryOf(structuredClone(record)));
});
