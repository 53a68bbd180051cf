import { type ToldAggregate, tellsState } from "../eventing/told-aggregate.ts";
import { requestDecider } from "./decider.ts";
import { delegationDecider } from "./delegation-decider.ts";

/** What the audit log tells of WORKFLOW. */
export const WORKFLOW_TOLD: readonly ToldAggregate[] = [
  tellsState({
    kind: "approval-request",
    decider: requestDecider,
    types: [
      "workflow.request.opened",
      "workflow.step.decided",
      "workflow.request.escalated",
      "workflow.request.approved",
      "workflow.request.rejected",
      "workflow.request.withdrawn",
    ],
  }),
  tellsState({
    kind: "delegations",
    decider: delegationDecider,
    types: ["workflow.delegation.set", "workflow.delegation.ended"],
    show: (delegations) => Object.fromEntries(delegations.map((each) => [each.delegateId, each])),
  }),
];
