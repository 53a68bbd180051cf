import type { Decided } from "@clockleaf/shared/events/envelope.ts";
import type { LeaveEvent } from "@clockleaf/shared/events/leave.ts";
import { dayOfDate, instantOf } from "@clockleaf/shared/worktime/civil-time.ts";
import type { Account, Leave } from "./account.ts";
import type { Circumstances } from "./decider.ts";

type Transition = Extract<
  Decided<LeaveEvent>,
  { type: "leave.leave.began" | "leave.leave.finished" }
>;

/** Leave that has begun or ended by now and was not told yet, in the order in which it happened. */
export function transitions(
  account: Account,
  { nowMs, zone }: Pick<Circumstances, "nowMs" | "zone">,
): Transition[] {
  return [...account.leaves.values()]
    .flatMap((leave) => transitionsOf(leave, zone))
    .filter(({ data }) => data.at <= nowMs)
    .toSorted((a, b) => a.data.at - b.data.at || rank(a) - rank(b));
}

/** Where one leave ends in the moment another begins, the end comes first. */
const rank = ({ type }: Transition): number => (type === "leave.leave.finished" ? 0 : 1);

function transitionsOf({ terms, status, lastOn, ...told }: Leave, zone: string): Transition[] {
  const isTaken = status === "approved" || status === "cancelled";
  if (!isTaken || lastOn === null || told.hasFinished) return [];
  const { employeeId, leaveId, code, fromOn } = terms;
  const beganAt = midnight(fromOn, zone);
  const began: Transition = {
    type: "leave.leave.began",
    data: { employeeId, leaveId, code, at: beganAt },
  };
  const finished: Transition = {
    type: "leave.leave.finished",
    data: { employeeId, leaveId, at: Math.max(beganAt, midnight(lastOn, zone, 1)) },
  };
  return told.hasBegun ? [finished] : [began, finished];
}

/** The instant at which a day begins where the person works; `later` counts days on from it. */
export function midnight(on: string, zone: string, laterDays = 0): number {
  return instantOf(dayOfDate(on) + laterDays, 0, zone);
}
