import { readFileSync, statSync } from "node:fs";
import { type Document, isMap, isPair, isScalar, isSeq, LineCounter, parseDocument } from "yaml";
import type { z } from "zod";
import { PlatformError } from "./errors.ts";
import { knownKeys, suggest } from "./schema-keys.ts";

/** No configuration is larger; a wrong path to a log or a device must not fill the memory. */
const MAX_CONFIG_BYTES = 1024 * 1024;
const MAX_PROBLEMS = 20;

/**
 * Reads a YAML 1.2 file and parses it by `schema`, which should be strict so that a misspelt key is an error.
 *
 * Throws `config.unreadable` if the file cannot be read, and `config.invalid` with one paragraph per problem, ready
 * to print: `file:line:col: path: message`, the source line and a caret; an unknown key names the nearest known one.
 */
export function loadYamlConfig<S extends z.ZodType>(file: string, schema: S): z.output<S> {
  return parseYamlConfig(readConfigText(file), schema, file);
}

/** The same for text already in memory; `file` is what the problems are reported under. */
export function parseYamlConfig<S extends z.ZodType>(
  text: string,
  schema: S,
  file: string,
): z.output<S> {
  return parseOverriddenConfig(text, schema, { file, overrides: () => [] });
}

/** A value that comes from elsewhere and wins over the file's. */
export interface Override {
  /** What people call the place it comes from: the name of a variable. */
  readonly origin: string;
  readonly path: readonly (string | number)[];
  readonly value: unknown;
}

export interface OverriddenFile {
  readonly file: string;
  /** From what the file says to what is to be said instead, each in turn. Throws `config.invalid`. */
  readonly overrides: (fromFile: unknown) => readonly Override[];
}

/** The same with values of the file replaced. A problem in such a value is reported under its `origin`. */
export function parseOverriddenConfig<S extends z.ZodType>(
  text: string,
  schema: S,
  { file, overrides: overridesOf }: OverriddenFile,
): z.output<S> {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    logLevel: "error",
  });
  const source: Source = { file, text, lines };
  const syntax = [...document.errors, ...document.warnings];
  if (syntax.length > 0) {
    throw invalid(
      file,
      syntax.map((error) => render(source, error.pos[0], error.message)),
    );
  }
  const fromFile = toValue(document, source);
  const overrides = overridesOf(fromFile);
  const result = schema.safeParse(overrides.reduce<unknown>(withOverride, fromFile));
  if (result.success) return result.data;
  const problems = result.error.issues.flatMap((issue) => problemsOf(issue, schema));
  throw invalid(
    file,
    problems.map(({ path, key, message }) => {
      const whole = key === undefined ? path : [...path, key];
      const shown = pathText(whole);
      const said = shown === "" ? message : `${shown}: ${message}`;
      const override = overrides.findLast((each) => covers(each.path, whole));
      if (override !== undefined) return `${override.origin}: ${said}`;
      return render(source, offsetOf(document, path, key), said);
    }),
  );
}

const covers = (path: readonly PropertyKey[], of: readonly PropertyKey[]): boolean =>
  path.every((step, index) => step === of[index]);

/** A copy of `value` with one place of it replaced; objects and lists on the way are made where there are none. */
function withOverride(value: unknown, { path, value: replacement }: Override): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return replacement;
  const inner = { origin: "", path: rest, value: replacement };
  if (typeof step === "number") {
    const list: unknown[] = Array.isArray(value) ? [...value] : [];
    list[step] = withOverride(list[step], inner);
    return list;
  }
  const fields: Record<string, unknown> = isFields(value) ? { ...value } : {};
  return { ...fields, [step]: withOverride(fields[step], inner) };
}

