import type { Decided } from "@clockleaf/shared/events/envelope.ts";
import { standsAlone, type ToldAggregate, tellsState } from "../eventing/told-aggregate.ts";
import { type ClockEvent, type ClockState, factKey, factOf } from "./clock-state.ts";
import { siteDecider } from "./completeness/decider.ts";
import { correctionsDecider } from "./corrections/decider.ts";
import { clockDecider } from "./decider.ts";
import { quarantineDecider } from "./quarantine-decider.ts";

/** What the audit log tells of ATTENDANCE. */
export const ATTENDANCE_TOLD: readonly ToldAggregate[] = [
  tellsState({
    kind: "clock",
    decider: clockDecider,
    types: [
      "attendance.clock.recorded",
      "attendance.correction.applied",
      "attendance.absence.recorded",
      "attendance.overtime.approved",
      "attendance.overtime.rejected",
      "attendance.timesheet.verified",
      "attendance.watermark.reached",
      "attendance.check-in.recorded",
      "attendance.check-out.recorded",
      "attendance.break.started",
      "attendance.break.ended",
      "attendance.transfer.recorded",
      "attendance.meaning.withdrawn",
      "attendance.workday.calculated",
      "attendance.overtime.calculated",
      "attendance.overtime.withdrawn",
      "attendance.exception.reviewed",
    ],
    part: (event) => placeOf(event).part,
    show: (state, event) => placeOf(event).of(state),
  }),
  tellsState({
    kind: "quarantined-punch",
    decider: quarantineDecider,
    types: [
      "attendance.punch.quarantined",
      "attendance.punch.redated",
      "attendance.quarantine.resolved",
    ],
  }),
  tellsState({
    kind: "correction-request",
    decider: correctionsDecider,
    types: [
      "attendance.correction.requested",
      "attendance.correction.rejected",
      "attendance.correction.approved",
    ],
  }),
  tellsState({ kind: "site", decider: siteDecider, types: ["attendance.site.completed"] }),
  standsAlone("gateway-alarm", ["attendance.gateway.alarmed"]),
  standsAlone("gateway-boot", ["attendance.gateway-time.learned"]),
];

interface Place {
  readonly part: string;
  readonly of: (state: ClockState) => unknown;
}

/** Of somebody's time an event concerns one fact, the meaning of one punch, or something of one day. */
function placeOf(event: Decided<ClockEvent>): Place {
  switch (event.type) {
    case "attendance.clock.recorded":
    case "attendance.correction.applied":
    case "attendance.absence.recorded":
    case "attendance.overtime.approved":
    case "attendance.overtime.rejected":
    case "attendance.timesheet.verified":
    case "attendance.watermark.reached": {
      const key = factKey(factOf(event));
      return { part: `fact ${key}`, of: ({ facts }) => facts.get(key) };
    }
    case "attendance.check-in.recorded":
    case "attendance.check-out.recorded":
    case "attendance.break.started":
    case "attendance.break.ended":
    case "attendance.transfer.recorded":
    case "attendance.meaning.withdrawn": {
      const { punchId } = event.data;
      return { part: `punch ${punchId}`, of: ({ meanings }) => meanings.get(punchId) };
    }
    case "attendance.workday.calculated": {
      const on = event.data.workday.workdayOn;
      return { part: `day ${on}`, of: ({ workdays }) => workdays.get(on) };
    }
    case "attendance.overtime.calculated":
    case "attendance.overtime.withdrawn": {
      const { workdayOn: on } = event.data;
      return { part: `day ${on}`, of: ({ overtime }) => overtime.get(on) };
    }
    case "attendance.exception.reviewed": {
      const { workdayOn: on } = event.data;
      return { part: `day ${on}`, of: ({ reviews }) => reviews.get(on) };
    }
  }
}
