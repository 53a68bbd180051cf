import { dayOfDate, instantOf } from "@clockleaf/shared/worktime/civil-time.ts";
import { exceptionsOf } from "@clockleaf/shared/worktime/exceptions/exceptions.ts";
import type { Fact, PunchFact } from "@clockleaf/shared/worktime/facts.ts";
import type {
  CountedPunch,
  DayResult,
  DayShift,
  Phase,
  PlannedShift,
  ReadPunch,
  Sheet,
  Tile,
} from "@clockleaf/shared/worktime/ledger.ts";
import type { RuleSet } from "@clockleaf/shared/worktime/rules.ts";
import type { Meaning, WorkdayException } from "@clockleaf/shared/worktime/workday.ts";
import { type DayText, sheetOf } from "./worktime.ts";

// Shifts that are already read, and plans, for tests of what is said about them.

const AFTER: Partial<Record<Meaning, Phase>> = {
  in: "in",
  "lunch-end": "in",
  "break-end": "in",
  transfer: "in",
  out: "out",
  "lunch-start": "lunch",
  "break-start": "break",
};

const secondsOfClock = (clock: string): number => {
  const [h = 0, m = 0, s = 0] = clock.split(":").map(Number);
  return h * 3600 + m * 60 + s;
};

/** The instant of a wall clock on a date; hours over 24 lie on the days after. */
export const at = (on: string, clock: string, zone = "UTC"): number =>
  instantOf(dayOfDate(on), secondsOfClock(clock), zone);

export interface ShiftMore extends Partial<DayShift> {
  readonly rules: RuleSet;
  /** Of all of its punches. */
  readonly punch?: Partial<PunchFact>;
  readonly problem?: ReadPunch["problem"];
}

/** `08:00 in, 12:00 lunch-start, 12:30 lunch-end, 17:00 out` on a date; hours over 24 lie on the days after. */
export function shiftOf(
  on: string,
  spec: string,
  { rules, punch, problem, ...more }: ShiftMore,
): DayShift {
  const reads = spec.split(", ").map((text): CountedPunch => {
    const [clock = "", meaning = ""] = text.split(" ");
    const instant = at(on, clock, rules.zone);
    return {
      punch: {
        kind: "punch",
        punchId: `${on} ${clock}`,
        at: instant,
        hint: null,
        site: "hq",
        reader: "door",
        zone: null,
        ...punch,
      },
      meaning: meaning as Meaning,
      reason: "test",
      problem: problem ?? null,
      countsAt: instant,
    };
  });
  const shiftId = reads[0]?.punch.punchId ?? "";
  const phase = reads.reduce<Phase>((now, { meaning }) => AFTER[meaning] ?? now, "out");
  return {
    shiftId,
    reads,
    tiles: tilesOf(reads, shiftId),
    meals: [],
    assumedOut: null,
    startAt: reads[0]?.punch.at ?? 0,
    zone: rules.zone,
    rules,
    plan: null,
    phase,
    isLast: false,
    isOverrun: false,
    isStart: true,
    isEnd: true,
    ...more,
  };
}

function tilesOf(reads: readonly CountedPunch[], shiftId: string): Tile[] {
  const tiles: Tile[] = [];
  let from: CountedPunch | undefined;
  for (const to of reads) {
    if (AFTER[to.meaning] === undefined) continue;
    const phase = from === undefined ? "out" : (AFTER[from.meaning] ?? "out");
    if (from !== undefined && phase !== "out") {
      tiles.push({
        kind: phase === "in" ? "work" : phase,
        fromAt: from.countsAt,
        toAt: to.countsAt,
        isPaid: phase === "in",
        labels: from.punch.labels ?? {},
        punchIds: [from.punch.punchId, to.punch.punchId],
        policy: "every-pair",
        reason: "test",
        shiftId,
      });
    }
    from = to;
  }
  return tiles;
}

/** `09:00-17:00` on a date (an end not after the start lies on the next day); punches belong to it an hour around. */
export function planOf(on: string, spec: string, more: Partial<PlannedShift> = {}): PlannedShift {
  const [from = "", to = ""] = spec.split("-");
  const startAt = at(on, from, more.zone);
  const isLate = secondsOfClock(to) <= secondsOfClock(from);
  const endAt = instantOf(dayOfDate(on) + (isLate ? 1 : 0), secondsOfClock(to), more.zone ?? "UTC");
  return {
    planId: `${on} ${spec}`,
    name: spec,
    day: dayOfDate(on),
    kind: "fixed",
    startAt,
    endAt,
    zone: "UTC",
    seconds: (endAt - startAt) / 1000,
    acceptFrom: startAt - 3_600_000,
    acceptTo: endAt + 3_600_000,
    core: null,
    breaks: [],
    site: null,
    labels: {},
    ...more,
  };
}

/** A day with these shifts, and the plans they were worked by. */
export const dayWith = (
  on: string,
  shifts: readonly DayShift[],
  more: Partial<DayText> = {},
): DayText => ({
  on,
  ...more,
  plans: more.plans ?? shifts.flatMap(({ plan }) => plan ?? []),
  more: { shifts, tiles: shifts.flatMap(({ tiles }) => tiles), ...more.more },
});

export interface Asked {
  readonly rules: RuleSet;
  readonly facts?: readonly Fact[];
  readonly problems?: Sheet["problems"];
  /** What earlier stages made of a date. */
  readonly results?: Readonly<Record<string, Partial<Pick<DayResult, "claims" | "credits">>>>;
}

/** What is said of each date, by date. */
export function exceptionsOn(
  days: readonly DayText[],
  { rules, facts = [], problems, results = {} }: Asked,
): (on: string) => WorkdayException[] {
  const sheet: Sheet = {
    ...sheetOf(days, rules, facts),
    ...(problems === undefined ? {} : { problems }),
  };
  const resultAt = (day: number): DayResult | undefined => {
    const found = sheet.at(day);
    if (found === undefined) return undefined;
    return { day: found, credits: [], claims: [], premiums: [], ...results[found.on] };
  };
  return (on) => {
    const result = resultAt(dayOfDate(on));
    return result === undefined ? [] : exceptionsOf(result, { sheet, resultAt });
  };
}

/** `kind seconds premature`, such as `in-late 60` or `missing-out premature`: enough for tables. */
export const brief = (exceptions: readonly WorkdayException[]): string[] =>
  exceptions.map(({ kind, seconds, premature }) =>
    [kind, ...(seconds === undefined ? [] : [seconds]), ...(premature ? ["premature"] : [])].join(
      " ",
    ),
  );
