import type { z } from "zod";
import { type Composition, compositionOf, namedLists } from "../rule-shape.ts";
import { ruleSetSchema } from "../rules.ts";

/** Part of a rule set as somebody writes it: whatever is left out is inherited. */
export type RuleInput = Readonly<Record<string, unknown>>;

/**
 * What a policy group does to the rules below it: takes policies out of their lists, then lays its own over the rest.
 * Patches compose: laying `compose(a, b)` over something is the same as laying `a` over it and then `b`.
 */
export interface Patch {
  /** Names that are taken out, by path of the list, such as `overtime.policies`. */
  readonly remove: ReadonlyMap<string, ReadonlySet<string>>;
  readonly input: RuleInput;
}

export const NO_PATCH: Patch = { remove: new Map(), input: {} };

const COMPOSITION = compositionOf(ruleSetSchema);

/** Paths of the lists whose policies have names. */
export const NAMED_LISTS: readonly string[] = namedLists(COMPOSITION);

/** The lists that a key of `remove` means: one list, or all of a section. */
export const listsAt = (key: string): readonly string[] =>
  NAMED_LISTS.filter((path) => path === key || path.startsWith(`${key}.`));

export function compose(below: Patch, above: Patch): Patch {
  const remove = new Map(below.remove);
  for (const [path, names] of above.remove) {
    remove.set(path, new Set([...(remove.get(path) ?? []), ...names]));
  }
  return { remove, input: layOver(below.input, above) };
}

/** `input` as it stands after a patch. Neither is changed. */
export function layOver(input: RuleInput, patch: Patch): RuleInput {
  let left: unknown = input;
  for (const [path, names] of patch.remove) left = without(left, path.split("."), names);
  const merged = merge(COMPOSITION, left, patch.input);
  return isRecord(merged) ? merged : {};
}

function without(
  value: unknown,
  [key, ...rest]: readonly string[],
  names: ReadonlySet<string>,
): unknown {
  if (key === undefined) {
    return Array.isArray(value) ? value.filter((item) => !names.has(nameOf(item) ?? "")) : value;
  }
  if (!isRecord(value) || value[key] === undefined) return value;
  return { ...value, [key]: without(value[key], rest, names) };
}

function merge(composition: Composition, below: unknown, above: unknown): unknown {
  if (above === undefined) return below;
  switch (composition.how) {
    case "replace":
      return above;
    case "by-name":
      return Array.isArray(below) && Array.isArray(above) ? mergeNamed(below, above) : above;
    case "by-key":
      return mergeKeys((key) => own(composition.keys, key), below, above);
    case "by-any-key":
      return mergeKeys(() => composition.each, below, above);
  }
}

function mergeKeys(
  of: (key: string) => Composition | undefined,
  below: unknown,
  above: unknown,
): unknown {
  if (!isRecord(below) || !isRecord(above)) return above;
  const keys = new Set([...Object.keys(below), ...Object.keys(above)]);
  return Object.fromEntries(
    [...keys].map((key) => [
      key,
      merge(of(key) ?? { how: "replace" }, own(below, key), own(above, key)),
    ]),
  );
}

/** Same name: replaced where it stands. New: appended. Two of one name in `above` stay two, for the schema to refuse. */
function mergeNamed(below: readonly unknown[], above: readonly unknown[]): readonly unknown[] {
  const names = above.map(nameOf);
  const used = new Set<number>();
  const kept = below.map((item) => {
    const name = nameOf(item);
    const at = name === null ? -1 : names.indexOf(name);
    if (at < 0) return item;
    used.add(at);
    return above[at];
  });
  return [...kept, ...above.filter((_, index) => !used.has(index))];
}

/** What a policy is called; null if it does not say. */
export function nameOf(policy: unknown): string | null {
  const name = isRecord(policy) ? policy["name"] : null;
  return typeof name === "string" ? name.trim() : null;
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const own = <T>(record: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(record, key) ? record[key] : undefined;

/** `overtime.policies[Daily].tiers[0].after`: a path as a person reads it. */
export function spellPath(path: readonly PropertyKey[], input: unknown): string {
  let value = input;
  let text = "";
  for (const key of path) {
    const next = isRecord(value) || Array.isArray(value) ? Reflect.get(value, key) : undefined;
    if (typeof key === "number") text += `[${nameOf(next) ?? key}]`;
    else text += text === "" ? String(key) : `.${String(key)}`;
    value = next;
  }
  return text;
}

/** What is wrong with rules, each with its path in `input`; null = nothing. */
export function faultsOf(input: RuleInput): readonly z.core.$ZodIssue[] | null {
  const { error } = ruleSetSchema.safeParse(input);
  return error === undefined ? null : error.issues;
}
