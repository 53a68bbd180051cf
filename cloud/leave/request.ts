import { type Refusal, refuse } from "../eventing/decider.ts";
import type { Account, LeaveTerms } from "./account.ts";
import { boundariesOf, due } from "./accrual.ts";
import type { LeavePolicy } from "./config.ts";
import type { Circumstances } from "./decider.ts";
import { addDays, daysWithin, later } from "./leave-year.ts";
import { balanceOn, type Entry, type LeaveDay, spellMinutes } from "./ledger.ts";

/** A request with all that must be known to judge it; the days were counted by the calendar of the person's site. */
export interface LeaveRequest {
  readonly leave: LeaveTerms;
  readonly policy: LeavePolicy;
  readonly now: Circumstances;
  readonly requestedBy: string;
  readonly note: string;
  readonly departmentId: string | null;
  readonly managerId: string | null;
  /** A day on which too many of the department would be away, where that is refused. */
  readonly crowdedOn: string | null;
}

/** How far ahead leave may be asked for. */
export const MOST_DAYS_AHEAD = 731;
export const MOST_DAYS = 366;

/** The first rule that says no; undefined if none does. */
export function checkRequest(account: Account, request: LeaveRequest): Refusal | undefined {
  return (
    checkDates(request) ??
    checkPortion(request) ??
    checkOverlap(account, request.leave) ??
    checkCrowd(request) ??
    checkBalance(account, request)
  );
}

function checkDates({ leave, policy, now }: LeaveRequest): Refusal | undefined {
  const { fromOn, toOn } = leave;
  const { terms, todayOn } = now;
  const { noticeDays } = policy;
  const length = daysWithin(fromOn, toOn);
  if (length === 0) return refuse("leave.ends-before-start", "toOn is before fromOn");
  if (fromOn < terms.startOn) {
    return refuse("leave.not-employed", `the employment begins on ${terms.startOn}`);
  }
  if (terms.lastDayOn !== null && toOn > terms.lastDayOn) {
    return refuse("leave.not-employed", `the employment ends on ${terms.lastDayOn}`);
  }
  if (fromOn < addDays(todayOn, noticeDays)) {
    const rule =
      noticeDays < 0
        ? `at most ${-noticeDays} days afterwards`
        : `at least ${noticeDays} days before it begins`;
    return refuse("leave.too-late", `this kind of leave is asked for ${rule}`);
  }
  if (toOn > addDays(todayOn, MOST_DAYS_AHEAD)) {
    return refuse("leave.too-far-ahead", `at most ${MOST_DAYS_AHEAD} days ahead`);
  }
  const most = policy.maxConsecutiveDays ?? MOST_DAYS;
  if (length > most) return refuse("leave.too-long", `at most ${most} calendar days in one go`);
  if (leave.days?.length === 0) {
    return refuse("leave.no-working-days", "none of these days is a working day");
  }
  return undefined;
}

function checkPortion({ leave, policy }: LeaveRequest): Refusal | undefined {
  const { secondsADay } = leave;
  if (secondsADay === null) return undefined;
  const { portions, dayMinutes } = policy;
  const whole = dayMinutes * 60;
  if (portions === "days")
    return refuse("leave.whole-days", "whole days only: leave out secondsADay");
  if (portions === "half-days" && secondsADay * 2 !== whole) {
    return refuse(
      "leave.half-days",
      `whole or half days only: secondsADay is ${whole / 2} for half`,
    );
  }
  if (secondsADay === 0 || secondsADay % 60 !== 0 || secondsADay > whole) {
    return refuse(
      "leave.bad-length",
      `secondsADay is whole minutes, up to ${whole} for this leave`,
    );
  }
  return undefined;
}

function checkOverlap(account: Account, { fromOn, toOn }: LeaveTerms): Refusal | undefined {
  const clash = [...account.leaves.values()].find(
    ({ terms, lastOn }) => lastOn !== null && terms.fromOn <= toOn && lastOn >= fromOn,
  );
  if (clash === undefined) return undefined;
  const { fromOn: from } = clash.terms;
  return refuse("leave.overlaps", `there is leave from ${from} to ${clash.lastOn} already`);
}

