import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { knownKeys, schemasAt, suggest, unwrap } from "@clockleaf/shared/lib/schema-keys.ts";
import type { Override } from "@clockleaf/shared/lib/yaml-config.ts";
import { z } from "zod";

/**
 * Every key of the configuration can be set by a variable: `CLOCKLEAF_EDGE__NATS__SERVERS`. Two underscores go one level
 * down, a number names an entry of a list, and `RUNTIME_DIR` is `runtimeDir`.
 */
export const ENV_PREFIX = "CLOCKLEAF_EDGE__";
/** More entries than any list of the configuration has. */
const MAX_INDEX = 1_000;

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * What the environment says instead of `fromFile`, outer values before those inside them. Values are read by the type that
 * the schema has at their place: JSON for lists and objects. Throws `config.invalid` that names the variable.
 */
export function overridesFrom(
  env: Environment,
  schema: z.ZodType,
  fromFile: unknown,
): readonly Override[] {
  const variables = Object.entries(env)
    .filter(([name]) => name.startsWith(ENV_PREFIX))
    .toSorted(([a], [b]) => levelsOf(a) - levelsOf(b) || (a < b ? -1 : 1));
  const overrides: Override[] = [];
  for (const [origin, text = ""] of variables) {
    const path = pathOf(origin, schema);
    const twin = overrides.find((other) => JSON.stringify(other.path) === JSON.stringify(path));
    if (twin !== undefined) throw invalid(origin, `says the same as ${twin.origin}: unset one`);
    const value = valueOf(text, { origin, schemas: schemasAt(schema, path) });
    refuseGaps({ origin, path, value }, fromFile, overrides);
    overrides.push({ origin, path, value });
  }
  return overrides;
}

const levelsOf = (name: string): number => name.split("__").length;

function pathOf(name: string, schema: z.ZodType): (string | number)[] {
  const steps = name.slice(ENV_PREFIX.length).split("__");
  const path: (string | number)[] = [];
  for (const [depth, step] of steps.entries()) {
    const here = schemasAt(schema, path).flatMap(unwrap);
    const known = knownKeys(schema, path);
    const key = known.find((each) => plain(each) === plain(step));
    if (key !== undefined) path.push(key);
    else if (isIndex(step) && here.some((each) => each instanceof z.ZodArray || isOpen(each))) {
      path.push(Number(step));
    } else if (step !== "" && known.length === 0 && here.length > 0 && here.every(isOpen)) {
      path.push(camelCase(step));
    } else throw unknown(name, steps.slice(0, depth), known);
  }
  return path;
}

/** Where the schema leaves the keys to the values. */
const isOpen = (schema: z.core.$ZodType): boolean =>
  schema instanceof z.ZodUnknown || schema instanceof z.ZodAny || schema instanceof z.ZodRecord;

const isIndex = (step: string): boolean => /^\d{1,4}$/.test(step) && Number(step) <= MAX_INDEX;

/** `RUNTIME_DIR` and `runtimeDir` are the same name. */
const plain = (name: string): string => name.replaceAll(/[_-]/gu, "").toLowerCase();

const camelCase = (name: string): string =>
  name.toLowerCase().replaceAll(/_([a-z0-9])/gu, (_, letter: string) => letter.toUpperCase());

const screaming = (key: string): string =>
  key.replaceAll(/([a-z0-9])([A-Z])/gu, "$1_$2").toUpperCase();

function unknown(name: string, before: readonly string[], known: readonly string[]): PlatformError {
  const lead = [ENV_PREFIX.slice(0, -2), ...before].join("__");
  const names = known.map((key) => `${lead}__${screaming(key)}`);
  const hint = names.length === 0 ? `; ${lead} has no keys of its own` : suggest(name, names);
  return invalid(name, `unknown variable${hint}`);
}

interface Place {
  readonly origin: string;
  readonly schemas: readonly z.core.$ZodType[];
}

/** The first reading of `text` that the schema takes; when it takes none, the one it can say most about. */
function valueOf(text: string, { origin, schemas }: Place): unknown {
  const json = jsonOf(text);
  const readings = [...(json === undefined ? [] : [json.value]), text];
  const fits = (value: unknown): boolean =>
    schemas.some((schema) => z.safeParse(schema, value).success);
  const fitting = readings.findIndex(fits);
  if (fitting >= 0) return readings[fitting];
  const wantsMany = schemas
    .flatMap(unwrap)
    .every((schema) => schema instanceof z.ZodArray || schema instanceof z.ZodObject);
  if (json === undefined && wantsMany) throw invalid(origin, 'not JSON, such as ["a"] or {"a":1}');
  return readings[0];
}

function jsonOf(text: string): { readonly value: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return { value };
  } catch {
    return undefined;
  }
}

/** Lists have no holes: a new entry comes right behind the last one. */
function refuseGaps(
  { origin, path }: Override,
  fromFile: unknown,
  overrides: readonly Override[],
): void {
  for (const [depth, step] of path.entries()) {
    if (typeof step !== "number") continue;
    const list = path.slice(0, depth);
    const length = lengthOf(list, fromFile, overrides);
    if (step <= length) continue;
    throw invalid(origin, `the list has ${length} entries; the next one is number ${length}`);
  }
}

function lengthOf(
  list: readonly (string | number)[],
  fromFile: unknown,
  overrides: readonly Override[],
): number {
  let length = entriesAt(fromFile, list);
  for (const { path, value } of overrides) {
    const isAround = path.every((step, index) => step === list[index]);
    if (isAround && path.length <= list.length) length = entriesAt(value, list.slice(path.length));
    const entry = path[list.length];
    const isInside = list.every((step, index) => step === path[index]);
    if (isInside && typeof entry === "number") length = Math.max(length, entry + 1);
  }
  return length;
}

function entriesAt(value: unknown, path: readonly (string | number)[]): number {
  let at: unknown = value;
  for (const step of path) {
    if (typeof at !== "object" || at === null) return 0;
    at = Object.entries(at).find(([key]) => key === String(step))?.[1];
  }
  return Array.isArray(at) ? at.length : 0;
}

const invalid = (origin: string, message: string): PlatformError =>
  new PlatformError("config.invalid", `${origin}: ${message}`);
