/** As much of a JSON Schema as zod writes. */
export type JsonSchema = Readonly<Record<string, unknown>>;

const asSchema = (value: unknown): JsonSchema =>
  typeof value === "object" && value !== null ? (value as JsonSchema) : {};
const isSchema = (value: unknown): value is JsonSchema =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * Why something that fits `before` may not fit `after`, or its readers may miss something; one sentence each, empty if
 * nothing is lost. Conservative: what it does not understand counts as incompatible.
 */
export function incompatibilities(before: JsonSchema, after: JsonSchema, at = "data"): string[] {
  const [olds, news] = [branchesOf(before), branchesOf(after)];
  if (olds.length > 1 || news.length > 1) {
    return olds.flatMap((old) => {
      const tries = news.map((each) => incompatibilities(old, each, at));
      if (tries.some((found) => found.length === 0)) return [];
      return [`${at}: nothing takes what was ${nameOf(old)}`];
    });
  }
  return [
    ...typeChanges(before, after, at),
    ...valueChanges(before, after, at),
    ...limitChanges(before, after, at),
    ...objectChanges(before, after, at),
    ...itemChanges(before, after, at),
  ];
}

function branchesOf(schema: JsonSchema): readonly JsonSchema[] {
  const union = schema["anyOf"] ?? schema["oneOf"];
  if (Array.isArray(union)) return union.map(asSchema).flatMap(branchesOf);
  const { type } = schema;
  if (!Array.isArray(type)) return [schema];
  return type.map((each: unknown) => Object.assign({}, schema, { type: each }));
}

const nameOf = (schema: JsonSchema): string =>
  JSON.stringify(schema["const"] ?? schema["enum"] ?? schema["type"] ?? "anything");

function typeChanges(before: JsonSchema, after: JsonSchema, at: string): string[] {
  const [was, is] = [before["type"], after["type"]];
  if (was === is || is === undefined || (was === "integer" && is === "number")) return [];
  return [`${at}: the type was ${nameOf(before)} and is ${nameOf(after)}`];
}

const valuesOf = (schema: JsonSchema): readonly unknown[] | undefined => {
  if ("const" in schema) return [schema["const"]];
  const values = schema["enum"];
  return Array.isArray(values) ? values : undefined;
};

function valueChanges(before: JsonSchema, after: JsonSchema, at: string): string[] {
  const [was, is] = [valuesOf(before), valuesOf(after)];
  if (is === undefined) return [];
  if (was === undefined) return [`${at}: only ${JSON.stringify(is)} is allowed now`];
  const lost = was.filter((value) => !is.includes(value));
  return lost.length === 0 ? [] : [`${at}: no longer allows ${JSON.stringify(lost)}`];
}

const LOWER = ["minimum", "exclusiveMinimum", "minLength", "minItems"];
const UPPER = ["maximum", "exclusiveMaximum", "maxLength", "maxItems"];
const EXACT = ["pattern", "format", "multipleOf", "contentEncoding"];

function limitChanges(before: JsonSchema, after: JsonSchema, at: string): string[] {
  const number = (schema: JsonSchema, name: string, none: number): number => {
    const value = schema[name];
    return typeof value === "number" ? value : none;
  };
  return [
    ...LOWER.filter((name) => number(after, name, -Infinity) > number(before, name, -Infinity)),
    ...UPPER.filter((name) => number(after, name, Infinity) < number(before, name, Infinity)),
    ...EXACT.filter((name) => name in after && after[name] !== before[name]),
  ].map((name) => `${at}: ${name} is stricter`);
}

function objectChanges(before: JsonSchema, after: JsonSchema, at: string): string[] {
  const [was, is] = [asSchema(before["properties"]), asSchema(after["properties"])];
  const required = (schema: JsonSchema): readonly unknown[] => {
    const names = schema["required"];
    return Array.isArray(names) ? names : [];
  };
  const old = required(before);
  const anew = required(after).filter((name) => !old.includes(name));
  return [
    ...anew.map((name) => `${at}.${String(name)}: is required now`),
    ...Object.keys(was)
      .filter((name) => !(name in is))
      .map((name) => `${at}.${name}: was removed`),
    ...Object.keys(was)
      .filter((name) => name in is)
      .flatMap((name) =>
        incompatibilities(asSchema(was[name]), asSchema(is[name]), `${at}.${name}`),
      ),
    ...restChanges(before, after, at),
  ];
}

/** Of names that are not listed. */
function restChanges(before: JsonSchema, after: JsonSchema, at: string): string[] {
  const found: string[] = [];
  const [was, is] = [before["additionalProperties"], after["additionalProperties"]];
  if (is === false && was !== false && before["type"] === "object") {
    found.push(`${at}: takes no other fields now`);
  }
  if (isSchema(is) && was !== false) {
    found.push(...incompatibilities(asSchema(was), is, `${at}.*`));
  }
  const [names, newNames] = [before["propertyNames"], after["propertyNames"]];
  if (isSchema(newNames))
    found.push(...incompatibilities(asSchema(names), newNames, `${at} names`));
  return found;
}

function itemChanges(before: JsonSchema, after: JsonSchema, at: string): string[] {
  const [was, is] = [before["items"], after["items"]];
  const tuples = JSON.stringify(before["prefixItems"]) === JSON.stringify(after["prefixItems"]);
  return [
    ...(tuples ? [] : [`${at}: the items of the tuple changed`]),
    ...(isSchema(is) ? incompatibilities(asSchema(was), is, `${at}[]`) : []),
  ];
}
