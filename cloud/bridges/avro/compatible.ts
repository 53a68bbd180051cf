import avro, { type Type } from "avsc";

const { types } = avro;

/**
 * Why `after` may not follow `before` under the rule FULL: each has to read what the other wrote. One sentence each, naming
 * the field and the rule; empty if it may. A text that is no schema is incompatible.
 */
export function incompatibilities(before: string, after: string): string[] {
  const backward = unreadable(before, after).map((why) => `${why} (the new one reads the old)`);
  const forward = unreadable(after, before).map((why) => `${why} (the old one reads the new)`);
  return [...new Set([...backward, ...forward])];
}

/** Why a reader with one schema cannot read what was written by the other. avsc decides; the sentences are ours. */
export function unreadable(writer: string, reader: string): string[] {
  let writing: Type;
  let reading: Type;
  try {
    [writing, reading] = [typeOfText(writer), typeOfText(reader)];
  } catch (error) {
    return [`not a schema: ${messageOf(error)}`];
  }
  try {
    reading.createResolver(writing);
    return [];
  } catch (error) {
    const found = reasons(writing, reading, [reading.name ?? ""]);
    return found.length > 0 ? found : [messageOf(error)];
  }
}

const typeOfText = (text: string): Type => avro.Type.forSchema(JSON.parse(text));
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : "unknown");

type Path = readonly string[];

const MAX_DEPTH = 64;

/** Avro 1.11, "Schema Resolution", read for people. */
function reasons(writer: Type, reader: Type, path: Path): string[] {
  if (path.length > MAX_DEPTH) return [];
  const at = path.filter((step) => step !== "").join(".");
  if (isUnion(writer) || isUnion(reader)) return unionReasons(writer, reader, path);
  if (writer instanceof types.RecordType && reader instanceof types.RecordType) {
    return recordReasons(writer, reader, path);
  }
  if (writer instanceof types.ArrayType && reader instanceof types.ArrayType) {
    return reasons(writer.itemsType, reader.itemsType, [...path, "[]"]);
  }
  if (writer instanceof types.MapType && reader instanceof types.MapType) {
    return reasons(writer.valuesType, reader.valuesType, [...path, "{}"]);
  }
  if (resolves(writer, reader)) return [];
  if (writer instanceof types.EnumType && reader instanceof types.EnumType) {
    const lost = writer.symbols.filter((symbol) => !reader.symbols.includes(symbol));
    return [`${at}: the symbols ${lost.join(", ")} are unknown and the enum has no default`];
  }
  return [`${at}: ${nameOf(writer)} cannot be read as ${nameOf(reader)}`];
}

type Union = InstanceType<typeof types.UnwrappedUnionType | typeof types.WrappedUnionType>;

const isUnion = (type: Type): type is Union =>
  type instanceof types.UnwrappedUnionType || type instanceof types.WrappedUnionType;

const branchesOf = (type: Type): readonly Type[] => (isUnion(type) ? type.types : [type]);

/** Each branch that may have been written needs one that reads it. */
function unionReasons(writer: Type, reader: Type, path: Path): string[] {
  const readers = branchesOf(reader);
  return branchesOf(writer).flatMap((branch) => {
    if (readers.some((each) => resolves(branch, each))) return [];
    const alike = readers.find((each) => nameOf(each) === nameOf(branch));
    if (alike !== undefined) return reasons(branch, alike, path);
    const choice = readers.map(nameOf).join(", ");
    return [`${path.join(".")}: ${nameOf(branch)} is none of what may stand here: ${choice}`];
  });
}

function recordReasons(
  writer: InstanceType<typeof types.RecordType>,
  reader: InstanceType<typeof types.RecordType>,
  path: Path,
): string[] {
  const own = [reader.name, ...(reader.aliases ?? [])];
  if (!own.includes(writer.name)) {
    return [
      `${path.join(".")}: ${nameOf(writer)} was renamed to ${nameOf(reader)} without an alias`,
    ];
  }
  return reader.fields.flatMap((field) => {
    const written = writer.fields.find(({ name }) => [field.name, ...field.aliases].includes(name));
    const inner = [...path, field.name];
    if (written !== undefined) return reasons(written.type, field.type, inner);
    if (field.defaultValue() !== undefined) return [];
    return [`${inner.join(".")}: comes or goes without a default`];
  });
}

function resolves(writer: Type, reader: Type): boolean {
  try {
    reader.createResolver(writer);
    return true;
  } catch {
    return false;
  }
}

const nameOf = (type: Type): string => type.name ?? type.typeName;
