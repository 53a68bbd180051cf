import { type ToldAggregate, tellsState } from "../eventing/told-aggregate.ts";
import { reportDecider } from "./decider.ts";

/** What the audit log tells of REPORTING. */
export const REPORTING_TOLD: readonly ToldAggregate[] = [
  tellsState({
    kind: "report",
    decider: reportDecider,
    types: ["reporting.report.requested", "reporting.report.completed", "reporting.report.failed"],
  }),
];
