import { createHash } from "node:crypto";
import { storyOf } from "@clockleaf/shared/worktime/alike.ts";
import { dayOf } from "@clockleaf/shared/worktime/civil-time.ts";
import { type RuleBook, rulesFor } from "@clockleaf/shared/worktime/rule-book.ts";
import { type Rules, type RuleVersion, rulesOn } from "@clockleaf/shared/worktime/rules.ts";

/** Where somebody belongs from an instant on: what rules are assigned by. */
export interface Place {
  /** UTC milliseconds; 0 = always. */
  readonly fromAt: number;
  readonly sites: readonly string[];
  /** Groups of people, not of policies. */
  readonly groups: readonly string[];
}

export interface PersonalRules {
  /**
   * The rules of somebody through time. Who moves to another site or group gets its rules from the civil day of the move
   * on; the days before stay under the rules of the place they were worked at. Equal histories give the same object.
   */
  of(employeeId: string, places: readonly Place[]): Rules;
}

const DAY_MS = 86_400_000;

interface Period {
  /** Epoch day. */
  readonly from: number;
  readonly rules: Rules;
}

export function createPersonalRules(book: RuleBook): PersonalRules {
  const numbers = new Map<Rules, number>();
  const joined = new Map<string, Rules>();
  const numberOf = (rules: Rules): number => {
    const number = numbers.get(rules) ?? numbers.size;
    numbers.set(rules, number);
    return number;
  };
  return {
    of(employeeId, places) {
      const periods = periodsOf(book, employeeId, places);
      const [only, ...moves] = periods;
      if (only === undefined) {
        return rulesFor(book, { personId: employeeId, sites: [], groups: [] });
      }
      if (moves.every(({ rules }) => rules === only.rules)) return only.rules;
      const key = periods.map(({ from, rules }) => `${from}:${numberOf(rules)}`).join();
      const rules = joined.get(key) ?? join(only, moves);
      joined.set(key, rules);
      return rules;
    },
  };
}

/** Of two places on one day the later holds. */
function periodsOf(book: RuleBook, personId: string, places: readonly Place[]): Period[] {
  const periods: Period[] = [];
  for (const { fromAt, sites, groups } of places.toSorted((a, b) => a.fromAt - b.fromAt)) {
    const rules = rulesFor(book, { personId, sites, groups });
    const { zone } = rulesOn(rules, Math.floor(fromAt / DAY_MS)).set;
    const from = periods.length === 0 ? 0 : dayOf(fromAt, zone);
    while ((periods.at(-1)?.from ?? -1) >= from) periods.pop();
    periods.push({ from, rules });
  }
  return periods;
}

function join(first: Period, moves: readonly Period[]): Rules {
  const [initial, ...more] = [first, ...moves].flatMap(({ from, rules }, index, all) =>
    versionsWithin(rules, from, all[index + 1]?.from ?? Number.POSITIVE_INFINITY),
  );
  return { versions: [initial ?? { ...rulesOn(first.rules, 0), from: 0 }, ...more] };
}

function versionsWithin(rules: Rules, from: number, before: number): RuleVersion[] {
  const later = rules.versions.filter((version) => version.from > from && version.from < before);
  return [{ ...rulesOn(rules, from), from }, ...later];
}

const FINGERPRINTS = new WeakMap<Rules, string>();

/** The same for rules that say the same, in every process; other rules, another fingerprint. */
export function fingerprintOf(rules: Rules): string {
  const known = FINGERPRINTS.get(rules);
  if (known !== undefined) return known;
  const fingerprint = createHash("sha256").update(storyOf(rules.versions)).digest("hex");
  FINGERPRINTS.set(rules, fingerprint);
  return fingerprint;
}
