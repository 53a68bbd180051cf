import { spellSeconds } from "../civil-time.ts";
import type { DayShift, MealFinding } from "../ledger.ts";
import { EXCEPTIONS, type ExceptionKind } from "./catalogue.ts";
import { endMayChange, excess, type Look, mayChange, raise } from "./look.ts";

type What = MealFinding["what"];

const KINDS: Record<MealFinding["kind"], Record<What, ExceptionKind>> = {
  lunch: {
    missed: "lunch-missed",
    short: "lunch-short",
    long: "lunch-long",
    late: "lunch-late",
    "too-many": "lunch-too-many",
    "too-few": "lunch-too-few",
  },
  break: {
    missed: "break-missed",
    short: "break-short",
    long: "break-long",
    late: "break-late",
    "too-many": "break-too-many",
    "too-few": "break-too-few",
  },
};

/** A lunch may still come, or go on, while the shift may; one begun late stays late. */
const COMES_LATER: ReadonlySet<What> = new Set(["missed", "short", "too-few"]);

/** What the rules of lunches and breaks found in a shift. */
export function lookAtMeals(look: Look, shift: DayShift): void {
  for (const { kind: meal, what, seconds, at, punchIds, detail } of shift.meals) {
    const kind = KINDS[meal][what];
    const isMeasured = EXCEPTIONS[kind].hasGrace;
    const over = isMeasured ? excess(look, kind, seconds) : seconds;
    if (over === null) continue;
    const premature = COMES_LATER.has(what)
      ? endMayChange(look, shift)
      : mayChange(look, Math.min(at, look.settles - 1), false);
    const measure = over > 0 ? { seconds: over } : {};
    const says = detail === "" ? `${meal} ${what} by ${spellSeconds(seconds)}` : detail;
    raise(look, kind, { detail: says, premature, punchIds, ...measure });
  }
}
