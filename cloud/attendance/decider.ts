import type { PunchOrigin } from "@clockleaf/shared/events/attendance.ts";
import type { Decided } from "@clockleaf/shared/events/envelope.ts";
import { dayOfDate } from "@clockleaf/shared/worktime/civil-time.ts";
import { computeWorkdays, type DateRange, recompute } from "@clockleaf/shared/worktime/engine.ts";
import type { WatermarkFact } from "@clockleaf/shared/worktime/facts.ts";
import type { Rules } from "@clockleaf/shared/worktime/rules.ts";
import { emptyWorkday } from "@clockleaf/shared/worktime/workday.ts";
import { type Decider, type Refusal, refuse } from "../eventing/decider.ts";
import { clockSnapshot } from "./clock-snapshot.ts";
import {
  type ClockEvent,
  type ClockState,
  evolveClock,
  type FactEvent,
  factKey,
  factOf,
  findingOf,
  type Happened,
  INITIAL_CLOCK,
  type Review,
  withFact,
} from "./clock-state.ts";
import { daysTold, differs, firstThatFit, type Whose } from "./telling.ts";

export type { ClockEvent, ClockState } from "./clock-state.ts";

/** A punch and the instant it counts at. */
export interface ClockPunch {
  readonly punch: PunchOrigin;
  /** UTC milliseconds; must fit `punchFactSchema`. */
  readonly at: number;
  /** IANA zone of the site. */
  readonly zone: string;
}

/** What every command that may change days brings along. */
export interface OfPerson {
  readonly employeeId: string;
  /** Of this person, through time. */
  readonly rules: Rules;
  /** Where the person belongs now; nowhere unless told. */
  readonly departmentId?: string | null | undefined;
  readonly managerId?: string | null | undefined;
}

/** All punches of a command are decided at once: what they mean is worked out when the last is in. */
export interface RecordClock extends OfPerson {
  readonly type: "record-clock";
  readonly punches: readonly ClockPunch[];
}

/** What people decided about somebody's time: corrections, leave, approvals, verifications, as the events that tell it. */
export interface RecordFacts extends OfPerson {
  readonly type: "record-facts";
  readonly told: readonly Decided<FactEvent>[];
}

/**
 * How far sites have told everything. Where that changes no day it is not told. Where it changes more days than one append
 * takes, an earlier instant is told first, so whoever asks goes on until nothing is.
 */
export interface ReachWatermark extends OfPerson {
  readonly type: "reach-watermark";
  /** Of every site that the person may have punched at. */
  readonly watermarks: readonly WatermarkFact[];
}

/**
 * Other rules: every day in `range` that they make another day is told again. What does not fit one append is left out,
 * the latest days first, so whoever asks goes on after the last day told until nothing is.
 */
export interface Recalculate extends OfPerson {
  readonly type: "recalculate";
  readonly range: DateRange;
}

/** Somebody looked at all exceptions of one kind on a day. */
export interface ReviewException {
  readonly type: "review-exception";
  readonly employeeId: string;
  readonly workdayOn: string;
  readonly kind: string;
  readonly outcome: Review["outcome"];
  /** Revision of the day that was looked at; null = whatever it is. */
  readonly revision: number | null;
  readonly by: string;
  readonly note: string;
}

export type ClockCommand =
  | RecordClock
  | RecordFacts
  | ReachWatermark
  | Recalculate
  | ReviewException;

/**
 * Decides what facts mean for the days of one employee. A fact already known changes nothing, whatever else it says
 * now, and neither do rules or watermarks under which the days are what they were; so commands may be repeated at will.
 * Only meanings, days and overtime that changed are told, so that any order of arrival ends in the same meanings, the
 * same days and the same overtime.
 */
export const clockDecider: Decider<ClockState, ClockCommand, ClockEvent> = {
  initial: INITIAL_CLOCK,
  decide(state, command) {
    switch (command.type) {
      case "record-clock":
        return record(state, command.punches.map(eventOf(command)), command);
      case "record-facts":
        return record(state, command.told, command);
      case "reach-watermark":
        return reach(state, command);
      case "recalculate":
        return recalculate(state, command);
      case "review-exception":
        return review(state, command);
    }
  },
  evolve: evolveClock,
  snapshot: clockSnapshot,
};

const eventOf =
  ({ employeeId }: OfPerson) =>
  ({ punch, at, zone }: ClockPunch): Decided<FactEvent> => ({
    type: "attendance.clock.recorded",
    data: { employeeId, punch, at, zone },
  });

