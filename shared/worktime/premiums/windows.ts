import { dateOf, SECOND, WEEKDAYS, weekdayOf, weekStart } from "../civil-time.ts";
import type { Holiday } from "../ledger.ts";
import { merged, type Span } from "./spans.ts";
import type {
  HolidayPremium,
  NightPremium,
  TimePremium,
  WeekendPremium,
  WindowPremium,
} from "./time-rules.ts";
import { type DayView, holidayNear, type ShiftView, startOf } from "./view.ts";
import { dayOfWall, instantsOf, type WallSpan, wallOf, wallOfDay } from "./wall-clock.ts";

const A_DAY = 86_400;

/** When the windows of a policy are open for a shift, within `span`: in order, none touching the next. */
export function windowsOf(
  policy: Exclude<TimePremium, { kind: "shift" }>,
  of: { readonly shift: ShiftView; readonly span: Span; readonly view: DayView },
): readonly Span[] {
  const { zone } = of.shift.shift;
  const begunAt = needsStart(policy) ? wallOf(startOf(of.shift, of.view), zone) : 0;
  switch (policy.kind) {
    case "window":
    case "night":
      return merged(
        instantsOf(of.span, zone, (wall) => dailyIn(wall, policy, { begunAt, view: of.view })),
      );
    case "weekend":
      return merged(instantsOf(of.span, zone, (wall) => weekendsIn(wall, policy, begunAt)));
    case "holiday":
      if (policy.hours === "workday") return isMeant(policy, of.view.day.holiday) ? [of.span] : [];
      return merged(
        instantsOf(of.span, zone, (wall) => holidaysIn(wall, policy, { begunAt, view: of.view })),
      );
  }
}

/** Whether the policy asks when a shift began. */
export function needsStart(policy: TimePremium): boolean {
  switch (policy.kind) {
    case "window":
    case "night":
      return policy.begunBefore;
    case "weekend":
    case "holiday":
      return policy.runsOver > 0;
    case "shift":
      return true;
  }
}

interface Begun {
  /** What the wall clock showed when the shift began. */
  readonly begunAt: number;
  readonly view: DayView;
}

function dailyIn(
  wall: WallSpan,
  policy: WindowPremium | NightPremium,
  { begunAt, view }: Begun,
): WallSpan[] {
  const end = policy.to > policy.from ? policy.to : policy.to + A_DAY;
  const windows: WallSpan[] = [];
  const last = dayOfWall(wall.to - SECOND);
  // one that ends on the next day, or begins at 24:00, may have begun a date or two before
  for (let day = dayOfWall(wall.from) - Math.ceil(end / A_DAY) + 1; day <= last; day += 1) {
    const from = wallOfDay(day) + policy.from * SECOND;
    const to = wallOfDay(day) + end * SECOND;
    if (from >= wall.to || to <= wall.from) continue;
    if (policy.begunBefore && begunAt >= from) continue;
    if (beginsOn(day, policy, view)) windows.push({ from, to });
  }
  return windows;
}

function beginsOn(day: number, policy: WindowPremium | NightPremium, view: DayView): boolean {
  if (!policy.weekdays.includes(weekdayOf(day))) return false;
  if (policy.kind === "window" && !isBetween(dateOf(day), policy)) return false;
  return (
    policy.holidays === "any" || (policy.holidays === "only") === (holidayNear(view, day) !== null)
  );
}

function isBetween(
  date: string,
  { fromOn, toOn }: Pick<WindowPremium, "fromOn" | "toOn">,
): boolean {
  const isAfter = fromOn === null || date.slice(-fromOn.length) >= fromOn;
  const isBefore = toOn === null || date.slice(-toOn.length) <= toOn;
  const isOverNewYear = fromOn !== null && toOn !== null && toOn < fromOn;
  return isOverNewYear ? isAfter || isBefore : isAfter && isBefore;
}

function weekendsIn(wall: WallSpan, policy: WeekendPremium, begunAt: number): WallSpan[] {
  const { startsOn, endsOn } = policy;
  const days = (WEEKDAYS.indexOf(endsOn) - WEEKDAYS.indexOf(startsOn) + 7) % 7;
  const windows: WallSpan[] = [];
  const last = dayOfWall(wall.to - SECOND);
  // one that began in the week before may run into this one
  for (let day = weekStart(dayOfWall(wall.from), startsOn) - 7; day <= last; day += 7) {
    const from = wallOfDay(day) + policy.from * SECOND;
    const to = wallOfDay(day + days) + policy.to * SECOND;
    windows.push({ from, to });
    if (begunAt < to) windows.push({ from: to, to: to + policy.runsOver * SECOND });
  }
  return windows;
}

function holidaysIn(wall: WallSpan, policy: HolidayPremium, { begunAt, view }: Begun): WallSpan[] {
  const windows: WallSpan[] = [];
  const last = dayOfWall(wall.to - SECOND);
  for (let day = dayOfWall(wall.from) - 1; day <= last; day += 1) {
    if (!isMeant(policy, holidayNear(view, day))) continue;
    const to = wallOfDay(day + 1);
    windows.push({ from: wallOfDay(day), to });
    if (begunAt < to) windows.push({ from: to, to: to + policy.runsOver * SECOND });
  }
  return windows;
}

function isMeant({ calendars, names }: HolidayPremium, holiday: Holiday | null): boolean {
  return (
    holiday !== null &&
    (calendars === null || calendars.includes(holiday.calendar)) &&
    (names === null || names.includes(holiday.name))
  );
}
