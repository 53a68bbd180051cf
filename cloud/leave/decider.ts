import type { Decided } from "@clockleaf/shared/events/envelope.ts";
import type { LeaveEvent } from "@clockleaf/shared/events/leave.ts";
import { type Decider, isRefusal, type Refusal, refuse } from "../eventing/decider.ts";
import { type Account, evolve, type Leave, type LeaveTerms } from "./account.ts";
import { due, type Terms } from "./accrual.ts";
import { type Cancellation, cancel } from "./cancellation.ts";
import { addDays } from "./leave-year.ts";
import type { Entry } from "./ledger.ts";
import {
  bookings,
  checkRequest,
  isCovered,
  type LeaveRequest,
  MOST_DAYS_AHEAD,
} from "./request.ts";
import { transitions } from "./transitions.ts";

/** What time, the calendar and EMPLOYEE say in the moment of a command. */
export interface Circumstances {
  readonly terms: Omit<Terms, "openedWith" | "openedOn">;
  /** The civil date where the person works. */
  readonly todayOn: string;
  readonly zone: string;
  readonly nowMs: number;
}

interface Verdict {
  readonly leaveId: string;
  readonly by: string;
  readonly note: string;
  readonly now: Circumstances;
}

export type LeaveCommand =
  | {
      readonly type: "open";
      readonly employeeId: string;
      readonly openedOn: string;
      readonly zone: string;
      readonly policies: readonly string[];
    }
  | ({ readonly type: "request" } & LeaveRequest)
  | ({ readonly type: "approve" } & Verdict)
  | ({ readonly type: "reject" } & Verdict)
  /** The request was taken back. */
  | ({ readonly type: "withdraw" } & Verdict)
  | ({ readonly type: "cancel"; readonly now: Circumstances } & Cancellation)
  | {
      readonly type: "adjust";
      readonly entry: Entry;
      readonly policies: readonly string[];
      readonly now: Circumstances;
    }
  /** Lets time have its effects: what was earned or lost, leave that began or ended, leave after the last day. */
  | { readonly type: "advance"; readonly now: Circumstances };

type Decision = ReadonlyArray<Decided<LeaveEvent>> | Refusal;

/** Aggregate of a person: accounts, their ledger, and leave. */
export const leaveDecider: Decider<Account | null, LeaveCommand, LeaveEvent> = {
  initial: null,
  decide(account, command) {
    if (command.type === "open") return open(account, command);
    if (account === null) {
      return refuse("leave-account.not-found", "the person has no leave account");
    }
    switch (command.type) {
      case "request":
        return request(account, command);
      case "approve":
        return approve(account, command);
      case "reject":
      case "withdraw":
        return turnDown(account, command);
      case "cancel":
        return cancel(account, command, command.now);
      case "adjust":
        return adjust(account, command);
      case "advance":
        return advance(account, command.now);
    }
  },
  evolve,
};

function open(
  account: Account | null,
  { employeeId, openedOn, zone, policies }: Extract<LeaveCommand, { type: "open" }>,
): Decision {
  if (account !== null) return [];
  const data = { employeeId, openedOn, zone, policies: [...policies] };
  return [{ type: "leave.account.created", data }];
}

function request(account: Account, command: Extract<LeaveCommand, { type: "request" }>): Decision {
  const { leave: terms, policy, now } = command;
  const known = account.leaves.get(terms.leaveId);
  if (known !== undefined) {
    return isSame(known.terms, terms)
      ? []
      : refuse("leave.already-exists", "another leave was asked for under this key");
  }
  const refusal = checkRequest(account, command);
  if (refusal !== undefined) return refusal;
  const { requestedBy, note, departmentId, managerId } = command;
  const { needsApproval } = policy;
  const asked = {
    type: "leave.leave.requested" as const,
    data: { ...terms, requestedBy, note, departmentId, managerId, needsApproval },
  };
  if (needsApproval) return [asked];
  return [asked, ...approved(terms, command, { by: requestedBy, at: now.nowMs })];
}

function approve(account: Account, { leaveId, by, now }: Verdict): Decision {
  const leave = account.leaves.get(leaveId);
  if (leave === undefined) return notFound();
  // Cancelled in the meantime, or told before: what was decided no longer asks anybody.
  if (leave.status !== "requested") return [];
  const { employeeId, policy: name } = leave.terms;
  const policy = name === null ? undefined : now.terms.policies.get(name);
  if (policy !== undefined && !isCovered(account, { leave: leave.terms, policy, now })) {
    const reason = "Approved, but the balance no longer covers it";
    const data = { employeeId, leaveId, by, reason, at: now.nowMs };
    return [{ type: "leave.leave.rejected", data }];
  }
  return approved(leave.terms, { policy }, { by, at: now.nowMs });
}

