import type { PunchOrigin } from "@clockleaf/shared/events/attendance.ts";
import { eventSubject } from "@clockleaf/shared/subjects.ts";
import { dateOf, dayOfDate } from "@clockleaf/shared/worktime/civil-time.ts";
import { type CorrectionFact, correctionFactSchema } from "@clockleaf/shared/worktime/facts.ts";
import { constantRules, ruleSetSchema } from "@clockleaf/shared/worktime/rules.ts";
import {
  type Claim,
  type Credit,
  emptyWorkday,
  type Workday,
  type WorkdayException,
} from "@clockleaf/shared/worktime/workday.ts";
import fc from "fast-check";
import {
  type ClockCommand,
  type ClockState,
  clockDecider,
} from "../../cloud/attendance/decider.ts";
import { withinEmployment } from "../../cloud/attendance/employment.ts";
import { isRefusal } from "../../cloud/eventing/decider.ts";
import type { StoredEvent } from "../../cloud/eventing/event-store.ts";
import { person } from "./people.ts";

// Histories of people as ATTENDANCE and EMPLOYEE may tell them, each with what must be left of it in the end.

export const FIRST_ON = "2026-12-24"; // the span lies over the end of a year with 53 weeks
export const SPAN_DAYS = 14;
export const DEPARTMENTS = ["assembly", "paint", "office"] as const;
export const SITES = ["hq", "plant"] as const;

export interface Told {
  readonly domain: "attendance" | "employee";
  readonly type: string;
  readonly data: object;
  readonly atMs: number;
}

/** Of one person. */
export interface History {
  readonly employeeId: string;
  /** In the order of the person's aggregates. */
  readonly told: readonly Told[];
  /** The check-ins that stand in the end. */
  readonly arrivals: readonly Arrival[];
  /** As last told. */
  readonly days: readonly Workday[];
  /** Whole records of where the person belongs, in the order they were told. */
  readonly moves: readonly Move[];
}
export interface Arrival {
  readonly at: number;
  readonly site: string;
  readonly on: string;
}
export interface Move {
  readonly atMs: number;
  readonly departmentId: string;
  readonly site: string;
}

export const asStored = (
  { domain, type, data, atMs }: Told,
  { employeeId, seq }: { readonly employeeId: string; readonly seq: number },
): StoredEvent => ({
  seq,
  subject: eventSubject({ domain, tenant: "acme", aggregateId: employeeId }),
  traceparent: undefined,
  event: {
    metadata: {
      eventId: "00000000-0000-4000-8000-000000000000",
      eventType: type,
      timestamp: atMs,
      version: "1.0",
      source: "test",
      correlationId: null,
      causationId: null,
    },
    data,
  },
});

const MINUTE = 60_000;
const FIRST_AT = Date.parse(`${FIRST_ON}T00:00Z`);
const onOf = (day: number): string => dateOf(dayOfDate(FIRST_ON) + day);
const nthDay = fc.nat(SPAN_DAYS - 1);
const minuteOfSpan = fc.integer({ min: -60, max: SPAN_DAYS * 1440 + 60 });
const site = fc.constantFrom(...SITES);

/** Where people belong: entered once, then moved now and then; some of it is told late, about an earlier time. */
const moves = fc
  .array(
    fc.record({
      minute: fc.oneof(minuteOfSpan, fc.constantFrom(2000, 2001, 9000)),
      departmentId: fc.constantFrom(...DEPARTMENTS),
      site,
      isRecord: fc.boolean(),
    }),
    { minLength: 1, maxLength: 5 },
  )
  .map((steps) => {
    const done: Move[] = [];
    const told: Array<(employeeId: string) => Told> = [];
    for (const { minute, departmentId, isRecord, ...to } of steps) {
      const atMs = FIRST_AT + minute * MINUTE;
      const before = done.at(-1);
      if (before === undefined || isRecord) {
        const type = `employee.employee.${before === undefined ? "created" : "updated"}`;
        // what was first entered holds for all that was before
        done.push({ atMs: before === undefined ? 0 : atMs, departmentId, site: to.site });
        told.push((employeeId) => ({
          domain: "employee",
          type,
          atMs,
          data: { ...person(employeeId), departmentId, siteIds: [to.site, "elsewhere"] },
        }));
      } else {
        done.push({ atMs, departmentId, site: before.site });
        told.push((employeeId) => ({
          domain: "employee",
          type: "employee.department.changed",
          // told whenever: what counts is its own instant
          atMs: 0,
          data: {
            employeeId,
            fromDepartmentId: before.departmentId,
            toDepartmentId: departmentId,
            at: atMs,
          },
        }));
      }
    }
    return { moves: done, told };
  });

