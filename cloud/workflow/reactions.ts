import { isDeepStrictEqual } from "node:util";
import * as attendance from "@clockleaf/shared/events/attendance.ts";
import * as leave from "@clockleaf/shared/events/leave.ts";
import * as payroll from "@clockleaf/shared/events/payroll.ts";
import { causeOfEvent } from "../eventing/cause.ts";
import { decidedAs } from "../eventing/decided-as.ts";
import type { StoredEvent } from "../eventing/event-store.ts";
import type { Reaction } from "../eventing/reaction.ts";
import { type Asking, type AskingEvent, askingOf } from "./asks.ts";
import { requestIdOf, SOURCE, type WorkflowCommands } from "./commands.ts";
import type { WorkflowConfig } from "./config.ts";
import { BY_RULE, type Opened, peopleIn } from "./decider.ts";
import type { SubjectRequest } from "./reads.ts";
import { type Person, stepsFor } from "./steps.ts";

export interface ReactionDeps {
  readonly commands: WorkflowCommands;
  readonly config: WorkflowConfig;
  /** Whom the API key of this name acts for. */
  readonly employeeOf: (principal: string) => string | undefined;
  /** Both read models show what was stored in their streams before the call, and then answer. */
  readonly requestsAbout: (subject: string) => Promise<readonly SubjectRequest[]>;
  readonly hierarchyOf: (employeeIds: readonly string[]) => Promise<ReadonlyMap<string, Person>>;
  readonly nowMs: () => number;
}

/** What asks for approval, or ends what was asked. */
export function workflowReactions(deps: ReactionDeps): readonly Reaction[] {
  const handle = (stored: StoredEvent): Promise<void> => react(deps, stored);
  return [
    {
      domain: "attendance",
      name: "attendance-asks",
      types: [
        attendance.overtimeCalculated.type,
        attendance.overtimeWithdrawn.type,
        attendance.correctionRequested.type,
        attendance.correctionApproved.type,
        attendance.correctionRejected.type,
      ],
      handle,
    },
    {
      domain: "leave",
      name: "leave-asks",
      types: [
        leave.leaveRequested.type,
        leave.leaveCancelled.type,
        leave.leaveApproved.type,
        leave.leaveRejected.type,
      ],
      handle,
    },
    {
      domain: "payroll",
      name: "payroll-asks",
      types: [
        payroll.payRunSubmitted.type,
        payroll.payRunApproved.type,
        payroll.payRunRejected.type,
      ],
      handle,
    },
  ];
}

/**
 * Withdraws what an event makes void and opens what it asks for. A subject belongs to one stream, whose events come one at a
 * time, so nobody else opens a request about it in between; coming again, an event finds its own request.
 */
async function react(deps: ReactionDeps, stored: StoredEvent): Promise<void> {
  const asking = askingOf(decidedAs<AskingEvent>(stored));
  if (asking === undefined) return;
  const cause = causeOfEvent(SOURCE, deps.nowMs(), stored);
  const known = await deps.requestsAbout(asking.subject);
  const earlier = known.filter((each) => each.isPending && each.askedSeq < stored.seq);
  const standing = earlier.find((each) => stillAsks(asking, each));
  for (const { requestId } of earlier.filter((each) => each !== standing)) {
    const command = {
      type: "withdraw",
      by: BY_RULE,
      note: asking.because,
      at: cause.atMs,
    } as const;
    await deps.commands.requests.handle(requestId, command, cause);
  }
  const isOutdated = known.some(({ askedSeq }) => askedSeq > stored.seq);
  if (asking.ask === null || standing !== undefined || isOutdated) return;
  const data = await openingOf(deps, stored, asking.ask);
  await deps.commands.requests.handle(data.requestId, { type: "open", data }, cause);
}

/** The same figure told again is what was asked already; a pay run submitted again holds other figures. */
function stillAsks({ ask }: Asking, { about }: SubjectRequest): boolean {
  return ask?.about.kind === "overtime" && isDeepStrictEqual(ask.about, about);
}

async function openingOf(
  { config, employeeOf, hierarchyOf, nowMs }: ReactionDeps,
  { event, seq }: StoredEvent,
  { about, requestedBy, size, summary }: NonNullable<Asking["ask"]>,
): Promise<Opened> {
  const at = nowMs();
  const requesterId = employeeOf(requestedBy) ?? null;
  const people = peopleIn(about);
  const steps = stepsFor(config.chains[about.kind], {
    size,
    people,
    requesters: [requestedBy, ...(requesterId === null ? [] : [requesterId])],
    hierarchy: await hierarchyOf(people),
    fallbackRole: config.fallbackRole,
    at,
  });
  const requestId = requestIdOf(event.metadata.eventId);
  return { requestId, about, requestedBy, requesterId, askedSeq: seq, summary, steps, at };
}
