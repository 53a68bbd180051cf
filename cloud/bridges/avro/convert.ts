import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import type { RecordShape, Shape } from "./shape.ts";

/**
 * A value of ours as avsc takes it. Throws `bridge.poison` naming the path of what the shape has no place for: an
 * undeclared field, text that is no Unicode, a number that would come out as another. The message never holds the value.
 */
export function toAvro(shape: Shape, value: unknown, path: string): unknown {
  switch (shape.kind) {
    case "string":
      if (typeof value === "string" && value.isWellFormed()) return value;
      throw poison(path, "is not well-formed text");
    case "boolean":
      if (typeof value === "boolean") return value;
      throw poison(path, "is neither true nor false");
    case "long":
      return longOf(value, path);
    case "double":
      if (typeof value === "number" && Number.isFinite(value)) return value;
      throw poison(path, "is not a number");
    case "nullable":
      if (value === undefined && shape.mayBeAbsent) return null;
      if (value === null && shape.mayBeNull) return null;
      return toAvro(shape.inner, value, path);
    case "array":
      if (!Array.isArray(value)) throw poison(path, "is not a list");
      return value.map((item, index) => toAvro(shape.items, item, `${path}[${index}]`));
    case "map":
      return mapToAvro(shape.values, value, path);
    case "record":
      return recordToAvro(shape, value, path);
    case "union":
      return unionToAvro(shape, value, path);
  }
}

function longOf(value: unknown, path: string): number {
  if (typeof value !== "number" || !Number.isInteger(value)) {
    throw poison(path, "is not a whole number");
  }
  if (Number.isSafeInteger(value)) return value;
  throw poison(path, "is beyond ±2^53, where a number is no longer itself");
}

function mapToAvro(values: Shape, value: unknown, path: string): Record<string, unknown> {
  const entries = Object.entries(objectAt(value, path));
  return Object.fromEntries(
    entries.map(([key, each]) => {
      // avsc would set the prototype instead of an entry when it reads this one.
      if (!key.isWellFormed() || key === "__proto__")
        throw poison(path, "has a key that is no text");
      return [key, toAvro(values, each, `${path}.${key}`)];
    }),
  );
}

function recordToAvro(shape: RecordShape, value: unknown, path: string): Record<string, unknown> {
  const given = objectAt(value, path);
  const names = namesOf(shape);
  const undeclared = Object.keys(given).find(
    (name) => !names.has(name) && given[name] !== undefined,
  );
  if (undeclared !== undefined) throw poison(`${path}.${undeclared}`, "is not in the schema");
  const record: Record<string, unknown> = {};
  for (const { name, shape: inner } of shape.fields) {
    record[name] = toAvro(inner, given[name], `${path}.${name}`);
  }
  return record;
}

/** Of each shape, and there are as many as our schemas have: this is the way of every event. */
const fieldNames = new WeakMap<RecordShape, ReadonlySet<string>>();

function namesOf(shape: RecordShape): ReadonlySet<string> {
  const known = fieldNames.get(shape);
  if (known !== undefined) return known;
  const names = new Set(shape.fields.map(({ name }) => name));
  fieldNames.set(shape, names);
  return names;
}

function unionToAvro(
  { key, branches }: Extract<Shape, { kind: "union" }>,
  value: unknown,
  path: string,
): Record<string, unknown> {
  const given = objectAt(value, path);
  const branch = branches.find(({ tag }) => tag === given[key]);
  if (branch === undefined) throw poison(`${path}.${key}`, "names no branch of the union");
  return { [branch.record.fullName]: recordToAvro(branch.record, value, path) };
}

function objectAt(value: unknown, path: string): Readonly<Record<string, unknown>> {
  if (isObject(value)) return value;
  throw poison(path, "is not an object");
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function poison(path: string, why: string): PlatformError {
  return new PlatformError("bridge.poison", `${path} ${why}`, { details: { path } });
}

/**
 * What avsc read, as our events have it. Only for what avsc read by the schema of the same shape; what it says of values
 * (lengths, patterns) is for zod to check.
 */
export function fromAvro(shape: Shape, value: unknown): unknown {
  switch (shape.kind) {
    case "string":
    case "boolean":
    case "long":
    case "double":
      return value;
    case "nullable":
      if (value === null) return shape.mayBeNull ? null : undefined;
      return fromAvro(shape.inner, value);
    case "array":
      return listOf(value).map((item) => fromAvro(shape.items, item));
    case "map":
      return Object.fromEntries(
        entriesOf(value).map(([key, each]) => [key, fromAvro(shape.values, each)]),
      );
    case "record":
      return recordFromAvro(shape, value);
    case "union": {
      const [name, inner] = entriesOf(value)[0] ?? [];
      const branch = shape.branches.find(({ record }) => record.fullName === name);
      return branch && recordFromAvro(branch.record, inner);
    }
  }
}

function recordFromAvro(shape: RecordShape, value: unknown): Record<string, unknown> {
  const given = new Map(entriesOf(value));
  const entries = shape.fields.map(({ name, shape: inner }) => {
    return [name, fromAvro(inner, given.get(name))] as const;
  });
  return Object.fromEntries(entries.filter(([, each]) => each !== undefined));
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const entriesOf = (value: unknown): Array<[string, unknown]> =>
  isObject(value) ? Object.entries(value) : [];
