import { type EventDefinition, metadataSchema } from "@clockleaf/shared/events/envelope.ts";
import { majorOf } from "@clockleaf/shared/events/upcasters.ts";
import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { z } from "zod";
import { GIVEN_FIELDS, RECORD_NAMES, WHOLE_RECORDS } from "./record-names.ts";

/** A zod schema, reduced to what Avro tells apart; the schema and the conversion of values are both read off it. */
export type Shape =
  | { readonly kind: "string" | "long" | "double" | "boolean" }
  /** To Avro both are null; on the way back it is null again where that was allowed, else absent. */
  | {
      readonly kind: "nullable";
      readonly inner: Shape;
      readonly mayBeNull: boolean;
      readonly mayBeAbsent: boolean;
    }
  | { readonly kind: "array"; readonly items: Shape }
  | { readonly kind: "map"; readonly values: Shape }
  | RecordShape
  | { readonly kind: "union"; readonly key: string; readonly branches: readonly Branch[] };

export interface RecordShape {
  readonly kind: "record";
  /** With its namespace. */
  readonly fullName: string;
  readonly fields: readonly FieldShape[];
}

export interface FieldShape {
  readonly name: string;
  readonly doc?: string;
  readonly shape: Shape;
  /** What a reader takes for records without the field; undefined = they cannot be read. */
  readonly default: unknown;
}

/** One alternative of a discriminated union: the record, and what stands in the union's key. */
interface Branch {
  readonly tag: string;
  readonly record: RecordShape;
}

export interface EventShape {
  readonly fullName: string;
  readonly version: string;
  readonly metadata: RecordShape;
  /** `<entity>Data` */
  readonly dataField: string;
  readonly data: RecordShape;
}

/**
 * The shape of an event's Avro record. Throws `config.invalid` naming the event and the path of what Avro cannot express:
 * a schema of ours that nobody could send is a fault to find in the build.
 */
export function shapeOf(definition: EventDefinition): EventShape {
  const { domain, type, version } = definition;
  const name = recordNameOf(definition);
  const place: Place = {
    namespace: `com.hr.${domain}.events`,
    event: name,
    path: [],
    names: new Map(),
  };
  const entity = pascal(type.split(".")[1] ?? "");
  return {
    fullName: `${place.namespace}.${name}`,
    version,
    metadata: recordOf(metadataSchema, "EventMetadata", { ...place, path: ["metadata"] }),
    dataField: `${entity.charAt(0).toLowerCase()}${entity.slice(1)}Data`,
    data: recordOf(objectOf(definition.data, place), WHOLE_RECORDS[name] ?? `${name}Data`, place),
  };
}

/** A new major version is another record and so another subject: nobody can read both with one schema. */
export function recordNameOf({ name, version }: EventDefinition): string {
  const major = majorOf(version);
  return major <= 1 ? name : `${name}V${major}`;
}

interface Place {
  readonly namespace: string;
  readonly event: string;
  readonly path: readonly string[];
  /** What each name of this schema stands for: two records of one name would be one to a reader. */
  readonly names: Map<string, z.core.$ZodType>;
}

function objectOf(schema: z.core.$ZodType, place: Place): z.ZodObject {
  if (schema instanceof z.ZodObject) return schema;
  throw unsupported(place, `data is ${kindOf(schema)}, not an object`);
}

function recordOf(schema: z.ZodObject, name: string, place: Place): RecordShape {
  const known = place.names.get(name);
  if (known !== undefined && known !== schema) {
    throw unsupported(place, `a second record is called ${name}`);
  }
  place.names.set(name, schema);
  const { catchall, shape } = schema.def;
  if (catchall !== undefined && !(catchall instanceof z.ZodNever)) {
    throw unsupported(place, "an object with fields of any name has to be a record");
  }
  const given = GIVEN_FIELDS[name] ?? [];
  const others = Object.keys(shape).filter((each) => !given.includes(each));
  const fields = [...given, ...others].map((each) => {
    const inner = { ...place, path: [...place.path, each] };
    const value = shape[each];
    if (value === undefined) throw unsupported(inner, "was promised and is gone");
    return fieldOf(value, { name: each, isGiven: given.includes(each) }, inner);
  });
  return { kind: "record", fullName: `${place.namespace}.${name}`, fields };
}

function fieldOf(
  schema: z.core.$ZodType,
  { name, isGiven }: { readonly name: string; readonly isGiven: boolean },
  place: Place,
): FieldShape {
  const doc = isGiven ? undefined : docOf(schema);
  const shape = shapeAt(schema, place);
  return {
    name,
    ...(doc === undefined ? {} : { doc }),
    shape,
    default: defaultOf(schema, shape, place),
  };
}

function docOf(schema: z.core.$ZodType): string | undefined {
  const own = z.globalRegistry.get(schema)?.description;
  return own ?? (isWrapper(schema) ? docOf(schema.def.innerType) : undefined);
}

type Wrapper = z.ZodOptional | z.ZodNullable | z.ZodDefault;

const isWrapper = (schema: z.core.$ZodType): schema is Wrapper =>
  schema instanceof z.ZodOptional ||
  schema instanceof z.ZodNullable ||
  schema instanceof z.ZodDefault;

