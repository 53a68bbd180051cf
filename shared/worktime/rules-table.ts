import { z } from "zod";
import { dateOf } from "./civil-time.ts";
import { EXCEPTIONS } from "./exceptions/catalogue.ts";
import { PRESETS } from "./presets/catalogue.ts";
import { bookPartsSchema } from "./rule-book/parts.ts";
import { whereSchema } from "./rule-parts.ts";
import { type Kind, kindsOf, type Peeled, peel } from "./rule-shape.ts";
import { ruleSetSchema } from "./rules.ts";

// The reference of all rules, made from their schema so that it cannot say anything else. README.md holds what it renders.

type Schema = z.core.$ZodType;

/** One parameter. Its path names kinds in brackets: `overtime.policies[daily].tiers[].after`. */
export interface Parameter {
  readonly path: string;
  readonly unit: string;
  readonly fallback: string;
  readonly meaning: string;
}

/** Every parameter of a rule set, in the order of the schema. What several kinds share is told once. */
export const parametersOfRules = (): readonly Parameter[] => parametersOf(ruleSetSchema, "");

/** Every parameter of a rule book but the rules in its groups. */
export const parametersOfBook = (): readonly Parameter[] => parametersOf(bookPartsSchema, "");

/** What `where` stands for wherever a rule has one. */
export const parametersOfWhere = (): readonly Parameter[] => parametersIn(whereSchema, "where");

/** Markdown: every rule parameter with unit, default and meaning. */
export const rulesTable = (): string =>
  markdown(["Parameter", "Unit or type", "Default", "Meaning"], parametersOfRules().map(rowOf));

/** Markdown: what a rule book is made of. */
export const ruleBookTable = (): string =>
  markdown(["Parameter", "Unit or type", "Default", "Meaning"], parametersOfBook().map(rowOf));

/** Markdown: every kind of exception as the catalogue has it. */
export const exceptionsTable = (): string =>
  markdown(
    ["Exception", "Family", "Raised when", "Severity", "On", "Tolerance", "Window"],
    Object.entries(EXCEPTIONS).map(([kind, entry]) => [
      code(kind),
      entry.family,
      entry.meaning,
      entry.defaultSeverity,
      entry.enabledByDefault ? "yes" : "no",
      entry.hasGrace ? spellLength(entry.defaultTolerance) : "",
      entry.hasWindow ? "yes" : "",
    ]),
  );

/** Markdown: every preset with what it holds and where its figures come from. */
export const presetsTable = (): string =>
  markdown(
    ["Preset", "Over", "What it holds", "Sources"],
    [...PRESETS.values()].map((preset) => [
      code(preset.name),
      preset.extends.map(code).join(", "),
      preset.description,
      preset.sources.join("; "),
    ]),
  );

/** Descriptions end with their unit, for readers who have nothing else; in a table it has a column. */
const UNIT_SAID_AGAIN =
  /\. (?:Choice|Code|Count|Date YYYY-MM-DD|Date|Days|Duration|List|Mode|Name|Number|Text|Time of day|Weeks|Yes or no)\.?$/;

const rowOf = ({ path, unit, fallback, meaning }: Parameter): readonly string[] => [
  code(path),
  unit,
  fallback,
  meaning.replace(UNIT_SAID_AGAIN, ""),
];

