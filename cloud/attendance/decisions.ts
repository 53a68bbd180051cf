import type { AttendanceEvent } from "@clockleaf/shared/events/attendance.ts";
import type { EventOf } from "@clockleaf/shared/events/envelope.ts";
import type { LeaveEvent, leaveApproved } from "@clockleaf/shared/events/leave.ts";
import type { requestApproved, WorkflowEvent } from "@clockleaf/shared/events/workflow.ts";
import { causeOfEvent } from "../eventing/cause.ts";
import { decidedAs } from "../eventing/decided-as.ts";
import type { Cause, StoredEvent } from "../eventing/event-store.ts";
import type { ClockWriter } from "./clock-writer.ts";
import { correctionsOf, type PersonalCorrection } from "./corrections/decider.ts";
import { correctionsId } from "./ids.ts";
import { type Runners, SOURCE } from "./runners.ts";

export interface LockDeps {
  readonly clocks: Pick<ClockWriter, "preview">;
  /** The first locked day of somebody among dates. */
  readonly lockedOn: (
    employeeId: string,
    dates: readonly string[],
  ) => Promise<{ readonly on: string; readonly periodId: string } | undefined>;
}

export interface DecisionsDeps extends LockDeps {
  readonly clocks: Pick<ClockWriter, "tell" | "preview">;
  readonly runners: Pick<Runners, "corrections">;
  readonly nowMs: () => number;
}

/** What others decided about somebody's time. Each handler may see an event again: facts are told once, decisions stand. */
export interface Decisions {
  /** Of WORKFLOW: overtime and corrections. */
  onWorkflow(stored: StoredEvent): Promise<void>;
  /** Of LEAVE: approved leave, and leave that was cancelled or cut short. */
  onLeave(stored: StoredEvent): Promise<void>;
  /** Of ATTENDANCE: an approved correction takes effect, item by item. */
  onAttendance(stored: StoredEvent): Promise<void>;
}

export function createDecisions(deps: DecisionsDeps): Decisions {
  const causeOf = (stored: StoredEvent): Cause => causeOfEvent(SOURCE, deps.nowMs(), stored);
  return {
    async onWorkflow(stored) {
      const event = decidedAs<WorkflowEvent>(stored);
      switch (event.type) {
        case "workflow.request.approved":
          return decide(deps, { ...event.data, outcome: "approved" }, causeOf(stored));
        case "workflow.request.rejected":
          return decide(deps, { ...event.data, outcome: "rejected" }, causeOf(stored));
        case "workflow.request.withdrawn":
          return decide(deps, { ...event.data, outcome: "withdrawn" }, causeOf(stored));
        default:
          return;
      }
    },
    async onLeave(stored) {
      const event = decidedAs<LeaveEvent>(stored);
      if (event.type === "leave.leave.approved") {
        await absent(deps, { ...event.data, isCancelled: false }, causeOf(stored));
      } else if (event.type === "leave.leave.cancelled" && event.data.wasApproved) {
        const { untilOn, fromOn, toOn } = event.data;
        const isCancelled = untilOn === null || untilOn < fromOn;
        const until = isCancelled ? toOn : untilOn;
        await absent(deps, { ...event.data, toOn: until, isCancelled }, causeOf(stored));
      }
    },
    async onAttendance(stored) {
      const event = decidedAs<AttendanceEvent>(stored);
      if (event.type !== "attendance.correction.approved") return;
      const { requestId, by, at = stored.event.metadata.timestamp } = event.data;
      const { state } = await deps.runners.corrections.state(correctionsId(requestId));
      if (state === null) return;
      await apply(deps, correctionsOf(state.request, { by, at }), {
        requestId,
        cause: causeOf(stored),
      });
    },
  };
}

type Decision = EventOf<typeof requestApproved>["data"] & {
  readonly outcome: "approved" | "rejected" | "withdrawn";
};

async function decide(deps: DecisionsDeps, decision: Decision, cause: Cause): Promise<void> {
  switch (decision.about.kind) {
    case "overtime":
      return decideOvertime(deps, decision, cause);
    case "correction":
      return decideCorrection(deps, decision, cause);
    case "leave":
    case "pay-run":
      return;
  }
}

