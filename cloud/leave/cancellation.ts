import type { Decided } from "@clockleaf/shared/events/envelope.ts";
import type { LeaveEvent } from "@clockleaf/shared/events/leave.ts";
import { type Refusal, refuse } from "../eventing/decider.ts";
import type { Account, Leave } from "./account.ts";
import type { Circumstances } from "./decider.ts";
import { addDays } from "./leave-year.ts";
import type { Entry } from "./ledger.ts";
import { daysOf } from "./request.ts";

export interface Cancellation {
  readonly leaveId: string;
  /** Last day that still counts as leave; null = today if it has begun. */
  readonly untilOn: string | null;
  readonly by: string;
  readonly reason: string;
  /** The end of the employment, which does not ask whether it is too late. */
  readonly isForced?: boolean;
}

type Decision = ReadonlyArray<Decided<LeaveEvent>> | Refusal;

/** Before it begins all of it is returned, while it is taken the days after the last one; after that nothing changes. */
export function cancel(
  account: Account,
  wanted: Cancellation,
  { todayOn, nowMs }: Pick<Circumstances, "todayOn" | "nowMs">,
): Decision {
  const { leaveId, by, reason } = wanted;
  const leave = account.leaves.get(leaveId);
  if (leave === undefined) return refuse("leave.not-found", "there is no such leave");
  const untilOn = lastDay(leave, wanted, todayOn);
  if (leave.status === "cancelled" && (wanted.untilOn === null || untilOn === leave.lastOn))
    return [];
  const refusal = mayCancel(leave, { ...wanted, untilOn }, todayOn);
  if (refusal !== undefined) return refusal;
  const wasApproved = leave.status === "approved";
  const data = { ...leave.terms, untilOn, wasApproved, by, reason, at: nowMs };
  const { employeeId } = leave.terms;
  const returned = wasApproved ? returns(account, leave, untilOn) : [];
  const isOver = leave.hasBegun && !leave.hasFinished && (untilOn === null || untilOn < todayOn);
  return [
    { type: "leave.leave.cancelled", data },
    ...returned.map((entry) => ({
      type: "leave.ledger.posted" as const,
      data: { employeeId, ...entry },
    })),
    ...(isOver
      ? [{ type: "leave.leave.finished" as const, data: { employeeId, leaveId, at: nowMs } }]
      : []),
  ];
}

/** Null = no day of it counts. */
function lastDay(
  { terms, status }: Leave,
  { untilOn }: Cancellation,
  todayOn: string,
): string | null {
  if (status === "requested") return null;
  const wanted = untilOn ?? todayOn;
  return wanted < terms.fromOn ? null : wanted;
}

function mayCancel(leave: Leave, wanted: Cancellation, todayOn: string): Refusal | undefined {
  const { status, terms } = leave;
  const { untilOn } = wanted;
  if (status !== "requested" && status !== "approved") {
    return refuse("leave.not-open", `the leave is ${status}`);
  }
  if (wanted.isForced === true || status === "requested") return undefined;
  if (terms.toOn < todayOn) return refuse("leave.over", "leave that was taken is not cancelled");
  if (untilOn !== null && untilOn >= terms.toOn) {
    return refuse("leave.not-shorter", `it ends on ${terms.toOn} anyway`);
  }
  const earliest = addDays(todayOn, -1);
  const taken = untilOn === null ? addDays(terms.fromOn, -1) : untilOn;
  if (taken < earliest && terms.fromOn <= earliest) {
    return refuse("leave.already-taken", `${earliest} is the earliest last day: it was taken`);
  }
  return undefined;
}

/** What comes back: of each line that the leave took, the days after the last one that counts. */
function returns({ entries }: Account, { terms }: Leave, untilOn: string | null): Entry[] {
  const taken = entries
    .filter(({ leaveId, kind }) => leaveId === terms.leaveId && kind === "taken")
    .toSorted((a, b) => (a.on < b.on ? -1 : 1));
  return taken.flatMap((line, index) => {
    const end = taken[index + 1]?.on;
    const minutes = daysOf(terms)
      .filter(({ on }) => on >= line.on && (end === undefined || on < end))
      .filter(({ on }) => untilOn === null || on > untilOn)
      .reduce((total, day) => total + day.minutes, 0);
    if (minutes === 0) return [];
    const reason =
      untilOn === null ? "Leave was cancelled" : `Leave was cut short after ${untilOn}`;
    return [
      {
        ...line,
        entryId: `returned-${terms.leaveId}-${line.on}`,
        kind: "returned",
        minutes,
        reason,
      },
    ];
  });
}
