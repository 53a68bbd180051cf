import {
  type AggregateRunner,
  createAggregateRunner,
  type Outcome,
} from "../eventing/aggregate-runner.ts";
import { deriveEventId } from "../eventing/event-id.ts";
import type { Cause, EventStore } from "../eventing/event-store.ts";
import {
  approversOf,
  type DecidingPrincipal,
  type Decision,
  type Request,
  type RequestCommand,
  type RequestEvent,
  requestDecider,
} from "./decider.ts";
import {
  type Delegation,
  type DelegationCommand,
  type DelegationEvent,
  delegationDecider,
  mayStandIn,
} from "./delegation-decider.ts";

export const SOURCE = "cloud/workflow";

export interface NewDecision {
  readonly requestId: string;
  readonly decision: Decision;
  readonly by: Omit<DecidingPrincipal, "actsFor">;
  readonly note: string;
  readonly at: number;
}

/** All that can be done to requests and delegations. */
export interface WorkflowCommands {
  readonly requests: AggregateRunner<Request | null, RequestCommand, RequestEvent>;
  /** Who of the approvers of the current step lets this person decide for them at this moment. */
  actsFor(
    request: Request,
    by: { readonly employeeId: string | null; readonly at: number },
  ): Promise<readonly string[]>;
  /** Decides the current step in the principal's own name, or in that of somebody who lets them at this moment. */
  decide(decision: NewDecision, cause: Cause): Promise<Outcome<RequestEvent>>;
  delegate(data: Delegation, cause: Cause): Promise<Outcome<DelegationEvent>>;
  endDelegation(
    command: Extract<DelegationCommand, { type: "end" }> & { readonly ifSeq: number },
    cause: Cause,
  ): Promise<Outcome<DelegationEvent>>;
}

export function createWorkflowCommands(store: EventStore, tenant: string): WorkflowCommands {
  const common = { store, domain: "workflow", tenant } as const;
  const requests = createAggregateRunner({ ...common, decider: requestDecider });
  const delegations = createAggregateRunner({ ...common, decider: delegationDecider });

  /** Read from the stream, for it may have ended just now. */
  const actsFor: WorkflowCommands["actsFor"] = async (request, { employeeId, at }) => {
    if (employeeId === null) return [];
    const { kind } = request.opened.about;
    const others = approversOf(request).flatMap((each) =>
      each.kind === "employee" && each.employeeId !== employeeId ? [each.employeeId] : [],
    );
    const found: string[] = [];
    for (const other of others) {
      const { state } = await delegations.state(delegationId(other));
      if (mayStandIn(state, employeeId, { kind, at })) found.push(other);
    }
    return found;
  };

  return {
    requests,
    actsFor,
    async decide(decision, cause) {
      const { requestId, ...rest } = decision;
      const { state } = await requests.state(requestId);
      const { employeeId } = decision.by;
      const others = state === null ? [] : await actsFor(state, { employeeId, at: decision.at });
      const by = { ...decision.by, actsFor: others };
      return await requests.handle(requestId, { type: "decide", ...rest, by }, cause);
    },
    delegate: (data, cause) =>
      delegations.handle(
        delegationId(data.employeeId),
        { type: "set", data, at: cause.atMs },
        cause,
      ),
    async endDelegation({ ifSeq, ...command }, cause) {
      const aggregateId = delegationId(command.employeeId);
      const [outcome] = await delegations.handleMany([{ aggregateId, command, ifSeq }], cause);
      if (outcome === undefined) throw new Error("one command has one outcome");
      return outcome;
    },
  };
}

/** The aggregate of one person's delegations. Derived, so that it is never that of a request. */
const delegationId = (employeeId: string): string => deriveEventId("delegations", employeeId);

/** The request that an event asks for: the same however often the event comes. */
export const requestIdOf = (eventId: string): string => deriveEventId("approval", eventId);
