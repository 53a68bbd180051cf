import { z } from "zod";

// What the schema of the rules says of itself: the rule book composes by it, and the table of all rules is made from it.

type Schema = z.core.$ZodType;

/** A schema without what is wrapped around it, and what the wrapping said. */
export interface Peeled {
  readonly core: Schema;
  /** Absent = there is none. In the schema's own output, or as somebody would write it. */
  readonly fallback: { readonly value: unknown; readonly as: "output" | "input" } | null;
  readonly isOptional: boolean;
  readonly isNullable: boolean;
  readonly description: string | null;
  /** What the parts of rules call it, such as `duration`. */
  readonly unit: string | null;
}

/** Takes defaults, optionality and transforms off. Of two descriptions the outer one holds. */
export function peel(schema: Schema): Peeled {
  const layers = [schema];
  for (let inner = innerOf(schema); inner !== null; inner = innerOf(inner)) layers.push(inner);
  const metas = layers.map((layer) => z.globalRegistry.get(layer));
  const unit = metas.map((meta) => meta?.["unit"]).find((said) => typeof said === "string");
  return {
    core: layers.at(-1) ?? schema,
    fallback: layers.map(fallbackOf).find((fallback) => fallback !== null) ?? null,
    isOptional: layers.some((layer) => layer instanceof z.ZodOptional),
    isNullable: layers.some((layer) => layer instanceof z.ZodNullable),
    description: metas.map((meta) => meta?.description).find((said) => said !== undefined) ?? null,
    unit: unit ?? null,
  };
}

function fallbackOf(schema: Schema): Peeled["fallback"] {
  if (schema instanceof z.ZodDefault) return { value: schema.def.defaultValue, as: "output" };
  if (schema instanceof z.ZodPrefault) return { value: schema.def.defaultValue, as: "input" };
  return null;
}

function innerOf(schema: Schema): Schema | null {
  const isWrapper =
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodReadonly;
  if (isWrapper) return schema.def.innerType;
  if (!(schema instanceof z.ZodPipe)) return null;
  return schema.def.in instanceof z.ZodTransform ? schema.def.out : schema.def.in;
}

/** One of the objects that a value may be. */
export interface Kind {
  /** The value that tells it from the others, and the key it stands at; null = there is only one kind. */
  readonly kind: string | null;
  readonly by: string | null;
  readonly shape: Readonly<z.core.$ZodShape>;
  readonly description: string | null;
}

/** The objects that a value may be; none if it is no object. */
export function kindsOf(schema: Schema): readonly Kind[] {
  const { core, description } = peel(schema);
  if (core instanceof z.ZodObject)
    return [{ kind: null, by: null, shape: core.def.shape, description }];
  if (!(core instanceof z.ZodUnion)) return [];
  const by = core instanceof z.ZodDiscriminatedUnion ? core.def.discriminator : null;
  return core.def.options.flatMap((option) =>
    kindsOf(option).map(({ kind, shape, description: said }): Kind => {
      return { kind: by === null ? kind : literalOf(shape[by]), by, shape, description: said };
    }),
  );
}

function literalOf(schema: Schema | undefined): string | null {
  const core = schema === undefined ? null : peel(schema).core;
  return core instanceof z.ZodLiteral ? core.def.values.map(String).join(" or ") : null;
}

/** How a part of the rules is composed with what is inherited. */
export type Composition =
  /** What comes later stands in the place of what was. */
  | { readonly how: "replace" }
  | { readonly how: "by-key"; readonly keys: Readonly<Record<string, Composition>> }
  /** Any keys, each composed alike. */
  | { readonly how: "by-any-key"; readonly each: Composition }
  /** A list of policies told apart by `name`. */
  | { readonly how: "by-name" };

/**
 * Objects are composed key by key, lists of named policies by name; everything else, and whatever may be null or be one of
 * several kinds, is replaced as a whole, because half of one choice and half of another make none.
 */
export function compositionOf(schema: Schema): Composition {
  const { core, isNullable } = peel(schema);
  if (isNullable) return { how: "replace" };
  if (core instanceof z.ZodObject) {
    const keys = Object.entries(core.def.shape).map(
      ([key, part]) => [key, compositionOf(part)] as const,
    );
    return { how: "by-key", keys: Object.fromEntries(keys) };
  }
  if (core instanceof z.ZodRecord)
    return { how: "by-any-key", each: compositionOf(core.def.valueType) };
  if (core instanceof z.ZodArray) {
    const kinds = kindsOf(core.def.element);
    if (kinds.length > 0 && kinds.every(({ shape }) => "name" in shape)) return { how: "by-name" };
  }
  return { how: "replace" };
}

/** The paths, such as `overtime.policies`, of all lists of named policies. */
export function namedLists(composition: Composition, path = ""): readonly string[] {
  if (composition.how === "by-name") return [path];
  if (composition.how !== "by-key") return [];
  return Object.entries(composition.keys).flatMap(([key, part]) =>
    namedLists(part, path === "" ? key : `${path}.${key}`),
  );
}