const isFields = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Throws `config.unreadable`, also for what is too large to be a configuration. */
export function readConfigText(file: string): string {
  try {
    const { size } = statSync(file);
    if (size > MAX_CONFIG_BYTES) throw new Error(`${size} bytes, limit ${MAX_CONFIG_BYTES}`);
    return readFileSync(file, "utf8");
  } catch (error) {
    const reason = error instanceof Error ? error.message : "unknown reason";
    throw new PlatformError("config.unreadable", `cannot read ${file}: ${reason}`, {
      cause: error,
    });
  }
}

function invalid(file: string, problems: readonly string[]): PlatformError {
  const shown = problems.slice(0, MAX_PROBLEMS);
  if (problems.length > shown.length) shown.push(`… and ${problems.length - shown.length} more`);
  return new PlatformError("config.invalid", shown.join("\n"), { details: { file } });
}

interface Source {
  readonly file: string;
  readonly text: string;
  readonly lines: LineCounter;
}

/** Aliases that expand without end are refused by the parser here, with an error that has no position. */
function toValue(document: Document, source: Source): unknown {
  try {
    return document.toJS() ?? {};
  } catch (error) {
    const message = error instanceof Error ? error.message : "cannot be read";
    throw invalid(source.file, [render(source, 0, message)]);
  }
}

function render(source: Source, offset: number, message: string): string {
  const { line, col } = source.lines.linePos(offset);
  const text = source.text.split(/\r?\n/u)[line - 1] ?? "";
  const number = String(line).padStart(5);
  // Tabs stay tabs in front of the caret, so that it stands under its character on every terminal.
  const indent = text.slice(0, col - 1).replaceAll(/[^\t]/gu, " ");
  return [
    `${source.file}:${line}:${col}: ${message}`,
    `${number} | ${text}`,
    `${" ".repeat(number.length)} | ${indent}^`,
  ].join("\n");
}

/** Where to point: at the value; at the key if the key itself is wrong; at the enclosing key if something is missing. */
function offsetOf(document: Document, path: readonly PropertyKey[], key?: string): number {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const step of key === undefined ? path : [...path, key]) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === step);
      if (!isPair(pair)) return offset;
      offset = startOf(pair.key) ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(step)];
      offset = startOf(node) ?? offset;
    } else {
      return offset;
    }
  }
  return key === undefined ? (startOf(node) ?? offset) : offset;
}

function startOf(node: unknown): number | undefined {
  if (!isScalar(node) && !isMap(node) && !isSeq(node)) return undefined;
  return node.range?.[0];
}

function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((step, index) =>
      typeof step === "number" ? `[${step}]` : `${index === 0 ? "" : "."}${String(step)}`,
    )
    .join("");
}

interface Problem {
  readonly path: readonly PropertyKey[];
  /** Set when the key itself is at fault. */
  readonly key?: string;
  readonly message: string;
}

function problemsOf(issue: z.core.$ZodIssue, schema: z.ZodType): Problem[] {
  const { path } = issue;
  if (issue.code === "unrecognized_keys") {
    const known = knownKeys(schema, path);
    return issue.keys.map((key) => ({ path, key, message: `unknown key${suggest(key, known)}` }));
  }
  if (issue.code === "invalid_union" && issue.errors.length > 0) {
    return unionProblems(issue.errors, path, schema);
  }
  return [{ path, message: issue.message.replace(/^Invalid input: /u, "") }];
}

/** Of a union's alternatives the one that came closest speaks; if none got past its first value, all do. */
function unionProblems(
  alternatives: ReadonlyArray<readonly z.core.$ZodIssue[]>,
  path: readonly PropertyKey[],
  schema: z.ZodType,
): Problem[] {
  const inside = alternatives.filter((issues) => issues.some((issue) => issue.path.length > 0));
  const closest = inside.toSorted((a, b) => a.length - b.length)[0];
  if (closest !== undefined) {
    return closest.flatMap((issue) =>
      problemsOf({ ...issue, path: [...path, ...issue.path] }, schema),
    );
  }
  const messages = alternatives
    .flat()
    .map((issue) => issue.message.replace(/^Invalid input: /u, ""));
  return [{ path, message: [...new Set(messages)].join(", or ") }];
}
