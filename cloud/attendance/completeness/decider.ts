import type { siteCompleted } from "@clockleaf/shared/events/attendance.ts";
import type { EventOf } from "@clockleaf/shared/events/envelope.ts";
import type { Decider } from "../../eventing/decider.ts";

export type SiteEvent = EventOf<typeof siteCompleted>;

export interface CompleteSite {
  readonly site: string;
  /** Everything recorded there before this instant has arrived, UTC milliseconds. */
  readonly completeTo: number;
}

export interface SiteState {
  readonly completeTo: number;
}

/** A watermark only ever rises. */
export const siteDecider: Decider<SiteState, CompleteSite, SiteEvent> = {
  initial: { completeTo: 0 },
  decide: (state, { site, completeTo }) =>
    completeTo <= state.completeTo
      ? []
      : [{ type: "attendance.site.completed", data: { site, completeTo } }],
  evolve: (_state, { data }) => ({ completeTo: data.completeTo }),
};
