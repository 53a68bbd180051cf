import type {
  AttendanceEvent,
  breakEnded,
  breakStarted,
  checkInRecorded,
  checkOutRecorded,
  clockRecorded,
  meaningWithdrawn,
  PunchOrigin,
  transferRecorded,
  workdayCalculated,
} from "@clockleaf/shared/events/attendance.ts";
import type { Decided, EventOf } from "@clockleaf/shared/events/envelope.ts";
import { computeWorkdays, type DateRange, recompute } from "@clockleaf/shared/worktime/engine.ts";
import type { PunchFact } from "@clockleaf/shared/worktime/facts.ts";
import type { CountedMeaning } from "@clockleaf/shared/worktime/ledger.ts";
import type { Rules } from "@clockleaf/shared/worktime/rules.ts";
import {
  emptyWorkday,
  isEmptyWorkday,
  isSameWorkday,
  type Workday,
} from "@clockleaf/shared/worktime/workday.ts";
import type { Decider } from "../eventing/decider.ts";
import { LayeredMap } from "./layered-map.ts";

/** A punch and the instant it counts at. */
export interface ClockPunch {
  readonly punch: PunchOrigin;
  /** UTC milliseconds; must fit `punchFactSchema`. */
  readonly at: number;
  /** IANA zone of the site. */
  readonly zone: string;
}

/** All punches of a command are decided at once: what they mean is worked out when the last is in. */
export interface RecordClock {
  readonly type: "record-clock";
  readonly employeeId: string;
  readonly punches: readonly ClockPunch[];
  /** Of this person, through time. */
  readonly rules: Rules;
}

/**
 * Other rules: every day in `range` that they make another day is told again. What does not fit one append is left out,
 * the latest days first, so whoever asks goes on after the last day told until nothing is.
 */
export interface Recalculate {
  readonly type: "recalculate";
  readonly employeeId: string;
  readonly rules: Rules;
  readonly range: DateRange;
}

export type ClockCommand = RecordClock | Recalculate;

export type ClockEvent = Extract<
  AttendanceEvent,
  | EventOf<typeof clockRecorded>
  | EventOf<typeof checkInRecorded>
  | EventOf<typeof checkOutRecorded>
  | EventOf<typeof breakStarted>
  | EventOf<typeof breakEnded>
  | EventOf<typeof transferRecorded>
  | EventOf<typeof meaningWithdrawn>
  | EventOf<typeof workdayCalculated>
>;
type Happened = Decided<ClockEvent>;

interface GivenMeaning {
  readonly meaning: CountedMeaning;
  readonly workdayOn: string;
}

/** One employee's time, as far as it has been recorded. */
export interface ClockState {
  readonly facts: LayeredMap<string, PunchFact>;
  /** The meaning each punch was last given, by punch id; one that counts for nothing has none. */
  readonly meanings: LayeredMap<string, GivenMeaning>;
  readonly workdays: LayeredMap<string, { readonly revision: number; readonly workday: Workday }>;
}

const INITIAL: ClockState = {
  facts: LayeredMap.empty(),
  meanings: LayeredMap.empty(),
  workdays: LayeredMap.empty(),
};

/**
 * Decides what punches mean for the days of one employee. A punch already known changes nothing, whatever else it says
 * now, and neither do rules under which the days are what they were; so commands may be repeated at will. Withdrawals come
 * before the meanings that replace them, and only meanings and days that changed are told, so that any order of arrival
 * ends in the same meanings and the same days.
 */
export const clockDecider: Decider<ClockState, ClockCommand, ClockEvent> = {
  initial: INITIAL,
  decide(state, command) {
    switch (command.type) {
      case "record-clock":
        return record(state, command);
      case "recalculate":
        return recalculate(state, command);
    }
  },
  evolve,
};

function record(state: ClockState, command: RecordClock): Happened[] {
  const { employeeId, rules } = command;
  const added = new Map<string, ClockPunch>();
  for (const each of command.punches) {
    const { punchId } = each.punch;
    if (!state.facts.has(punchId) && !added.has(punchId)) added.set(punchId, each);
  }
  if (added.size === 0) return [];
  const newFacts = [...added.values()].map(factOf);
  const facts = newFacts.reduce((all, fact) => all.with(fact.punchId, fact), state.facts);
  const days = recompute(state.facts.values(), newFacts, rules).filter((day) =>
    differs(state, day),
  );
  return [
    ...[...added.values()].map((each): Happened => recorded(employeeId, each)),
    ...daysTold({ ...state, facts }, days, employeeId),
  ];
}

function recalculate(state: ClockState, { employeeId, rules, range }: Recalculate): Happened[] {
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
  return daysTold(state, firstThatFit(state, days), employeeId);
}

/** One append takes 1000 events. */
const MOST_EVENTS = 900;