function checkCrowd({ crowdedOn }: LeaveRequest): Refusal | undefined {
  if (crowdedOn === null) return undefined;
  return refuse("leave.department-away", `too many of the department are away on ${crowdedOn}`);
}

function checkBalance(account: Account, request: LeaveRequest): Refusal | undefined {
  if (request.leave.policy === null) return undefined;
  const lowest = lowestBalance(account, request);
  if (lowest.minutes >= -request.policy.overdraftMinutes) return undefined;
  const { dayMinutes } = request.policy;
  return refuse(
    "leave.not-enough",
    `the balance would be ${spellMinutes(lowest.minutes, dayMinutes)} on ${lowest.on}`,
  );
}

/** Whether the account still covers a leave that waits for its approval. */
export function isCovered(
  account: Account,
  asked: Pick<LeaveRequest, "leave" | "policy" | "now">,
): boolean {
  if (asked.leave.policy === null) return true;
  return lowestBalance(account, asked).minutes >= -asked.policy.overdraftMinutes;
}

/**
 * The lowest balance from the leave's first day on, with everything that is asked for or approved, and with what will have
 * been earned, carried over or lost by then.
 */
export function lowestBalance(
  account: Account,
  { leave, policy, now }: Pick<LeaveRequest, "leave" | "policy" | "now">,
): { readonly on: string; readonly minutes: number } {
  const waiting = [...account.leaves.values()].filter(
    ({ status, terms }) =>
      status === "requested" && terms.policy === leave.policy && terms.leaveId !== leave.leaveId,
  );
  const wanted = [...waiting.map(({ terms }) => terms), leave].flatMap((terms) =>
    bookings(terms, { policy }),
  );
  const booked = [...account.entries.filter((entry) => entry.policy === leave.policy), ...wanted];
  const lastOn = booked.reduce((last, { on }) => later(last, on), leave.toOn);
  const until = policy.futureAccrual === "count" ? later(lastOn, now.todayOn) : now.todayOn;
  const terms = { ...now.terms, openedWith: account.openedWith, openedOn: account.openedOn };
  const added = due(booked, terms, until).filter((entry) => entry.policy === leave.policy);
  const all: Entry[] = [...booked, ...added];
  const dates = all.map(({ on }) => on).filter((on) => on > leave.fromOn);
  return [leave.fromOn, ...dates]
    .map((on) => ({ on, minutes: balanceOn(all, on) }))
    .reduce((lowest, each) => (each.minutes < lowest.minutes ? each : lowest));
}

/** What a leave takes, a line for each stretch between turns of the leave year and expiries; none without an account. */
export function bookings(
  leave: LeaveTerms,
  { policy }: { readonly policy: LeavePolicy | undefined },
): Entry[] {
  const { policy: name, leaveId, fromOn, toOn } = leave;
  if (name === null) return [];
  const cuts = policy === undefined ? [] : boundariesOf(policy, fromOn, toOn);
  return stretches(daysOf(leave), [fromOn, ...cuts]).map(({ on, minutes }) => ({
    entryId: `taken-${leaveId}-${on}`,
    policy: name,
    kind: "taken",
    minutes: -minutes,
    on,
    leaveId,
    reason: `Leave from ${fromOn} to ${toOn}`,
  }));
}

/** Its working days; one without them is an event of another writer, and counts as a whole. */
export function daysOf({ days, fromOn, minutes }: LeaveTerms): readonly LeaveDay[] {
  return days ?? [{ on: fromOn, minutes }];
}

/** Sums up days by the last of the cuts that is not after them. */
function stretches(days: readonly LeaveDay[], cuts: readonly string[]): LeaveDay[] {
  return cuts.flatMap((on, index) => {
    const end = cuts[index + 1];
    const within = days.filter((day) => day.on >= on && (end === undefined || day.on < end));
    const minutes = within.reduce((total, day) => total + day.minutes, 0);
    return minutes === 0 ? [] : [{ on, minutes }];
  });
}