const whose = ({ employeeId, departmentId = null, managerId = null }: OfPerson): Whose => ({
  employeeId,
  departmentId,
  managerId,
});

function record(
  state: ClockState,
  told: readonly Decided<FactEvent>[],
  command: OfPerson,
): Happened[] {
  const fresh = new Map<string, Decided<FactEvent>>();
  for (const event of told) {
    const key = factKey(factOf(event));
    if (!state.facts.has(key) && !fresh.has(key)) fresh.set(key, event);
  }
  if (fresh.size === 0) return [];
  const added = [...fresh.values()].map(factOf);
  const days = recompute(state.facts.values(), added, command.rules).filter((day) =>
    differs(state, day),
  );
  const after = { ...state, facts: added.reduce(withFact, state.facts) };
  return [...fresh.values(), ...daysTold(after, firstThatFit(state, days), whose(command))];
}

const DAY_MS = 86_400_000;

function reach(state: ClockState, command: ReachWatermark): Happened[] {
  const { employeeId, rules, watermarks } = command;
  const higher = watermarks.filter((each) => {
    const known = state.facts.get(factKey(each));
    return known?.kind !== "watermark" || known.completeTo < each.completeTo;
  });
  if (higher.length === 0) return [];
  const days = recompute(state.facts.values(), higher, rules).filter((day) => differs(state, day));
  if (days.length === 0) return [];
  const fitting = firstThatFit(state, days);
  if (fitting.length < days.length) {
    const until = dayOfDate(fitting.at(-1)?.workdayOn ?? "") * DAY_MS;
    const lower = higher.map((each) => ({
      ...each,
      completeTo: Math.max(0, Math.min(each.completeTo, until)),
    }));
    const isLower = lower.some(({ completeTo }, index) => completeTo !== higher[index]?.completeTo);
    const events = isLower ? reach(state, { ...command, watermarks: lower }) : [];
    if (events.length > 0) return events;
  }
  const told = higher.map(
    ({ site, completeTo }): Happened => ({
      type: "attendance.watermark.reached",
      data: { employeeId, site, completeTo },
    }),
  );
  return [...told, ...daysTold(state, fitting, whose(command))];
}

function recalculate(state: ClockState, command: Recalculate): Happened[] {
  const { rules, range } = command;
  const { fromOn, toOn } = range;
  const now = computeWorkdays(state.facts.values(), rules, range);
  const standing = new Set(now.map((day) => day.workdayOn));
  const gone = [...state.workdays.values()].flatMap(({ workday: { workdayOn, zone } }) =>
    workdayOn < fromOn || workdayOn > toOn || standing.has(workdayOn)
      ? []
      : [emptyWorkday(workdayOn, zone)],
  );
  const days = [...now, ...gone]
    .filter((day) => differs(state, day))
    .toSorted((a, b) => (a.workdayOn < b.workdayOn ? -1 : 1));
  return daysTold(state, firstThatFit(state, days), whose(command));
}

/** Also said of the days of people whom the caller may not see. */
export const noSuchException = ({
  kind,
  workdayOn,
}: Pick<ReviewException, "kind" | "workdayOn">): Refusal =>
  refuse("exception.not-found", `nothing of the kind "${kind}" on ${workdayOn}`);

function review(state: ClockState, command: ReviewException): Happened[] | Refusal {
  const { employeeId, workdayOn, kind, outcome, by, note } = command;
  const day = state.workdays.get(workdayOn);
  const found = day?.workday.exceptions.filter((each) => each.kind === kind) ?? [];
  if (day === undefined || found.length === 0) {
    return noSuchException(command);
  }
  const { revision } = day;
  if (command.revision !== null && command.revision !== revision) {
    return refuse("exception.changed", "the day has changed since it was looked at: read it again");
  }
  if (outcome === "resolved" && found.some(({ severity }) => severity === "blocking")) {
    const detail = `"${kind}" cannot be waved through: correct the punches, and it goes away by itself`;
    return refuse("exception.blocking", detail);
  }
  if (standingWord(state, workdayOn, { kind, finding: findingOf(found, kind) }) === outcome)
    return [];
  const data = { employeeId, workdayOn, kind, outcome, revision, by, note };
  return [{ type: "attendance.exception.reviewed", data }];
}

/** Somebody's word holds for what was found when it was said. */
function standingWord(
  { reviews }: ClockState,
  on: string,
  { kind, finding }: Pick<Review, "kind" | "finding">,
): Review["outcome"] {
  const was = reviews.get(on)?.find((each) => each.kind === kind);
  return was?.finding === finding ? was.outcome : "reopened";
}