/** A request that was withdrawn decides nothing: the overtime waits, or is gone already. */
async function decideOvertime(
  { clocks }: DecisionsDeps,
  { about, outcome, requestId, by, note, at }: Decision,
  cause: Cause,
): Promise<void> {
  if (about.kind !== "overtime" || outcome === "withdrawn") return;
  const { employeeId, workdayOn, policy, seconds } = about;
  const approval = {
    kind: "approval",
    approvalId: `request-${requestId}`,
    decidedAt: at,
    on: workdayOn,
    policy,
    seconds,
    decision: outcome,
    by: by.slice(0, 120),
  } as const;
  const type =
    outcome === "approved" ? "attendance.overtime.approved" : "attendance.overtime.rejected";
  const told = { type, data: { employeeId, approval, requestId, note } } as const;
  await clocks.tell(new Map([[employeeId, [told]]]), cause);
}

async function decideCorrection(
  deps: DecisionsDeps,
  decision: Decision,
  cause: Cause,
): Promise<void> {
  const { about, outcome, by, at } = decision;
  if (about.kind !== "correction") return;
  const id = correctionsId(about.correctionRequestId);
  const { corrections } = deps.runners;
  const note =
    outcome === "withdrawn" ? `withdrawn: ${decision.note}`.slice(0, 500) : decision.note;
  if (outcome !== "approved") {
    await corrections.handle(id, { type: "decide", outcome: "rejected", by, note, at }, cause);
    return;
  }
  const { state } = await corrections.state(id);
  if (state === null || state.outcome !== "pending") return;
  const locked = state.request.overridesLock
    ? undefined
    : await firstLocked(deps, correctionsOf(state.request, { by, at }));
  if (locked === undefined) {
    await corrections.handle(id, { type: "decide", outcome: "approved", by, note, at }, cause);
    return;
  }
  const why = `approved by ${by}, but ${locked} has been locked meanwhile`;
  const refused = { type: "decide", outcome: "rejected", by: SOURCE, note: why, at } as const;
  await corrections.handle(id, refused, cause);
}

/** The first day in a locked period that corrections would change, in words. */
export async function firstLocked(
  { clocks, lockedOn }: LockDeps,
  corrections: readonly PersonalCorrection[],
): Promise<string | undefined> {
  for (const [employeeId, theirs] of byPerson(corrections)) {
    const days = await clocks.preview(
      employeeId,
      theirs.map(({ correction }) => correction),
    );
    const dates = days.map(({ workdayOn }) => workdayOn);
    const locked = await lockedOn(employeeId, dates);
    if (locked !== undefined) return `${locked.on} in period ${locked.periodId}`;
  }
  return undefined;
}

export const byPerson = <T extends { readonly employeeId: string }>(
  all: readonly T[],
): ReadonlyMap<string, readonly T[]> => Map.groupBy(all, ({ employeeId }) => employeeId);

async function apply(
  { clocks }: DecisionsDeps,
  corrections: readonly PersonalCorrection[],
  { requestId, cause }: { readonly requestId: string; readonly cause: Cause },
): Promise<void> {
  for (const [employeeId, theirs] of byPerson(corrections)) {
    const told = theirs.map(
      ({ correction }) =>
        ({
          type: "attendance.correction.applied",
          data: { employeeId, requestId, correction },
        }) as const,
    );
    await clocks.tell(new Map([[employeeId, told]]), cause);
  }
}

type Leave = Pick<
  EventOf<typeof leaveApproved>["data"],
  "employeeId" | "leaveId" | "code" | "fromOn" | "toOn" | "secondsADay" | "at"
> & { readonly isCancelled: boolean };

async function absent(
  { clocks }: DecisionsDeps,
  { employeeId, leaveId, code, fromOn, toOn, secondsADay, at, isCancelled }: Leave,
  cause: Cause,
): Promise<void> {
  const absence = {
    kind: "absence",
    absenceId: leaveId,
    decidedAt: at,
    fromOn,
    toOn,
    code,
    secondsADay,
    isCancelled,
  } as const;
  const told = { type: "attendance.absence.recorded", data: { employeeId, absence } } as const;
  await clocks.tell(new Map([[employeeId, [told]]]), cause);
}