type TimeOf = (employeeId: string) => Pick<History, "arrivals" | "days"> & {
  readonly told: readonly Omit<Told, "domain" | "atMs">[];
};

const exceptionOf = (kind: WorkdayException["kind"]): WorkdayException => ({
  kind,
  severity: "warning",
  premature: false,
  punchIds: [],
  detail: "",
});
const leaveOf = (seconds: number): Credit => ({
  kind: "absence",
  code: "VAC",
  seconds,
  isPaid: true,
  factIds: [],
  policy: "leave",
  reason: "",
});
const claims: fc.Arbitrary<Claim[]> = fc.array(
  fc.record({
    class: fc.constantFrom("regular", "overtime"),
    code: fc.constantFrom("OT15", "OT20"),
    rate: fc.constantFrom(1.5, 2),
    fromAt: fc.constant(0),
    toAt: fc.constant(0),
    seconds: fc.integer({ min: 0, max: 9000 }),
    approval: fc.constantFrom("not-needed", "pending", "approved", "rejected", "lapsed"),
    punchIds: fc.constant([]),
    policy: fc.constant("Daily"),
    reason: fc.constant(""),
  }),
  { maxLength: 4 },
);
const anyDay: fc.Arbitrary<Workday> = fc
  .record({
    day: nthDay,
    zone: fc.constantFrom("UTC", "Europe/Berlin", "Pacific/Auckland", "America/Los_Angeles"),
    state: fc.constantFrom("open", "provisional", "complete"),
    isPlanned: fc.boolean(),
    isThere: fc.boolean(),
    leave: fc.constantFrom(0, 14_400, 28_800),
    kinds: fc.subarray<WorkdayException["kind"]>(["in-late", "absent", "not-yet-in", "out-late"]),
    claims,
  })
  .map(({ day, zone, isPlanned, isThere, leave, kinds, ...said }) =>
    Object.assign(emptyWorkday(onOf(day), zone), said, {
      planned: isPlanned ? [{ name: "day", fromAt: 0, toAt: 1, seconds: 28_800 }] : [],
      punches: isThere ? [{ punchId: "p", at: 0, meaning: "in" as const, reason: "" }] : [],
      credits: leave === 0 ? [] : [leaveOf(leave)],
      exceptions: kinds.map(exceptionOf),
    }),
  );

/** Anything the schemas allow, in any order. */
const anyTime: fc.Arbitrary<TimeOf> = fc
  .array(
    fc.oneof(
      fc.record({
        do: fc.constant("in"),
        slot: fc.nat(5),
        minute: minuteOfSpan,
        site,
        day: nthDay,
      }),
      fc.record({ do: fc.constant("withdraw"), slot: fc.nat(5) }),
      fc.record({ do: fc.constant("day"), day: anyDay }),
    ),
    { maxLength: 30 },
  )
  .map(
    (steps): TimeOf =>
      (employeeId) => {
        // The same punch ids for everybody: a withdrawal is about nobody else's.
        const standing = new Map<number, Arrival>();
        const days = new Map<string, { revision: number; workday: Workday }>();
        const told: Array<Omit<Told, "domain" | "atMs">> = [];
        const withdraw = (slot: number, was: string): void => {
          const data = { employeeId, punchId: `p-${slot}`, was, reason: "" };
          told.push({ type: "attendance.meaning.withdrawn", data });
        };
        for (const step of steps) {
          if ("minute" in step) {
            if (standing.has(step.slot)) withdraw(step.slot, "in");
            const at = Math.max(0, FIRST_AT + step.minute * MINUTE);
            const on = onOf(step.day);
            standing.set(step.slot, { at, site: step.site, on });
            const where = { site: step.site, reader: "door", workdayOn: on };
            const data = { employeeId, punchId: `p-${step.slot}`, at, ...where, reason: "" };
            told.push({ type: "attendance.check-in.recorded", data });
          } else if ("slot" in step) {
            withdraw(step.slot, standing.delete(step.slot) ? "in" : "out");
          } else {
            const workday = step.day;
            const { workdayOn } = workday;
            const revision = (days.get(workdayOn)?.revision ?? 0) + 1;
            days.set(workdayOn, { revision, workday });
            const data = { employeeId, revision, workday };
            told.push({ type: "attendance.workday.calculated", data });
          }
        }
        return {
          told,
          arrivals: [...standing.values()],
          days: [...days.values()].map(({ workday }) => workday),
        };
      },
  );