function approved(
  terms: LeaveTerms,
  { policy }: Pick<Parameters<typeof bookings>[1], "policy">,
  { by, at }: { readonly by: string; readonly at: number },
): Array<Decided<LeaveEvent>> {
  const { employeeId } = terms;
  return [
    { type: "leave.leave.approved", data: { ...terms, by, at } },
    ...bookings(terms, { policy }).map((entry) => posted(employeeId, entry)),
  ];
}

function turnDown(
  account: Account,
  { type, leaveId, by, note, now }: Verdict & { readonly type: "reject" | "withdraw" },
): Decision {
  const leave = account.leaves.get(leaveId);
  if (leave === undefined) return notFound();
  if (leave.status !== "requested") return [];
  const { employeeId } = leave.terms;
  const said = { by, reason: note, at: now.nowMs };
  if (type === "reject") {
    return [{ type: "leave.leave.rejected", data: { employeeId, leaveId, ...said } }];
  }
  return [
    {
      type: "leave.leave.cancelled",
      data: { ...leave.terms, untilOn: null, wasApproved: false, ...said },
    },
  ];
}

function adjust(
  account: Account,
  { entry, policies, now }: Extract<LeaveCommand, { type: "adjust" }>,
): Decision {
  const { entryId, minutes, policy, on } = entry;
  const known = account.entries.find((each) => each.entryId === entryId);
  if (known !== undefined) {
    const isRepeated = known.minutes === minutes && known.policy === policy && known.on === on;
    return isRepeated
      ? []
      : refuse("leave.already-exists", "another line was posted under this key");
  }
  const isTheirs =
    policies.includes(policy) || account.entries.some((each) => each.policy === policy);
  if (!isTheirs) return refuse("leave.no-such-account", "the person has no account of this policy");
  if (on < addDays(account.openedOn, -1) || on > addDays(now.todayOn, MOST_DAYS_AHEAD)) {
    const rule = `from the day before ${account.openedOn} to ${MOST_DAYS_AHEAD} days ahead`;
    return refuse("leave.out-of-range", `a line counts from a date ${rule}`);
  }
  return [posted(account.employeeId, entry)];
}

/** Lines first, then leave that began or ended, then what the end of the employment cuts short and pays out. */
function advance(account: Account, now: Circumstances): Decision {
  const events: Array<Decided<LeaveEvent>> = [];
  let current = account;
  const add = (decided: ReadonlyArray<Decided<LeaveEvent>>): void => {
    for (const event of decided) {
      events.push(event);
      current = evolve(current, event) ?? current;
    }
  };
  for (const leave of leaveAfterTheEnd(account, now)) {
    const { leaveId } = leave.terms;
    const decided = cancel(current, afterTheEnd(leaveId, now), now);
    if (!isRefusal(decided)) add(decided);
  }
  const terms = { ...now.terms, openedWith: account.openedWith, openedOn: account.openedOn };
  add(due(current.entries, terms, now.todayOn).map((entry) => posted(account.employeeId, entry)));
  add(transitions(current, now));
  return events;
}

function leaveAfterTheEnd(account: Account, { terms: { lastDayOn } }: Circumstances): Leave[] {
  if (lastDayOn === null) return [];
  return [...account.leaves.values()].filter(
    ({ status, lastOn }) =>
      (status === "requested" || status === "approved") && lastOn !== null && lastOn > lastDayOn,
  );
}

const afterTheEnd = (leaveId: string, { terms }: Circumstances): Cancellation => ({
  leaveId,
  untilOn: terms.lastDayOn,
  by: "clockleaf",
  reason: "The employment ends before",
  isForced: true,
});

const posted = (employeeId: string, entry: Entry): Decided<LeaveEvent> => ({
  type: "leave.ledger.posted",
  data: { employeeId, ...entry },
});

function isSame(one: LeaveTerms, other: LeaveTerms): boolean {
  return (
    one.code === other.code &&
    one.policy === other.policy &&
    one.fromOn === other.fromOn &&
    one.toOn === other.toOn &&
    one.secondsADay === other.secondsADay
  );
}

function notFound(): Refusal {
  return refuse("leave.not-found", "there is no such leave");
}
