import { parseEvent } from "@clockleaf/shared/events/catalogue.ts";
import type { Decided } from "@clockleaf/shared/events/envelope.ts";
import { dayOfDate } from "@clockleaf/shared/worktime/civil-time.ts";
import { computeWorkdays } from "@clockleaf/shared/worktime/engine.ts";
import type { CorrectionFact, Fact, WatermarkFact } from "@clockleaf/shared/worktime/facts.ts";
import { type Rules, ruleSetSchema } from "@clockleaf/shared/worktime/rules.ts";
import { isEmptyWorkday, type Workday } from "@clockleaf/shared/worktime/workday.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { clockPunch } from "../../test/support/clock-punch.ts";
import { isRefusal } from "../eventing/decider.ts";
import { refused } from "../eventing/decider-spec.ts";
import type { FactEvent } from "./clock-state.ts";
import {
  type ClockCommand,
  type ClockEvent,
  type ClockPunch,
  type ClockState,
  clockDecider,
} from "./decider.ts";

type Happened = Decided<ClockEvent>;
type Told = Decided<FactEvent>;

/** Ada is due from 8 to 16 on weekdays; what she works beyond eight hours needs somebody's word. */
const set = ruleSetSchema.parse({
  schedule: {
    templates: [{ name: "day", start: "08:00", end: "16:00" }],
    rotas: [{ name: "week", kind: "weekdays", shifts: ["day"], every: ["mon", "tue", "wed"] }],
  },
  absences: { codes: [{ name: "Vacation", code: "VAC" }] },
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
});
/** Nothing was planned before she came. */
const rules: Rules = { versions: [{ from: dayOfDate("2026-01-12"), set, groups: [] }] };
const ALWAYS = { fromOn: "2026-01-01", toOn: "2026-12-31" };
const ms = (text: string): number => Date.parse(`2026-01-${text}Z`);
const whose = { employeeId: "ada", departmentId: "assembly", managerId: "mia" };

function run(state: ClockState, command: ClockCommand): [ClockState, Happened[]] {
  const events = clockDecider.decide(state, command);
  if (isRefusal(events)) throw new Error(events.code);
  return [events.reduce((now, event) => clockDecider.evolve(now, event), state), [...events]];
}
const punched = (state: ClockState, ...punches: ClockPunch[]): [ClockState, Happened[]] =>
  run(state, { type: "record-clock", ...whose, rules, punches });
const told = (state: ClockState, ...facts: Told[]): [ClockState, Happened[]] =>
  run(state, { type: "record-facts", ...whose, rules, told: facts });
const reached = (state: ClockState, ...watermarks: WatermarkFact[]): [ClockState, Happened[]] =>
  run(state, { type: "reach-watermark", ...whose, rules, watermarks });

const at = (...times: string[]): ClockPunch[] => times.map((time) => clockPunch(`2026-01-${time}`));
const mark = (time: string, site = "hq"): WatermarkFact => ({
  kind: "watermark",
  site,
  completeTo: ms(time),
});
const correction = (
  correctionId: string,
  change: CorrectionFact["change"],
  decidedAt = ms("20T00:00"),
): Told => ({
  type: "attendance.correction.applied",
  data: {
    employeeId: "ada",
    requestId: "r1",
    correction: { kind: "correction", correctionId, decidedAt, reason: "?", by: "mia", change },
  },
});
const out = (time: string): CorrectionFact["change"] => ({
  do: "add",
  at: ms(time),
  meaning: "out",
  site: "hq",
  zone: "UTC",
});
const approval = (
  approvalId: string,
  seconds: number,
  decision: "approved" | "rejected",
): Told => ({
  type: decision === "approved" ? "attendance.overtime.approved" : "attendance.overtime.rejected",
  data: {
    employeeId: "ada",
    requestId: approvalId,
    note: "",
    approval: {
      kind: "approval",
      approvalId,
      decidedAt: ms("20T00:00"),
      on: "2026-01-12",
      policy: "Daily",
      seconds,
      decision,
      by: "mia",
    },
  },
});
const absence = (
  dates: readonly [string, string],
  decidedAt: number,
  isCancelled: boolean,
): Told => ({
  type: "attendance.absence.recorded",
  data: {
    employeeId: "ada",
    absence: {
      kind: "absence",
      absenceId: "l1",
      decidedAt,
      fromOn: dates[0],
      toOn: dates[1],
      code: "VAC",
      secondsADay: null,
      isCancelled,
    },
  },
});
const verification = (verificationId: string, decidedAt: number): Told => ({
  type: "attendance.timesheet.verified",
  data: {
    employeeId: "ada",
    by: "ada",
    verification: {
      kind: "verification",
      verificationId,
      decidedAt,
      fromOn: "2026-01-12",
      toOn: "2026-01-14",
      level: "employee",
    },
  },
});

