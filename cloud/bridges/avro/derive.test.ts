import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CATALOGUE } from "@clockleaf/shared/events/catalogue.ts";
import { employeeCreated } from "@clockleaf/shared/events/employee.ts";
import type { EventDefinition } from "@clockleaf/shared/events/envelope.ts";
import avro, { type Type } from "avsc";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { deriveSchema } from "./derive.ts";
import { GOLDEN } from "./golden.ts";

const GIVEN = JSON.parse(
  readFileSync(join(GOLDEN, "history", "EmployeeCreated.1.avsc"), "utf8"),
) as Json;

type Json = Readonly<Record<string, unknown>>;
const typeOf = (schema: unknown): Type => avro.Type.forSchema(JSON.parse(JSON.stringify(schema)));

function eventOf(data: z.ZodType, version = "1.0"): EventDefinition {
  return { type: "audit.big-thing.done", domain: "audit", name: "ThingDone", version, data };
}

/** The fields of the data's record, by name. */
function fieldsOf(data: z.ZodType): Record<string, Json> {
  const schema = deriveSchema(eventOf(data)) as unknown as {
    fields: [Json, { type: { fields: Json[] } }];
  };
  return Object.fromEntries(schema.fields[1].type.fields.map((each) => [each["name"], each]));
}

const fieldOf = (schema: z.ZodType): Json => {
  const { name: _, ...rest } = fieldsOf(z.object({ field: schema }))["field"] ?? {};
  return rest;
};

describe("EmployeeCreated", () => {
  it("is to the letter what was given, followed by what we added", () => {
    const given = (GIVEN["fields"] as Json[])[1]?.["type"] as { fields: Json[] };
    const schema = structuredClone(deriveSchema(employeeCreated)) as unknown as {
      fields: [Json, { type: { fields: Json[] } }];
    };
    const added = schema.fields[1].type.fields.splice(given.fields.length);
    expect(JSON.stringify(schema)).toBe(JSON.stringify(GIVEN));
    expect(typeOf(schema).fingerprint()).toEqual(typeOf(GIVEN).fingerprint());
    expect(added.map(({ name }) => name)).toEqual([
      "siteIds",
      "salaryMinor",
      "phone",
      "locale",
      "zone",
    ]);
    for (const field of added) expect(field).toHaveProperty("default");
  });

  it("is read by who has only what was given, and reads what they write", () => {
    const [ours, theirs] = [typeOf(deriveSchema(employeeCreated)), typeOf(GIVEN)];
    const employeeData = {
      employeeId: "e-1",
      email: "ada@example.org",
      firstName: "Ada",
      lastName: "Lovelace",
      departmentId: "engines",
      managerId: null,
      jobTitle: "Analyst",
      startDate: "2026-01-12",
      employmentType: "full-time",
      status: "active",
      salary: 5000,
      currency: "EUR",
    };
    const added = { siteIds: ["hq"], salaryMinor: 500_000, phone: null, locale: "de", zone: null };
    const eventMetadata = {
      eventId: "0e1cbe2b-5f0a-4b7e-8f2c-3f1d2a4b5c6d",
      eventType: "employee.employee.created",
      timestamp: 1_768_204_800_000,
      version: "1.0",
      source: "cloud/employee",
      correlationId: null,
      causationId: null,
    };
    const full = { eventMetadata, employeeData: { ...employeeData, ...added } };
    expect(theirs.fromBuffer(ours.toBuffer(full), theirs.createResolver(ours))).toEqual({
      eventMetadata,
      employeeData,
    });
    const old = theirs.toBuffer({ eventMetadata, employeeData });
    expect(ours.fromBuffer(old, ours.createResolver(theirs))).toEqual({
      eventMetadata,
      employeeData: {
        ...employeeData,
        siteIds: [],
        salaryMinor: null,
        phone: null,
        locale: null,
        zone: null,
      },
    });
  });
});

