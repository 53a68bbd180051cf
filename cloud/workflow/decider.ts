import type { Decided, EventOf } from "@clockleaf/shared/events/envelope.ts";
import type {
  About,
  Approver,
  requestApproved,
  requestEscalated,
  requestOpened,
  requestRejected,
  requestWithdrawn,
  Step,
  stepDecided,
} from "@clockleaf/shared/events/workflow.ts";
import { type Decider, type Refusal, refuse } from "../eventing/decider.ts";

export type RequestEvent =
  | EventOf<typeof requestOpened>
  | EventOf<typeof stepDecided>
  | EventOf<typeof requestEscalated>
  | EventOf<typeof requestApproved>
  | EventOf<typeof requestRejected>
  | EventOf<typeof requestWithdrawn>;

export type Opened = EventOf<typeof requestOpened>["data"];
export type StepDecision = EventOf<typeof stepDecided>["data"];
export type Escalation = EventOf<typeof requestEscalated>["data"];
export type Decision = StepDecision["decision"];

/** What became of a request, with its whole history. */
export interface Request {
  readonly opened: Opened;
  readonly status: "pending" | "approved" | "rejected" | "withdrawn";
  /** Index of the step to be decided; of the last one once it has ended. */
  readonly step: number;
  /** When the current step is escalated; null = never, or it was. */
  readonly dueAt: number | null;
  readonly decisions: readonly StepDecision[];
  readonly escalations: readonly Escalation[];
  /** Null while pending. */
  readonly ended: { readonly by: string; readonly note: string; readonly at: number } | null;
}

/** Who decides: a principal of the API. */
export interface DecidingPrincipal {
  readonly name: string;
  /** The person it acts for; null = none. */
  readonly employeeId: string | null;
  readonly roles: readonly string[];
  /** Who has let this person decide requests of this kind for them, at this moment. */
  readonly actsFor: readonly string[];
}

export type RequestCommand =
  | { readonly type: "open"; readonly data: Opened }
  | {
      readonly type: "decide";
      readonly decision: Decision;
      readonly by: DecidingPrincipal;
      readonly note: string;
      readonly at: number;
    }
  | { readonly type: "escalate"; readonly step: number; readonly at: number }
  | { readonly type: "withdraw"; readonly by: string; readonly note: string; readonly at: number };

/** Name under which rules decide; no API key can have it, for the slash. */
export const BY_RULE = "cloud/workflow";

/**
 * One request for approval. Nobody decides what they asked for or what is about them, nobody decides two steps, in their own
 * name or in another's, and no scope stands above that.
 */
export const requestDecider: Decider<Request | null, RequestCommand, RequestEvent> = {
  initial: null,
  decide(request, command) {
    switch (command.type) {
      case "open":
        return request === null ? open(command.data) : [];
      case "decide":
        return request === null ? notFound() : decide(request, command);
      case "escalate":
        return request === null ? notFound() : escalate(request, command);
      case "withdraw": {
        if (request?.status !== "pending") return [];
        const { by, note, at } = command;
        return [ending(request.opened, { type: "workflow.request.withdrawn", by, note, at })];
      }
    }
  },
  evolve(request, event) {
    if (event.type === "workflow.request.opened") {
      const dueAt = event.data.steps[0]?.dueAt ?? null;
      const fresh = {
        status: "pending",
        step: 0,
        decisions: [],
        escalations: [],
        ended: null,
      } as const;
      return { ...fresh, opened: event.data, dueAt };
    }
    if (request === null) return null;
    switch (event.type) {
      case "workflow.step.decided":
        return afterStep(request, event.data);
      case "workflow.request.escalated":
        return { ...request, dueAt: null, escalations: [...request.escalations, event.data] };
      case "workflow.request.approved":
        return end(request, "approved", event.data);
      case "workflow.request.rejected":
        return end(request, "rejected", event.data);
      case "workflow.request.withdrawn":
        return end(request, "withdrawn", event.data);
    }
  },
};

/** Who may decide the current step: those it was given to and those it was escalated to. Nobody once it has ended. */
export function approversOf(request: Request): readonly Approver[] {
  if (request.status !== "pending") return [];
  const escalated = request.escalations.filter(({ step }) => step === request.step);
  return [stepOf(request).approvers, ...escalated.map(({ added }) => added)].flat();
}

/** The people a request is about: they may not decide it. */
export function peopleIn(about: About): readonly string[] {
  switch (about.kind) {
    case "overtime":
    case "leave":
      return [about.employeeId];
    case "correction":
      return about.employeeIds;
    case "pay-run":
      return [];
  }
}

type Events = ReadonlyArray<Decided<RequestEvent>>;

/** Also said of requests that the caller may not see. */
export const notFound = (): Refusal =>
  refuse("workflow.request.not-found", "there is no such request");

function open(data: Opened): Events {
  const opened = { type: "workflow.request.opened", data } as const;
  if (data.steps.length > 0) return [opened];
  const byRule = { by: BY_RULE, note: "no approval needed by the rules", at: data.at };
  return [opened, ending(data, { type: "workflow.request.approved", ...byRule })];
}

type EndType =
  | "workflow.request.approved"
  | "workflow.request.rejected"
  | "workflow.request.withdrawn";

function ending(
  { requestId, about }: Opened,
  { type, ...rest }: { type: EndType; by: string; note: string; at: number },
): Decided<RequestEvent> {
  return { type, data: { requestId, about, ...rest } };
}

