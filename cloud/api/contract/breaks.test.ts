import { describe, expect, it } from "vitest";
import { breaksBetween } from "./breaks.ts";
import type { Json } from "./schema-breaks.ts";

const object = (properties: Json, required: readonly string[] = [], more: Json = {}): Json => ({
  type: "object",
  properties,
  required,
  ...more,
});
const text = { type: "string" };
const ref = (name: string): Json => ({ $ref: `#/components/schemas/${name}` });
const json = (schema: Json): Json => ({ "application/json": { schema } });

const THING = {
  id: text,
  kind: { type: "string", enum: ["a", "b"] },
  note: { anyOf: [text, { type: "null" }] },
  size: { type: "integer", minimum: 0, maximum: 9 },
  onDate: { type: "string", format: "date" },
  parent: ref("Thing"),
};
const NEW_THING = { name: { type: "string", maxLength: 20 }, kind: THING.kind, size: THING.size };
const SITE = { $ref: "#/components/parameters/Site" };
const LIMIT = { in: "query", name: "limit", schema: { type: "integer", maximum: 500 } };

interface Planted {
  readonly thing?: Json;
  readonly thingDue?: readonly string[];
  readonly newThing?: Json;
  readonly newThingDue?: readonly string[];
  readonly newThingMore?: Json;
  readonly list?: Json;
  readonly post?: Json;
  readonly paths?: Json;
}

const BODY = { content: json(ref("NewThing")) };

/** A small document, with something changed. */
function document(change: Planted = {}): Json {
  const one = { description: "One", content: json(ref("Thing")), headers: { ETag: {} } };
  return {
    security: [{ apiKey: [] }],
    paths: {
      "/things": {
        get: {
          operationId: "listThings",
          parameters: [LIMIT, SITE],
          responses: { 200: { content: json({ type: "array", items: ref("Thing") }) }, 404: {} },
          ...change.list,
        },
        post: {
          operationId: "createThing",
          security: [{ apiKey: ["write"] }],
          requestBody: BODY,
          responses: { 201: one },
          ...change.post,
        },
      },
      "/gone": { get: { operationId: "showGone", responses: {} } },
      ...change.paths,
    },
    components: {
      parameters: { Site: { in: "query", name: "site", schema: text } },
      schemas: {
        Thing: object(change.thing ?? THING, change.thingDue ?? ["id", "kind"]),
        NewThing: object(change.newThing ?? NEW_THING, change.newThingDue ?? ["name"], {
          ...change.newThingMore,
        }),
      },
    },
  };
}

const { id: _id, ...withoutId } = THING;
const { size: _size, ...withoutSize } = NEW_THING;
const kind = (...values: string[]): Json => ({ type: "string", enum: values });
const OK = { 200: { content: json({ type: "array", items: ref("Thing") }) } };

