import type { Decided } from "@clockleaf/shared/events/envelope.ts";
import type { LeaveEvent } from "@clockleaf/shared/events/leave.ts";
import { type ToldAggregate, tellsState } from "../eventing/told-aggregate.ts";
import type { Account } from "./account.ts";
import { leaveDecider } from "./decider.ts";
import { sum } from "./ledger.ts";

/** What the audit log tells of LEAVE. */
export const LEAVE_TOLD: readonly ToldAggregate[] = [
  tellsState({
    kind: "leave-account",
    decider: leaveDecider,
    types: [
      "leave.account.created",
      "leave.ledger.posted",
      "leave.leave.requested",
      "leave.leave.approved",
      "leave.leave.rejected",
      "leave.leave.cancelled",
      "leave.leave.began",
      "leave.leave.finished",
    ],
    show: accountWith,
  }),
];

/** The account with its balances in place of all its lines, and of its leaves the one that the event is about. */
function accountWith(account: Account | null, { data }: Decided<LeaveEvent>): unknown {
  if (account === null) return null;
  const { entries, leaves, openedWith: policies, ...rest } = account;
  const names = [...new Set(entries.map(({ policy }) => policy))].toSorted();
  const balances = names.map((name) => [name, sum(entries.filter((one) => one.policy === name))]);
  const leave = "leaveId" in data && data.leaveId !== null ? leaves.get(data.leaveId) : undefined;
  return {
    ...rest,
    policies,
    balanceMinutes: Object.fromEntries(balances),
    leave: leave ?? null,
  };
}
