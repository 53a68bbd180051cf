import { spellSeconds } from "../civil-time.ts";
import { type MealFinding, secondsOf, type Tile } from "../ledger.ts";
import type { NormalMeal } from "./rules.ts";
import {
  countedOf,
  isFor,
  type MealShift,
  measuredUntil,
  reachedAt,
  type Taken,
  thresholdOf,
  timesDue,
} from "./taken.ts";

/** What the finders see of a shift. */
interface View {
  readonly policy: NormalMeal;
  readonly tiles: readonly Tile[];
  /** From the first one that the policy looks at. */
  readonly meals: readonly Taken[];
  readonly due: number;
}

/** What was not as due. */
export function findingsOf(
  tiles: readonly Tile[],
  policy: NormalMeal,
  shift: MealShift,
): MealFinding[] {
  if (!isFor(policy, tiles, shift)) return [];
  const meals = countedOf(policy, tiles, shift).slice(policy.first - 1);
  const view = { policy, tiles, meals, due: timesDue(policy, tiles) };
  return [...missing(view), ...lateOrShort(view), ...long(view), ...stretches(view)];
}

const nameOf = (policy: NormalMeal): MealFinding["kind"] =>
  policy.for === "any" ? "lunch" : policy.for;

function finding(
  policy: NormalMeal,
  rest: Pick<MealFinding, "what" | "at" | "seconds" | "detail"> & { meals: readonly Taken[] },
): MealFinding {
  const { meals, detail, ...found } = rest;
  const punchIds = new Set(meals.flatMap(({ parts }) => parts.flatMap((part) => part.punchIds)));
  return {
    ...found,
    kind: nameOf(policy),
    policy: policy.name,
    punchIds: [...punchIds].slice(0, 64),
    detail: `${detail}, rule '${policy.name}'`,
  };
}

/** By when the nth one must have begun, in measured seconds. */
const byWhen = (policy: NormalMeal, nth: number): number | null =>
  policy.dueWithin === undefined ? null : policy.dueWithin + nth * policy.every;

function* missing({ policy, tiles, meals, due }: View): Generator<MealFinding> {
  const name = nameOf(policy);
  const absent = policy.inTotal && meals.length > 0 ? 0 : Math.max(0, due - meals.length);
  if (absent === 0) return;
  if (policy.for === "break" && meals.length > 0) {
    yield finding(policy, {
      what: "too-few",
      at: reachedAt(tiles, policy, thresholdOf(policy, meals.length)),
      seconds: absent * policy.amount,
      detail: `${meals.length} of ${due} breaks taken`,
      meals,
    });
    return;
  }
  for (let nth = meals.length; nth < due; nth += 1) {
    const by = byWhen(policy, nth);
    const over = thresholdOf(policy, nth);
    const which = due === 1 ? name : `${name} ${nth + policy.first}`;
    const within = by === null ? "" : ` within ${spellSeconds(by)}`;
    const when = over === 0 ? "" : ` over ${spellSeconds(over)}`;
    yield finding(policy, {
      what: "missed",
      at: reachedAt(tiles, policy, by ?? over),
      seconds: policy.amount,
      detail: `${which} not taken: ${spellSeconds(policy.amount)} due${within}${when}`,
      meals: [],
    });
  }
}

function* lateOrShort({ policy, tiles, meals, due }: View): Generator<MealFinding> {
  const name = nameOf(policy);
  for (const [nth, meal] of meals.slice(0, due).entries()) {
    const by = byWhen(policy, nth);
    const late = by === null ? 0 : measuredUntil(tiles, policy, meal.fromAt) - by;
    if (by !== null && late > 0) {
      const detail = `${name} began ${spellSeconds(late)} late: due within ${spellSeconds(by)}`;
      yield finding(policy, {
        what: "late",
        at: meal.fromAt,
        seconds: late,
        detail,
        meals: [meal],
      });
    }
    const short = policy.inTotal || !meal.isEnded ? 0 : policy.amount - secondsOf(meal);
    if (short > 0) {
      const detail = `${name} of ${spellSeconds(secondsOf(meal))} instead of ${spellSeconds(policy.amount)}`;
      yield finding(policy, {
        what: "short",
        at: meal.fromAt,
        seconds: short,
        detail,
        meals: [meal],
      });
    }
  }
  if (policy.inTotal) yield* shortInTotal({ policy, tiles, meals, due });
}

function* shortInTotal({ policy, meals, due }: View): Generator<MealFinding> {
  const [first] = meals;
  if (first === undefined || meals.some(({ isEnded }) => !isEnded)) return;
  const total = meals.reduce((sum, meal) => sum + secondsOf(meal), 0);
  const wanted = due * policy.amount;
  if (total >= wanted) return;
  yield finding(policy, {
    what: "short",
    at: first.fromAt,
    seconds: wanted - total,
    detail: `${nameOf(policy)} of ${spellSeconds(total)} in all instead of ${spellSeconds(wanted)}`,
    meals,
  });
}

function* long({ policy, meals }: View): Generator<MealFinding> {
  const name = nameOf(policy);
  const { maxLength, most } = policy;
  for (const meal of maxLength === undefined ? [] : meals) {
    const over = secondsOf(meal) - (maxLength ?? 0);
    if (over <= 0) continue;
    const detail = `${name} of ${spellSeconds(secondsOf(meal))}, ${spellSeconds(maxLength ?? 0)} at most`;
    yield finding(policy, { what: "long", at: meal.fromAt, seconds: over, detail, meals: [meal] });
  }
  const extra = most === undefined ? [] : meals.slice(most);
  const [first] = extra;
  if (first === undefined) return;
  yield finding(policy, {
    what: "too-many",
    at: first.fromAt,
    seconds: extra.reduce((sum, meal) => sum + secondsOf(meal), 0),
    detail: `${meals.length} times ${name}, ${most ?? 0} at most`,
    meals: extra,
  });
}

/** Work in a row that was too long. */
function* stretches({ policy, tiles, meals }: View): Generator<MealFinding> {
  const { maxStretch } = policy;
  if (maxStretch === undefined) return;
  let before = 0;
  const end = tiles.at(-1)?.toAt ?? 0;
  const ends = [...meals, null];
  for (const meal of ends) {
    const until = measuredUntil(tiles, policy, meal?.fromAt ?? end);
    const over = until - before - maxStretch;
    if (over > 0) {
      yield finding(policy, {
        what: meal === null ? "missed" : "late",
        at: reachedAt(tiles, policy, before + maxStretch),
        seconds: over,
        detail: `${spellSeconds(until - before)} in a row without a ${nameOf(policy)}, ${spellSeconds(maxStretch)} at most`,
        meals: meal === null ? [] : [meal],
      });
    }
    before = meal === null ? until : measuredUntil(tiles, policy, meal.toAt);
  }
}
