import type { EventOf } from "@clockleaf/shared/events/envelope.ts";
import type { adjustmentRecorded, payEstimated } from "@clockleaf/shared/events/payroll.ts";
import type { Decider } from "../eventing/decider.ts";
import { isSame } from "./same.ts";

export type AdjustmentEvent = EventOf<typeof adjustmentRecorded>;
type Adjustment = AdjustmentEvent["data"];

/** The adjustments of one person's one day: one for each payment that is behind it, the last one counts. */
export interface Adjustments {
  readonly last: Adjustment | null;
}

export interface AdjustmentCommand {
  readonly type: "record";
  /** Without lines: the day is what was paid, again or still. */
  readonly adjustment: Adjustment;
}

export const adjustmentDecider: Decider<Adjustments, AdjustmentCommand, AdjustmentEvent> = {
  initial: { last: null },
  decide({ last }, { adjustment }) {
    const isPending = last?.adjustmentId === adjustment.adjustmentId;
    if (!isPending && adjustment.lines.length === 0) return [];
    // A day computed again with the same outcome has nothing new to pay.
    if (isPending && isSame(bare(last), bare(adjustment))) return [];
    if (isPending && last.revision > adjustment.revision) return [];
    return [{ type: "payroll.adjustment.recorded", data: adjustment }];
  },
  evolve(_, { data }) {
    return { last: data };
  },
};

/** Without the revisions it was read from. */
const bare = ({ lines }: Adjustment) => lines.map((line) => ({ ...line, sources: [] }));

export type EstimateEvent = EventOf<typeof payEstimated>;
type Estimate = EstimateEvent["data"];

export const estimateDecider: Decider<
  { readonly last: Estimate | null },
  { readonly type: "tell"; readonly estimate: Estimate },
  EstimateEvent
> = {
  initial: { last: null },
  decide({ last }, { estimate }) {
    const isTold =
      last?.grossMinor === estimate.grossMinor && last.overtimeSeconds === estimate.overtimeSeconds;
    return isTold ? [] : [{ type: "payroll.pay.estimated", data: estimate }];
  },
  evolve(_, { data }) {
    return { last: data };
  },
};
