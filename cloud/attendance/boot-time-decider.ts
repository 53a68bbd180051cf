import type { gatewayTimeLearned } from "@clockleaf/shared/events/attendance.ts";
import type { Decided, EventOf } from "@clockleaf/shared/events/envelope.ts";
import type { Decider } from "../eventing/decider.ts";

export type BootTimeEvent = EventOf<typeof gatewayTimeLearned>;
export type LearnedTime = BootTimeEvent["data"];

/** When a boot of a gateway was, once it has told; null before. */
export type BootTimeState = LearnedTime | null;

/**
 * The first word of a boot stands: whatever is dated by it is dated once, and a clock that is set again later dates nothing
 * anew.
 */
export const bootTimeDecider: Decider<BootTimeState, LearnedTime, BootTimeEvent> = {
  initial: null,
  decide(state, learned): Array<Decided<BootTimeEvent>> {
    return state === null ? [{ type: "attendance.gateway-time.learned", data: learned }] : [];
  },
  evolve: (_state, { data }) => data,
};
