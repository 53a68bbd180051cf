import type { AbsenceFact, ApprovalFact, FactSet, Labels, PunchFact } from "./facts.ts";
import type { RuleSet } from "./rules.ts";
import type {
  Claim,
  Credit,
  Interval,
  Meaning,
  Premium,
  RoundedTotal,
  WorkdayException,
} from "./workday.ts";

// What the stages of the engine hand to each other. Instants are UTC milliseconds; `day` is an epoch day (civil-time.ts).
//
//   facts ─▶ schedule/ plans ─▶ punches/ shifts, read ─▶ rounding/ counted ─▶ tiles ─▶ meals/
//         ─▶ days ─▶ rounding of totals ─▶ absences/ ─▶ overtime/ ─▶ premiums/ ─▶ exceptions/ ─▶ workdays

/** Where somebody is after a punch. */
export type Phase = "out" | "in" | "break" | "lunch";

/** What a punch that counts can mean. */
export type CountedMeaning = Exclude<Meaning, "repeat" | "between">;

/** A punch as it stands after corrections. */
export interface ResolvedPunch extends PunchFact {
  /** The meaning a correction gave it, over whatever the reader claimed. */
  readonly forced?: CountedMeaning | undefined;
  /** Corrections that made it what it is, in the order they were decided. */
  readonly correctionIds?: readonly string[] | undefined;
}

/** A punch with what it means, why, and what was wrong about it. */
export interface ReadPunch {
  readonly punch: ResolvedPunch;
  readonly meaning: Meaning;
  readonly reason: string;
  /** What the claim contradicts: something must have happened that nobody recorded. */
  readonly problem: Pick<WorkdayException, "kind" | "detail"> | null;
}

/** A read punch and the whole second it counts at. */
export interface CountedPunch extends ReadPunch {
  readonly countsAt: number;
  /** The rounding rule that decided where it counts, whether or not that moved it. */
  readonly rounding?: { readonly policy: string; readonly detail: string } | undefined;
}

/** A shift as planned for a person: `open` ones bind nobody until somebody works them. */
export interface PlannedShift {
  /** The same for the same plan whenever it is computed. */
  readonly planId: string;
  readonly name: string;
  /** The day it is planned for, whenever it starts. */
  readonly day: number;
  readonly kind: "fixed" | "flexible" | "open";
  /** For a flexible shift the frame within which the hours may lie. */
  readonly startAt: number;
  readonly endAt: number;
  readonly zone: string;
  /** Working time due, without unpaid breaks. */
  readonly seconds: number;
  /** From a roster, not from the rota. */
  readonly isRostered?: boolean | undefined;
  /** A punch in here (both ends included) may belong to it; windows of binding neighbours are clipped and never overlap. */
  readonly acceptFrom: number;
  readonly acceptTo: number;
  /** Until when a punch may begin it; absent = its middle. */
  readonly startTo?: number | undefined;
  /** From when on a punch may end it; absent = its middle. */
  readonly stopFrom?: number | undefined;
  /** A flexible shift's hours during which one must be there. */
  readonly core: { readonly fromAt: number; readonly toAt: number } | null;
  readonly breaks: readonly PlannedBreak[];
  readonly site: string | null;
  readonly labels: Labels;
}

export interface PlannedBreak {
  readonly kind: "lunch" | "break";
  readonly fromAt: number;
  readonly toAt: number;
  readonly isPaid: boolean;
}

/** A run of punches that belong together, each read. */
export interface Shift {
  /** Never empty, in order of time. */
  readonly reads: readonly ReadPunch[];
  readonly startAt: number;
  /** Zone of the place of its first punch. */
  readonly zone: string;
  /** In force on the civil date of its first punch. */
  readonly rules: RuleSet;
  readonly plan: PlannedShift | null;
  /** Where the last punch left the person. */
  readonly phase: Phase;
  /** No later punch has closed it: what is missing may still come. */
  readonly isLast: boolean;
  /** The next shift began only because a way out came later than a shift may last. */
  readonly isOverrun: boolean;
  /** First punch of the next shift: no check-out is assumed after it. */
  readonly nextAt?: number | undefined;
}

