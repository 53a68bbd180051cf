import { dateOf, WEEKDAYS, type Weekday } from "@clockleaf/shared/worktime/civil-time.ts";
import { partsOf } from "@clockleaf/shared/worktime/days.ts";
import { factSetOf } from "@clockleaf/shared/worktime/facts.ts";
import type { Day, DayShift, Sheet, Tile } from "@clockleaf/shared/worktime/ledger.ts";
import type { RuleSet } from "@clockleaf/shared/worktime/rules.ts";
import fc from "fast-check";
import type { PremiumInput, RulesInput } from "./premiums.ts";
import { ruleSet } from "./worktime.ts";

// Any days, and any premium rules, for properties.

export const MINUTE = 60_000;

// Zones and times with clock changes of an hour, of half an hour, at midnight, and none; one that skipped a date.
const places = fc.constantFrom(
  ["Europe/Berlin", "2026-03-28T12:00Z"],
  ["Europe/Berlin", "2026-10-24T12:00Z"],
  ["America/New_York", "2026-03-07T12:00Z"],
  ["America/New_York", "2026-10-31T12:00Z"],
  ["Australia/Lord_Howe", "2026-04-04T00:00Z"],
  ["Australia/Lord_Howe", "2026-10-03T00:00Z"],
  ["Asia/Kolkata", "2026-03-28T12:00Z"],
  ["America/Santiago", "2026-04-04T12:00Z"],
  ["America/Santiago", "2026-09-05T12:00Z"],
  ["Pacific/Apia", "2011-12-29T12:00Z"],
  ["Africa/Casablanca", "2026-02-14T12:00Z"],
  ["Europe/Berlin", "2028-02-28T12:00Z"],
);

export interface Work {
  readonly zone: string;
  /** Shifts, each of tiles with pauses between; minutes. */
  readonly shifts: ReadonlyArray<readonly Stretch[]>;
  readonly startAt: number;
}
interface Stretch {
  readonly pause: number;
  readonly length: number;
  readonly kind: Tile["kind"];
  readonly isPaid: boolean;
  readonly branch: string | null;
}

const stretch: fc.Arbitrary<Stretch> = fc.record({
  pause: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.integer({ min: 1, max: 180 })),
  length: fc.integer({ min: 1, max: 420 }),
  kind: fc.oneof(
    { weight: 4, arbitrary: fc.constant<Tile["kind"]>("work") },
    fc.constantFrom<Tile["kind"]>("lunch", "break", "deduction"),
  ),
  isPaid: fc.boolean(),
  branch: fc.constantFrom(null, null, "bar", "hall"),
});
export const work: fc.Arbitrary<Work> = fc
  .tuple(
    places,
    fc.integer({ min: -2880, max: 1440 }),
    fc.array(
      fc.tuple(
        fc.integer({ min: 0, max: 1500 }),
        fc.array(stretch, { minLength: 1, maxLength: 4 }),
      ),
      {
        minLength: 1,
        maxLength: 6,
      },
    ),
  )
  .map(([[zone = "", near = ""], shiftBy, list]) => ({
    zone,
    startAt: Date.parse(near) + shiftBy * MINUTE,
    shifts: list.map(([gap, [first, ...rest]]) => [{ ...first!, pause: gap }, ...rest]),
  }));

function shiftsFrom({ zone, shifts, startAt }: Work, rules: RuleSet): DayShift[] {
  let at = startAt;
  return shifts.map((stretches, index) => {
    const tiles = stretches.map(({ pause, length, kind, isPaid, branch }, nth): Tile => {
      const fromAt = at + pause * MINUTE;
      at = fromAt + length * MINUTE;
      return {
        kind,
        fromAt,
        toAt: at,
        isPaid: kind === "work" || (kind !== "deduction" && isPaid),
        labels: branch === null ? {} : { branch },
        punchIds: [`${index}-${nth}`],
        policy: "every-pair",
        reason: "x",
        shiftId: `shift ${index}`,
      };
    });
    const first = tiles[0]!.fromAt;
    return {
      shiftId: `shift ${index}`,
      reads: [],
      tiles,
      meals: [
        {
          kind: index % 2 === 0 ? "lunch" : "break",
          policy: "Meal",
          what: "missed",
          at: first,
          seconds: 0,
          punchIds: [],
          detail: "x",
        },
      ],
      assumedOut: null,
      startAt: first,
      zone,
      rules,
      plan: null,
      phase: index % 5 === 4 ? "in" : "out",
      isLast: false,
      isOverrun: false,
      isStart: true,
      isEnd: true,
    };
  });
}

/** Days as the engine makes them: shifts on the day they begin, or cut at midnight. Some dates are holidays. */
export function sheetFor(some: Work, rules: RuleSet): Sheet {
  const parts = shiftsFrom(some, rules).flatMap(partsOf);
  const first = Math.min(...parts.map(({ day }) => day)) - 2;
  const last = Math.max(...parts.map(({ day }) => day)) + 2;
  const days: Day[] = [];
  for (let day = first; day <= last; day += 1) {
    const shifts = parts.filter((each) => each.day === day).map(({ shift }) => shift);
    days.push({
      day,
      on: dateOf(day),
      zone: some.zone,
      rules,
      groups: [],
      plans: [],
      absences: [],
      approvals: [],
      holiday: day % 3 === 0 ? { name: `Holiday ${day}`, calendar: "test" } : null,
      shifts,
      tiles: shifts.flatMap(({ tiles }) => tiles),
      roundedUp: null,
    });
  }
  return datesOf(days, first, last);
}