function decide(
  request: Request,
  command: Extract<RequestCommand, { type: "decide" }>,
): Events | Refusal {
  const { decision, by, note, at } = command;
  const repeated = repeats(request, command);
  if (request.status !== "pending") {
    return repeated
      ? []
      : refuse(
          "workflow.ended",
          `the request was ${request.status} before; nothing is decided anew`,
        );
  }
  const { requestId } = request.opened;
  const refusal = isConcerned(request, by);
  if (refusal !== undefined) return refusal;
  const seat = seatOf(request, by);
  if (seat === undefined) {
    return repeated
      ? []
      : refuse("workflow.not-an-approver", "the current step is for others to decide");
  }
  const { onBehalfOf } = seat;
  if (hasDecided(request, by, onBehalfOf)) {
    return refuse("workflow.same-person-twice", "one person decides one step of a request only");
  }
  const decided = {
    type: "workflow.step.decided",
    data: {
      requestId,
      step: request.step,
      decision,
      by: by.name,
      byEmployeeId: by.employeeId,
      onBehalfOf,
      note,
      at,
    },
  } as const;
  const last = { by: by.name, note, at };
  if (decision === "rejected") {
    return [decided, ending(request.opened, { type: "workflow.request.rejected", ...last })];
  }
  const isLast = request.step === request.opened.steps.length - 1;
  return isLast
    ? [decided, ending(request.opened, { type: "workflow.request.approved", ...last })]
    : [decided];
}

/** Asked again by the same principal, perhaps because the first answer was lost. */
function repeats(
  { decisions, status }: Request,
  { by, decision }: Extract<RequestCommand, { type: "decide" }>,
): boolean {
  const last = decisions.at(-1);
  return status !== "withdrawn" && last?.by === by.name && last.decision === decision;
}

function isConcerned(
  { opened }: Request,
  { name, employeeId }: DecidingPrincipal,
): Refusal | undefined {
  if (name === opened.requestedBy || isRequester(opened, employeeId)) {
    return refuse("workflow.own-request", "who asked for it does not decide it");
  }
  if (employeeId !== null && peopleIn(opened.about).includes(employeeId)) {
    return refuse("workflow.about-yourself", "nobody decides what is about themselves");
  }
  return undefined;
}

const isRequester = ({ requestedBy, requesterId }: Opened, employeeId: string | null): boolean =>
  employeeId !== null && (employeeId === requesterId || employeeId === requestedBy);

/** In whose place the principal may decide: their own (null) first, then that of who let them. Undefined = in nobody's. */
function seatOf(
  request: Request,
  by: DecidingPrincipal,
): { readonly onBehalfOf: string | null } | undefined {
  const approvers = approversOf(request);
  const isOwn = approvers.some((each) =>
    each.kind === "role" ? by.roles.includes(each.role) : each.employeeId === by.employeeId,
  );
  if (isOwn) return { onBehalfOf: null };
  const { opened } = request;
  const left = approvers.find(
    (each) =>
      each.kind === "employee" &&
      by.actsFor.includes(each.employeeId) &&
      // Who may not decide cannot have it decided in their place.
      !isRequester(opened, each.employeeId) &&
      !peopleIn(opened.about).includes(each.employeeId),
  );
  return left?.kind === "employee" ? { onBehalfOf: left.employeeId } : undefined;
}

/** Whether an earlier step was decided by the same principal or person, or in whose place this one would be. */
function hasDecided(
  { decisions }: Request,
  by: DecidingPrincipal,
  onBehalfOf: string | null,
): boolean {
  const people = new Set([by.employeeId, onBehalfOf].filter((id) => id !== null));
  return decisions.some(
    (earlier) =>
      earlier.by === by.name ||
      (earlier.byEmployeeId !== null && people.has(earlier.byEmployeeId)) ||
      (earlier.onBehalfOf !== null && people.has(earlier.onBehalfOf)),
  );
}

/** Once per step, when its time is over. A step that has been decided meanwhile is nobody's business any more. */
function escalate(
  request: Request,
  { step, at }: Extract<RequestCommand, { type: "escalate" }>,
): Events {
  const { status, dueAt, opened } = request;
  if (status !== "pending" || request.step !== step || dueAt === null || at < dueAt) return [];
  const added = stepOf(request).escalateTo;
  if (added.length === 0) return [];
  const { requestId } = opened;
  return [
    { type: "workflow.request.escalated", data: { requestId, step, added, dueAt: null, at } },
  ];
}

function stepOf({ opened, step }: Request): Step {
  return opened.steps[step] ?? { approvers: [], dueAt: null, dueAfterMs: null, escalateTo: [] };
}

function afterStep(request: Request, data: StepDecision): Request {
  const decided = { ...request, decisions: [...request.decisions, data] };
  const next = request.opened.steps[data.step + 1];
  if (data.decision === "rejected" || next === undefined) return { ...decided, dueAt: null };
  const dueAt = next.dueAfterMs === null ? null : data.at + next.dueAfterMs;
  return { ...decided, step: data.step + 1, dueAt };
}

function end(
  request: Request,
  status: Exclude<Request["status"], "pending">,
  { by, note, at }: { readonly by: string; readonly note: string; readonly at: number },
): Request {
  return { ...request, status, dueAt: null, ended: { by, note, at } };
}
