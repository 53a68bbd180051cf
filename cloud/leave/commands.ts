import type { LeaveEvent } from "@clockleaf/shared/events/leave.ts";
import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import type { Kysely } from "kysely";
import {
  type AggregateRunner,
  createAggregateRunner,
  type Outcome,
} from "../eventing/aggregate-runner.ts";
import { isRefusal, type Refusal, refuse } from "../eventing/decider.ts";
import type { Cause, EventStore } from "../eventing/event-store.ts";
import type { Account, LeaveTerms } from "./account.ts";
import { isCalendarDate, leaveDays } from "./calendar.ts";
import type { Cancellation } from "./cancellation.ts";
import type { LeaveConfig } from "./config.ts";
import { type Circumstances, type LeaveCommand, leaveDecider } from "./decider.ts";
import { addDays, daysWithin } from "./leave-year.ts";
import { balanceOn, type Entry } from "./ledger.ts";
import { type LeavePerson, type PeopleDb, personOf } from "./people.ts";
import { circumstancesOf, openedOnOf, policiesOf, siteOfPerson } from "./policies.ts";
import { type Db, departmentLeave } from "./reads.ts";
import { type LeaveRequest, lowestBalance, MOST_DAYS } from "./request.ts";

export const SOURCE = "cloud/leave";

/** What somebody asks for, before it is known what it takes. */
export interface LeaveWish {
  readonly employeeId: string;
  readonly leaveId: string;
  readonly policy: string;
  readonly fromOn: string;
  readonly toOn: string;
  readonly secondsADay: number | null;
  readonly requestedBy: string;
  readonly note: string;
}

/** What a request would come to. */
export interface Preview {
  readonly leave: LeaveTerms;
  /** The lowest balance from its first day on, with it; null without an account. */
  readonly lowest: { readonly on: string; readonly minutes: number } | null;
  readonly balanceMinutes: number | null;
  readonly refusal: Refusal | null;
  readonly warnings: readonly string[];
}

type LeaveOutcome = Outcome<LeaveEvent>;
type Accounts = AggregateRunner<Account | null, LeaveCommand, LeaveEvent>;

export interface Verdict {
  readonly type: "approve" | "reject" | "withdraw";
  readonly employeeId: string;
  readonly leaveId: string;
  readonly by: string;
  readonly note: string;
}

/** All that can be done to leave accounts. */
export interface LeaveCommands {
  readonly accounts: Accounts;
  /** Opens the person's account if there is none, and brings it up to now. */
  open(person: LeavePerson, cause: Cause): Promise<LeaveOutcome>;
  /** Asks for leave; `warnings` are rules that were broken and do not refuse. */
  request(
    wish: LeaveWish,
    cause: Cause,
  ): Promise<{ readonly outcome: LeaveOutcome; readonly warnings: readonly string[] }>;
  preview(wish: LeaveWish): Promise<Preview | Refusal>;
  decide(verdict: Verdict, cause: Cause): Promise<LeaveOutcome>;
  cancel(employeeId: string, wanted: Cancellation, cause: Cause): Promise<LeaveOutcome>;
  adjust(employeeId: string, entry: Entry, cause: Cause): Promise<LeaveOutcome>;
  /** Lets time have its effects on these people's accounts. */
  advance(people: readonly LeavePerson[], cause: Cause): Promise<readonly LeaveOutcome[]>;
}

export interface LeaveCommandsDeps {
  readonly store: EventStore;
  readonly tenant: string;
  readonly config: LeaveConfig;
  readonly db: Db;
  readonly people: Kysely<PeopleDb>;
  readonly nowMs: () => number;
}

export function createLeaveCommands(deps: LeaveCommandsDeps): LeaveCommands {
  const { store, tenant, config, people, nowMs } = deps;
  const accounts = createAggregateRunner({ store, decider: leaveDecider, domain: "leave", tenant });
  const nowOf = (person: LeavePerson): Circumstances => circumstancesOf(config, person, nowMs());
  /** Who has an account was told of before; where that is not known yet, it will be. */
  const knownPerson = async (employeeId: string): Promise<LeavePerson | Refusal> => {
    const person = await personOf(people, employeeId);
    if (person !== undefined) return person;
    if ((await accounts.state(employeeId)).state === null) return noPerson();
    throw new PlatformError("stream.not-connected", "the person is not known yet", {
      retriable: true,
    });
  };
  const both = (employeeId: string, command: LeaveCommand, acting: Acting): Promise<LeaveOutcome> =>
    runAndAdvance(accounts, { employeeId, command }, acting);

  return {
    accounts,
    open(person, cause) {
      const { employeeId } = person;
      const now = nowOf(person);
      const policies = [...policiesOf(config, person)]
        .filter(([, { hasAccount }]) => hasAccount)
        .map(([name]) => name);
      const openedOn = openedOnOf(config, person);
      const command = { type: "open", employeeId, openedOn, zone: now.zone, policies } as const;
      return both(employeeId, command, { now, cause });
    },
    async request(wish, cause) {
      const prepared = await prepare(deps, wish);
      if (isRefusal(prepared)) return { outcome: prepared, warnings: [] };
      const { request, warnings } = prepared;
      const acting = { now: request.now, cause };
      const outcome = await both(wish.employeeId, { type: "request", ...request }, acting);
      return { outcome, warnings };
    },
    async preview(wish) {
      const prepared = await prepare(deps, wish);
      if (isRefusal(prepared)) return prepared;
      const { state } = await accounts.state(wish.employeeId);
      return previewOf(state, prepared);
    },
    async decide({ type, employeeId, leaveId, by, note }, cause) {
      const person = await knownPerson(employeeId);
      if (isRefusal(person)) return person;
      const now = nowOf(person);
      return await both(employeeId, { type, leaveId, by, note, now }, { now, cause });
    },
    async cancel(employeeId, wanted, cause) {
      const person = await knownPerson(employeeId);
      if (isRefusal(person)) return person;
      const now = nowOf(person);
      return await both(employeeId, { type: "cancel", ...wanted, now }, { now, cause });
    },
    async adjust(employeeId, entry, cause) {
      const person = await personOf(people, employeeId);
      if (person === undefined) return noPerson();
      const policies = [...policiesOf(config, person).keys()];
      const now = nowOf(person);
      return await both(employeeId, { type: "adjust", entry, policies, now }, { now, cause });
    },
    advance: (those, cause) =>
      accounts.handleMany(
        those.map((person) => ({
          aggregateId: person.employeeId,
          command: { type: "advance", now: nowOf(person) },
        })),
        cause,
      ),
  };
}

