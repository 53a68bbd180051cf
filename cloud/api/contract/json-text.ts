const WIDTH = 110;

/** JSON for people and diffs: what fits on a line stands on one. The same value always gives the same text. */
export function jsonText(value: unknown): string {
  return `${textOf(value, "", WIDTH)}\n`;
}

function textOf(value: unknown, indent: string, room: number): string {
  const flat = JSON.stringify(value);
  if (flat.length <= room || typeof value !== "object" || value === null) return spaced(value);
  const inner = `${indent}  `;
  const roomOf = (key: string): number => WIDTH - inner.length - key.length - 1;
  if (Array.isArray(value)) {
    const lines = value.map((each) => `${inner}${textOf(each, inner, roomOf(""))}`);
    return `[\n${lines.join(",\n")}\n${indent}]`;
  }
  const lines = Object.entries(value).map(([name, each]) => {
    const key = `${JSON.stringify(name)}: `;
    return `${inner}${key}${textOf(each, inner, roomOf(key))}`;
  });
  return `{\n${lines.join(",\n")}\n${indent}}`;
}

/** On one line, with a space after commas and colons. */
function spaced(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(spaced).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const parts = Object.entries(value).map(
    ([key, each]) => `${JSON.stringify(key)}: ${spaced(each)}`,
  );
  return parts.length === 0 ? "{}" : `{ ${parts.join(", ")} }`;
}
