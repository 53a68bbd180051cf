import { type Claim, isEmptyWorkday, type Workday } from "@clockleaf/shared/worktime/workday.ts";

/** What one person's day adds to the rate of its site or department. */
export interface Punctuality {
  /** Planned to work, and not covered by leave or a holiday. */
  readonly isDue: boolean;
  /** Came after the plan began, beyond what the rules tolerate. */
  readonly isLate: boolean;
  /** Did not come, and all of the day is known. */
  readonly isAbsent: boolean;
  /** The day may still change by itself. */
  readonly isProvisional: boolean;
}

const NOT_DUE: Punctuality = {
  isDue: false,
  isLate: false,
  isAbsent: false,
  isProvisional: false,
};

/**
 * Whoever was due counts, also if absent. Leave that covers the plan excuses, unless the rules say otherwise: then the
 * day has the exception `absent`, and that word holds. A day that was emptied says as much as one never told.
 */
export function punctualityOf(day: Workday): Punctuality {
  const has = (kind: Workday["exceptions"][number]["kind"]): boolean =>
    day.exceptions.some((exception) => exception.kind === kind);
  const isLate = has("in-late");
  const isAbsent = has("absent") && day.punches.length === 0;
  if (isEmptyWorkday(day)) return NOT_DUE;
  const isDue = isLate || isAbsent || (day.planned.length > 0 && !isExcused(day));
  if (!isDue) return NOT_DUE;
  return { isDue, isLate, isAbsent, isProvisional: day.state !== "complete" };
}

function isExcused({ planned, credits }: Workday): boolean {
  const due = planned.reduce((sum, { seconds }) => sum + seconds, 0);
  const leave = credits.reduce(
    (sum, { kind, seconds }) => (kind === "undertime" ? sum : sum + seconds),
    0,
  );
  return due > 0 && leave >= due;
}

/** Seconds of overtime by what was decided about them; what is not there is zero. */
export function overtimeOf({ claims }: Workday): ReadonlyMap<Claim["approval"], number> {
  const sums = new Map<Claim["approval"], number>();
  for (const { class: of, approval, seconds } of claims) {
    if (of !== "overtime" || seconds === 0) continue;
    sums.set(approval, (sums.get(approval) ?? 0) + seconds);
  }
  return sums;
}
