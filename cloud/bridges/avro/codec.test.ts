import { CATALOGUE } from "@clockleaf/shared/events/catalogue.ts";
import type { Event, EventDefinition } from "@clockleaf/shared/events/envelope.ts";
import { defineEvent } from "@clockleaf/shared/events/envelope.ts";
import { hasCode, PlatformError } from "@clockleaf/shared/lib/errors.ts";
import avro from "avsc";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { eventsOf } from "../../../test/support/event-arbitrary.ts";
import { codecForRecord, codecOf, eventCodec } from "./codec.ts";
import { exactLong } from "./long.ts";

const metadataOf = (definition: EventDefinition): Event["metadata"] => ({
  eventId: "0e1cbe2b-5f0a-4b7e-8f2c-3f1d2a4b5c6d",
  eventType: definition.type,
  timestamp: 1_768_204_800_000,
  version: definition.version,
  source: "cloud/test",
  correlationId: "request-1",
  causationId: null,
});

const definitionNamed = (name: string): EventDefinition => {
  const found = CATALOGUE.find((each) => each.name === name);
  if (found === undefined) throw new Error(name);
  return found;
};

/** Runs `act`; whatever it throws has to be an error of ours. */
function thrownBy(act: () => unknown): PlatformError | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    expect(error).toBeInstanceOf(PlatformError);
    return error as PlatformError;
  }
}

describe("any event", () => {
  it.each(CATALOGUE)("$name comes back as it was", (definition) => {
    const codec = eventCodec(definition.type);
    fc.assert(
      fc.property(eventsOf(definition), (event) => {
        expect(codec.decode(codec.encode(event))).toStrictEqual(event);
      }),
      { seed: 20_261_123, numRuns: 60 },
    );
  });

  it.each(CATALOGUE)("$name is read by whoever has only its schema", (definition) => {
    const codec = eventCodec(definition.type);
    const [event] = fc.sample(eventsOf(definition), { seed: 7, numRuns: 1 });
    const stranger = avro.Type.forSchema(JSON.parse(codec.schemaText), {
      registry: { long: exactLong },
    });
    const body = codec.encode(event as Event);
    expect(stranger.toBuffer(stranger.fromBuffer(body))).toEqual(body);
    expect(codecForRecord(codec.fullName)).toBe(codec);
  });
});

describe("bytes that are no record", () => {
  it.each(["EmployeeCreated", "WorkdayCalculated", "ApprovalRequested", "PreferencesSet"])(
    "of %s end in an error of ours, whatever they are",
    (name) => {
      const definition = definitionNamed(name);
      const codec = eventCodec(definition.type);
      const damage = fc.record({
        at: fc.nat(),
        byte: fc.integer({ min: 0, max: 255 }),
        drop: fc.boolean(),
      });
      fc.assert(
        fc.property(
          eventsOf(definition),
          fc.array(damage, { minLength: 1, maxLength: 4 }),
          (event, damages) => {
            const bytes = [...codec.encode(event)];
            for (const { at, byte, drop } of damages) {
              bytes.splice(at % bytes.length, 1, ...(drop ? [] : [byte]));
            }
            const error = thrownBy(() => codec.decode(Uint8Array.from(bytes)));
            if (error !== undefined) {
              expect(hasCode(error, "wire.malformed", "event.invalid", "event.unknown-type")).toBe(
                true,
              );
            }
          },
        ),
        { seed: 20_261_123, numRuns: 400 },
      );
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
          expect(thrownBy(() => codec.decode(bytes))).toBeDefined();
        }),
        { seed: 20_261_123, numRuns: 400 },
      );
    },
  );

  it("do not fill the memory with a list of four thousand million items", () => {
    const codec = codecOf(listed);
    const body = codec.encode({ metadata: metadataOf(listed), data: { ids: ["a"] } });
    const length = "\x02\x02a\x00".length;
    const head = body.subarray(0, body.length - length);
    for (const count of [
      "feffffff1f",
      "feffffffffffffffff01",
      "ffffffff1f02",
      "808080808080808080808001",
    ]) {
      const bytes = Buffer.concat([head, Buffer.from(count, "hex")]);
      expect(thrownBy(() => codec.decode(bytes))?.code).toBe("wire.malformed");
    }
  });

  it("and schemas that are none, or of another record, are as little trusted", () => {
    const codec = codecOf(listed);
    const body = codec.encode({ metadata: metadataOf(listed), data: { ids: [] } });
    for (const text of ["", "{}", '"string"', '{"type":"array","items":"null"}']) {
      expect(thrownBy(() => codec.decode(body, text))?.code).toBe("wire.malformed");
    }
  });
});

const listed = defineEvent({
  type: "audit.list.kept",
  domain: "audit",
  name: "ListKept",
  version: "1.0",
  data: z.object({ ids: z.array(z.string()) }),
});