function markdown(head: readonly string[], rows: ReadonlyArray<readonly string[]>): string {
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

const line = (cells: readonly string[]): string =>
  `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;

const code = (text: string): string => `\`${text}\``;

/** A schema's own row, if it is a parameter of itself, and those of what it holds. */
function parametersOf(schema: Schema, path: string): readonly Parameter[] {
  const peeled = peel(schema);
  const isOwn =
    !(peeled.core instanceof z.ZodObject) ||
    peeled.isOptional ||
    peeled.isNullable ||
    fallbackOf(peeled) !== "" ||
    peeled.description !== null;
  const row: Parameter = {
    path,
    unit: unitOf(schema),
    fallback: fallbackOf(peeled),
    meaning: peeled.description ?? "",
  };
  return [...(isOwn && path !== "" ? [row] : []), ...parametersIn(schema, path)];
}

function parametersIn(schema: Schema, path: string): readonly Parameter[] {
  const { core, unit } = peel(schema);
  if (unit !== null && path !== unit) return [];
  if (core instanceof z.ZodArray) {
    const kinds = kindsOf(core.def.element);
    return kinds.length === 0 ? [] : parametersOfKinds(kinds, path, "[]");
  }
  if (core instanceof z.ZodRecord) return parametersIn(core.def.valueType, `${path}.*`);
  const kinds = kindsOf(schema);
  return kinds.length === 0 ? [] : parametersOfKinds(kinds, path, "");
}

/** Rows of each kind; rows that read the same for several kinds are one. */
function parametersOfKinds(
  kinds: readonly Kind[],
  path: string,
  one: string,
): readonly Parameter[] {
  const shared = new Map<string, { readonly row: Parameter; readonly of: string[] }>();
  for (const { kind, by, shape } of kinds) {
    for (const [key, part] of Object.entries(shape)) {
      if (key === by) continue;
      for (const row of parametersOf(part, key)) {
        const text = JSON.stringify(row);
        const known = shared.get(text) ?? { row, of: [] };
        known.of.push(kind ?? "");
        shared.set(text, known);
      }
    }
  }
  const isChoice = kinds.some(({ kind }) => kind !== null);
  const rows = [...shared.values()].map(({ row, of }): Parameter => {
    const some = of.length === kinds.length ? "*" : of.join(", ");
    const at = isChoice ? `${path}[${some}]` : `${path}${one}`;
    const { unit, fallback, meaning } = row;
    return { path: at === "" ? row.path : `${at}.${row.path}`, unit, fallback, meaning };
  });
  return [...kinds.flatMap((kind) => rowOfKind(kind, path)), ...rows];
}

function rowOfKind({ kind, by, shape, description }: Kind, path: string): readonly Parameter[] {
  if (kind === null || by === null) return [];
  const teller = shape[by];
  const said = teller === undefined ? null : peel(teller).description;
  const unit = code(`${by}: ${kind}`);
  return [{ path: `${path}[${kind}]`, unit, fallback: "", meaning: description ?? said ?? "" }];
}

function unitOf(schema: Schema): string {
  const { core, unit, isNullable } = peel(schema);
  return `${unit ?? typeOf(core)}${isNullable ? " or null" : ""}`;
}

function typeOf(core: Schema): string {
  if (core instanceof z.ZodNumber) return `number${rangeOf(core)}`;
  if (core instanceof z.ZodBoolean) return "yes/no";
  if (core instanceof z.ZodEnum) return core.options.map((value) => code(String(value))).join(", ");
  if (core instanceof z.ZodLiteral)
    return [...core.values].map((value) => code(String(value))).join(", ");
  if (core instanceof z.ZodArray) return `list of ${itemOf(core.def.element)}`;
  if (core instanceof z.ZodRecord) return `${itemOf(core.def.valueType)} by key`;
  if (core instanceof z.ZodISODate) return "date";
  if (core instanceof z.ZodString) return "text";
  if (core instanceof z.ZodDiscriminatedUnion) return `choice of \`${core.def.discriminator}\``;
  if (core instanceof z.ZodUnion) return core.def.options.map(optionOf).join(" or ");
  return "settings";
}

const optionOf = (option: Schema): string =>
  option instanceof z.ZodObject
    ? code(`{${Object.keys(option.def.shape).join()}}`)
    : typeOf(option);

function itemOf(schema: Schema): string {
  const names = kindsOf(schema).length > 0 && "name" in (kindsOf(schema)[0]?.shape ?? {});
  return names ? "named entries" : unitOf(schema);
}

function rangeOf({ minValue, maxValue }: z.ZodNumber): string {
  const [min, max] = [minValue, maxValue].map((bound) =>
    bound === null || Math.abs(bound) >= Number.MAX_SAFE_INTEGER ? null : bound,
  );
  if (min !== null && max !== null) return ` ${min}–${max}`;
  if (min !== null) return ` from ${min}`;
  return max === null ? "" : ` to ${max}`;
}

function fallbackOf({ core, fallback, isOptional, unit }: Peeled): string {
  if (fallback === null) return isOptional ? "–" : core instanceof z.ZodObject ? "" : "required";
  const { value, as } = fallback;
  const isBare = core instanceof z.ZodObject && JSON.stringify(value) === "{}";
  if (isBare) return "";
  if (typeof value === "number" && as === "output") return spellNumber(value, unit);
  return spellValue(value);
}

function spellNumber(value: number, unit: string | null): string {
  if (unit === "duration") return spellLength(value);
  if (unit === "time of day") return spellClock(value);
  return unit === "date" ? dateOf(value) : String(value);
}

function spellValue(value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (Array.isArray(value)) return value.length === 0 ? "none" : value.map(spellValue).join(", ");
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  return Object.entries(value)
    .map(([key, part]) => code(`${key}: ${spellValue(part)}`))
    .join(", ");
}

/** As one would write it in a rule: `1h 30min`. */
function spellLength(seconds: number): string {
  if (seconds === 0) return "0";
  const parts = [
    [Math.floor(seconds / 3600), "h"],
    [Math.floor((seconds % 3600) / 60), "min"],
    [seconds % 60, "s"],
  ] as const;
  return parts.flatMap(([amount, unit]) => (amount > 0 ? [`${amount}${unit}`] : [])).join(" ");
}

function spellClock(seconds: number): string {
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)];
  return `${String(hours).padStart(2, "0")}:${String(minutes).padStart(2, "0")}`;
}
