/** Whether two plain values say the same; a field that is undefined says nothing. Deciders may not ask Node for it. */
export function isSameValue(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].every((key) => isSameValue(fieldOf(a, key), fieldOf(b, key)));
}

const fieldOf = (value: object, key: string): unknown => Reflect.get(value, key);
