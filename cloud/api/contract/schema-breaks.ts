/** As much of a JSON Schema, or of a document that has some, as is looked at. */
export type Json = Readonly<Record<string, unknown>>;

const isJson = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);
/** The value if it is an object, or else one without anything in it. */
export const asJson = (value: unknown): Json => (isJson(value) ? value : {});
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** Who writes what the schema describes: callers write requests, the API writes responses. */
export type Direction = "request" | "response";

export interface Comparison {
  readonly direction: Direction;
  /** The documents that `$ref`s lead into. */
  readonly documents: { readonly before: Json; readonly after: Json };
  /** Pairs of components that were compared, or are being compared. */
  readonly seen: Set<string>;
}

interface Pair {
  readonly before: Json;
  readonly after: Json;
  readonly at: string;
}

/**
 * What a caller written for `before` would stumble over; one sentence each, named by component where there is one.
 *
 *     request    whatever `before` took must still be taken: nothing narrower, nothing required anew
 *     response   whatever is sent must be what `before` promised: nothing wider, nothing missing; new fields are fine
 */
export function schemaBreaks(comparison: Comparison, pair: Pair): string[] {
  const { before, after } = comparison.documents;
  const names = { before: refOf(pair.before), after: refOf(pair.after) };
  if (names.before !== undefined || names.after !== undefined) {
    const key = `${comparison.direction} ${names.before ?? pair.at} ${names.after ?? pair.at}`;
    if (comparison.seen.has(key)) return [];
    comparison.seen.add(key);
    return schemaBreaks(comparison, {
      before: resolved(before, pair.before),
      after: resolved(after, pair.after),
      at: names.before ?? pair.at,
    });
  }
  const [olds, news] = [branchesOf(before, pair.before), branchesOf(after, pair.after)];
  const [old, anew] = [olds[0], news[0]];
  if (olds.length === 1 && news.length === 1 && old !== undefined && anew !== undefined) {
    return simpleBreaks(comparison, { before: old, after: anew, at: pair.at });
  }
  return unionBreaks(comparison, { olds, news, at: pair.at });
}

const refOf = (schema: Json): string | undefined => {
  const { $ref } = schema;
  return typeof $ref === "string" ? $ref.split("/").at(-1) : undefined;
};

/** What a `$ref` leads to; anything else is itself. */
export function resolved(document: Json, value: unknown): Json {
  const { $ref } = asJson(value);
  if (typeof $ref !== "string") return asJson(value);
  const target = $ref
    .slice(2)
    .split("/")
    .reduce<unknown>((at, token) => asJson(at)[token], document);
  return resolved(document, target);
}

/** `anyOf`, `oneOf` and lists of types, however deep, as one list. */
function branchesOf(document: Json, schema: Json): readonly Json[] {
  const union = schema["anyOf"] ?? schema["oneOf"];
  if (Array.isArray(union)) {
    return union.flatMap((each) => branchesOf(document, resolved(document, each)));
  }
  const { type } = schema;
  if (!Array.isArray(type)) return [schema];
  return type.map((each: unknown) => Object.assign({}, schema, { type: each }));
}

interface Union {
  readonly olds: readonly Json[];
  readonly news: readonly Json[];
  readonly at: string;
}

/** Each branch that is written must fit one of those that are read. */
function unionBreaks(comparison: Comparison, { olds, news, at }: Union): string[] {
  const isRequest = comparison.direction === "request";
  const [written, read] = isRequest ? [olds, news] : [news, olds];
  return written.flatMap((each) => {
    const tries = read.map((other) => {
      const [before, after] = isRequest ? [each, other] : [other, each];
      // Nothing of a try that fails may be taken for compared.
      const seen = new Set(comparison.seen);
      return simpleBreaks({ ...comparison, seen }, { before, after, at });
    });
    if (tries.some((found) => found.length === 0)) return [];
    const what = nameOf(each);
    return [isRequest ? `${at}: no longer takes ${what}` : `${at}: may be ${what} now`];
  });
}

function nameOf(schema: Json): string {
  const { type, properties } = schema;
  const values = valuesOf(schema);
  if (values !== undefined) return values.map((value) => JSON.stringify(value)).join(" or ");
  if (type !== "object") return typeof type === "string" ? type : "anything";
  return `{${Object.keys(asJson(properties)).join(", ")}}`;
}

function simpleBreaks(comparison: Comparison, pair: Pair): string[] {
  return [
    ...typeBreaks(comparison, pair),
    ...valueBreaks(comparison, pair),
    ...limitBreaks(comparison, pair),
    ...objectBreaks(comparison, pair),
    ...itemBreaks(comparison, pair),
    ...partBreaks(comparison, pair),
  ];
}