const word = ({ type, data }: Happened): string => {
  switch (type) {
    case "attendance.workday.calculated":
      return `day ${data.workday.workdayOn} r${data.revision} ${data.workday.state}`;
    case "attendance.overtime.calculated":
    case "attendance.overtime.withdrawn":
      return `${type.split(".").slice(1).join(" ")} ${data.seconds} r${data.revision}`;
    default:
      return type.split(".").slice(1).join(" ");
  }
};
const words = ([, events]: [ClockState, Happened[]]): string[] => events.map(word);
const standing = (state: ClockState): Workday[] =>
  [...state.workdays.values()]
    .map(({ workday }) => workday)
    .filter((day) => !isEmptyWorkday(day))
    .toSorted((a, b) => (a.workdayOn < b.workdayOn ? -1 : 1));
const dayOf = (state: ClockState, on: string): Workday | undefined =>
  state.workdays.get(on)?.workday;
const kinds = (state: ClockState): unknown =>
  dayOf(state, "2026-01-12")?.exceptions.map(({ kind }) => kind);

describe("overtime", () => {
  const long = at("12T08:00", "12T18:00");

  it("is told with its day, once, and whom to ask with it", () => {
    const [state, events] = punched(clockDecider.initial, ...long);
    expect(events.at(-1)).toEqual({
      type: "attendance.overtime.calculated",
      data: {
        employeeId: "ada",
        workdayOn: "2026-01-12",
        policy: "Daily",
        seconds: 7200,
        revision: 1,
        needsApproval: true,
        departmentId: "assembly",
        managerId: "mia",
      },
    });
    // the day is told again for other reasons, the overtime is not
    expect(words(reached(state, mark("12T20:00"))).join()).not.toContain("overtime");
  });

  it("is told again with another figure, and withdrawn when a late punch leaves none", () => {
    const [state] = punched(clockDecider.initial, ...long);
    expect(words(punched(state, ...at("12T12:00", "12T12:30")))).toContain(
      "overtime calculated 5400 r2",
    );
    expect(words(punched(state, ...at("12T10:00", "12T16:00")))).toContain(
      "overtime withdrawn 7200 r2",
    );
  });

  it("stands as it was decided, and the decision lapses with the figure", () => {
    const [worked] = punched(clockDecider.initial, ...long);
    const [approved, events] = told(worked, approval("a1", 7200, "approved"));
    expect(events.map(word)).toEqual(["overtime approved", "day 2026-01-12 r2 provisional"]);
    expect(dayOf(approved, "2026-01-12")?.claims.at(-1)?.approval).toBe("approved");
    expect(told(approved, approval("a1", 7200, "approved"))[1]).toEqual([]);
    const [changed, late] = punched(approved, ...at("12T12:00", "12T12:30"));
    expect(late.map(word)).toContain("overtime calculated 5400 r3");
    expect(dayOf(changed, "2026-01-12")?.claims.at(-1)?.approval).toBe("lapsed");
  });

  it("is told again, to be asked for again, where the day has changed before the decision came", () => {
    const [worked] = punched(clockDecider.initial, ...long);
    const [changed, events] = punched(worked, ...at("12T12:00", "12T12:30"));
    expect(events.map(word)).toContain("overtime calculated 5400 r2");
    const [after] = told(changed, approval("a1", 7200, "approved"));
    expect(dayOf(after, "2026-01-12")?.claims.at(-1)?.approval).toBe("lapsed");
  });
});

describe("corrections", () => {
  const [forgot] = punched(clockDecider.initial, ...at("12T08:00"));

  it("add a punch, tell its meaning, and give no fact twice", () => {
    const [state, events] = told(forgot, correction("c1", out("12T16:00")));
    expect(events.map(word)).toEqual([
      "correction applied",
      "check-out recorded",
      "day 2026-01-12 r2 provisional",
    ]);
    expect(events[1]?.data).toMatchObject({ punchId: "c1", at: ms("12T16:00"), site: "hq" });
    expect(dayOf(state, "2026-01-12")?.workedSeconds).toBe(8 * 3600);
    expect(told(state, correction("c1", out("12T17:00")))[1]).toEqual([]);
  });

  it("move a punch: its meaning is told again where it stands now", () => {
    const [worked] = punched(clockDecider.initial, ...at("12T08:00", "12T16:00"));
    const change = {
      do: "change",
      punchId: "gw-epoch-2026-01-12T08:00",
      at: ms("12T09:00"),
    } as const;
    const [, events] = told(worked, correction("c1", change));
    expect(events.map(word)).toEqual([
      "correction applied",
      "meaning withdrawn",
      "check-in recorded",
      "day 2026-01-12 r2 provisional",
    ]);
    expect(events[2]?.data).toMatchObject({ at: ms("12T09:00"), meaning: "in" });
  });
});

