/** As much of JSON Schema (2020-12) as `config schema` uses. */
export interface JsonSchema {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema | boolean;
  readonly oneOf?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
  readonly default?: unknown;
  readonly description?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
}

export type Step = string | number;
export type Path = readonly Step[];

/** `lines[0].settings.reader`, as problems name it. */
export const pathText = (path: Path): string =>
  path
    .map((step) => (typeof step === "number" ? `[${step}]` : `.${step}`))
    .join("")
    .replace(/^\./u, "");

/** The alternatives of a union; undefined for anything else. */
export const variantsOf = (schema: JsonSchema): readonly JsonSchema[] | undefined =>
  schema.oneOf ?? schema.anyOf;

/** What people choose a variant by: its fixed value, the one key it needs, or its type. */
export function variantName(variant: JsonSchema): string {
  if (variant.const !== undefined) return plain(variant.const);
  const properties = Object.entries(variant.properties ?? {});
  const [, fixed] = properties.find(([, each]) => each.const !== undefined) ?? [];
  if (fixed !== undefined) return plain(fixed.const);
  const [, several] =
    properties.find(
      ([key, each]) => each.enum !== undefined && variant.required?.includes(key) === true,
    ) ?? [];
  if (several?.enum !== undefined) return several.enum.map(plain).join(", ");
  const [first] = properties;
  if (variant.required?.length === 1) return variant.required[0] ?? "";
  if (first !== undefined) return first[0];
  return variant.type === "null" ? "none" : (variant.type ?? "other");
}

const plain = (value: unknown): string =>
  typeof value === "string" ? value : JSON.stringify(value);

/** Index of the alternative that a value is meant to be, also while it is not yet right; -1 = none. */
export function variantOf(variants: readonly JsonSchema[], value: unknown): number {
  const scores = variants.map((variant) => likeness(variant, value));
  const best = Math.max(...scores);
  return best > 0 ? scores.indexOf(best) : -1;
}

function likeness(variant: JsonSchema, value: unknown): number {
  if (variant.const !== undefined) return variant.const === value ? 2 : 0;
  if (isRecord(value)) {
    const properties = Object.entries(variant.properties ?? {});
    const isOther = properties.some(
      ([key, each]) =>
        (each.const !== undefined && each.const !== value[key]) ||
        (each.enum !== undefined && key in value && !each.enum.includes(value[key])),
    );
    if (isOther) return 0;
    return properties.filter(([key]) => key in value).length;
  }
  if (variant.enum !== undefined) return variant.enum.includes(value) ? 1 : 0;
  return typeName(value) === (variant.type === "integer" ? "number" : variant.type) ? 1 : 0;
}

/** The schema of what lies at `path`, unions decided by what is there; undefined where the schema knows nothing. */
export function schemaAt(schema: JsonSchema, value: unknown, path: Path): JsonSchema | undefined {
  const [step, ...rest] = path;
  if (step === undefined) return schema;
  const variants = variantsOf(schema);
  if (variants !== undefined) {
    const chosen = variants[variantOf(variants, value)];
    return chosen === undefined ? undefined : schemaAt(chosen, value, path);
  }
  const inner =
    typeof step === "number"
      ? typeof schema.items === "object"
        ? schema.items
        : undefined
      : schema.properties?.[step];
  return inner === undefined ? undefined : schemaAt(inner, valueAt(value, [step]), rest);
}

export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((at, step) => {
    if (Array.isArray(at) && typeof step === "number") return at[step];
    return isRecord(at) && Object.hasOwn(at, step) ? at[step] : undefined;
  }, value);
}

/**
 * The least that this schema asks for, to be filled in by a person: required keys only, the first of several ways. What
 * identifies a reader gets `reader` as its name.
 */
export function draftOf(schema: JsonSchema, reader: string, key = ""): unknown {
  if (schema.const !== undefined) return schema.const;
  const [first] = variantsOf(schema) ?? [];
  if (first !== undefined) return draftOf(first, reader, key);
  if (schema.enum !== undefined) return schema.enum[0];
  switch (schema.type) {
    case "object":
      return Object.fromEntries(
        Object.entries(schema.properties ?? {})
          .filter(
            ([name]) =>
              schema.required?.includes(name) === true || (name === "reader" && reader !== ""),
          )
          .map(([name, each]) => [name, draftOf(each, reader, name)]),
      );
    case "array":
      return (schema.minItems ?? 0) > 0 && typeof schema.items === "object"
        ? [draftOf(schema.items, reader, key)]
        : [];
    case "boolean":
      return false;
    case "null":
      return null;
    case "integer":
    case "number":
      return schema.minimum ?? 0;
    default:
      return key === "reader" || key === "id" ? reader : "";
  }
}

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function typeName(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}