/** Whatever a day said of a punch may be withdrawn, and whatever it says now is told, withdrawn elsewhere before. */
function firstThatFit({ workdays }: ClockState, days: readonly Workday[]): readonly Workday[] {
  let events = 0;
  const end = days.findIndex((day) => {
    const before = workdays.get(day.workdayOn)?.workday.punches.length ?? 0;
    events += before + 2 * day.punches.length + 1;
    return events > MOST_EVENTS;
  });
  return end === -1 ? days : days.slice(0, Math.max(end, 1));
}

function daysTold(state: ClockState, days: readonly Workday[], employeeId: string): Happened[] {
  return [
    ...meaningChanges(state, days, employeeId),
    ...days.map(
      (workday): Happened => ({
        type: "attendance.workday.calculated",
        data: { employeeId, revision: revisionOf(state, workday.workdayOn) + 1, workday },
      }),
    ),
  ];
}

const recorded = (employeeId: string, { punch, at, zone }: ClockPunch): Happened => ({
  type: "attendance.clock.recorded",
  data: { employeeId, punch, at, zone },
});

const revisionOf = (state: ClockState, on: string): number => state.workdays.get(on)?.revision ?? 0;

function differs({ workdays }: ClockState, day: Workday): boolean {
  const stored = workdays.get(day.workdayOn)?.workday;
  if (stored === undefined || isEmptyWorkday(stored)) return !isEmptyWorkday(day);
  return !isSameWorkday(stored, day);
}

function factOf({ punch, at, zone }: ClockPunch): PunchFact {
  const { punchId, hint, site, reader } = punch;
  return { kind: "punch", punchId, at, hint, site, reader, zone };
}

interface Reading extends GivenMeaning {
  readonly reason: string;
}

/** What days say of their punches, by punch id; those that count for nothing are left out. */
function readingsOf(days: readonly Workday[]): Map<string, Reading> {
  const readings = new Map<string, Reading>();
  for (const { workdayOn, punches } of days) {
    for (const { punchId, meaning, reason } of punches) {
      if (meaning === "repeat" || meaning === "between") continue;
      readings.set(punchId, { meaning, workdayOn, reason });
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
      data: { employeeId, punchId, was: was.meaning, reason },
    });
  }
  const fresh: Happened[] = [];
  for (const [punchId, now] of readings) {
    const was = state.meanings.get(punchId);
    const fact = state.facts.get(punchId);
    if (fact === undefined || (was !== undefined && isSame(was, now))) continue;
    const { at, site, reader } = fact;
    const { workdayOn, reason, meaning } = now;
    fresh.push({
      type: TYPE_OF[meaning],
      data: { employeeId, punchId, at, site, reader, workdayOn, reason, meaning },
    });
  }
  return [...withdrawn, ...fresh];
}

const isSame = (a: GivenMeaning, b: GivenMeaning): boolean =>
  a.meaning === b.meaning && a.workdayOn === b.workdayOn;

const TYPE_OF = {
  in: "attendance.check-in.recorded",
  out: "attendance.check-out.recorded",
  "break-start": "attendance.break.started",
  "break-end": "attendance.break.ended",
  "lunch-start": "attendance.break.started",
  "lunch-end": "attendance.break.ended",
  transfer: "attendance.transfer.recorded",
} as const satisfies Record<CountedMeaning, ClockEvent["metadata"]["eventType"]>;

function evolve(state: ClockState, event: Happened): ClockState {
  switch (event.type) {
    case "attendance.clock.recorded": {
      const fact = factOf(event.data);
      return { ...state, facts: state.facts.with(fact.punchId, fact) };
    }
    case "attendance.check-in.recorded":
    case "attendance.check-out.recorded":
    case "attendance.break.started":
    case "attendance.break.ended":
    case "attendance.transfer.recorded":
      return given(state, event.data, event.data.meaning ?? MEANT[event.type]);
    case "attendance.meaning.withdrawn":
      return { ...state, meanings: state.meanings.without(event.data.punchId) };
    case "attendance.workday.calculated": {
      const { revision, workday } = event.data;
      const workdays = state.workdays.with(workday.workdayOn, { revision, workday });
      return { ...state, workdays };
    }
  }
}

/** What an event says that does not say it itself, as those of the first version. */
const MEANT = {
  "attendance.check-in.recorded": "in",
  "attendance.check-out.recorded": "out",
  "attendance.break.started": "break-start",
  "attendance.break.ended": "break-end",
  "attendance.transfer.recorded": "transfer",
} as const satisfies Record<(typeof TYPE_OF)[CountedMeaning], CountedMeaning>;

function given(
  state: ClockState,
  data: { readonly punchId: string; readonly workdayOn: string },
  meaning: CountedMeaning,
): ClockState {
  const { punchId, workdayOn } = data;
  return { ...state, meanings: state.meanings.with(punchId, { meaning, workdayOn }) };
}
