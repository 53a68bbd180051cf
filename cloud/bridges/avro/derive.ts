import type { EventDefinition } from "@clockleaf/shared/events/envelope.ts";
import {
  type EventShape,
  type FieldShape,
  type RecordShape,
  type Shape,
  shapeOf,
} from "./shape.ts";

/** A schema as it is written in an `.avsc`: a name seen before, or a definition. */
export type AvroSchema =
  | string
  | readonly AvroSchema[]
  | {
      readonly type: "record";
      readonly name: string;
      readonly namespace?: string;
      readonly version?: string;
      readonly fields: readonly AvroField[];
    }
  | { readonly type: "array"; readonly items: AvroSchema }
  | { readonly type: "map"; readonly values: AvroSchema };

export interface AvroField {
  readonly name: string;
  readonly type: AvroSchema;
  readonly doc?: string;
  readonly default?: unknown;
}

/**
 * The Avro record of an event, from its zod schema; the same value for the same definition. How what is mapped is told in
 * the README. Throws `config.invalid` naming the event and the path of what Avro has nothing for.
 */
export const deriveSchema = (definition: EventDefinition): AvroSchema =>
  schemaOfShape(shapeOf(definition));

export function schemaOfShape({
  fullName,
  version,
  metadata,
  dataField,
  data,
}: EventShape): AvroSchema {
  const defined = new Set<string>();
  return {
    type: "record",
    name: simple(fullName),
    namespace: fullName.slice(0, fullName.lastIndexOf(".")),
    version,
    fields: [
      { name: "eventMetadata", type: typeOf(metadata, defined) },
      { name: dataField, type: typeOf(data, defined) },
    ],
  };
}

function typeOf(shape: Shape, defined: Set<string>): AvroSchema {
  switch (shape.kind) {
    case "string":
    case "long":
    case "double":
    case "boolean":
      return shape.kind;
    case "nullable":
      return ["null", ...[typeOf(shape.inner, defined)].flat()];
    case "array":
      return { type: "array", items: typeOf(shape.items, defined) };
    case "map":
      return { type: "map", values: typeOf(shape.values, defined) };
    case "record":
      return recordType(shape, defined);
    case "union":
      return shape.branches.map(({ record }) => recordType(record, defined));
  }
}

/** Nested records inherit the namespace of the one around them. */
function recordType({ fullName, fields }: RecordShape, defined: Set<string>): AvroSchema {
  const name = simple(fullName);
  if (defined.has(name)) return name;
  defined.add(name);
  return { type: "record", name, fields: fields.map((field) => fieldType(field, defined)) };
}

const fieldType = (field: FieldShape, defined: Set<string>): AvroField => ({
  name: field.name,
  type: typeOf(field.shape, defined),
  ...(field.default === undefined ? {} : { default: field.default }),
  ...(field.doc === undefined ? {} : { doc: field.doc }),
});

const simple = (fullName: string): string => fullName.slice(fullName.lastIndexOf(".") + 1);
