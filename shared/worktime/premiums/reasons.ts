import { dayOf, spellSeconds, WEEKDAYS } from "../civil-time.ts";
import type { PremiumPolicy } from "./rules.ts";
import type {
  HolidayPremium,
  NightPremium,
  ShiftPremium,
  TimePremium,
  WeekendPremium,
  WindowPremium,
} from "./time-rules.ts";
import { type DayView, holidayNear } from "./view.ts";

const LONGEST = 300;

/** `night: 22:00-06:00, rule 'Night'`. `happened` is what a policy that pays per occurrence saw. */
export function reasonFor(policy: PremiumPolicy, happened: string): string {
  const rule = `, rule '${policy.name}'`;
  return `${policy.kind}: ${happened}`.slice(0, LONGEST - rule.length) + rule;
}

/** What a policy that pays for time pays for, as its parameters say; of a holiday its name. `at` = the first second paid. */
export function spellOut(policy: PremiumPolicy, view: DayView, at: number): string {
  switch (policy.kind) {
    case "holiday":
      return `${holidayName(policy, view, at)}${conditionsOf(policy)}`;
    case "window":
    case "night":
    case "weekend":
    case "shift":
      return once(policy);
    case "callback":
      return "hours worked when called back";
    case "meal-penalty":
    case "break-penalty":
    case "minimum-shift":
    case "split-shift":
      return policy.kind;
  }
}

function holidayName({ hours }: HolidayPremium, view: DayView, at: number): string {
  const date = dayOf(at, view.day.zone);
  const holiday =
    hours === "workday"
      ? view.day.holiday
      : (holidayNear(view, date) ?? holidayNear(view, date - 1));
  return holiday?.name ?? "holiday";
}

/** The same for all that a policy pays, and it pays often. */
function once(policy: Exclude<TimePremium, HolidayPremium>): string {
  let text = SPELLED.get(policy);
  if (text === undefined) {
    const what = policy.kind === "shift" ? spellShift(policy) : spellWindow(policy);
    text = `${what}${conditionsOf(policy)}`;
    SPELLED.set(policy, text);
  }
  return text;
}
const SPELLED = new WeakMap<TimePremium, string>();

function conditionsOf({ atLeast, during, onlyAfter }: TimePremium): string {
  const { daily, weekly } = onlyAfter;
  return [
    ...(atLeast > 0 ? [`, at least ${spellSeconds(atLeast)}`] : []),
    ...(during === "any" ? [] : [`, ${during} time only`]),
    ...(daily === null ? [] : [`, over ${spellSeconds(daily)} on the day`]),
    ...(weekly === null ? [] : [`, over ${spellSeconds(weekly)} in the week`]),
  ].join("");
}

function spellShift({ startsFrom, startsTo, rotating }: ShiftPremium): string {
  const start =
    startsFrom === 0 && startsTo === 86_400
      ? "the shift"
      : `the shift begins ${clock(startsFrom)}-${clock(startsTo)}`;
  return rotating === null ? start : `${start}, at changing times`;
}

function spellWindow(policy: WindowPremium | NightPremium | WeekendPremium): string {
  const share =
    policy.overShare === null
      ? ""
      : `over ${Math.round(policy.overShare * 100)} % of the shift in `;
  const whole = policy.pays === "whole-shift" ? "whole shift, " : "";
  return `${whole}${share}${spellTimes(policy)}`;
}

function spellTimes(policy: WindowPremium | NightPremium | WeekendPremium): string {
  if (policy.kind !== "weekend")
    return `${clock(policy.from)}-${clock(policy.to)}${spellDays(policy)}`;
  return `${policy.startsOn} ${clock(policy.from)} to ${policy.endsOn} ${clock(policy.to)}`;
}

function spellDays(policy: WindowPremium | NightPremium): string {
  const days = WEEKDAYS.filter((weekday) => policy.weekdays.includes(weekday));
  const some = days.length === WEEKDAYS.length ? "" : ` ${days.join(" ")}`;
  const dates =
    policy.kind === "night" || (policy.fromOn === null && policy.toOn === null)
      ? ""
      : ` (${policy.fromOn ?? ""} to ${policy.toOn ?? ""})`;
  const holidays = { any: "", only: " of holidays", never: " except holidays" }[policy.holidays];
  return `${some}${dates}${holidays}`;
}

function clock(seconds: number): string {
  const text = `${pad(seconds / 3600)}:${pad((seconds % 3600) / 60)}`;
  return seconds % 60 === 0 ? text : `${text}:${pad(seconds % 60)}`;
}

const pad = (value: number): string => String(Math.floor(value)).padStart(2, "0");
