/** One difference between two JSON values. */
export interface Difference {
  /** JSON Pointer (RFC 6901); empty = the whole. */
  readonly pointer: string;
  /** Null also where there was nothing. */
  readonly before: unknown;
  readonly after: unknown;
}

/**
 * What tells two plain JSON values apart, as deep down as it goes, in the order of `after`. An element of a list is told from
 * the one at the same place; what came into being or went is told as a whole, but of the whole value field by field.
 */
export function differencesOf(before: unknown, after: unknown): Difference[] {
  if (before === null && isFields(after)) return between({}, after, "");
  if (after === null && isFields(before)) return between(before, {}, "");
  return between(before, after, "");
}

function between(before: unknown, after: unknown, pointer: string): Difference[] {
  if (Array.isArray(before) && Array.isArray(after)) {
    const length = Math.max(before.length, after.length);
    return Array.from({ length }, (_, index) =>
      between(before[index] ?? null, after[index] ?? null, `${pointer}/${index}`),
    ).flat();
  }
  if (isFields(before) && isFields(after)) {
    const names = new Set([...Object.keys(after), ...Object.keys(before)]);
    return [...names].flatMap((name) =>
      between(valueOf(before, name), valueOf(after, name), `${pointer}/${escaped(name)}`),
    );
  }
  return Object.is(before, after) ? [] : [{ pointer, before, after }];
}

const isFields = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const valueOf = (fields: Readonly<Record<string, unknown>>, name: string): unknown =>
  Object.hasOwn(fields, name) ? fields[name] : null;

const escaped = (name: string): string => name.replaceAll("~", "~0").replaceAll("/", "~1");
