import type { z } from "zod";
import { PRESETS } from "../presets/catalogue.ts";
import type { BookParts, PolicyGroup } from "./parts.ts";
import {
  faultsOf,
  isRecord,
  layOver,
  listsAt,
  NAMED_LISTS,
  nameOf,
  type Patch,
  type RuleInput,
  spellPath,
} from "./patch.ts";

/** Something a rule book cannot mean, and where it says so. */
export interface BookFault {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** A group or preset without what it extends. */
export interface Layer {
  readonly extends: readonly string[];
  readonly patch: Patch;
}
export type Layers = ReadonlyMap<string, Layer>;

type Groups = BookParts["groups"];

/** The presets and the groups of a book. */
export function layersOf(groups: Groups): Layers {
  const layers = new Map<string, Layer>();
  for (const [name, { rules, extends: above }] of PRESETS) {
    layers.set(name, { extends: above, patch: { remove: new Map(), input: { ...rules } } });
  }
  for (const [name, group] of Object.entries(groups)) layers.set(name, layerOf(group));
  return layers;
}

function layerOf({ extends: above, remove, ...rest }: PolicyGroup): Layer {
  const { description: _description, ...input } = rest;
  const names = new Map<string, ReadonlySet<string>>();
  for (const [key, removed] of Object.entries(remove)) {
    for (const path of listsAt(key)) {
      names.set(path, new Set([...(names.get(path) ?? []), ...removed]));
    }
  }
  return { extends: above, patch: { remove: names, input } };
}

/**
 * The order in which groups are laid over each other. What a group extends comes before it, but only once: a second group
 * that extends the same base does not undo what was laid over that base. A group that is named itself is always laid.
 */
export function orderOf(layers: Layers, used: readonly string[]): readonly string[] {
  const order: string[] = [];
  const seen = new Set<string>();
  const addBase = (name: string): void => {
    if (seen.has(name)) return;
    seen.add(name);
    for (const base of layers.get(name)?.extends ?? []) addBase(base);
    order.push(name);
  };
  for (const name of used) {
    if (seen.has(name)) order.push(name);
    addBase(name);
  }
  return order;
}

/** What is written once all groups are laid over each other. */
export function inputOf(layers: Layers, order: readonly string[]): RuleInput {
  let input: RuleInput = {};
  for (const name of order) {
    const layer = layers.get(name);
    if (layer !== undefined) input = layOver(input, layer.patch);
  }
  return input;
}

/** Each group alone, with what it extends, must be a rule set that holds. */
export function faultsOfGroups(groups: Groups): readonly BookFault[] {
  const layers = layersOf(groups);
  const faults: BookFault[] = [];
  for (const [name, group] of Object.entries(groups)) {
    const wiring = [...faultsOfName(name), ...faultsOfBases(name, layers)];
    faults.push(...wiring, ...faultsOfRemoval(name, group, layers));
    if (wiring.length === 0) faults.push(...faultsOfRules(name, layers));
  }
  return faults;
}

const faultsOfName = (name: string): readonly BookFault[] =>
  PRESETS.has(name)
    ? [{ path: ["groups", name], message: `"${name}" is a preset; give the group another name` }]
    : [];

function faultsOfBases(name: string, layers: Layers): readonly BookFault[] {
  const bases = layers.get(name)?.extends ?? [];
  return bases.flatMap((base, index) => {
    const path = ["groups", name, "extends", index];
    if (bases.indexOf(base) < index) return [{ path, message: `"${base}" is extended twice` }];
    if (!layers.has(base)) return [{ path, message: unknownName(base) }];
    const way = wayTo(name, base, layers);
    return way === null ? [] : [{ path, message: `extends itself: ${[name, ...way].join(" → ")}` }];
  });
}

/** From `from` along what is extended to `target`; null if it is not reached. */
function wayTo(target: string, from: string, layers: Layers): readonly string[] | null {
  const seen = new Set<string>();
  const search = (name: string): readonly string[] | null => {
    if (name === target) return [name];
    if (seen.has(name)) return null;
    seen.add(name);
    for (const base of layers.get(name)?.extends ?? []) {
      const way = search(base);
      if (way !== null) return [name, ...way];
    }
    return null;
  };
  return search(from);
}

export const unknownName = (name: string): string =>
  `no group or preset is named "${name}"; presets are ${[...PRESETS.keys()].join(", ")}`;

function faultsOfRemoval(name: string, group: PolicyGroup, layers: Layers): readonly BookFault[] {
  return Object.entries(group.remove).flatMap(([key, names]): readonly BookFault[] => {
    const lists = listsAt(key);
    const path = ["groups", name, "remove", key];
    if (lists.length === 0) {
      return [{ path, message: `has no named policies; lists are ${NAMED_LISTS.join(", ")}` }];
    }
    const known = new Set([...layers.values()].flatMap(({ patch }) => namesIn(patch.input, lists)));
    return names.flatMap((removed, index) =>
      known.has(removed)
        ? []
        : [{ path: [...path, index], message: `no group or preset has a "${removed}" there` }],
    );
  });
}

const namesIn = (input: RuleInput, lists: readonly string[]): readonly string[] =>
  lists.flatMap((path) => {
    let value: unknown = input;
    for (const key of path.split(".")) value = isRecord(value) ? value[key] : undefined;
    return Array.isArray(value) ? value.flatMap((item) => nameOf(item) ?? []) : [];
  });

function faultsOfRules(name: string, layers: Layers): readonly BookFault[] {
  const input = inputOf(layers, orderOf(layers, [name]));
  const own = layers.get(name)?.patch.input ?? {};
  return (faultsOf(input) ?? []).map((issue) => {
    const path = ownPath(issue.path, input, own);
    return {
      path: ["groups", name, ...(path ?? ["extends"])],
      message: spellIssue(issue, input),
    };
  });
}

/** `overtime.policies[Daily].tiers: must rise`. */
export function spellIssue({ path, message }: z.core.$ZodIssue, input: RuleInput): string {
  return path.length === 0 ? message : `${spellPath(path, input)}: ${message}`;
}

/** The same place in what the group itself says: a policy stands elsewhere in its own list. Null if it is inherited. */
function ownPath(
  path: readonly PropertyKey[],
  input: RuleInput,
  own: RuleInput,
): readonly PropertyKey[] | null {
  const found: PropertyKey[] = [];
  let theirs: unknown = input;
  let ours: unknown = own;
  for (const key of path) {
    theirs = at(theirs, key);
    // merging keeps the policies themselves, so a policy of its own is found as the very object
    const place = Array.isArray(ours) && nameOf(theirs) !== null ? ours.indexOf(theirs) : key;
    if (place === -1) return null;
    ours = at(ours, place);
    // what is missing altogether has no place of its own: its parent has
    if (ours === undefined && theirs !== undefined) return null;
    found.push(place);
    if (ours === undefined) break;
  }
  return found;
}

const at = (value: unknown, key: PropertyKey): unknown =>
  typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
