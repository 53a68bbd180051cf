import { readFileSync, statSync } from "node:fs";
import { type Document, isMap, isPair, isScalar, isSeq, LineCounter, parseDocument } from "yaml";
import { z } from "zod";
import { PlatformError } from "./errors.ts";

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
  const result = schema.safeParse(toValue(document, source));
  if (result.success) return result.data;
  const problems = result.error.issues.flatMap((issue) => problemsOf(issue, schema));
  throw invalid(
    file,
    problems.map(({ path, key, message }) => {
      const shown = pathText(key === undefined ? path : [...path, key]);
      return render(
        source,
        offsetOf(document, path, key),
        shown === "" ? message : `${shown}: ${message}`,
      );
    }),
  );
}

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

/** The keys that an object at `path` of the schema may have. */
function knownKeys(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  let at: z.core.$ZodType[] = [schema];
  for (const step of path) at = at.flatMap((candidate) => stepInto(candidate, step));
  return at
    .flatMap(unwrap)
    .flatMap((candidate) => (candidate instanceof z.ZodObject ? Object.keys(candidate.shape) : []));
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

/** The schemas behind optional, default, pipe and union. */
function unwrap(schema: z.core.$ZodType): z.core.$ZodType[] {
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

function suggest(key: string, known: readonly string[]): string {
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