/** Lists and maps may be missing, and literals are what they are: with a default they can come and go. */
function defaultOf(schema: z.core.$ZodType, shape: Shape, place: Place): unknown {
  if (schema instanceof z.ZodDefault) {
    const value = schema.def.defaultValue;
    if (isPlainDefault(value, shape)) return value;
    throw unsupported(place, "has a default that Avro cannot state");
  }
  if (shape.kind === "nullable") return null;
  if (shape.kind === "array") return [];
  if (shape.kind === "map") return {};
  return schema instanceof z.ZodLiteral ? schema.def.values[0] : undefined;
}

function isPlainDefault(value: unknown, shape: Shape): boolean {
  switch (shape.kind) {
    case "nullable":
      return value === null; // Avro: the default of a union is of its first branch.
    case "array":
      return Array.isArray(value) && value.length === 0;
    case "string":
      return typeof value === "string";
    case "boolean":
      return typeof value === "boolean";
    case "long":
    case "double":
      return typeof value === "number";
    case "map":
    case "record":
    case "union":
      return false;
  }
}

function shapeAt(schema: z.core.$ZodType, place: Place): Shape {
  if (schema instanceof z.ZodDefault) return shapeAt(schema.def.innerType, place);
  if (schema instanceof z.ZodOptional) return nullable(schema, { mayBeAbsent: true }, place);
  if (schema instanceof z.ZodNullable) return nullable(schema, { mayBeNull: true }, place);
  if (schema instanceof z.ZodObject) return recordOf(schema, nameAt(schema, place), place);
  if (schema instanceof z.ZodArray) {
    return { kind: "array", items: present(shapeAt(schema.def.element, place), place) };
  }
  if (schema instanceof z.ZodRecord) return mapOf(schema, place);
  if (schema instanceof z.ZodDiscriminatedUnion) return unionOf(schema, place);
  if (schema instanceof z.ZodLiteral) return literalOf(schema, place);
  if (schema instanceof z.core.$ZodString) return { kind: "string" };
  if (schema instanceof z.ZodEnum) return enumOf(schema, place);
  if (schema instanceof z.ZodNumber) return { kind: schema.isInt ? "long" : "double" };
  if (schema instanceof z.ZodBoolean) return { kind: "boolean" };
  throw unsupported(place, `Avro has nothing for ${kindOf(schema)}`);
}

function nullable(
  schema: z.ZodOptional | z.ZodNullable,
  may: { readonly mayBeNull?: true; readonly mayBeAbsent?: true },
  place: Place,
): Shape {
  const inner = shapeAt(schema.def.innerType, place);
  const none = { mayBeNull: false, mayBeAbsent: false };
  return inner.kind === "nullable"
    ? { ...inner, ...may }
    : { kind: "nullable", inner, ...none, ...may };
}

/** In a list or a map something absent would come back as null. */
function present(shape: Shape, place: Place): Shape {
  if (shape.kind !== "nullable" || !shape.mayBeAbsent) return shape;
  throw unsupported(place, "an item may be absent");
}

function mapOf(schema: z.ZodRecord, place: Place): Shape {
  if (!(schema.def.keyType instanceof z.core.$ZodString)) {
    throw unsupported(place, "the keys of a map are any text");
  }
  return { kind: "map", values: present(shapeAt(schema.def.valueType, place), place) };
}

function unionOf(schema: z.ZodDiscriminatedUnion, place: Place): Shape {
  const { discriminator: key, options } = schema.def;
  const stem = nameAt(schema, place);
  const branches = options.map((option): Branch => {
    const tag = option instanceof z.ZodObject ? option.def.shape[key] : undefined;
    const value = tag instanceof z.ZodLiteral ? tag.def.values[0] : undefined;
    if (!(option instanceof z.ZodObject) || typeof value !== "string") {
      throw unsupported(place, "a branch of the union is not an object with a literal key");
    }
    const name = RECORD_NAMES.get(option) ?? `${stem}${pascal(value)}`;
    return { tag: value, record: recordOf(option, name, place) };
  });
  return { kind: "union", key, branches };
}

function literalOf(schema: z.ZodLiteral, place: Place): Shape {
  const [value, ...more] = schema.def.values;
  if (more.length > 0) throw unsupported(place, "a literal of several values has to be an enum");
  if (typeof value === "string") return { kind: "string" };
  if (typeof value === "boolean") return { kind: "boolean" };
  if (typeof value === "number") return { kind: Number.isSafeInteger(value) ? "long" : "double" };
  throw unsupported(place, "Avro has nothing for this literal");
}

function enumOf(schema: z.ZodEnum, place: Place): Shape {
  if (Object.values(schema.def.entries).every((value) => typeof value === "string")) {
    return { kind: "string" };
  }
  throw unsupported(place, "an enum has values that are no text");
}

const nameAt = (schema: z.core.$ZodType, { event, path }: Place): string =>
  RECORD_NAMES.get(schema) ?? `${event}${path.map(pascal).join("")}`;

const kindOf = (schema: z.core.$ZodType): string =>
  schema instanceof z.ZodType ? schema.type : "what zod/mini makes";

const pascal = (text: string): string =>
  text
    .split("-")
    .map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`)
    .join("");

function unsupported({ event, path }: Place, why: string): PlatformError {
  return new PlatformError("config.invalid", `${event}: ${["data", ...path].join(".")}: ${why}`, {
    details: { event, path: path.join(".") },
  });
}