/** A stretch of a shift between two counted punches, or a part of one. Whole seconds. Tiles of one shift never overlap. */
export interface Tile {
  readonly kind: Interval["kind"];
  readonly fromAt: number;
  readonly toAt: number;
  readonly isPaid: boolean;
  readonly labels: Labels;
  readonly punchIds: readonly string[];
  readonly policy: string;
  readonly reason: string;
  /** Id of the first punch of its shift. */
  readonly shiftId: string;
}

/** A meal or break that was due or taken, as a rule saw it: what exceptions and penalties are made of. */
export interface MealFinding {
  readonly kind: "lunch" | "break";
  readonly policy: string;
  readonly what: "missed" | "short" | "long" | "late" | "too-many" | "too-few";
  /** When it should have begun, or began. */
  readonly at: number;
  readonly seconds: number;
  readonly punchIds: readonly string[];
  readonly detail: string;
}

/** A shift with all that is counted of it. */
export interface CountedShift extends Omit<Shift, "reads"> {
  readonly shiftId: string;
  readonly reads: readonly CountedPunch[];
  readonly tiles: readonly Tile[];
  readonly meals: readonly MealFinding[];
  /** A check-out that a rule assumed, until a late punch takes its place. */
  readonly assumedOut: {
    readonly at: number;
    readonly policy: string;
    readonly detail: string;
  } | null;
}

/** What counts on one day of a shift: all of it, or the part before or after midnight. */
export interface DayShift extends CountedShift {
  /** Whether the shift's first punch counts on this day. */
  readonly isStart: boolean;
  /** Whether the shift's last punch counts on this day. */
  readonly isEnd: boolean;
}

export interface Holiday {
  readonly name: string;
  readonly calendar: string;
}

/** One date of a person, before and while it is computed. There is one for every date of a sheet. */
export interface Day {
  readonly day: number;
  readonly on: string;
  readonly zone: string;
  /** In force on this date. */
  readonly rules: RuleSet;
  readonly groups: readonly string[];
  /** Without open shifts that nobody worked. */
  readonly plans: readonly PlannedShift[];
  /** What would have been planned had the holiday not cancelled it. */
  readonly freed?: readonly PlannedShift[] | undefined;
  readonly absences: readonly AbsenceFact[];
  readonly approvals: readonly ApprovalFact[];
  readonly holiday: Holiday | null;
  readonly shifts: readonly DayShift[];
  /** All tiles of its shifts that count here, in order of time; they never overlap. */
  readonly tiles: readonly Tile[];
  /** Paid seconds that rounding of a total added without a stretch of their own. */
  readonly roundedUp: {
    readonly seconds: number;
    readonly policy: string;
    readonly reason: string;
  } | null;
  /** Totals that a rounding rule decided, with what they were before. */
  readonly roundedTotals?: readonly RoundedTotal[];
  /** Why shifts of the day could not be counted. */
  readonly faults?: readonly string[];
  /** Punches beyond the most a day may have. */
  readonly unread?: readonly CountedPunch[];
}

/** What is wrong with a fact that concerns a day. */
export interface DayProblem {
  readonly kind: WorkdayException["kind"];
  readonly punchIds: readonly string[];
  readonly factIds: readonly string[];
  readonly detail: string;
}

/** A run of dates without gaps, wide enough that what is asked for comes out as if all dates were there. */
export interface Sheet {
  readonly facts: FactSet;
  readonly days: readonly Day[];
  /** By epoch day. */
  readonly problems?: ReadonlyMap<number, readonly DayProblem[]>;
  at(day: number): Day | undefined;
}

/** How far a result may depend on other days: days before it, days after it. */
export interface Reach {
  readonly back: number;
  readonly ahead: number;
}

/** What the stages made of a day. Stages read what earlier ones made. */
export interface DayResult {
  readonly day: Day;
  readonly credits: readonly Credit[];
  readonly claims: readonly Claim[];
  readonly premiums: readonly Premium[];
}

export const secondsOf = (tile: { readonly fromAt: number; readonly toAt: number }): number =>
  (tile.toAt - tile.fromAt) / 1000;

/** Seconds of the tiles that count as paid working time, which is what overtime rules see. */
export function paidSeconds(tiles: readonly Tile[]): number {
  return tiles.reduce((sum, tile) => (tile.isPaid ? sum + secondsOf(tile) : sum), 0);
}

export function workedSeconds(tiles: readonly Tile[]): number {
  return tiles.reduce((sum, tile) => (tile.kind === "work" ? sum + secondsOf(tile) : sum), 0);
}
