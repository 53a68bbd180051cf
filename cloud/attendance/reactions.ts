import {
  correctionApproved,
  punchQuarantined,
  punchRedated,
  quarantineResolved,
  siteCompleted,
  workdayCalculated,
} from "@clockleaf/shared/events/attendance.ts";
import {
  badgeAssigned,
  departmentChanged,
  type EmployeeEvent,
  employeeActivated,
  employeeDeactivated,
  employeeReactivated,
  employeeSuspended,
  employeeTerminated,
  employeeUpdated,
} from "@clockleaf/shared/events/employee.ts";
import { leaveApproved, leaveCancelled } from "@clockleaf/shared/events/leave.ts";
import {
  requestApproved,
  requestRejected,
  requestWithdrawn,
} from "@clockleaf/shared/events/workflow.ts";
import { decidedAs } from "../eventing/decided-as.ts";
import type { StoredEvent } from "../eventing/event-store.ts";
import type { Reaction } from "../eventing/reaction.ts";
import { createSweep, type SweepDeps } from "./completeness/sweep.ts";
import { createDecisions, type DecisionsDeps } from "./decisions.ts";
import { openPresenceWriter, type PresenceDeps } from "./presence.ts";
import type { Recalculation } from "./recalculation.ts";
import { createResolution, type ResolutionDeps } from "./resolution.ts";

export type ReactionsDeps = ResolutionDeps & PresenceDeps & DecisionsDeps & SweepDeps;

/** What may change by which rules somebody's days are computed. */
const MOVES = [
  employeeUpdated,
  departmentChanged,
  employeeActivated,
  employeeDeactivated,
  employeeReactivated,
  employeeSuspended,
  employeeTerminated,
].map(({ type }) => type);

/** Everything that follows from stored events, of this context and of others. */
export async function attendanceReactions(
  deps: ReactionsDeps,
  recalculation: Recalculation,
): Promise<readonly Reaction[]> {
  const presence = await openPresenceWriter(deps);
  const follow = async (stored: StoredEvent): Promise<void> => {
    const event = decidedAs<EmployeeEvent>(stored);
    await deps.holdersHave(stored.seq);
    await recalculation.consider(event.data.employeeId);
  };
  return [
    {
      domain: "attendance",
      name: "presence",
      types: [workdayCalculated.type],
      handle: (event) => presence.onAttendance(event),
    },
    { domain: "employee", name: "places", types: MOVES, handle: follow },
    {
      domain: "attendance",
      name: "watermarks",
      types: [siteCompleted.type],
      handle: createSweep(deps),
    },
    ...quarantineReactions(deps),
    ...decisionReactions(deps),
  ];
}

function quarantineReactions(deps: ResolutionDeps): readonly Reaction[] {
  const resolution = createResolution(deps);
  return [
    {
      domain: "attendance",
      name: "resolution",
      types: [punchQuarantined.type, punchRedated.type, quarantineResolved.type],
      handle: (event) => resolution.onAttendance(event),
    },
    {
      domain: "employee",
      name: "badges",
      types: [badgeAssigned.type],
      handle: (event) => resolution.onEmployee(event),
    },
  ];
}

function decisionReactions(deps: DecisionsDeps): readonly Reaction[] {
  const decisions = createDecisions(deps);
  return [
    {
      domain: "workflow",
      name: "decisions",
      types: [requestApproved.type, requestRejected.type, requestWithdrawn.type],
      handle: (event) => decisions.onWorkflow(event),
    },
    {
      domain: "leave",
      name: "leave",
      types: [leaveApproved.type, leaveCancelled.type],
      handle: (event) => decisions.onLeave(event),
    },
    {
      domain: "attendance",
      name: "corrections",
      types: [correctionApproved.type],
      handle: (event) => decisions.onAttendance(event),
    },
  ];
}