/** Due from eight to four every day, overtime after eight hours if somebody approves. */
const RULES = withinEmployment(
  constantRules(
    ruleSetSchema.parse({
      schedule: {
        templates: [{ name: "day", start: "08:00", end: "16:00" }],
        rotas: [{ name: "all", kind: "cycle", anchor: FIRST_ON, days: [["day"]] }],
      },
      absences: { codes: [{ name: "Vacation", code: "VAC", dayLength: "8h" }] },
      overtime: {
        policies: [
          {
            kind: "daily",
            name: "Daily",
            needsApproval: true,
            tiers: [{ after: "8h", code: "OT15", rate: 1.5 }],
          },
        ],
      },
    }),
  ),
  [{ from: FIRST_ON, to: onOf(SPAN_DAYS - 1) }],
);

const dayAndMinute = { day: nthDay, minute: fc.integer({ min: 300, max: 1200 }) };
/** What the clock of somebody really decides: shifts of which parts arrive late, corrections, leave, approvals, watermarks. */
const decidedTime: fc.Arbitrary<TimeOf> = fc
  .array(
    fc.oneof(
      { weight: 6, arbitrary: fc.record({ do: fc.constant("punch"), ...dayAndMinute, site }) },
      fc.record({ do: fc.constant("add"), ...dayAndMinute, site }),
      fc.record({ do: fc.constant("change"), nth: fc.nat(20), ...dayAndMinute }),
      fc.record({ do: fc.constant("void"), nth: fc.nat(20) }),
      fc.record({ do: fc.constant("leave"), day: nthDay }),
      fc.record({ do: fc.constant("approve"), day: nthDay, isYes: fc.boolean() }),
      fc.record({ do: fc.constant("known"), day: nthDay, sites: fc.subarray([...SITES]) }),
    ),
    { maxLength: 25 },
  )
  .map(
    (steps): TimeOf =>
      (employeeId) =>
        decided(employeeId, steps),
  );

interface Step {
  readonly do: string;
  readonly day?: number;
  readonly minute?: number;
  readonly site?: string;
  readonly nth?: number;
  readonly isYes?: boolean;
  readonly sites?: readonly string[];
}

function decided(employeeId: string, steps: readonly Step[]): ReturnType<TimeOf> {
  let state: ClockState = clockDecider.initial;
  const told: Array<Omit<Told, "domain" | "atMs">> = [];
  for (const [index, step] of steps.entries()) {
    const command = commandOf(employeeId, step, { state, index });
    if (command === undefined) continue;
    const events = clockDecider.decide(state, command);
    if (isRefusal(events)) throw new Error(events.code);
    told.push(...events);
    state = events.reduce((now, event) => clockDecider.evolve(now, event), state);
  }
  const days = [...state.workdays.values()].map(({ workday }) => workday);
  const siteOf = (punchId: string): string => {
    const punch = state.facts.get(`punch ${punchId}`);
    if (punch?.kind === "punch") return punch.site;
    const added = state.facts.get(`correction ${punchId}`);
    return added?.kind === "correction" && added.change.do === "add" ? added.change.site : "";
  };
  const arrivals = days.flatMap(({ workdayOn, punches }) =>
    punches
      .filter(({ meaning }) => meaning === "in")
      .map(({ punchId, at }) => ({ at, site: siteOf(punchId), on: workdayOn })),
  );
  return { told, arrivals, days };
}

