import type {
  AttendanceEvent,
  absenceRecorded,
  breakEnded,
  breakStarted,
  checkInRecorded,
  checkOutRecorded,
  clockRecorded,
  correctionApplied,
  exceptionReviewed,
  meaningWithdrawn,
  overtimeApproved,
  overtimeCalculated,
  overtimeRejected,
  overtimeWithdrawn,
  timesheetVerified,
  transferRecorded,
  watermarkReached,
  workdayCalculated,
} from "@clockleaf/shared/events/attendance.ts";
import type { Decided, EventOf } from "@clockleaf/shared/events/envelope.ts";
import { storyOf } from "@clockleaf/shared/worktime/alike.ts";
import { type Fact, factIdOf } from "@clockleaf/shared/worktime/facts.ts";
import type { CountedMeaning } from "@clockleaf/shared/worktime/ledger.ts";
import type { Workday, WorkdayException } from "@clockleaf/shared/worktime/workday.ts";
import { LayeredMap } from "./layered-map.ts";

/** Events that each bring one fact about a person. */
export type FactEvent = Extract<
  AttendanceEvent,
  | EventOf<typeof clockRecorded>
  | EventOf<typeof correctionApplied>
  | EventOf<typeof absenceRecorded>
  | EventOf<typeof overtimeApproved>
  | EventOf<typeof overtimeRejected>
  | EventOf<typeof timesheetVerified>
  | EventOf<typeof watermarkReached>
>;

export type ClockEvent =
  | FactEvent
  | Extract<
      AttendanceEvent,
      | EventOf<typeof checkInRecorded>
      | EventOf<typeof checkOutRecorded>
      | EventOf<typeof breakStarted>
      | EventOf<typeof breakEnded>
      | EventOf<typeof transferRecorded>
      | EventOf<typeof meaningWithdrawn>
      | EventOf<typeof workdayCalculated>
      | EventOf<typeof overtimeCalculated>
      | EventOf<typeof overtimeWithdrawn>
      | EventOf<typeof exceptionReviewed>
    >;
export type Happened = Decided<ClockEvent>;

export interface GivenMeaning {
  readonly meaning: CountedMeaning;
  readonly workdayOn: string;
  /** Where the punch stood when it was given, UTC milliseconds: a correction may have moved it. */
  readonly at: number;
}

/** What was last told of a rule's overtime on a day. */
export interface ToldOvertime {
  readonly policy: string;
  readonly seconds: number;
  readonly needsApproval: boolean;
}

/** What somebody last said of a kind of exception on a day, and what it looked like then. */
export interface Review {
  readonly kind: string;
  readonly outcome: EventOf<typeof exceptionReviewed>["data"]["outcome"];
  readonly finding: string;
}

/** One employee's time, as far as it has been recorded. */
export interface ClockState {
  /** By {@link factKey}. */
  readonly facts: LayeredMap<string, Fact>;
  /** The meaning each punch was last given, by punch id; one that counts for nothing has none. */
  readonly meanings: LayeredMap<string, GivenMeaning>;
  readonly workdays: LayeredMap<string, { readonly revision: number; readonly workday: Workday }>;
  /** By workday. */
  readonly overtime: LayeredMap<string, readonly ToldOvertime[]>;
  /** By workday. */
  readonly reviews: LayeredMap<string, readonly Review[]>;
}

export const INITIAL_CLOCK: ClockState = {
  facts: LayeredMap.empty(),
  meanings: LayeredMap.empty(),
  workdays: LayeredMap.empty(),
  overtime: LayeredMap.empty(),
  reviews: LayeredMap.empty(),
};

/** Under which a fact is known. Of a site's watermarks only the highest says anything. */
export const factKey = (fact: Fact): string =>
  fact.kind === "watermark" ? `watermark ${fact.site}` : factIdOf(fact);

/** The fact that an event brings. */
export function factOf(event: Decided<FactEvent>): Fact {
  switch (event.type) {
    case "attendance.clock.recorded": {
      const { punch, at, zone } = event.data;
      const { punchId, hint, site, reader } = punch;
      return { kind: "punch", punchId, at, hint, site, reader, zone };
    }
    case "attendance.correction.applied":
      return event.data.correction;
    case "attendance.absence.recorded":
      return event.data.absence;
    case "attendance.overtime.approved":
    case "attendance.overtime.rejected":
      return event.data.approval;
    case "attendance.timesheet.verified":
      return event.data.verification;
    case "attendance.watermark.reached": {
      const { site, completeTo } = event.data;
      return { kind: "watermark", site, completeTo };
    }
  }
}

export function withFact(facts: ClockState["facts"], fact: Fact): ClockState["facts"] {
  const key = factKey(fact);
  const known = facts.get(key);
  if (fact.kind === "watermark" && known?.kind === "watermark") {
    if (known.completeTo >= fact.completeTo) return facts;
  }
  return facts.with(key, fact);
}

export function evolveClock(state: ClockState, event: Happened): ClockState {
  switch (event.type) {
    case "attendance.clock.recorded":
    case "attendance.correction.applied":
    case "attendance.absence.recorded":
    case "attendance.overtime.approved":
    case "attendance.overtime.rejected":
    case "attendance.timesheet.verified":
    case "attendance.watermark.reached":
      return { ...state, facts: withFact(state.facts, factOf(event)) };
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
    case "attendance.overtime.calculated": {
      const { workdayOn, policy, seconds, needsApproval } = event.data;
      return withOvertime(state, workdayOn, { policy, seconds, needsApproval });
    }
    case "attendance.overtime.withdrawn":
      return withOvertime(state, event.data.workdayOn, { policy: event.data.policy });
    case "attendance.exception.reviewed":
      return reviewed(state, event.data);
  }
}

/** What an event says that does not say it itself, as those of the first version. */
const MEANT = {
  "attendance.check-in.recorded": "in",
  "attendance.check-out.recorded": "out",
  "attendance.break.started": "break-start",
  "attendance.break.ended": "break-end",
  "attendance.transfer.recorded": "transfer",
} as const satisfies Record<string, CountedMeaning>;

function given(
  state: ClockState,
  data: { readonly punchId: string; readonly workdayOn: string; readonly at: number },
  meaning: CountedMeaning,
): ClockState {
  const { punchId, workdayOn, at } = data;
  return { ...state, meanings: state.meanings.with(punchId, { meaning, workdayOn, at }) };
}

function withOvertime(
  state: ClockState,
  on: string,
  now: ToldOvertime | { readonly policy: string },
): ClockState {
  const others = (state.overtime.get(on) ?? []).filter(({ policy }) => policy !== now.policy);
  const told = "seconds" in now ? [...others, now] : others;
  const overtime = told.length === 0 ? state.overtime.without(on) : state.overtime.with(on, told);
  return { ...state, overtime };
}

/** What a day says of one kind of exception, as text; empty = nothing. Not whether it may still pass by itself. */
export const findingOf = (exceptions: readonly WorkdayException[], kind: string): string =>
  exceptions
    .filter((each) => each.kind === kind)
    .map((each) => storyOf({ ...each, premature: undefined }))
    .join();

function reviewed(state: ClockState, data: EventOf<typeof exceptionReviewed>["data"]): ClockState {
  const { workdayOn, kind, outcome } = data;
  const finding = findingOf(state.workdays.get(workdayOn)?.workday.exceptions ?? [], kind);
  const others = (state.reviews.get(workdayOn) ?? []).filter((each) => each.kind !== kind);
  return {
    ...state,
    reviews: state.reviews.with(workdayOn, [...others, { kind, outcome, finding }]),
  };
}
