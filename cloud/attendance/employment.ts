import { dayOfDate } from "@clockleaf/shared/worktime/civil-time.ts";
import {
  type RuleSet,
  type Rules,
  type RuleVersion,
  ruleSetSchema,
  rulesOn,
} from "@clockleaf/shared/worktime/rules.ts";

/** Civil dates, both included; null = it goes on. */
export interface Employment {
  readonly from: string;
  readonly to: string | null;
}

/**
 * Rules under which nothing is planned outside somebody's employments, so that nobody is absent before the first day or
 * after the last. What is worked there all the same counts as it did. Equal histories give the same object.
 */
export function withinEmployment(rules: Rules, employments: readonly Employment[]): Rules {
  if (employments.length === 0) return rules;
  const key = JSON.stringify(employments);
  let known = KNOWN.get(rules);
  if (known === undefined) KNOWN.set(rules, (known = new Map<string, Rules>()));
  const bound = known.get(key) ?? bind(rules, employments);
  known.set(key, bound);
  return bound;
}
const KNOWN = new WeakMap<Rules, Map<string, Rules>>();

function bind(rules: Rules, employments: readonly Employment[]): Rules {
  const spans = employments.map(({ from, to }) => ({
    from: dayOfDate(from),
    to: to === null ? Number.POSITIVE_INFINITY : dayOfDate(to),
  }));
  const first = Math.min(...spans.map(({ from }) => from));
  const isEmployed = (day: number): boolean =>
    spans.some(({ from, to }) => from <= day && day <= to);
  const changes = new Set([
    ...rules.versions.map(({ from }) => from),
    ...spans.flatMap(({ from, to }) => [from, to + 1]),
  ]);
  const days = [...changes]
    .filter((day) => day > first && Number.isFinite(day))
    .toSorted((a, b) => a - b);
  const versionOn = (day: number): RuleVersion => {
    const version = rulesOn(rules, day);
    const set = isEmployed(day) ? version.set : withoutPlans(version.set);
    return { ...version, set, from: day };
  };
  return { versions: [versionOn(first), ...days.map(versionOn)] };
}

const { schedule: NOTHING_PLANNED } = ruleSetSchema.parse({});

function withoutPlans(set: RuleSet): RuleSet {
  let without = WITHOUT.get(set);
  if (without === undefined) {
    WITHOUT.set(set, (without = { ...set, schedule: NOTHING_PLANNED }));
  }
  return without;
}
const WITHOUT = new WeakMap<RuleSet, RuleSet>();