describe("watermarks", () => {
  it("make nobody absent before they passed the day, and then tell it once", () => {
    const [state, early] = reached(clockDecider.initial, mark("12T07:00"));
    expect(early).toEqual([]);
    const [, events] = reached(state, mark("13T12:00"));
    expect(events.map(word)).toContain("day 2026-01-12 r1 complete");
    expect(events[0]).toMatchObject({
      type: "attendance.watermark.reached",
      data: { site: "hq", completeTo: ms("13T12:00") },
    });
  });

  it("say nothing where they are lower, or change no day", () => {
    const [state] = reached(clockDecider.initial, mark("13T12:00"));
    expect(reached(state, mark("13T11:00"))[1]).toEqual([]);
    expect(reached(state, mark("13T12:00"))[1]).toEqual([]);
    expect(reached(state, mark("13T12:01"))[1]).toEqual([]);
  });

  it("wait for a second site of the person that has told nothing of the day", () => {
    const [waiting] = reached(clockDecider.initial, mark("13T12:00"), mark("01T00:00", "annex"));
    expect(kinds(waiting)).toEqual(["site-offline"]);
    const [complete] = reached(waiting, mark("13T12:00"), mark("13T12:00", "annex"));
    expect(kinds(complete)).toEqual(["absent"]);
  });

  it("tell years of days in steps, each within one append", () => {
    let [state] = [clockDecider.initial];
    for (let week = 0; week < 60; week += 1) {
      const punches = Array.from({ length: 14 }, (_, index) => {
        const when =
          ms("01T08:00") + (week * 7 + (index >> 1)) * 86_400_000 + (index % 2) * 8 * 3_600_000;
        return clockPunch(new Date(when).toISOString().slice(0, 16));
      });
      [state] = punched(state, ...punches);
    }
    const top = mark("01T00:00");
    const all = { ...top, completeTo: Date.parse("2027-06-01T00:00Z") };
    const appends: number[] = [];
    for (let events: Happened[] = []; ; ) {
      [state, events] = reached(state, all);
      if (events.length === 0) break;
      appends.push(events.length);
    }
    expect(appends.length).toBeGreaterThan(1);
    expect(Math.max(...appends)).toBeLessThanOrEqual(1000);
    const range = { fromOn: "2025-01-01", toOn: "2028-01-01" };
    expect(standing(state)).toEqual(computeWorkdays(state.facts.values(), rules, range));
    expect(state.facts.get("watermark hq")).toEqual(all);
  });
});

const look = (
  outcome: "reviewed" | "resolved" | "reopened",
  more: Partial<Extract<ClockCommand, { type: "review-exception" }>> = {},
): ClockCommand => ({
  type: "review-exception",
  employeeId: "ada",
  workdayOn: "2026-01-12",
  kind: "in-late",
  outcome,
  revision: null,
  by: "mia",
  note: "",
  ...more,
});

describe("review-exception", () => {
  const [late] = punched(clockDecider.initial, ...at("12T09:00", "12T16:00"));

  it("is told once, can be taken back, and lapses when the day says something else", () => {
    const [seen, events] = run(late, look("reviewed"));
    expect(events.map(word)).toEqual(["exception reviewed"]);
    expect(run(seen, look("reviewed"))[1]).toEqual([]);
    expect(run(seen, look("reopened"))[1]).toHaveLength(1);
    const [later] = told(
      seen,
      correction("c1", { do: "change", punchId: "gw-epoch-2026-01-12T09:00", at: ms("12T10:00") }),
    );
    expect(run(later, look("reviewed"))[1]).toHaveLength(1);
  });

  it("is refused for what is not there, has changed, or cannot be waved through", () => {
    expect(clockDecider.decide(late, look("reviewed", { kind: "absent" }))).toMatchObject(
      refused("exception.not-found"),
    );
    expect(clockDecider.decide(late, look("reviewed", { revision: 7 }))).toMatchObject(
      refused("exception.changed"),
    );
    const [open] = punched(clockDecider.initial, ...at("12T09:00"));
    const missing = { kind: "missing-out" };
    expect(clockDecider.decide(open, look("resolved", missing))).toMatchObject(
      refused("exception.blocking"),
    );
    expect(clockDecider.decide(open, look("reviewed", missing))).toHaveLength(1);
  });
});

const overtimeOf = (state: ClockState): unknown =>
  new Map([...state.overtime].toSorted(([a], [b]) => (a < b ? -1 : 1)));

