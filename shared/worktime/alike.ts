// Values made of plain data, as facts, rules and workdays are.

/** Whether two values made of plain data are alike; a property that is undefined is as good as none. */
export function isSameValue(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) return isSameList(a, b);
  const [first, second]: [object, object] = [a, b];
  const keys = definedKeys(first);
  if (keys.length !== definedKeys(second).length) return false;
  return keys.every((key) => isSameValue(valueAt(first, key), valueAt(second, key)));
}

function isSameList(a: object, b: object): boolean {
  if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
  return a.every((each, index) => isSameValue(each, b[index]));
}

const valueAt = (of: object, key: string): unknown =>
  Object.hasOwn(of, key) ? Reflect.get(of, key) : undefined;
const definedKeys = (of: object): string[] =>
  Object.keys(of).filter((key) => Reflect.get(of, key) !== undefined);

/** Spells a value the same way whatever order its properties were set in, without those that are undefined. */
export function storyOf(value: unknown): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "";
  if (Array.isArray(value)) return `[${value.map(storyOf).join()}]`;
  return `{${Object.entries(value)
    .filter(([, part]) => part !== undefined)
    .toSorted(([x], [y]) => (x < y ? -1 : 1))
    .map(([key, part]) => `${key}:${storyOf(part)}`)
    .join()}}`;
}