describe("a caller of the last release", () => {
  it.each<readonly [string, Planted, string]>([
    ["a path that is gone", { paths: { "/gone": {} } }, "GET /gone: was removed"],
    ["another name", { list: { operationId: "things" } }, "operationId changed from listThings"],
    [
      "a parameter that is gone",
      { list: { parameters: [LIMIT] } },
      "GET /things: query site was removed",
    ],
    [
      "a new parameter that must be there",
      { post: { parameters: [{ in: "header", name: "Idempotency-Key", required: true }] } },
      "POST /things: header idempotency-key is required now",
    ],
    [
      "a parameter that takes less",
      { list: { parameters: [{ ...LIMIT, schema: { type: "integer", maximum: 9 } }, SITE] } },
      "query limit: maximum is stricter",
    ],
    [
      "a body that must be there",
      { post: { requestBody: { ...BODY, required: true } } },
      "a body is requ",
    ],
    [
      "a body of another type",
      { post: { requestBody: { content: { "text/plain": { schema: text } } } } },
      "body is no longer application/json",
    ],
    [
      "a field that must be there",
      { newThing: { ...NEW_THING, more: text }, newThingDue: ["name", "more"] },
      "in requests: NewThing.more: is required now",
    ],
    ["a field not taken any more", { newThing: withoutSize }, "NewThing.size: was removed"],
    [
      "a value not taken any more",
      { newThing: { ...NEW_THING, kind: kind("a") } },
      'in requests: NewThing.kind: no longer takes "b"',
    ],
    [
      "a shorter text",
      { newThing: { ...NEW_THING, name: { type: "string", maxLength: 19 } } },
      "NewThing.name: maxLength is stricter",
    ],
    [
      "another type of what is sent",
      { newThing: { ...NEW_THING, size: text } },
      "NewThing.size: the type was integer and is string",
    ],
    [
      "no other fields",
      { newThingMore: { additionalProperties: false } },
      "NewThing: takes no other fields now",
    ],
    ["an answer that is gone", { list: { responses: {} } }, "is no longer answered with 200"],
    [
      "a header that is gone",
      { post: { responses: { 201: { content: json(ref("Thing")) } } } },
      "POST /things: 201 lacks the header ETag",
    ],
    ["a field that is gone", { thing: withoutId }, "in responses: Thing.id: was removed"],
    ["a field that may be missing", { thingDue: ["kind"] }, "Thing.id: may be missing now"],
    [
      "a value not seen before",
      { thing: { ...THING, kind: kind("a", "b", "c") } },
      'in responses: Thing.kind: may be "c"',
    ],
    [
      "any value",
      { thing: { ...THING, kind: text } },
      'in responses: Thing.kind: is no longer one of "a", "b"',
    ],
    [
      "null where there was none",
      { thing: { ...THING, id: { anyOf: [text, { type: "null" }] } } },
      "in responses: Thing.id: may be null now",
    ],
    [
      "a wider number",
      { thing: { ...THING, size: { type: "number" } } },
      "in responses: Thing.size: the type was integer and is number",
    ],
    [
      "another form",
      { thing: { ...THING, onDate: { type: "string", format: "date-time" } } },
      'Thing.onDate: is no longer of the format "date"',
    ],
    [
      "more rights that are needed",
      { post: { security: [{ apiKey: ["admin"] }] } },
      'POST /things: needs more rights now: [{"apiKey":["admin"]}]',
    ],
  ])("stumbles over %s", (_, change, expected) => {
    const found = breaksBetween(document(), document(change));
    expect(found).toEqual([expect.stringContaining(expected)]);
  });

  it.each<readonly [string, Planted]>([
    ["nothing", {}],
    ["a new path", { paths: { "/more": { get: { operationId: "more", responses: {} } } } }],
    ["a new field in an answer", { thing: { ...THING, more: text } }],
    ["a value not sent any more", { thing: { ...THING, kind: kind("a") } }],
    ["no null any more", { thing: { ...THING, note: text } }],
    ["a field always there", { thingDue: ["id", "kind", "size"] }],
    ["a larger number in an answer", { thing: { ...THING, size: { type: "integer" } } }],
    ["a field that may be sent", { newThing: { ...NEW_THING, more: text } }],
    ["a field that need not be sent", { newThingDue: [] }],
    ["a new value that is taken", { newThing: { ...NEW_THING, kind: kind("a", "b", "c") } }],
    ["a wider number that is taken", { newThing: { ...NEW_THING, size: { type: "number" } } }],
    ["another failure", { list: { responses: { ...OK, 409: {} } } }],
    ["fewer rights that are needed", { post: { security: [{ apiKey: [] }] } }],
    ["a parameter spelled out", { list: { parameters: [LIMIT, { in: "query", name: "site" }] } }],
    ["words", { list: { summary: "Other words", description: "More" } }],
  ])("does not notice %s", (_, change) => {
    expect(breaksBetween(document(), document(change))).toEqual([]);
  });

  it("is told once of what many operations use, wherever it stands", () => {
    const deep = { ...THING, inner: { type: "array", items: object({ kind: kind("x") }) } };
    const deeper = { ...THING, inner: { type: "array", items: object({ kind: kind("y") }) } };
    expect(breaksBetween(document({ thing: deep }), document({ thing: deeper }))).toEqual([
      'in responses: Thing.inner[].kind: may be "y"',
    ]);
  });

  it("is told of a kind among several that is not taken any more, or is new", () => {
    const card = object({ kind: { const: "card" }, bits: { type: "integer" } }, ["kind"]);
    const number = object({ kind: { const: "number" }, value: text }, ["kind"]);
    const both = { credential: { oneOf: [card, number] } };
    const one = { credential: card };
    const taking = (newThing: Json): Json => document({ newThing, newThingDue: [] });
    const [wide, narrow] = [taking(both), taking(one)];
    expect(breaksBetween(wide, narrow).join()).toContain("no longer takes {kind, value}");
    expect(breaksBetween(narrow, wide)).toEqual([]);
    const [told, toldMore] = [document({ thing: one }), document({ thing: both })];
    expect(breaksBetween(told, toldMore).join()).toContain("may be {kind, value} now");
    expect(breaksBetween(toldMore, told)).toEqual([]);
  });
});
