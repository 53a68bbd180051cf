import { metadataSchema } from "@clockleaf/shared/events/envelope.ts";
import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { expect, test } from "vitest";
import { eventCodec } from "../avro/codec.ts";
import { unframe } from "../avro/wire-format.ts";
import type { BridgeRecord } from "../bridge.ts";
import type { SchemaRegistry } from "../registry/registry.ts";
import { createAvroEncoder } from "./avro-encoder.ts";

const TYPE = "attendance.check-in.recorded";
const codec = eventCodec(TYPE);
const record: BridgeRecord = {
  seq: 1,
  stream: "ATTENDANCE",
  aggregateId: "p1",
  traceparent: undefined,
  event: {
    metadata: metadataSchema.parse({
      eventId: "0b5e6f50-37a5-4a3b-8f2b-000000000001",
      eventType: TYPE,
      timestamp: 1_700_000_000_000,
      version: codec.definition.version,
      source: "test",
      correlationId: "c",
      causationId: null,
    }),
    data: codec.definition.data.parse({
      employeeId: "p1",
      punchId: "gw-epoch00001-1",
      at: 1_700_000_000_000,
      site: "hq",
      reader: "front-door",
      workdayOn: "2026-11-23",
      reason: "",
      meaning: "in",
    }),
  },
};
const registryThat = (idOf: SchemaRegistry["idOf"]): SchemaRegistry => ({
  idOf,
  textOf: () => Promise.reject(new Error("not asked for")),
});

test("frames the record with the id that the topic's subject has", async () => {
  const asked: string[] = [];
  const encoder = createAvroEncoder(
    registryThat(async (topic, { fullName }) => {
      asked.push(`${topic} ${fullName}`);
      return 42;
    }),
  );
  const { schema, body } = unframe(await encoder.encode(record, "attendance-events"));
  expect(schema).toEqual({ kind: "id", id: 42 });
  expect(codec.decode(body)).toEqual(record.event);
  expect(asked).toEqual([`attendance-events ${codec.fullName}`]);
});

test("a registry that cannot be asked makes no event a dead letter", async () => {
  const away = new PlatformError("bridge.unreachable", "answers what no schema registry does");
  const encoder = createAvroEncoder(registryThat(() => Promise.reject(away)));
  await expect(encoder.encode(record, "attendance-events")).rejects.toMatchObject({
    code: "bridge.unreachable",
    retriable: true,
    message: away.message,
  });
});

test("a schema that is refused stays a matter for a person", async () => {
  const refused = new PlatformError("bridge.schema-refused", "incompatible");
  const encoder = createAvroEncoder(registryThat(() => Promise.reject(refused)));
  await expect(encoder.encode(record, "attendance-events")).rejects.toBe(refused);
});