const numbered = defineEvent({
  type: "audit.number.kept",
  domain: "audit",
  name: "NumberKept",
  version: "1.0",
  data: z.object({
    n: z.number().int().optional(),
    x: z.number().optional(),
    text: z.string().optional(),
    values: z.record(z.string(), z.string()).optional(),
    inner: z.object({ deep: z.array(z.object({ a: z.boolean() })) }).optional(),
    either: z.discriminatedUnion("kind", [z.object({ kind: z.literal("a") })]).optional(),
  }),
});

describe("what the schema has no place for", () => {
  const codec = codecOf(numbered);
  const encode = (data: unknown) =>
    thrownBy(() => codec.encode({ metadata: metadataOf(numbered), data }));

  it.each<[string, unknown, string]>([
    ["a field nobody declared", { extra: 1 }, "data.extra"],
    [
      "an undeclared field deep inside",
      { inner: { deep: [{ a: true, b: 1 }] } },
      "data.inner.deep[0].b",
    ],
    ["a missing field", { inner: {} }, "data.inner.deep"],
    ["a number beyond 2^53", { n: 2 ** 53 }, "data.n"],
    ["a number below -2^53", { n: -(2 ** 60) }, "data.n"],
    ["a fraction where a whole number belongs", { n: 0.5 }, "data.n"],
    ["a bigint", { n: 1n }, "data.n"],
    ["no number", { x: Number.NaN }, "data.x"],
    ["half a character", { text: "\ud800" }, "data.text"],
    ["null where it may only be absent", { text: null }, "data.text"],
    ["a key that is half a character", { values: { "\udfff": "" } }, "data.values"],
    [
      "a key that would set a prototype",
      { values: JSON.parse('{"__proto__":"x"}') },
      "data.values",
    ],
    ["a branch nobody knows", { either: { kind: "b" } }, "data.either.kind"],
    ["a list where an object belongs", { inner: [] }, "data.inner"],
    ["nothing at all", undefined, "data"],
  ])("is refused by its path: %s", (_, data, path) => {
    const error = encode(data);
    expect(error?.code).toBe("bridge.poison");
    expect(error?.details).toEqual({ path });
    expect(error?.retriable).toBe(false);
  });

  it.each([
    0,
    -1,
    2 ** 31,
    -(2 ** 52) - 1, // avsc's own long makes 2^52 of it
    2 ** 52 + 1,
    Number.MAX_SAFE_INTEGER,
    Number.MIN_SAFE_INTEGER,
  ])("takes every whole number that JavaScript holds exactly: %d", (n) => {
    const type = avro.Type.forSchema("long", { registry: { long: exactLong } });
    expect(type.fromBuffer(type.toBuffer(n))).toBe(n);
    expect(encode({ n })).toBeUndefined();
  });

  it("refuses another type's event", () => {
    const other = { metadata: metadataOf(listed), data: {} };
    expect(thrownBy(() => codec.encode(other))?.code).toBe("bridge.poison");
  });
});

it("gives back as null what may be both null and absent, and as absent what may only be that", () => {
  const definition = definitionNamed("EmployeeTerminated");
  const codec = eventCodec(definition.type);
  const data = { employeeId: "e-1", reason: "x", at: 1, lastDayOn: "2026-01-31" };
  const decoded = codec.decode(codec.encode({ metadata: metadataOf(definition), data }));
  expect(decoded.data).toStrictEqual(data);

  const created = definitionNamed("EmployeeCreated");
  const [event] = fc.sample(eventsOf(created), { seed: 1, numRuns: 1 });
  const { phone: _, ...withoutPhone } = (event as Event<string, Record<string, unknown>>).data;
  const employee = eventCodec(created.type);
  expect(
    employee.decode(employee.encode({ metadata: metadataOf(created), data: withoutPhone })).data,
  ).toStrictEqual({ ...withoutPhone, phone: null });
});

it("decodes an event by its writer's schema, whichever fields that one has", () => {
  const definition = definitionNamed("EmployeeTerminated");
  const codec = eventCodec(definition.type);
  const data = { employeeId: "e-1", reason: "x", at: 1, lastDayOn: "2026-01-31" };
  const older = codecOf({
    ...definition,
    data: z.object({
      employeeId: z.string(),
      lastDayOn: z.string(),
      note: z.int().optional(),
      at: z.int(),
      reason: z.string(),
    }),
  });
  const metadata = metadataOf(definition);
  const body = older.encode({ metadata, data: { ...data, note: 2 ** 52 + 1 } });
  expect(codec.decode(body, older.schemaText)).toStrictEqual({ metadata, data });
  expect(thrownBy(() => codec.decode(body))?.code).toBe("wire.malformed");
});
