import { hasCode } from "@clockleaf/shared/lib/errors.ts";
import { encode } from "@clockleaf/shared/wire/codec.ts";
import fc from "fast-check";
import { headers as createHeaders } from "nats";
import { expect, test } from "vitest";
import { storedEventOf } from "./event-message.ts";

const metadata = {
  eventId: "0193ffff-0000-7000-8000-000000000000",
  eventType: "employee.employee.deactivated",
  timestamp: 1,
  version: "1.0",
  source: "cloud/employee",
  correlationId: null,
  causationId: null,
};
const data = { employeeId: "e1", reason: "retired", at: 1 };
const message = (bytes: Uint8Array) => ({
  seq: 7,
  subject: "evt.v1.employee.0.acme.e1",
  data: bytes,
  headers: undefined,
});
const READ_ERRORS = [
  "wire.malformed",
  "wire.too-large",
  "event.invalid",
  "event.unknown-type",
] as const;

test("reads an event with its trace", () => {
  const headers = createHeaders();
  headers.set("traceparent", "00-aa-bb-01");
  const stored = storedEventOf({ ...message(encode({ metadata, data })), headers });
  expect(stored).toEqual({
    seq: 7,
    subject: "evt.v1.employee.0.acme.e1",
    event: { metadata, data },
    traceparent: "00-aa-bb-01",
  });
});

test("says of any other bytes what is wrong with them, by one of four codes", () => {
  const anything = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc.anything().map((value) => encode({ metadata, data: value })),
    fc
      .record({ key: fc.constantFrom(...Object.keys(metadata)), value: fc.anything() })
      .map(({ key, value }) => encode({ metadata: { ...metadata, [key]: value }, data })),
  );
  fc.assert(
    fc.property(anything, (bytes) => {
      try {
        expect(storedEventOf(message(bytes)).event.metadata.eventType).toBe(metadata.eventType);
      } catch (error) {
        expect(hasCode(error, ...READ_ERRORS)).toBe(true);
      }
    }),
    { seed: 20_261_124, numRuns: 3_000 },
  );
});
