import fc from "fast-check";

type JsonSchema = Readonly<Record<string, unknown>>;

const asSchema = (value: unknown): JsonSchema =>
  typeof value === "object" && value !== null ? (value as JsonSchema) : {};

/**
 * Everything that a JSON Schema written by zod allows, within reason: short lists, and text of any script. A field that may
 * be absent and may be null is always there.
 */
export function arbitraryOf(schema: JsonSchema): fc.Arbitrary<unknown> {
  if ("const" in schema) return fc.constant(schema["const"]);
  if (Array.isArray(schema["enum"])) return fc.constantFrom(...(schema["enum"] as unknown[]));
  const union = schema["anyOf"] ?? schema["oneOf"];
  if (Array.isArray(union)) return fc.oneof(...union.map(asSchema).map(arbitraryOf));
  switch (schema["type"]) {
    case "object":
      return objectOf(schema);
    case "array":
      return listOf(schema);
    case "string":
      return textOf(schema);
    case "integer":
      return fc.integer({
        min: Math.max(limit(schema, "minimum", -MAX_LONG), -MAX_LONG),
        max: Math.min(limit(schema, "maximum", MAX_LONG), MAX_LONG),
      });
    case "number": {
      const number = fc.double({ min: limit(schema, "minimum", -1e300), noNaN: true, max: 1e300 });
      return number.map((value) => value + 0); // −0 is 0
    }
    case "boolean":
      return fc.boolean();
    case "null":
      return fc.constant(null);
    default:
      throw new Error(`no arbitrary for ${JSON.stringify(schema)}`);
  }
}

const MAX_LONG = Number.MAX_SAFE_INTEGER;
const MORE_ITEMS = 3;

const limit = (schema: JsonSchema, name: string, none: number): number =>
  typeof schema[name] === "number" ? schema[name] : none;

function objectOf(schema: JsonSchema): fc.Arbitrary<unknown> {
  const values = asSchema(schema["additionalProperties"]);
  if ("propertyNames" in schema) {
    const names = textOf(asSchema(schema["propertyNames"])).filter((name) => name !== "__proto__");
    return fc.dictionary(names, arbitraryOf(values), {
      maxKeys: MORE_ITEMS,
      noNullPrototype: true,
    });
  }
  const properties = Object.entries(asSchema(schema["properties"]));
  const required = Array.isArray(schema["required"]) ? schema["required"] : [];
  const model = properties.map(([name, each]) => [name, arbitraryOf(asSchema(each))]);
  const requiredKeys = properties
    .filter(([name, each]) => required.includes(name) || mayBeNull(asSchema(each)))
    .map(([name]) => name);
  return fc.record<Record<string, unknown>>(Object.fromEntries(model), {
    requiredKeys,
    noNullPrototype: true,
  });
}

const mayBeNull = (schema: JsonSchema): boolean =>
  schema["type"] === "null" ||
  (Array.isArray(schema["anyOf"]) && schema["anyOf"].map(asSchema).some(mayBeNull));

function listOf(schema: JsonSchema): fc.Arbitrary<unknown> {
  const minLength = limit(schema, "minItems", 0);
  const maxLength = Math.min(minLength + MORE_ITEMS, limit(schema, "maxItems", Infinity));
  return fc.array(arbitraryOf(asSchema(schema["items"])), { minLength, maxLength });
}

const DAY_MS = 86_400_000;
const isoDate = fc
  .integer({ min: -25_000, max: 40_000 })
  .map((day) => new Date(day * DAY_MS).toISOString().slice(0, 10));

function textOf(schema: JsonSchema): fc.Arbitrary<string> {
  const { pattern, format } = schema;
  if (format === "date") return isoDate;
  if (format === "uuid") return fc.uuid({ version: [4, 7] });
  const [least, most] = [limit(schema, "minLength", 0), limit(schema, "maxLength", 64)];
  const fits = (text: string): boolean => text.trim().length >= least && text.length <= most;
  if (format === "email") return fc.constantFrom("ada@example.org", "a.b+c@mail.example.com");
  if (typeof pattern === "string") return fc.stringMatching(new RegExp(pattern, "u")).filter(fits);
  return fc
    .string({ unit: "grapheme", minLength: least, maxLength: Math.min(most, 32) })
    .filter(fits);
}