describe("any interleaving of all kinds of facts", () => {
  const SEED = 20_260_114;
  process.stdout.write(`attendance facts property tests: seed ${SEED}\n`);
  type Step =
    | { readonly kind: "punch"; readonly punch: ClockPunch }
    | { readonly kind: "told"; readonly event: Told }
    | { readonly kind: "mark"; readonly completeTo: number };
  const minute = fc.integer({ min: 0, max: 4 * 1440 });
  const instant = minute.map((minutes) => ms("12T00:00") + minutes * 60_000);
  const id = fc.constantFrom("x1", "x2", "x3");
  const day = fc.constantFrom("2026-01-12", "2026-01-13", "2026-01-14");
  const step: fc.Arbitrary<Step> = fc.oneof(
    {
      weight: 6,
      arbitrary: instant.map(
        (when): Step => ({
          kind: "punch",
          punch: clockPunch(new Date(when).toISOString().slice(0, 16)),
        }),
      ),
    },
    fc.tuple(id, instant, instant).map(
      ([one, when, decidedAt]): Step => ({
        kind: "told",
        event: correction(`c${one}-${when}`, { ...out("12T00:00"), at: when } as never, decidedAt),
      }),
    ),
    fc.tuple(id, instant).map(([one, when]): Step => {
      const punchId = `gw-epoch-${new Date(when).toISOString().slice(0, 16)}`;
      return { kind: "told", event: correction(`v${one}${when}`, { do: "void", punchId }) };
    }),
    fc.tuple(day, day, instant, fc.boolean()).map(([one, other, decidedAt, gone]): Step => {
      const dates = one < other ? ([one, other] as const) : ([other, one] as const);
      return { kind: "told", event: absence(dates, decidedAt, gone) };
    }),
    fc.tuple(id, fc.constantFrom(3600, 7200), fc.constantFrom("approved", "rejected")).map(
      ([one, seconds, decision]): Step => ({
        kind: "told",
        event: approval(`a${one}-${seconds}-${decision}`, seconds, decision),
      }),
    ),
    fc.tuple(id, instant).map(
      ([one, decidedAt]): Step => ({
        kind: "told",
        event: verification(`v${one}-${decidedAt}`, decidedAt),
      }),
    ),
    instant.map((completeTo): Step => ({ kind: "mark", completeTo })),
  );
  const interleavings = fc
    .array(step, { minLength: 1, maxLength: 14 })
    .chain((steps) =>
      fc.tuple(
        fc.constant(steps),
        fc.shuffledSubarray(steps, { minLength: steps.length, maxLength: steps.length }),
      ),
    );

  function take(state: ClockState, each: Step): ClockState {
    switch (each.kind) {
      case "punch":
        return punched(state, each.punch)[0];
      case "told":
        return told(state, each.event)[0];
      case "mark":
        return reached(state, { ...mark("12T00:00"), completeTo: each.completeTo })[0];
    }
  }
  /** The sites' last word comes last, again and again, as it does where this runs. */
  function ended(steps: readonly Step[]): ClockState {
    const marks = steps.flatMap((each) => (each.kind === "mark" ? [each.completeTo] : []));
    const state = steps.reduce(take, clockDecider.initial);
    if (marks.length === 0) return state;
    return take(state, { kind: "mark", completeTo: Math.max(...marks) });
  }
  it("ends in the same days, meanings and overtime, which are the engine's own", () => {
    fc.assert(
      fc.property(interleavings, ([steps, shuffled]) => {
        const [one, other] = [ended(steps), ended(shuffled)];
        expect(standing(other)).toEqual(standing(one));
        expect(new Map(other.meanings)).toEqual(new Map(one.meanings));
        expect(overtimeOf(other)).toEqual(overtimeOf(one));
        const marks = steps.flatMap((each) => (each.kind === "mark" ? [each.completeTo] : []));
        const facts: Fact[] = [...one.facts.values()];
        if (marks.length > 0) facts.push({ ...mark("12T00:00"), completeTo: Math.max(...marks) });
        expect(standing(one)).toEqual(computeWorkdays(facts, rules, ALWAYS));
      }),
      { seed: SEED, numRuns: 200 },
    );
  });

  it("and every event that is told fits its schema", () => {
    fc.assert(
      fc.property(interleavings, ([steps]) => {
        let state = clockDecider.initial;
        for (const each of steps) {
          const before = state;
          state = take(state, each);
          if (before === state) continue;
        }
        for (const { workday } of state.workdays.values()) {
          expect(() =>
            parseEvent({
              metadata: {
                eventId: "00000000-0000-4000-8000-000000000000",
                eventType: "attendance.workday.calculated",
                timestamp: 0,
                version: "1.0",
                source: "test",
                correlationId: null,
                causationId: null,
              },
              data: { employeeId: "ada", revision: 1, workday },
            }),
          ).not.toThrow();
        }
      }),
      { seed: SEED, numRuns: 50 },
    );
  });
});
