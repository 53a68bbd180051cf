import type { Decided, EventOf } from "@clockleaf/shared/events/envelope.ts";
import type { LeaveEvent, leaveApproved } from "@clockleaf/shared/events/leave.ts";
import type { Entry } from "./ledger.ts";

/** What a leave is, whatever has become of it. */
export type LeaveTerms = Omit<EventOf<typeof leaveApproved>["data"], "by" | "at">;

export interface Leave {
  readonly terms: LeaveTerms;
  readonly status: "requested" | "approved" | "rejected" | "cancelled";
  /** Last day that counts as leave; null = none does. */
  readonly lastOn: string | null;
  readonly hasBegun: boolean;
  readonly hasFinished: boolean;
}

/** One person's accounts and all their leave. */
export interface Account {
  readonly employeeId: string;
  readonly openedOn: string;
  readonly zone: string;
  readonly openedWith: readonly string[];
  readonly entries: readonly Entry[];
  readonly leaves: ReadonlyMap<string, Leave>;
}

export function evolve(account: Account | null, event: Decided<LeaveEvent>): Account | null {
  if (event.type === "leave.account.created") {
    const { employeeId, openedOn, zone, policies } = event.data;
    return { employeeId, openedOn, zone, openedWith: policies, entries: [], leaves: new Map() };
  }
  if (account === null) return null;
  switch (event.type) {
    case "leave.ledger.posted": {
      const { employeeId: _, ...entry } = event.data;
      return { ...account, entries: [...account.entries, entry] };
    }
    case "leave.leave.requested": {
      const { employeeId, leaveId, code, policy, fromOn, toOn, secondsADay, minutes, days } =
        event.data;
      const terms = { employeeId, leaveId, code, policy, fromOn, toOn, secondsADay, minutes, days };
      return withLeave(account, terms.leaveId, {
        terms,
        status: "requested",
        lastOn: terms.toOn,
        hasBegun: false,
        hasFinished: false,
      });
    }
    case "leave.leave.approved":
      return change(account, event.data.leaveId, { status: "approved" });
    case "leave.leave.rejected":
      return change(account, event.data.leaveId, { status: "rejected", lastOn: null });
    case "leave.leave.cancelled":
      return change(account, event.data.leaveId, {
        status: "cancelled",
        lastOn: event.data.untilOn,
      });
    case "leave.leave.began":
      return change(account, event.data.leaveId, { hasBegun: true });
    case "leave.leave.finished":
      return change(account, event.data.leaveId, { hasFinished: true });
  }
}

function change(account: Account, leaveId: string, changes: Partial<Leave>): Account {
  const leave = account.leaves.get(leaveId);
  return leave === undefined ? account : withLeave(account, leaveId, { ...leave, ...changes });
}

function withLeave(account: Account, leaveId: string, leave: Leave): Account {
  return { ...account, leaves: new Map(account.leaves).set(leaveId, leave) };
}
