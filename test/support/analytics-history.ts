import { eventSubject } from "@clockleaf/shared/subjects.ts";
import {
  type Claim,
  type Credit,
  emptyWorkday,
  type Workday,
  type WorkdayException,
} from "@clockleaf/shared/worktime/workday.ts";
import fc from "fast-check";
import type { StoredEvent } from "../../cloud/eventing/event-store.ts";
import { decidedTime } from "./analytics-decided.ts";
import {
  type Arrival,
  DEPARTMENTS,
  FIRST_AT,
  type History,
  MINUTE,
  type Move,
  minuteOfSpan,
  nthDay,
  onOf,
  site,
  type TimeOf,
  type Told,
} from "./analytics-span.ts";
import { person } from "./people.ts";

// Histories of people as ATTENDANCE and EMPLOYEE may tell them, each with what must be left of it in the end.

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
