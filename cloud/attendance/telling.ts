import type { CountedMeaning } from "@clockleaf/shared/worktime/ledger.ts";
import { isEmptyWorkday, isSameWorkday, type Workday } from "@clockleaf/shared/worktime/workday.ts";
import type {
  ClockEvent,
  ClockState,
  GivenMeaning,
  Happened,
  ToldOvertime,
} from "./clock-state.ts";

/** Whose days are told, and who is to decide about their overtime; nulls = nobody in particular. */
export interface Whose {
  readonly employeeId: string;
  readonly departmentId: string | null;
  readonly managerId: string | null;
}

/**
 * The events that tell changed days: withdrawals before the meanings that replace them, then the days, then what changed
 * of their overtime.
 */
export function daysTold(state: ClockState, days: readonly Workday[], whose: Whose): Happened[] {
  const { employeeId } = whose;
  return [
    ...meaningChanges(state, days, employeeId),
    ...days.map(
      (workday): Happened => ({
        type: "attendance.workday.calculated",
        data: { employeeId, revision: nextRevision(state, workday.workdayOn), workday },
      }),
    ),
    ...days.flatMap((day) => overtimeChanges(state, day, whose)),
  ];
}

const nextRevision = (state: ClockState, on: string): number =>
  (state.workdays.get(on)?.revision ?? 0) + 1;

/** Whether a day says something else than what was last told of it. */
export function differs({ workdays }: ClockState, day: Workday): boolean {
  const stored = workdays.get(day.workdayOn)?.workday;
  if (stored === undefined || isEmptyWorkday(stored)) return !isEmptyWorkday(day);
  return !isSameWorkday(stored, day);
}

/** One append takes 1000 events. */
const MOST_EVENTS = 900;

/** Whether days may have been left out: what was told is counted more carefully than what will be. */
export const isNearlyFull = (events: readonly unknown[]): boolean =>
  events.length > MOST_EVENTS / 4;

/**
 * As many of the days, oldest first, as one append takes. Whatever a day said of a punch may be withdrawn, and whatever it
 * says now is told, withdrawn elsewhere before; and so its overtime.
 */
export function firstThatFit(
  { workdays, overtime }: ClockState,
  days: readonly Workday[],
): readonly Workday[] {
  let events = 0;
  const end = days.findIndex((day) => {
    const before = workdays.get(day.workdayOn)?.workday.punches.length ?? 0;
    const policies = (overtime.get(day.workdayOn)?.length ?? 0) + overtimeOf(day).length;
    events += before + 2 * day.punches.length + policies + 1;
    return events > MOST_EVENTS;
  });
  return end === -1 ? days : days.slice(0, Math.max(end, 1));
}

interface Reading extends GivenMeaning {
  readonly reason: string;
}

/** What days say of their punches, by punch id; those that count for nothing are left out. */
function readingsOf(days: readonly Workday[]): Map<string, Reading> {
  const readings = new Map<string, Reading>();
  for (const { workdayOn, punches } of days) {
    for (const { punchId, meaning, reason, at } of punches) {
      if (meaning === "repeat" || meaning === "between") continue;
      readings.set(punchId, { meaning, workdayOn, reason, at });
    }
  }
  return readings;
}

/** What the changed days say of their punches, against what was last said of them. */
function meaningChanges(
  state: ClockState,
  days: readonly Workday[],
  employeeId: string,
): Happened[] {
  const readings = readingsOf(days);
  const changedDays = new Set(days.map((day) => day.workdayOn));
  const withdrawn: Happened[] = [];
  for (const [punchId, was] of state.meanings) {
    const now = readings.get(punchId);
    if (now === undefined ? !changedDays.has(was.workdayOn) : isSame(was, now)) continue;
    const reason = now === undefined ? "no longer counts" : `now ${now.meaning}: ${now.reason}`;
    withdrawn.push({
      type: "attendance.meaning.withdrawn",
      data: { employeeId, punchId, was: was.meaning, reason: reason.slice(0, 300) },
    });
  }
  const fresh: Happened[] = [];
  for (const [punchId, now] of readings) {
    const was = state.meanings.get(punchId);
    const place = placeOf(state, punchId);
    if (place === undefined || (was !== undefined && isSame(was, now))) continue;
    const { at, workdayOn, reason, meaning } = now;
    fresh.push({
      type: TYPE_OF[meaning],
      data: { employeeId, punchId, at, ...place, workdayOn, reason, meaning },
    });
  }
  return [...withdrawn, ...fresh];
}

const isSame = (a: GivenMeaning, b: GivenMeaning): boolean =>
  a.meaning === b.meaning && a.workdayOn === b.workdayOn && a.at === b.at;

/** Where a punch was made; one that a correction added has no reader. */
function placeOf({ facts }: ClockState, id: string): { site: string; reader: string } | undefined {
  const punch = facts.get(`punch ${id}`);
  if (punch?.kind === "punch") return { site: punch.site, reader: punch.reader };
  const added = facts.get(`correction ${id}`);
  if (added?.kind !== "correction" || added.change.do !== "add") return undefined;
  return { site: added.change.site, reader: "correction" };
}

const TYPE_OF = {
  in: "attendance.check-in.recorded",
  out: "attendance.check-out.recorded",
  "break-start": "attendance.break.started",
  "break-end": "attendance.break.ended",
  "lunch-start": "attendance.break.started",
  "lunch-end": "attendance.break.ended",
  transfer: "attendance.transfer.recorded",
} as const satisfies Record<CountedMeaning, ClockEvent["metadata"]["eventType"]>;

/** A day's overtime by the rule that claims it, all its tiers together. */
function overtimeOf({ claims }: Workday): readonly ToldOvertime[] {
  const byPolicy = new Map<string, ToldOvertime>();
  for (const { class: of, policy, seconds, approval } of claims) {
    if (of !== "overtime" || seconds === 0) continue;
    const sum = byPolicy.get(policy);
    byPolicy.set(policy, {
      policy,
      seconds: (sum?.seconds ?? 0) + seconds,
      needsApproval: sum?.needsApproval === true || approval !== "not-needed",
    });
  }
  return [...byPolicy.values()];
}

/** A decision stands for exactly the seconds it was given for, so whatever is another figure is told again. */
function overtimeChanges(state: ClockState, day: Workday, whose: Whose): Happened[] {
  const { workdayOn } = day;
  const { employeeId, departmentId, managerId } = whose;
  const revision = nextRevision(state, workdayOn);
  const told = state.overtime.get(workdayOn) ?? [];
  const now = overtimeOf(day);
  const gone = told.filter(({ policy }) => now.every((each) => each.policy !== policy));
  const changed = now.filter((each) => {
    const was = told.find(({ policy }) => policy === each.policy);
    return was?.seconds !== each.seconds || was.needsApproval !== each.needsApproval;
  });
  return [
    ...gone.map(({ policy, seconds }): Happened => {
      const reason = "the day no longer holds overtime of this rule";
      const data = { employeeId, workdayOn, policy, seconds, revision, reason };
      return { type: "attendance.overtime.withdrawn", data };
    }),
    ...changed.map((each): Happened => {
      const data = { employeeId, workdayOn, ...each, revision, departmentId, managerId };
      return { type: "attendance.overtime.calculated", data };
    }),
  ];
}
