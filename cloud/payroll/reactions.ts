import { type AttendanceEvent, workdayCalculated } from "@clockleaf/shared/events/attendance.ts";
import {
  type EmployeeEvent,
  employeeActivated,
  employeeCreated,
} from "@clockleaf/shared/events/employee.ts";
import {
  type PayrollEvent,
  payRunApproved,
  payRunCalculationRequested,
  periodLocked,
} from "@clockleaf/shared/events/payroll.ts";
import {
  requestApproved,
  requestRejected,
  requestWithdrawn,
  type WorkflowEvent,
} from "@clockleaf/shared/events/workflow.ts";
import { hasCode, PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { causeOfEvent } from "../eventing/cause.ts";
import { decidedAs } from "../eventing/decided-as.ts";
import type { Cause, StoredEvent } from "../eventing/event-store.ts";
import type { Reaction } from "../eventing/reaction.ts";
import {
  type AfterDeps,
  considerLocked,
  considerPeriod,
  estimate,
  isEstimated,
} from "./after-lock.ts";
import { dayFactsOf } from "./calculation/day-facts.ts";
import { accountAggregate } from "./ids.ts";
import { openingAccount } from "./opening-account.ts";
import { personRow } from "./people-reads.ts";
import { paidTwice, type RunRecord, run } from "./reads.ts";
import { type CalculationDeps, calculateRun } from "./run-calculation.ts";
import { payRun } from "./run-payment.ts";
import { SOURCE } from "./runners.ts";

/** How far this process's read models are. Each rejects (retriable) if it does not get there in time. */
export interface CaughtUp {
  /** Up to this event of the domain. */
  people(seq: number): Promise<void>;
  time(seq: number): Promise<void>;
  pay(seq: number): Promise<void>;
  /** Up to everything that is stored at this moment, in all of them. */
  everything(): Promise<void>;
  /** The same, in PAYROLL alone. */
  allOfPay(): Promise<void>;
}

export interface ReactionDeps extends CalculationDeps, AfterDeps {
  readonly caughtUp: CaughtUp;
  readonly nowMs: () => number;
}

const reaction = (
  domain: Reaction["domain"],
  name: string,
  on: Pick<Reaction, "types" | "handle">,
): Reaction => ({ domain, name, ...on });

/** What payroll does about what happened, here and elsewhere. Each may come again; none has a second effect. */
export function payrollReactions(deps: ReactionDeps): readonly Reaction[] {
  const causeOf = (stored: StoredEvent): Cause => causeOfEvent(SOURCE, deps.nowMs(), stored);
  return [
    reaction("employee", "accounts", {
      types: [employeeCreated.type, employeeActivated.type],
      handle: (stored) => onPerson(deps, stored, causeOf(stored)),
    }),
    reaction("payroll", "calculation", {
      types: [payRunCalculationRequested.type],
      handle: (stored, signal) => onCalculation(deps, stored, { cause: causeOf(stored), signal }),
    }),
    reaction("workflow", "decisions", {
      types: [requestApproved.type, requestRejected.type, requestWithdrawn.type],
      handle: (stored) => onDecision(deps, stored, causeOf(stored)),
    }),
    reaction("payroll", "payment", {
      types: [payRunApproved.type],
      handle: (stored) => onApproved(deps, stored, causeOf(stored)),
    }),
    reaction("payroll", "locked", {
      types: [periodLocked.type],
      handle: (stored) => onLocked(deps, stored, causeOf(stored)),
    }),
    reaction("attendance", "workdays", {
      types: [workdayCalculated.type],
      handle: (stored) => onWorkday(deps, stored, causeOf(stored)),
    }),
  ];
}

async function onPerson(deps: ReactionDeps, stored: StoredEvent, cause: Cause): Promise<void> {
  const { sources, runners, caughtUp } = deps;
  const { type, data } = decidedAs<EmployeeEvent>(stored);
  let account =
    type === "employee.employee.created" ? openingAccount(sources.config, data) : undefined;
  if (type === "employee.employee.activated") {
    await caughtUp.people(stored.seq);
    const person = await personRow(sources.people, data.employeeId);
    if (person === undefined) return;
    const known = { employeeId: data.employeeId, startDate: person.start_on };
    account = openingAccount(sources.config, known);
  }
  if (account === undefined) return;
  try {
    const id = accountAggregate(account.employeeId);
    await runners.accounts.handle(id, { type: "open", account }, cause);
  } catch (error) {
    // Erased before we heard of them: there is nobody to pay.
    if (!hasCode(error, "vault.erased")) throw error;
  }
}

async function onCalculation(
  deps: ReactionDeps,
  stored: StoredEvent,
  on: { readonly cause: Cause; readonly signal: AbortSignal },
): Promise<void> {
  const { type, data } = decidedAs<PayrollEvent>(stored);
  if (type !== "payroll.run.calculation-requested") return;
  await deps.caughtUp.everything();
  const found = await runNamed(deps, data.runId);
  // Submitted meanwhile: this calculation was done before the reader was told so, or is of no use any more.
  if (found.status !== "open") return;
  await calculateRun(deps, found, on);
}

async function onDecision(deps: ReactionDeps, stored: StoredEvent, cause: Cause): Promise<void> {
  const { type, data } = decidedAs<WorkflowEvent>(stored);
  if (
    type !== "workflow.request.approved" &&
    type !== "workflow.request.rejected" &&
    type !== "workflow.request.withdrawn"
  ) {
    return;
  }
  const { about, requestId, by, note, at } = data;
  if (about.kind !== "pay-run") return;
  await deps.caughtUp.allOfPay();
  const found = await run(deps.sources.pay, about.runId);
  if (found === undefined) return;
  const twice = await paidTwice(deps.sources.pay, found);
  const decision =
    type === "workflow.request.approved" && twice === undefined ? "approved" : "rejected";
  const said = note === "" ? type.slice("workflow.request.".length) : note;
  await deps.runners.runs.handle(
    about.runId,
    {
      type: "decide",
      requestId,
      decision,
      by,
      reason: twice === undefined ? said : `${twice} is paid by a run that was submitted earlier`,
      at,
    },
    cause,
  );
}

async function onApproved(deps: ReactionDeps, stored: StoredEvent, cause: Cause): Promise<void> {
  const { type, data: approved } = decidedAs<PayrollEvent>(stored);
  if (type !== "payroll.run.approved") return;
  await deps.caughtUp.pay(stored.seq);
  await payRun(deps, await runNamed(deps, approved.runId), { approved, cause });
}

async function onLocked(deps: ReactionDeps, stored: StoredEvent, cause: Cause): Promise<void> {
  const { type, data } = decidedAs<PayrollEvent>(stored);
  if (type !== "payroll.period.locked") return;
  await deps.caughtUp.everything();
  const { people } = data;
  await considerPeriod(deps, await runNamed(deps, data.runId), { people, cause });
}

/** A decision on overtime is followed by the day computed again, so that the day is all we need to hear of. */
async function onWorkday(deps: ReactionDeps, stored: StoredEvent, cause: Cause): Promise<void> {
  const { sources, caughtUp } = deps;
  const { type, data } = decidedAs<AttendanceEvent>(stored);
  if (type !== "attendance.workday.calculated") return;
  await Promise.all([caughtUp.time(stored.seq), caughtUp.allOfPay()]);
  const { employeeId, workday, revision } = data;
  const { workdayOn } = workday;
  const look = { employeeId, workdayOn, cause, because: `the day became revision ${revision}` };
  if (await considerLocked(deps, look)) return;
  const day = dayFactsOf(workday, revision);
  if (!(await isEstimated(sources, employeeId, day))) return;
  const because = day.isDecided ? `overtime of ${workdayOn} was decided` : look.because;
  await estimate(deps, { ...look, because });
}

async function runNamed({ sources }: ReactionDeps, runId: string): Promise<RunRecord> {
  const found = await run(sources.pay, runId);
  if (found !== undefined) return found;
  throw new PlatformError("stream.not-connected", "the read model does not show the run yet", {
    retriable: true,
  });
}
