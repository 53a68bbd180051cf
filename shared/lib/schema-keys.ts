import { z } from "zod";

/** The schemas that a value at `path` may have; several where a union is on the way, none where the path leads nowhere. */
export function schemasAt(schema: z.ZodType, path: readonly PropertyKey[]): z.core.$ZodType[] {
  let at: z.core.$ZodType[] = [schema];
  for (const step of path) at = at.flatMap((candidate) => stepInto(candidate, step));
  return at;
}

/** The keys that an object at `path` of the schema may have. */
export function knownKeys(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  const keys = schemasAt(schema, path)
    .flatMap(unwrap)
    .flatMap((candidate) => (candidate instanceof z.ZodObject ? Object.keys(candidate.shape) : []));
  return [...new Set(keys)];
}

/** The schemas behind optional, default, pipe and union. */
export function unwrap(schema: z.core.$ZodType): z.core.$ZodType[] {
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodReadonly
  ) {
    return unwrap(schema.def.innerType);
  }
  if (schema instanceof z.ZodPipe) return unwrap(schema.def.in);
  if (schema instanceof z.ZodUnion) return schema.options.flatMap(unwrap);
  return [schema];
}

function stepInto(schema: z.core.$ZodType, step: PropertyKey): z.core.$ZodType[] {
  return unwrap(schema).flatMap((inner) => {
    if (inner instanceof z.ZodObject) {
      const child: unknown = inner.shape[String(step)];
      return child instanceof z.ZodType ? [child] : [];
    }
    if (inner instanceof z.ZodArray) return [inner.element];
    if (inner instanceof z.ZodRecord) return [inner.valueType];
    return [];
  });
}

/** What somebody may have meant by `key`: the nearest known one when it is near, else all there are; "" when none is known. */
export function suggest(key: string, known: readonly string[]): string {
  const ranked = known
    .map((name) => ({ name, edits: editDistance(key.toLowerCase(), name.toLowerCase()) }))
    .toSorted((a, b) => a.edits - b.edits);
  const nearest = ranked[0];
  if (nearest === undefined) return "";
  const isNear = nearest.edits <= Math.max(1, Math.floor(nearest.name.length / 2));
  return isNear ? `; did you mean "${nearest.name}"?` : `; known here: ${known.join(", ")}`;
}

/** Levenshtein distance. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const substitution = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min((previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, substitution));
    }
    previous = row;
  }
  return previous[b.length] ?? 0;
}
