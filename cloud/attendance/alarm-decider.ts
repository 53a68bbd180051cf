import type { gatewayAlarmRaised } from "@clockleaf/shared/events/attendance.ts";
import type { Decided, EventOf } from "@clockleaf/shared/events/envelope.ts";
import type { Decider } from "../eventing/decider.ts";

export type AlarmEvent = EventOf<typeof gatewayAlarmRaised>;
export type Alarm = AlarmEvent["data"];

/** What was raised about one gateway. */
export interface AlarmState {
  readonly raised: ReadonlySet<string>;
  readonly gaps: readonly Alarm[];
}

/**
 * Raises each alarm once: a gap that lies within one already told is no news, and any other kind is told once per
 * message of the CLOCK stream, so that reading a message again raises nothing.
 */
export const alarmDecider: Decider<AlarmState, Alarm, AlarmEvent> = {
  initial: { raised: new Set(), gaps: [] },
  decide(state, alarm): Array<Decided<AlarmEvent>> {
    const isKnown = alarm.kind === "gap" ? isTold(state, alarm) : state.raised.has(keyOf(alarm));
    return isKnown ? [] : [{ type: "attendance.gateway.alarmed", data: alarm }];
  },
  evolve(state, { data }) {
    if (data.kind === "gap") return { ...state, gaps: [...state.gaps, data] };
    return { ...state, raised: new Set(state.raised).add(keyOf(data)) };
  },
};

const keyOf = (alarm: Alarm): string => `${alarm.kind} ${alarm.streamSeq}`;

function isTold(state: AlarmState, { epoch, first, last }: Alarm): boolean {
  return state.gaps.some(
    (gap) =>
      gap.epoch === epoch && (gap.first ?? 0) <= (first ?? 0) && (gap.last ?? 0) >= (last ?? 0),
  );
}
