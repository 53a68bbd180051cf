import { storyOf } from "../alike.ts";
import { type RuleSet, type Rules, type RuleVersion, ruleSetSchema } from "../rules.ts";
import {
  type AssignmentIndex,
  assignmentsOf,
  changeDays,
  holdsOn,
  indexOf,
  type Placed,
  type Who,
} from "./assignments.ts";
import { usedBy } from "./combinations.ts";
import { inputOf, type Layers, layersOf, orderOf, spellIssue } from "./groups.ts";
import type { BookParts } from "./parts.ts";
import { faultsOf, type RuleInput } from "./patch.ts";

/** More policy groups over each other than this hold nobody's rules together; a workday names no more either. */
export const MOST_GROUPS = 64;

/** The rules that groups make when they are laid over each other, or why they make none. */
export type Composed =
  | { readonly set: RuleSet; readonly groups: readonly string[]; readonly problem: null }
  | { readonly set: null; readonly problem: string };

const NOTHING_ASSIGNED: Omit<RuleVersion, "from"> = { set: ruleSetSchema.parse({}), groups: [] };

/** Makes rules of a book and remembers them: what is made of the same groups is one object, however many people use it. */
export class Resolver {
  readonly #layers: Layers;
  readonly #index: AssignmentIndex;
  readonly #composed = new Map<string, Composed>();
  readonly #sets = new Map<string, RuleSet>();
  readonly #rules = new Map<string, Rules>();

  constructor({ groups, assignments }: BookParts) {
    this.#layers = layersOf(groups);
    this.#index = indexOf(assignments);
  }

  composed(used: readonly string[]): Composed {
    const order = orderOf(this.#layers, used);
    const key = order.join("+");
    let composed = this.#composed.get(key);
    if (composed === undefined) {
      composed = this.#compose(order);
      this.#composed.set(key, composed);
    }
    return composed;
  }

  #compose(order: readonly string[]): Composed {
    const groups = [...new Set(order)];
    if (groups.length > MOST_GROUPS) {
      return { set: null, problem: `more than ${MOST_GROUPS} policy groups over each other` };
    }
    const input = inputOf(this.#layers, order);
    const faults = faultsOf(input);
    if (faults === null) return { set: this.#setOf(input), groups, problem: null };
    return { set: null, problem: faults.map((fault) => spellIssue(fault, input)).join("; ") };
  }

  /** Groups in another order, or laid twice, may come to the same. */
  #setOf(input: RuleInput): RuleSet {
    const story = storyOf(input);
    const set = this.#sets.get(story) ?? ruleSetSchema.parse(input);
    this.#sets.set(story, set);
    return set;
  }

  rulesFor(who: Who): Rules {
    const assignments = assignmentsOf(this.#index, who);
    const key = assignments.map(({ index }) => index).join();
    let rules = this.#rules.get(key);
    if (rules === undefined) {
      rules = this.#versions(assignments);
      this.#rules.set(key, rules);
    }
    return rules;
  }

  /** The first version begins with 1970, when the first punch can have been made. */
  #versions(assignments: readonly Placed[]): Rules {
    const first = this.#versionFrom(0, assignments);
    const more: RuleVersion[] = [];
    for (const day of changeDays(assignments)) {
      if (day <= 0) continue;
      const version = this.#versionFrom(day, assignments);
      const before = more.at(-1) ?? first;
      if (!isSame(version, before)) more.push(version);
    }
    return { versions: [first, ...more] };
  }

  #versionFrom(from: number, assignments: readonly Placed[]): RuleVersion {
    const holding = assignments.filter((placed) => holdsOn(placed, from));
    const composed = this.composed(usedBy(holding));
    if (composed.set !== null) return { from, set: composed.set, groups: composed.groups };
    return { from, ...this.#withoutWhatClashes(holding) };
  }

  /**
   * A combination that could not be foreseen when the book was loaded (three groups of people, two sites): every assignment
   * that contradicts those below it is left out, and the version says so. What everyone has was checked, so it stays.
   */
  #withoutWhatClashes(holding: readonly Placed[]): Omit<RuleVersion, "from"> {
    const kept: Placed[] = [];
    const out: string[] = [];
    let reason = "";
    let best = NOTHING_ASSIGNED;
    for (const placed of holding) {
      const composed = this.composed(usedBy([...kept, placed]));
      if (composed.set === null) {
        out.push(...placed.use);
        reason ||= composed.problem;
      } else {
        kept.push(placed);
        best = { set: composed.set, groups: composed.groups };
      }
    }
    const problem = `without ${out.join(", ")}, which contradict the rest: ${reason}`.slice(0, 300);
    return { ...best, problem };
  }
}

const isSame = (a: RuleVersion, b: RuleVersion): boolean =>
  a.set === b.set && a.problem === b.problem && a.groups.join() === b.groups.join();
