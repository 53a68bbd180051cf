import { SECOND, type Weekday } from "../civil-time.ts";
import { type Day, type DayResult, type DayShift, type Sheet, secondsOf } from "../ledger.ts";
import type { WorkdayException } from "../workday.ts";
import { EXCEPTIONS, type ExceptionKind, type Notify, type Severity } from "./catalogue.ts";
import { isStillOpen, lastChanceOf, passedAt, settlesAt } from "./completeness.ts";
import type { ExceptionRules } from "./rules.ts";

const MAX_IDS = 64;
const MAX_DETAIL = 300;

/** A day while somebody looks for what is wrong with it. */
export interface Look {
  readonly day: Day;
  readonly result: DayResult;
  readonly sheet: Sheet;
  resultAt(day: number): DayResult | undefined;
  readonly rules: ExceptionRules;
  readonly weekStart: Weekday;
  /** Up to here everything is known; null = nobody says. */
  readonly passed: number | null;
  /** From here on nothing can belong to the day. */
  readonly settles: number;
  readonly found: WorkdayException[];
}

export function lookAt(
  result: DayResult,
  { sheet, resultAt }: Pick<Look, "sheet" | "resultAt">,
): Look {
  const { day } = result;
  return {
    day,
    result,
    sheet,
    resultAt,
    rules: day.rules.exceptions,
    weekStart: day.rules.overtime.weekStart,
    passed: passedAt(day, sheet),
    settles: settlesAt(day),
    found: [],
  };
}

/** How a kind of exception is raised: as the catalogue has it, unless the rules say otherwise. */
export interface Setting {
  readonly isOn: boolean;
  readonly severity: Severity;
  readonly grace: number;
  readonly tolerance: number;
  readonly window: number | null;
  readonly notify: readonly Notify[];
}

const NOTHING: NonNullable<ExceptionRules["kinds"][ExceptionKind]> = {};

export function settingOf({ kinds }: ExceptionRules, kind: ExceptionKind): Setting {
  const { defaultSeverity, defaultGrace, defaultTolerance, enabledByDefault } = EXCEPTIONS[kind];
  const own = kinds[kind] ?? NOTHING;
  return {
    isOn: own.isOn ?? enabledByDefault,
    severity: own.severity ?? defaultSeverity,
    grace: own.grace ?? defaultGrace,
    tolerance: own.tolerance ?? defaultTolerance,
    window: own.window ?? null,
    notify: own.notify ?? [],
  };
}

export const isOn = (look: Look, kind: ExceptionKind): boolean =>
  look.rules.kinds[kind]?.isOn ?? EXCEPTIONS[kind].enabledByDefault;

export interface Raised {
  readonly detail: string;
  readonly premature: boolean;
  readonly punchIds?: readonly string[];
  readonly factIds?: readonly string[];
  readonly seconds?: number;
}

export function raise(look: Look, kind: ExceptionKind, what: Raised): void {
  const { isOn: isRaised, severity, notify } = settingOf(look.rules, kind);
  if (!isRaised) return;
  const { punchIds = [], factIds = [], seconds } = what;
  look.found.push({
    kind,
    severity,
    premature: what.premature,
    punchIds: punchIds.slice(0, MAX_IDS),
    ...(factIds.length === 0 ? {} : { factIds: factIds.slice(0, MAX_IDS) }),
    ...(seconds === undefined ? {} : { seconds }),
    ...(notify.length === 0 ? {} : { notify: [...notify] }),
    detail: what.detail.slice(0, MAX_DETAIL),
  });
}

/**
 * What of a measured length is to be reported, in seconds; null = nothing. Grace does not count, so it is taken off;
 * tolerance counts, so what lies beyond it is reported with it. Beyond the watch window nothing is.
 */
export function excess(look: Look, kind: ExceptionKind, seconds: number): number | null {
  if (seconds <= 0 || !isOn(look, kind)) return null;
  const { grace, tolerance, window } = settingOf(look.rules, kind);
  if (window !== null && seconds > window) return null;
  return seconds - grace > tolerance ? seconds - grace : null;
}

/**
 * Whether what was seen may still go away by itself: the watermark has not passed the instant up to which punches
 * matter to it. Where nobody tells watermarks, the shift decides.
 */
export function mayChange(look: Look, until: number, otherwise: boolean): boolean {
  return look.passed === null ? otherwise : look.passed <= until;
}

/** The same of all of the day. */
export const dayMayChange = (look: Look): boolean =>
  mayChange(look, look.settles - 1, look.day.shifts.at(-1)?.isLast ?? false);

/** The same of the end of a shift. */
export const endMayChange = (look: Look, shift: DayShift): boolean =>
  mayChange(look, Math.min(lastChanceOf(shift), look.settles - 1), shift.isLast);

/** Whether somebody is in as far as anybody knows, so that nothing can be said of the hours yet. */
export const isRunning = (look: Look): boolean =>
  look.day.shifts.some((shift) => isStillOpen(shift, look.passed));

/** Everything of the day is known. */
export const isSettled = (look: Look): boolean =>
  look.passed !== null && look.passed >= look.settles;

interface Hours {
  readonly worked: number;
  readonly paid: number;
  readonly hasWork: boolean;
}
/** What is asked of a day by many days around it. */
const HOURS = new WeakMap<Day, Hours>();

function hoursOf(day: Day): Hours {
  const known = HOURS.get(day);
  if (known !== undefined) return known;
  let worked = 0;
  let paid = day.roundedUp?.seconds ?? 0;
  for (const tile of day.tiles) {
    const seconds = secondsOf(tile);
    if (tile.kind === "work") worked += seconds;
    if (tile.isPaid) paid += seconds;
  }
  const hours = { worked, paid, hasWork: day.tiles.some(({ kind }) => kind === "work") };
  HOURS.set(day, hours);
  return hours;
}

/** Seconds of the day that limits look at. */
export const countedSeconds = (day: Day, counts: "worked" | "paid"): number => hoursOf(day)[counts];

export const paidSecondsOf = (day: Day): number => hoursOf(day).paid;

export const hasWork = (day: Day | undefined): boolean => day !== undefined && hoursOf(day).hasWork;

export const hasLeave = ({ absences }: Day): boolean =>
  absences.some((absence) => absence.isCancelled !== true);

/** Whole seconds from one instant to a later one; negative if it is earlier. */
export const secondsBetween = (fromAt: number, toAt: number): number =>
  Math.floor(toAt / SECOND) - Math.floor(fromAt / SECOND);

/** The day, if it is the last of its week for which `isOne` holds. */
export function isLastOf(look: Look, until: number, isOne: (day: Day) => boolean): boolean {
  if (!isOne(look.day)) return false;
  for (let day = look.day.day + 1; day <= until; day += 1) {
    const later = look.sheet.at(day);
    if (later !== undefined && isOne(later)) return false;
  }
  return true;
}
