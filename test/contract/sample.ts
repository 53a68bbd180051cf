import type { JsonSchema } from "./compatible.ts";

/** Texts that something in the catalogue takes; the first that fits is used. */
const TEXTS = [
  "e-1",
  "acme",
  "number-1",
  "+4915112345678",
  "2026-01-12",
  "2026-01",
  "2026-01-12T08:00:00Z",
  "2026-01-12T08:00:00",
  "08:00",
  "Europe/Berlin",
  "EUR",
  "DE",
  "de",
  "0e1cbe2b-5f0a-4b7e-8f2c-3f1d2a4b5c6d",
  "ada@example.org",
  "https://example.org/hook",
  "gw1-epoch00001-1",
  "employee.employee.created",
  "application/pdf",
  "a".repeat(64),
  "a".repeat(32),
  "0123456789abcdef",
  "DE89370400440532013000",
  "1.0",
  "12.50",
  "A text",
];

const isFormat: Readonly<Record<string, (text: string) => boolean>> = {
  uuid: (text) => text.length === 36,
  email: (text) => text.includes("@"),
  uri: (text) => text.startsWith("https:"),
  date: (text) => /^\d{4}-\d\d-\d\d$/.test(text),
  time: (text) => /^\d\d:\d\d/.test(text),
  "date-time": (text) => text.endsWith("Z"),
};

/** Something that fits the schema, with every field that may be there; always the same. */
export function sampleOf(schema: JsonSchema): unknown {
  if ("const" in schema) return schema["const"];
  const values = schema["enum"];
  if (Array.isArray(values)) return values[0];
  const union = schema["anyOf"] ?? schema["oneOf"];
  if (Array.isArray(union)) return sampleOf(union[0] as JsonSchema);
  switch (schema["type"]) {
    case "object":
      return objectOf(schema);
    case "array": {
      const count = Math.max(1, Number(schema["minItems"] ?? 0));
      return Array.from({ length: count }, () => sampleOf(schema["items"] as JsonSchema));
    }
    case "string":
      return textOf(schema);
    case "integer":
    case "number":
      return numberOf(schema);
    case "boolean":
      return true;
    case "null":
      return null;
    default:
      return "anything";
  }
}

/** What a schema does not say of fields of this name. */
const BY_NAME: Readonly<Record<string, unknown>> = { zone: "Europe/Berlin" };

function objectOf(schema: JsonSchema): Record<string, unknown> {
  const properties = Object.entries((schema["properties"] ?? {}) as Record<string, JsonSchema>);
  return Object.fromEntries(
    properties.map(([name, each]) => [name, BY_NAME[name] ?? sampleOf(each)]),
  );
}

function textOf(schema: JsonSchema): string {
  const { pattern, format } = schema as { pattern?: string; format?: string };
  const [least, most] = [Number(schema["minLength"] ?? 0), Number(schema["maxLength"] ?? Infinity)];
  const fits = (text: string): boolean =>
    (pattern === undefined || new RegExp(pattern, "u").test(text)) &&
    (isFormat[format ?? ""]?.(text) ?? true) &&
    text.length >= least &&
    text.length <= most;
  const found = TEXTS.find(fits);
  if (found === undefined) throw new Error(`no sample text for ${JSON.stringify(schema)}`);
  return found;
}

function numberOf(schema: JsonSchema): number {
  const least = Number(schema["minimum"] ?? Number(schema["exclusiveMinimum"] ?? -1) + 1);
  const most = Number(schema["maximum"] ?? Number.MAX_SAFE_INTEGER);
  return Math.min(Math.max(1, least), most);
}
