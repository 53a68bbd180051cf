import { z } from "zod";

type Schema = z.core.$ZodType;

/** Not the global registry: what is marked here stands in no contract. */
const SECRETS = z.registry<{ readonly isSecret: true }>();

/**
 * Marks a field of an event as something nobody is ever shown, such as a hash of what opens a door. The mark is on this very
 * schema, so it goes around everything else: `secret(z.string().describe(…))`.
 */
export function secret<S extends z.ZodType>(schema: S): S {
  SECRETS.add(schema, { isSecret: true });
  return schema;
}

/**
 * A copy of an event's data with `instead` in the place of every secret. Where there was none, null or nothing at all, it
 * stays: that there is a PIN is no secret.
 */
export function withoutSecrets(schema: Schema, value: unknown, instead: string): unknown {
  if (value === null || value === undefined) return value;
  if (SECRETS.has(schema)) return instead;
  const inner = innerOf(schema);
  if (inner !== undefined) return withoutSecrets(inner, value, instead);
  const within = (part: Schema, of: unknown) => withoutSecrets(part, of, instead);
  if (schema instanceof z.ZodUnion) {
    // Whichever it is: a field that is secret in one of them is shown in none.
    return schema.def.options.reduce<unknown>((left, option) => within(option, left), value);
  }
  if (schema instanceof z.ZodIntersection) {
    return within(schema.def.right, within(schema.def.left, value));
  }
  if (Array.isArray(value)) return withoutSecretsInList(schema, value, within);
  if (!isFields(value)) return value;
  const partOf = partsOf(schema);
  const fields = Object.entries(value).map(([name, of]): [string, unknown] => {
    const part = partOf(name);
    return [name, part === undefined ? of : within(part, of)];
  });
  return Object.fromEntries(fields);
}

/** Where the secrets of an event are, as paths such as `pin` or `keys[].sha256`: for tests that look for forgotten ones. */
export function secretsIn(schema: Schema, path = ""): readonly string[] {
  if (SECRETS.has(schema)) return [path];
  const inner = innerOf(schema);
  if (inner !== undefined) return secretsIn(inner, path);
  if (schema instanceof z.ZodUnion) {
    return [...new Set(schema.def.options.flatMap((option) => secretsIn(option, path)))];
  }
  if (schema instanceof z.ZodIntersection) {
    return [...secretsIn(schema.def.left, path), ...secretsIn(schema.def.right, path)];
  }
  if (schema instanceof z.ZodArray) return secretsIn(schema.def.element, `${path}[]`);
  if (schema instanceof z.ZodTuple) {
    return schema.def.items.flatMap((item) => secretsIn(item, `${path}[]`));
  }
  if (schema instanceof z.ZodRecord) return secretsIn(schema.def.valueType, `${path}{}`);
  if (!(schema instanceof z.ZodObject)) return [];
  return Object.entries(schema.def.shape).flatMap(([name, part]) =>
    secretsIn(part, path === "" ? name : `${path}.${name}`),
  );
}

function innerOf(schema: Schema): Schema | undefined {
  const isWrapper =
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodReadonly ||
    schema instanceof z.ZodCatch;
  if (isWrapper) return schema.def.innerType;
  // The data was parsed: it has the form of what comes out.
  if (schema instanceof z.ZodPipe) {
    return schema.def.out instanceof z.ZodTransform ? schema.def.in : schema.def.out;
  }
  return schema instanceof z.ZodLazy ? schema.def.getter() : undefined;
}

function withoutSecretsInList(
  schema: Schema,
  list: readonly unknown[],
  within: (part: Schema, of: unknown) => unknown,
): readonly unknown[] {
  if (schema instanceof z.ZodArray) return list.map((of) => within(schema.def.element, of));
  if (!(schema instanceof z.ZodTuple)) return list;
  const { items, rest } = schema.def;
  return list.map((of, index) => {
    const part = items[index] ?? rest;
    return part === null || part === undefined ? of : within(part, of);
  });
}

function partsOf(schema: Schema): (name: string) => Schema | undefined {
  if (schema instanceof z.ZodObject) {
    const shape: Readonly<z.core.$ZodShape> = schema.def.shape;
    return (name) => (Object.hasOwn(shape, name) ? shape[name] : undefined);
  }
  return () => (schema instanceof z.ZodRecord ? schema.def.valueType : undefined);
}

const isFields = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !ArrayBuffer.isView(value);
