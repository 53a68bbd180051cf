import { PRESETS } from "../presets/catalogue.ts";
import { type RuleSet, ruleSetSchema } from "../rules.ts";
import { assignmentsOf, holdsOn, indexOf, type Placed, type Who } from "./assignments.ts";
import { inputOf, layersOf, orderOf } from "./groups.ts";
import type { BookParts } from "./parts.ts";

/** A group or preset as it is written, and what it comes to with everything it extends. */
export interface DescribedGroup {
  readonly name: string;
  /** A preset ships with the engine; a group stands in the book. */
  readonly kind: "group" | "preset";
  readonly description: string;
  /** In the order in which they are laid over each other, without itself. */
  readonly extends: readonly string[];
  /** Of a preset: where its figures come from. */
  readonly sources: readonly string[];
  /** What it says itself. */
  readonly written: Readonly<Record<string, unknown>>;
  /** Everything that holds where it alone is used; lengths of time in seconds. */
  readonly rules: RuleSet;
}

/** Names of groups and presets, in order; of presets only those the book builds on, unless all are wanted. */
export function groupNames({ groups, assignments }: BookParts, withAllPresets: boolean): string[] {
  const layers = layersOf(groups);
  const used = [...Object.keys(groups), ...assignments.flatMap(({ use }) => use)];
  const names = withAllPresets ? [...PRESETS.keys(), ...used] : orderOf(layers, used);
  return [...new Set(names)].filter((name) => layers.has(name)).toSorted();
}

/** Undefined for a name that neither the book nor a preset has. */
export function describeGroup({ groups }: BookParts, name: string): DescribedGroup | undefined {
  const layers = layersOf(groups);
  if (!layers.has(name)) return undefined;
  const order = orderOf(layers, [name]);
  const group = Object.hasOwn(groups, name) ? groups[name] : undefined;
  const preset = PRESETS.get(name);
  const { description: _description, extends: _extends, ...own } = group ?? {};
  return {
    name,
    kind: group === undefined ? "preset" : "group",
    description: group?.description ?? preset?.description ?? "",
    extends: order.filter((each) => each !== name),
    sources: preset?.sources ?? [],
    written: group === undefined ? { ...preset?.rules } : own,
    rules: ruleSetSchema.parse(inputOf(layers, order)),
  };
}

/** The assignments that hold for somebody on a day (epoch day): the weaker first. */
export function assignmentsOn(book: BookParts, who: Who, day: number): readonly Placed[] {
  return assignmentsOf(indexOf(book.assignments), who).filter((placed) => holdsOn(placed, day));
}