describe("a schema", () => {
  it.each<[string, z.ZodType, Json]>([
    ["text", z.string().max(3), { type: "string" }],
    ["a format of text", z.email(), { type: "string" }],
    ["an enum", z.enum(["a", "b"]), { type: "string" }],
    ["a whole number", z.int().min(0), { type: "long" }],
    ["another number", z.number(), { type: "double" }],
    ["a truth", z.boolean(), { type: "boolean" }],
    ["null", z.string().nullable(), { type: ["null", "string"], default: null }],
    ["absence", z.int().optional(), { type: ["null", "long"], default: null }],
    ["both", z.number().nullable().optional(), { type: ["null", "double"], default: null }],
    ["a default", z.enum(["a", "b"]).default("b"), { type: "string", default: "b" }],
    [
      "null as default",
      z.int().nullable().default(null),
      { type: ["null", "long"], default: null },
    ],
    ["a list", z.array(z.int()), { type: { type: "array", items: "long" }, default: [] }],
    [
      "a list that may be absent",
      z.array(z.string()).optional(),
      { type: ["null", { type: "array", items: "string" }], default: null },
    ],
    [
      "a map",
      z.record(z.string(), z.boolean()),
      { type: { type: "map", values: "boolean" }, default: {} },
    ],
    ["a literal", z.literal("leave"), { type: "string", default: "leave" }],
    ["a number as literal", z.literal(2), { type: "long", default: 2 }],
    ["a description", z.int().describe("why"), { type: "long", doc: "why" }],
    [
      "a description within",
      z.int().describe("why").nullable(),
      { type: ["null", "long"], default: null, doc: "why" },
    ],
    [
      "an object, named after its path",
      z.object({ inner: z.strictObject({ a: z.boolean() }) }),
      {
        type: {
          type: "record",
          name: "ThingDoneField",
          fields: [
            {
              name: "inner",
              type: {
                type: "record",
                name: "ThingDoneFieldInner",
                fields: [{ name: "a", type: "boolean" }],
              },
            },
          ],
        },
      },
    ],
    [
      "a union, each branch named after its literal",
      z
        .discriminatedUnion("kind", [
          z.object({ kind: z.literal("pay-run"), n: z.int() }),
          z.object({ kind: z.literal("leave") }),
        ])
        .nullable(),
      {
        type: [
          "null",
          {
            type: "record",
            name: "ThingDoneFieldPayRun",
            fields: [
              { name: "kind", type: "string", default: "pay-run" },
              { name: "n", type: "long" },
            ],
          },
          {
            type: "record",
            name: "ThingDoneFieldLeave",
            fields: [{ name: "kind", type: "string", default: "leave" }],
          },
        ],
        default: null,
      },
    ],
  ])("of %s", (_, schema, expected) => {
    expect(fieldOf(schema)).toEqual(expected);
  });

  it("names the event, its namespace, its version and the entity", () => {
    expect(deriveSchema(eventOf(z.object({}), "1.3"))).toMatchObject({
      name: "ThingDone",
      namespace: "com.hr.audit.events",
      version: "1.3",
      fields: [
        { name: "eventMetadata" },
        { name: "bigThingData", type: { name: "ThingDoneData" } },
      ],
    });
  });

  it("is another record in another major version", () => {
    expect(deriveSchema(eventOf(z.object({}), "2.0"))).toMatchObject({
      name: "ThingDoneV2",
      fields: [{}, { name: "bigThingData", type: { name: "ThingDoneV2Data" } }],
    });
  });

  it.each<[string, z.ZodType, string]>([
    ["a transform", z.string().transform(Number), "data.deep.field"],
    ["anything", z.unknown(), "data.deep.field"],
    ["a bigint", z.bigint(), "data.deep.field"],
    ["a date", z.date(), "data.deep.field"],
    ["a tuple", z.tuple([z.string()]), "data.deep.field"],
    ["a union without a key", z.union([z.string(), z.int()]), "data.deep.field"],
    ["a literal of two", z.literal(["a", "b"]), "data.deep.field"],
    ["an item that may be absent", z.array(z.string().optional()), "data.deep.field"],
    ["an object of any fields", z.looseObject({}), "data.deep.field"],
    ["a default that is an object", z.object({}).default({}), "data.deep.field"],
    ["a default over null", z.int().nullable().default(1), "data.deep.field"],
    ["something deeper", z.array(z.object({ x: z.symbol() })), "data.deep.field.x"],
  ])("is refused by event and path for %s", (_, schema, path) => {
    const definition = eventOf(z.object({ deep: z.object({ field: schema }) }));
    expect(() => deriveSchema(definition)).toThrow(`ThingDone: ${path}: `);
  });

  it("is refused where two records would bear one name", () => {
    const twice = z.object({ ab: z.object({ c: z.object({}) }), abC: z.object({}) });
    expect(() => deriveSchema(eventOf(twice))).toThrow("a second record is called ThingDoneAbC");
  });
});

it("means one thing by one name, whatever event it stands in", () => {
  const meant = new Map<string, { text: string; event: string }>();
  const seen = (name: string, { text, event }: { text: string; event: string }): void => {
    const known = meant.get(name);
    if (known !== undefined && known.text !== text) {
      expect.fail(`${name} is one thing in ${known.event} and another in ${event}`);
    }
    meant.set(name, { text, event });
  };
  for (const definition of CATALOGUE) {
    const walk = (type: Type): void => {
      if (type instanceof avro.types.RecordType) {
        seen(type.name ?? "", { text: JSON.stringify(type.schema()), event: definition.name });
        for (const field of type.fields) walk(field.type);
      } else if (type instanceof avro.types.ArrayType) walk(type.itemsType);
      else if (type instanceof avro.types.MapType) walk(type.valuesType as Type);
      else if ("types" in type) for (const each of type.types as Type[]) walk(each);
    };
    walk(typeOf(deriveSchema(definition)));
  }
  expect(meant.size).toBeGreaterThan(CATALOGUE.length);
});