export function datesOf(all: readonly Day[], from: number, to: number): Sheet {
  const days = all.filter(({ day }) => day >= from && day <= to);
  const first = days[0]?.day ?? 0;
  return { facts: factSetOf([]), days, at: (day) => days[day - first] };
}

export const minute: fc.Arbitrary<number> = fc
  .integer({ min: 0, max: 1439 })
  .map((value) => value * 60);
const time = minute.map(
  (seconds) =>
    `${String(Math.floor(seconds / 3600)).padStart(2, "0")}:${String((seconds / 60) % 60).padStart(2, "0")}`,
);
export const weekdays: fc.Arbitrary<Weekday[]> = fc.subarray([...WEEKDAYS], { minLength: 1 });
const hours = fc.integer({ min: 0, max: 12 * 60 }).map((value) => value * 60);
/** Mostly what changes nothing, so that most policies pay and the conditions that do something can be seen. */
const mostly = <T, U>(neutral: T, other: fc.Arbitrary<U>): fc.Arbitrary<T | U> =>
  fc.oneof({ weight: 4, arbitrary: fc.constant(neutral) }, { weight: 1, arbitrary: other });
const limit = mostly(null, hours);

const often = {
  exclusive: fc.constantFrom(null, "a", "a", "b"),
  where: mostly({}, fc.constant({ branch: ["bar"] })),
};
const timed = {
  ...often,
  factor: mostly(0.25, fc.constantFrom(0, 0.25, 0.4, 1, null)),
  counts: fc.constantFrom("work", "paid"),
  during: mostly("any", fc.constantFrom("regular", "overtime")),
  onlyAfter: fc.record({
    daily: limit,
    weekly: limit,
    of: fc.constantFrom("counted", "regular"),
  }),
  atLeast: mostly(0, hours),
  limits: fc.record({ secondsADay: limit, secondsAWeek: limit }),
};
const windowed = {
  ...timed,
  pays: mostly("hours", fc.constant("whole-shift")),
  overShare: mostly(null, fc.constant(0.5)),
  partial: mostly(true, fc.constant(false)),
};
const onDays = {
  weekdays: mostly([...WEEKDAYS], weekdays),
  holidays: mostly("any", fc.constantFrom("only", "never")),
};
const daily = {
  ...windowed,
  ...onDays,
  from: time,
  to: time,
  begunBefore: mostly(false, fc.constant(true)),
};
/** As somebody writes it. */
export interface NamedPolicy {
  readonly name: string;
  readonly [key: string]: unknown;
}

const policy: fc.Arbitrary<object> = fc.oneof(
  fc.record({ kind: fc.constantFrom("window", "night"), ...daily }),
  fc.record({
    kind: fc.constant("weekend"),
    ...windowed,
    startsOn: fc.constantFrom("fri", "sat"),
    from: time,
    endsOn: fc.constantFrom("sun", "mon"),
    to: time,
    runsOver: hours,
  }),
  fc.record({
    kind: fc.constant("holiday"),
    ...windowed,
    hours: fc.constantFrom("calendar-date", "workday"),
    runsOver: hours,
  }),
  fc.record({
    kind: fc.constant("shift"),
    ...timed,
    ...onDays,
    startsFrom: time,
    startsTo: time,
    rotating: mostly(null, fc.constant({ within: 2, apart: "3h" })),
  }),
  fc.record({
    kind: fc.constantFrom("meal-penalty", "break-penalty"),
    ...often,
    ...onDays,
    limits: fc.record({ timesADay: fc.constantFrom(null, 1), secondsAWeek: limit }),
  }),
  fc.record({
    kind: fc.constant("callback"),
    ...often,
    ...onDays,
    pays: fc.constantFrom("top-up", "hours"),
    minimum: hours,
    away: fc.constantFrom(0, 3600),
    within: fc.constantFrom(null, "8h", "30h"),
    untilNextWork: fc.boolean(),
    limits: fc.record({ secondsADay: limit, secondsAWeek: limit }),
  }),
  fc.record({
    kind: fc.constant("minimum-shift"),
    ...often,
    ...onDays,
    minimum: hours,
    per: fc.constantFrom("shift", "day"),
  }),
  fc.record({ kind: fc.constant("split-shift"), ...often, ...onDays, meals: fc.boolean() }),
);
export const policyLists: fc.Arbitrary<NamedPolicy[]> = fc
  .array(policy, { minLength: 1, maxLength: 5 })
  .map((list) => list.map((each, index) => ({ ...each, name: `P${index}`, code: `C${index}` })));

const overtime: RulesInput["overtime"] = {
  policies: [{ kind: "daily", name: "Daily", tiers: [{ after: "6h", code: "OT", rate: 1.5 }] }],
};
export const rulesWith = (zone: string, list: readonly object[], countsOn = "start"): RuleSet =>
  ruleSet({
    zone,
    overtime,
    shifts: { countsOn } as RulesInput["shifts"],
    premiums: { policies: list as PremiumInput[] },
  });
export const countsOn: fc.Arbitrary<string> = fc.constantFrom(
  "start",
  "end",
  "most-worked",
  "split",
);