interface Acting {
  readonly now: Circumstances;
  readonly cause: Cause;
}

/** A command, and then what is due in the same breath: leave entered for today has begun when the answer comes. */
async function runAndAdvance(
  accounts: Accounts,
  { employeeId, command }: { readonly employeeId: string; readonly command: LeaveCommand },
  { now, cause }: Acting,
): Promise<LeaveOutcome> {
  const commands = [command, { type: "advance", now } as const];
  const [outcome, advanced] = await accounts.handleMany(
    commands.map((each) => ({ aggregateId: employeeId, command: each })),
    cause,
  );
  if (outcome === undefined) throw new Error("one command has one outcome");
  if (isRefusal(outcome) || advanced === undefined || isRefusal(advanced)) return outcome;
  return { events: outcome.events, seq: advanced.seq };
}

interface Prepared {
  readonly request: LeaveRequest;
  readonly warnings: readonly string[];
}

/** Finds out what a wish would take, by the person's policies and the calendar of their site. */
async function prepare(
  { config, people, db, nowMs }: LeaveCommandsDeps,
  wish: LeaveWish,
): Promise<Prepared | Refusal> {
  const person = await personOf(people, wish.employeeId);
  if (person === undefined) return noPerson();
  const policy = policiesOf(config, person).get(wish.policy);
  if (policy === undefined) {
    return refuse("leave.not-entitled", `no policy "${wish.policy}" holds for the person`);
  }
  const { employeeId, leaveId, fromOn, toOn, secondsADay } = wish;
  const length = secondsADay === null ? policy.dayMinutes : Math.round(secondsADay / 60);
  // Others are refused anyway, and nobody needs to count their days.
  const isCountable = daysWithin(fromOn, toOn) <= MOST_DAYS && [fromOn, toOn].every(isCalendarDate);
  const days = isCountable ? leaveDays(siteOfPerson(config, person), wish, length) : [];
  const minutes = policy.hasAccount ? length * days.length : 0;
  const leave: LeaveTerms = {
    employeeId,
    leaveId,
    code: policy.code,
    policy: policy.hasAccount ? wish.policy : null,
    fromOn,
    toOn,
    secondsADay,
    minutes,
    days,
  };
  const crowd = isCountable ? await crowdOf({ config, db }, person, leave) : undefined;
  const { departmentId, managerId } = person;
  const { requestedBy, note } = wish;
  const now = circumstancesOf(config, person, nowMs());
  const crowdedOn = crowd?.effect === "refuse" ? crowd.on : null;
  return {
    request: { leave, policy, now, requestedBy, note, departmentId, managerId, crowdedOn },
    warnings:
      crowd?.effect === "warn" ? [`too many of the department are away on ${crowd.on}`] : [],
  };
}

/**
 * The first day on which more of the department would be away than a rule allows; one that refuses before one that warns.
 * Read from the read model: of two who ask in the same moment both may get through.
 */
async function crowdOf(
  { config, db }: Pick<LeaveCommandsDeps, "config" | "db">,
  { departmentId, employeeId }: LeavePerson,
  { fromOn, toOn, days = [] }: LeaveTerms,
): Promise<{ readonly on: string; readonly effect: "warn" | "refuse" } | undefined> {
  const rules = config.clashes.filter(({ department }) => department === departmentId);
  if (rules.length === 0 || days.length === 0) return undefined;
  const range = { from: fromOn, to: toOn };
  const away = (await departmentLeave(db, departmentId, range)).filter(
    (leave) => leave.employee_id !== employeeId,
  );
  const peopleAway = (on: string): number => {
    const those = away.filter(
      ({ from_on, last_on }) => from_on <= on && last_on !== null && last_on >= on,
    );
    return new Set(those.map((leave) => leave.employee_id)).size;
  };
  const broken = rules.flatMap(({ maxAbsent, effect }) => {
    const day = days.find(({ on }) => peopleAway(on) + 1 > maxAbsent);
    return day === undefined ? [] : [{ on: day.on, effect }];
  });
  return broken.find(({ effect }) => effect === "refuse") ?? broken[0];
}

function previewOf(account: Account | null, { request, warnings }: Prepared): Preview {
  const { leave } = request;
  const decided = leaveDecider.decide(account, { type: "request", ...request });
  const refusal = isRefusal(decided) ? decided : null;
  if (account === null || leave.policy === null) {
    return { leave, lowest: null, balanceMinutes: null, refusal, warnings };
  }
  const own = account.entries.filter(({ policy }) => policy === leave.policy);
  const isJudged = refusal === null || refusal.code === "leave.not-enough";
  const beforeOn = addDays(leave.fromOn, -1);
  return {
    leave,
    lowest: isJudged ? lowestBalance(account, request) : null,
    balanceMinutes: balanceOn(own, beforeOn),
    refusal,
    warnings,
  };
}

function noPerson(): Refusal {
  return refuse("leave-account.not-found", "there is no such employee");
}