function commandOf(
  employeeId: string,
  step: Step,
  { state, index }: { readonly state: ClockState; readonly index: number },
): ClockCommand | undefined {
  const { day = 0, minute = 0, nth = 0, site: where = "hq" } = step;
  const of = { employeeId, rules: RULES };
  const on = onOf(day);
  const at = FIRST_AT + day * 1440 * MINUTE + minute * MINUTE;
  const tell = (type: string, data: object): ClockCommand =>
    ({ type: "record-facts", ...of, told: [{ type, data: { employeeId, ...data } }] }) as never;
  const correct = (change: CorrectionFact["change"]): ClockCommand => {
    const said = { reason: "so", by: "hr", decidedAt: index + 1 };
    const correction = correctionFactSchema.parse({
      kind: "correction",
      correctionId: `c-${index}`,
      ...said,
      change,
    });
    return tell("attendance.correction.applied", { requestId: `r-${index}`, correction });
  };
  const known = [...state.facts.values()].filter((fact) => fact.kind === "punch");
  const punch = known[nth % Math.max(1, known.length)];
  switch (step.do) {
    case "punch": {
      const origin = originOf(`gw-epoch-${index}`, { at, site: where });
      return { type: "record-clock", ...of, punches: [{ punch: origin, at, zone: "UTC" }] };
    }
    case "add":
      return correct({ do: "add", at, meaning: "in", site: where, zone: "UTC" });
    case "change":
      return punch && correct({ do: "change", punchId: punch.punchId, at });
    case "void":
      return punch && correct({ do: "void", punchId: punch.punchId });
    case "leave": {
      const absence = {
        kind: "absence",
        absenceId: `a-${day}`,
        decidedAt: index + 1,
        fromOn: on,
        toOn: on,
        code: "VAC",
        secondsADay: null,
      };
      return tell("attendance.absence.recorded", { absence });
    }
    case "approve": {
      const [waiting] = state.overtime.get(on) ?? [];
      if (waiting === undefined) return undefined;
      const approval = {
        kind: "approval",
        approvalId: `o-${index}`,
        decidedAt: index + 1,
        on,
        policy: waiting.policy,
        seconds: waiting.seconds,
        decision: step.isYes === true ? "approved" : "rejected",
        by: "boss",
      };
      const type = `attendance.overtime.${approval.decision}`;
      return tell(type, { approval, requestId: null, note: "" });
    }
    default: {
      const completeTo = at + 1440 * MINUTE;
      const watermarks = (step.sites ?? []).map(
        (name) => ({ kind: "watermark", site: name, completeTo }) as const,
      );
      return { type: "reach-watermark", ...of, watermarks };
    }
  }
}

const originOf = (
  punchId: string,
  made: { readonly at: number; readonly site: string },
): PunchOrigin => ({
  punchId,
  site: made.site,
  gateway: "gw",
  reader: "door",
  badge: "number-1",
  time: {
    gatewayAtMs: made.at,
    monotonicMs: 0,
    bootId: "b",
    uncertaintyMs: 1,
    deviceLocal: null,
  },
  hint: null,
  pin: "not-asked",
  verdict: "known",
});

const historyOf = (time: fc.Arbitrary<TimeOf>): fc.Arbitrary<(employeeId: string) => History> =>
  fc.tuple(moves, time).map(([belongs, timeOf]) => (employeeId) => {
    const { told, arrivals, days } = timeOf(employeeId);
    return {
      employeeId,
      arrivals,
      days,
      moves: belongs.moves,
      told: [
        ...belongs.told.map((each) => each(employeeId)),
        ...told.map(({ type, data }) => ({ domain: "attendance" as const, type, data, atMs: 0 })),
      ],
    };
  });

/** Several people, some of whom EMPLOYEE has not told of. */
export const histories: fc.Arbitrary<History[]> = fc
  .array(
    fc.record({
      of: fc.oneof(historyOf(anyTime), historyOf(decidedTime)),
      isKnown: fc.integer({ min: 0, max: 6 }).map((n) => n > 0),
    }),
    { minLength: 1, maxLength: 5 },
  )
  .map((people) =>
    people.map(({ of, isKnown }, index) => {
      const all = of(`person-${index}`);
      if (isKnown) return all;
      const told = all.told.filter(({ domain }) => domain === "attendance");
      return { ...all, told, moves: [] };
    }),
  );

/** One order of all that is told in which everybody's own stays in order; `picks` decides who is next. */
export function interleaved(all: readonly History[], picks: readonly number[]): StoredEvent[] {
  const waiting = all.map(({ employeeId, told }) => ({ employeeId, told: [...told] }));
  const stored: StoredEvent[] = [];
  for (let turn = 0; ; turn += 1) {
    const left = waiting.filter(({ told }) => told.length > 0);
    const next = left[(picks[turn % Math.max(1, picks.length)] ?? 0) % Math.max(1, left.length)];
    const told = next?.told.shift();
    if (next === undefined || told === undefined) return stored;
    stored.push(asStored(told, { employeeId: next.employeeId, seq: stored.length + 1 }));
  }
}
