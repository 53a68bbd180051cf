import type { PunchOrigin } from "@clockleaf/shared/events/attendance.ts";
import { type CorrectionFact, correctionFactSchema } from "@clockleaf/shared/worktime/facts.ts";
import { constantRules, ruleSetSchema } from "@clockleaf/shared/worktime/rules.ts";
import fc from "fast-check";
import {
  type ClockCommand,
  type ClockState,
  clockDecider,
} from "../../cloud/attendance/decider.ts";
import { withinEmployment } from "../../cloud/attendance/employment.ts";
import { isRefusal } from "../../cloud/eventing/decider.ts";
import {
  FIRST_AT,
  FIRST_ON,
  MINUTE,
  nthDay,
  onOf,
  SITES,
  SPAN_DAYS,
  site,
  type TimeOf,
  type Told,
} from "./analytics-span.ts";
import { OVERTIME_TO_APPROVE } from "./overtime.ts";

/** Due from eight to four every day, overtime after eight hours if somebody approves. */
const RULES = withinEmployment(
  constantRules(
    ruleSetSchema.parse({
      schedule: {
        templates: [{ name: "day", start: "08:00", end: "16:00" }],
        rotas: [{ name: "all", kind: "cycle", anchor: FIRST_ON, days: [["day"]] }],
      },
      absences: { codes: [{ name: "Vacation", code: "VAC", dayLength: "8h" }] },
      overtime: OVERTIME_TO_APPROVE,
    }),
  ),
  [{ from: FIRST_ON, to: onOf(SPAN_DAYS - 1) }],
);

const dayAndMinute = { day: nthDay, minute: fc.integer({ min: 300, max: 1200 }) };
/** What the clock of somebody really decides: shifts of which parts arrive late, corrections, leave, approvals, watermarks. */
export const decidedTime: fc.Arbitrary<TimeOf> = fc
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