function typeBreaks({ direction }: Comparison, { before, after, at }: Pair): string[] {
  const [was, is] = [before["type"], after["type"]];
  const [written, read] = direction === "request" ? [was, is] : [is, was];
  if (written === read || read === undefined) return [];
  if (written === "integer" && read === "number") return [];
  return [`${at}: the type was ${nameOfType(was)} and is ${nameOfType(is)}`];
}

const nameOfType = (type: unknown): string => (typeof type === "string" ? type : "anything");

function valuesOf(schema: Json): readonly unknown[] | undefined {
  if ("const" in schema) return [schema["const"]];
  const values = schema["enum"];
  return Array.isArray(values) ? values : undefined;
}

const list = (values: readonly unknown[]): string =>
  values.map((value) => JSON.stringify(value)).join(", ");

function valueBreaks({ direction }: Comparison, { before, after, at }: Pair): string[] {
  const [was, is] = [valuesOf(before), valuesOf(after)];
  const [written, read] = direction === "request" ? [was, is] : [is, was];
  if (read === undefined) return [];
  if (written === undefined) {
    const only = direction === "request" ? "takes nothing but" : "is no longer one of";
    return [`${at}: ${only} ${list(read)}`];
  }
  const lost = written.filter((value) => !read.includes(value));
  if (lost.length === 0) return [];
  return [`${at}: ${direction === "request" ? "no longer takes" : "may be"} ${list(lost)}`];
}

const LOWER = ["minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"];
const UPPER = ["maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"];
const EXACT = ["pattern", "format", "multipleOf", "contentEncoding"];

function number(schema: Json, name: string, none: number): number {
  const value = schema[name];
  return typeof value === "number" ? value : none;
}

/** In responses only the form of a value counts: nobody relies on how long a text can get. */
function limitBreaks({ direction }: Comparison, { before, after, at }: Pair): string[] {
  if (direction === "response") {
    const [was, is] = [before["format"], after["format"]];
    const isOther = was !== undefined && was !== is && after["type"] === before["type"];
    return isOther ? [`${at}: is no longer of the format ${JSON.stringify(was)}`] : [];
  }
  return [
    ...LOWER.filter((name) => number(after, name, -Infinity) > number(before, name, -Infinity)),
    ...UPPER.filter((name) => number(after, name, Infinity) < number(before, name, Infinity)),
    ...EXACT.filter((name) => name in after && after[name] !== before[name]),
  ].map((name) => `${at}: ${name} is stricter`);
}

function objectBreaks(comparison: Comparison, { before, after, at }: Pair): string[] {
  const isRequest = comparison.direction === "request";
  const [was, is] = [asJson(before["properties"]), asJson(after["properties"])];
  const [due, dueNow] = [listOf(before["required"]), listOf(after["required"])];
  const names = Object.keys(was);
  const required = isRequest
    ? dueNow
        .filter((name) => !due.includes(name))
        .map((name) => `${at}.${String(name)}: is required now`)
    : due
        .filter((name) => !dueNow.includes(name) && String(name) in is)
        .map((name) => `${at}.${String(name)}: may be missing now`);
  return [
    ...required,
    ...names.filter((name) => !(name in is)).map((name) => `${at}.${name}: was removed`),
    ...names
      .filter((name) => name in is)
      .flatMap((name) =>
        schemaBreaks(comparison, {
          before: asJson(was[name]),
          after: asJson(is[name]),
          at: `${at}.${name}`,
        }),
      ),
    ...restBreaks(comparison, { before, after, at }),
  ];
}

/** Of names that are not listed. */
function restBreaks(comparison: Comparison, { before, after, at }: Pair): string[] {
  const [was, is] = [before["additionalProperties"], after["additionalProperties"]];
  if (isJson(was) && isJson(is)) {
    return schemaBreaks(comparison, { before: was, after: is, at: `${at}.*` });
  }
  const isClosed = comparison.direction === "request" && is === false && was !== false;
  return isClosed && after["type"] === "object" ? [`${at}: takes no other fields now`] : [];
}

function itemBreaks(comparison: Comparison, { before, after, at }: Pair): string[] {
  const [was, is] = [before["items"], after["items"]];
  const isSameTuple =
    JSON.stringify(before["prefixItems"]) === JSON.stringify(after["prefixItems"]);
  return [
    ...(isSameTuple ? [] : [`${at}: the items of the tuple changed`]),
    ...(isJson(was) && isJson(is)
      ? schemaBreaks(comparison, { before: was, after: is, at: `${at}[]` })
      : []),
  ];
}

function partBreaks(comparison: Comparison, { before, after, at }: Pair): string[] {
  const [was, is] = [listOf(before["allOf"]), listOf(after["allOf"])];
  if (was.length !== is.length) return [`${at}: is put together of other parts`];
  return was.flatMap((part, index) =>
    schemaBreaks(comparison, { before: asJson(part), after: asJson(is[index]), at }),
  );
}
