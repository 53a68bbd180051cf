import type { EventOf } from "@clockleaf/shared/events/envelope.ts";
import type { About, delegationEnded, delegationSet } from "@clockleaf/shared/events/workflow.ts";
import { type Decider, refuse } from "../eventing/decider.ts";

export type DelegationEvent = EventOf<typeof delegationSet> | EventOf<typeof delegationEnded>;
export type Delegation = EventOf<typeof delegationSet>["data"];

export type DelegationCommand =
  | { readonly type: "set"; readonly data: Delegation; readonly at: number }
  | {
      readonly type: "end";
      readonly employeeId: string;
      readonly delegateId: string;
      readonly by: string;
      readonly at: number;
    };

/** Nobody needs more at a time, and the read model holds them all. */
const MOST = 16;

/** Whom one person lets decide for them. At most one delegation a delegate: another one replaces it. */
export const delegationDecider: Decider<readonly Delegation[], DelegationCommand, DelegationEvent> =
  {
    initial: [],
    decide(delegations, command) {
      switch (command.type) {
        case "set": {
          const { data, at } = command;
          if (data.employeeId === data.delegateId) {
            return refuse("workflow.delegation-to-self", "choose somebody else");
          }
          if (data.untilAt <= data.fromAt || data.untilAt <= at) {
            return refuse("workflow.delegation-over", "it must end after it begins, and after now");
          }
          const others = delegations.filter((each) => each.delegateId !== data.delegateId);
          if (others.filter(({ untilAt }) => untilAt > at).length >= MOST) {
            return refuse("workflow.delegations-full", `at most ${MOST} at a time: end one first`);
          }
          const same = delegations.find((each) => each.delegateId === data.delegateId);
          return same !== undefined && isSame(same, data)
            ? []
            : [{ type: "workflow.delegation.set", data }];
        }
        case "end": {
          const { employeeId, delegateId, by, at } = command;
          return delegations.some((each) => each.delegateId === delegateId)
            ? [{ type: "workflow.delegation.ended", data: { employeeId, delegateId, by, at } }]
            : [];
        }
      }
    },
    evolve(delegations, { type, data }) {
      const others = delegations.filter(({ delegateId }) => delegateId !== data.delegateId);
      switch (type) {
        case "workflow.delegation.set":
          return [...others, data];
        case "workflow.delegation.ended":
          return others;
      }
    },
  };

function isSame(one: Delegation, other: Delegation): boolean {
  return (
    one.fromAt === other.fromAt &&
    one.untilAt === other.untilAt &&
    one.kinds.toSorted().join() === other.kinds.toSorted().join()
  );
}

/** Whether somebody may decide requests of a kind for whoever made these delegations, at that instant. */
export function mayStandIn(
  delegations: readonly Delegation[],
  delegateId: string,
  { kind, at }: { readonly kind: About["kind"]; readonly at: number },
): boolean {
  return delegations.some(
    (each) =>
      each.delegateId === delegateId &&
      each.kinds.includes(kind) &&
      each.fromAt <= at &&
      at < each.untilAt,
  );
}
