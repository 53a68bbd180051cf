import { readFileSync, statSync } from "node:fs";
import { type Document, isMap, isPair, isScalar, isSeq, LineCounter, parseDocument } from "yaml";
import { z } from "zod";
import { PlatformError } from "./errors.ts";
import { knownKeys, suggest } from "./schema-keys.ts";

/** No configuration is larger; a wrong path to a log or a device must not fill the memory. */
const MAX_CONFIG_BYTES = 1024 * 1024;
const MAX_PROBLEMS = 20;

/** One thing that is wrong with a file, for programs that show it at its place; `config.invalid` has them in `details.problems`. */
export interface ConfigProblem {
  /** `lines[0].settings.pollMs`; "" = the file as a whole. */
  readonly path: string;
  /** Both from 1. */
  readonly line: number;
  readonly col: number;
  readonly message: string;
  /** Where the value comes from that is wrong, when that is not the file: the place in the file is then the nearest. */
  readonly origin?: string;
}

/** In one line what is wrong and where, without what the file says there: that may be a secret. */
export function problemLine(
  file: string,
  { path, line, col, message, origin }: ConfigProblem,
): string {
  const where = origin ?? `${file}:${line}:${col}`;
  return `${where}: ${path === "" ? message : `${path}: ${message}`}`;
}

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
      source,
      syntax.map((error) => problemAt(source, error.pos[0], { path: "", message: error.message })),
    );
  }
  const fromFile = toValue(document, source);
  const overrides = overridesOf(fromFile);
  const result = schema.safeParse(overrides.reduce<unknown>(withOverride, fromFile));
  if (result.success) return result.data;
  const problems = result.error.issues.flatMap((issue) => problemsOf(issue, schema));
  throw invalid(
    source,
    problems.map(({ path, key, message }) => {
      const whole = key === undefined ? path : [...path, key];
      const override = overrides.findLast((each) => covers(each.path, whole));
      return problemAt(source, offsetOf(document, path, key), {
        path: pathText(whole),
        message,
        ...(override === undefined ? {} : { origin: override.origin }),
      });
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

function invalid(source: Source, problems: readonly ConfigProblem[]): PlatformError {
  const shown = problems.slice(0, MAX_PROBLEMS).map((problem) => render(source, problem));
  if (problems.length > shown.length) shown.push(`… and ${problems.length - shown.length} more`);
  return new PlatformError("config.invalid", shown.join("\n"), {
    details: { file: source.file, problems: problems.slice(0, MAX_PROBLEMS) },
  });
}

/** What is wrong with the file that this error is about; empty when it does not say so item by item. */
export function configProblemsOf(error: unknown): readonly ConfigProblem[] {
  const problems: unknown = error instanceof PlatformError ? error.details["problems"] : undefined;
  const parsed = z.array(configProblemSchema).safeParse(problems);
  return parsed.success ? parsed.data : [];
}

const configProblemSchema = z.object({
  path: z.string(),
  line: z.int(),
  col: z.int(),
  message: z.string(),
  origin: z.string().exactOptional(),
});

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
    throw invalid(source, [problemAt(source, 0, { path: "", message })]);
  }
}

function problemAt(
  { lines }: Source,
  offset: number,
  what: Omit<ConfigProblem, "line" | "col">,
): ConfigProblem {
  return { ...what, ...lines.linePos(offset) };
}

function render(source: Source, problem: ConfigProblem): string {
  const { line, col, origin } = problem;
  if (origin !== undefined) return problemLine(source.file, problem);
  const text = source.text.split(/\r?\n/u)[line - 1] ?? "";
  const number = String(line).padStart(5);
  // Tabs stay tabs in front of the caret, so that it stands under its character on every terminal.
  const indent = text.slice(0, col - 1).replaceAll(/[^\t]/gu, " ");
  return [
    problemLine(source.file, problem),
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
