import type { EmployeeEvent } from "@clockleaf/shared/events/employee.ts";
import type { LeaveEvent } from "@clockleaf/shared/events/leave.ts";
import type { Log } from "@clockleaf/shared/lib/log.ts";
import { causeOfEvent } from "../eventing/cause.ts";
import { decidedAs } from "../eventing/decided-as.ts";
import { isRefusal } from "../eventing/decider.ts";
import type { Cause, StoredEvent } from "../eventing/event-store.ts";
import type { PersonalVault } from "../eventing/vault.ts";
import { type EmployeeCommands, SOURCE } from "./commands.ts";
import type { PersonCommand } from "./decider.ts";
import { chainAbove, isBelow } from "./org.ts";
import type { Person } from "./person.ts";
import { badgePeriodsOf, type Db, employee } from "./reads.ts";
import type { RunningLeave } from "./running-leaves.ts";

export interface FollowUpDeps {
  readonly tenant: string;
  readonly commands: EmployeeCommands;
  readonly db: Db;
  /** Resolves once the read model shows EMPLOYEE up to this sequence; rejects, retriably, if that takes too long. */
  readonly isUpTo: (seq: number) => Promise<void>;
  /** The leaves that run by all that LEAVE says at this moment, oldest first. */
  readonly runningLeaves: (employeeId: string) => Promise<readonly RunningLeave[]>;
  readonly vault: PersonalVault;
  readonly nowMs: () => number;
  readonly log: Log;
}

/** What follows from the events of people and their leave. Everything may be repeated. */
export interface FollowUp {
  onEmployee(stored: StoredEvent): Promise<void>;
  onLeave(stored: StoredEvent): Promise<void>;
}

export function createFollowUp(deps: FollowUpDeps): FollowUp {
  return {
    async onEmployee(stored) {
      const event = decidedAs<EmployeeEvent>(stored);
      const cause = causeOfEvent(SOURCE, deps.nowMs(), stored);
      switch (event.type) {
        case "employee.employee.activated":
        case "employee.employee.reactivated":
        case "employee.probation.completed":
        case "employee.leave.ended":
          return await settleLeave(deps, event.data, cause);
        case "employee.employee.created":
          await deps.isUpTo(stored.seq);
          return await breakRing(deps, { ...event.data, fromManagerId: null }, cause);
        case "employee.manager.changed":
          await deps.isUpTo(stored.seq);
          return await breakRing(deps, event.data, cause);
        case "employee.employee.deactivated": {
          const { employeeId, at } = event.data;
          const { state } = await deps.commands.people.state(employeeId);
          // As they are now: heard of again, an event of long ago must not take the badges of who works here again.
          if (state?.data.status !== "inactive" || state.termination === null) return;
          await deps.isUpTo(stored.seq);
          const reason = "the employment ended";
          return await withdrawBadges(deps, { employeeId, at, reason }, cause);
        }
        case "employee.person.erased": {
          const { employeeId, at } = event.data;
          await deps.vault.erase({ tenant: deps.tenant, personId: employeeId });
          await deps.isUpTo(stored.seq);
          return await withdrawBadges(deps, { employeeId, at, reason: "erased" }, cause);
        }
        case "employee.employee.updated":
        case "employee.employee.suspended":
        case "employee.employee.terminated":
        case "employee.department.changed":
        case "employee.leave.started":
        case "employee.probation.started":
        case "employee.badge.assigned":
        case "employee.badge.withdrawn":
          return;
      }
    },
    async onLeave(stored) {
      const event = decidedAs<LeaveEvent>(stored);
      if (event.type !== "leave.leave.began" && event.type !== "leave.leave.finished") return;
      await settleLeave(deps, event.data, causeOfEvent(SOURCE, deps.nowMs(), stored));
    },
  };
}

/** Each turn is one leave ended or begun. */
const MOST_TURNS = 10;

/**
 * Makes the person's state agree with the leaves that run. It is called whenever either may have changed, and looks at
 * both anew after each step, so whichever event comes first, is refused, or comes again: they agree in the end. A leave
 * that begins during a suspension or a probation is started once that is over, if it still runs.
 */
async function settleLeave(
  { commands, runningLeaves, log }: FollowUpDeps,
  { employeeId, at }: { readonly employeeId: string; readonly at: number },
  cause: Cause,
): Promise<void> {
  for (let turn = 0; turn < MOST_TURNS; turn += 1) {
    const running = await runningLeaves(employeeId);
    const { state } = await commands.people.state(employeeId);
    const command = nextOf(state, running, at);
    if (command === undefined) return;
    const outcome = await commands.people.handle(employeeId, command, cause);
    if (!isRefusal(outcome)) continue;
    log.info({ employeeId, code: outcome.code, command: command.type }, "leave waits");
    return;
  }
}

function nextOf(
  person: Person,
  running: readonly RunningLeave[],
  at: number,
): PersonCommand | undefined {
  if (person === null) return undefined;
  const { activity, leaveId } = person;
  if (activity === "on-leave" && leaveId !== null) {
    const isOver = running.every((leave) => leave.leaveId !== leaveId);
    return isOver ? { type: "end-leave", leaveId, at } : undefined;
  }
  const [first] = running;
  return first === undefined ? undefined : { type: "start-leave", ...first, at };
}

/**
 * Two changes at the same moment may each pass the check and together make a ring of managers. Of such a ring the change
 * stored last is taken back: to the manager there was before, or to none.
 */
async function breakRing(
  { db, commands, log }: FollowUpDeps,
  change: { readonly employeeId: string; readonly fromManagerId: string | null },
  cause: Cause,
): Promise<void> {
  const { employeeId, fromManagerId } = change;
  const { chain, isRing } = await chainAbove(db, employeeId);
  const own = chain[0]?.managerSeq ?? 0;
  if (!isRing || chain.some((each) => each.managerSeq > own)) return;
  const found = await employee(db, employeeId);
  if (found === undefined) return;
  const isFree = fromManagerId !== null && !(await isBelow(db, fromManagerId, employeeId));
  const changes = { managerId: isFree ? fromManagerId : null };
  const command = { type: "update", changes, at: cause.atMs } as const;
  // Changed again meanwhile: then that change is looked at when it comes here.
  const guarded = { aggregateId: employeeId, command, ifSeq: found.version };
  const [outcome] = await commands.people.handleMany([guarded], cause);
  log.warn({ employeeId, outcome: isRefusal(outcome) ? outcome.code : "done" }, "ring of managers");
}

/** Takes all badges somebody still holds, as of an instant or, those given later, as of when they were given. */
async function withdrawBadges(
  { db, commands, log }: FollowUpDeps,
  from: { readonly employeeId: string; readonly at: number; readonly reason: string },
  cause: Cause,
): Promise<void> {
  const { employeeId, reason } = from;
  const held = await badgePeriodsOf(db, [employeeId]);
  for (const { badge, validFrom, validTo: end } of held) {
    if (end !== null) continue;
    const validTo = Math.max(from.at, validFrom);
    const at = Math.max(cause.atMs, validTo);
    const outcome = await commands.badges.handle(
      badge,
      { type: "withdraw", badge, employeeId, validTo, reason, at },
      cause,
    );
    if (isRefusal(outcome)) log.info({ badge, code: outcome.code }, "badge not withdrawn");
  }
}
