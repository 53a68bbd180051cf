import {
  departmentChanged,
  type EmployeeEvent,
  employeeActivated,
  employeeCreated,
  employeeDeactivated,
  employeeReactivated,
  employeeTerminated,
  employeeUpdated,
} from "@clockleaf/shared/events/employee.ts";
import * as leaveEvents from "@clockleaf/shared/events/leave.ts";
import {
  requestApproved,
  requestRejected,
  requestWithdrawn,
  type WorkflowEvent,
} from "@clockleaf/shared/events/workflow.ts";
import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { STREAMS } from "@clockleaf/shared/subjects.ts";
import { jetstreamManager } from "@nats-io/jetstream";
import type { NatsConnection } from "nats";
import { causeOfEvent } from "../eventing/cause.ts";
import type { ConsumerRunner } from "../eventing/consumer-runner.ts";
import type { ContextOptions, RunningContext } from "../eventing/context.ts";
import { decidedAs } from "../eventing/decided-as.ts";
import { isRefusal } from "../eventing/decider.ts";
import type { StoredEvent } from "../eventing/event-store.ts";
import type { ProjectionRunner } from "../eventing/projection.ts";
import { createProjectionRunner } from "../eventing/projection-runner.ts";
import { createReaction, type Reaction } from "../eventing/reaction.ts";
import { openReadModel } from "../eventing/read-model.ts";
import { openBalancesWriter } from "./balances.ts";
import { createLeaveCommands, SOURCE } from "./commands.ts";
import type { LeaveConfig } from "./config.ts";
import { createLeaveTicker } from "./due.ts";
import { peopleProjection, personOf } from "./people.ts";
import { leaveProjection } from "./projection.ts";
import { accountIds, accountOf } from "./reads.ts";
import type { LeaveRoutesDeps } from "./routes.ts";

export interface LeaveOptions extends ContextOptions {
  readonly config: LeaveConfig;
}

export interface LeaveContext extends RunningContext {
  /** What `createLeaveRoutes` needs. */
  readonly routes: LeaveRoutesDeps;
}

const PEOPLE_TYPES = [
  employeeCreated,
  employeeUpdated,
  employeeActivated,
  employeeReactivated,
  employeeTerminated,
  employeeDeactivated,
  departmentChanged,
].map(({ type }) => type);
const DECISION_TYPES = [requestApproved, requestRejected, requestWithdrawn].map(({ type }) => type);
const OWN_TYPES = [
  leaveEvents.leaveAccountCreated,
  leaveEvents.leaveLedgerPosted,
  leaveEvents.leaveRequested,
  leaveEvents.leaveApproved,
  leaveEvents.leaveRejected,
  leaveEvents.leaveCancelled,
  leaveEvents.leaveBegan,
  leaveEvents.leaveFinished,
].map(({ type }) => type);

/** Starts the whole context: read models, reactions, the ticker and the bucket of balances. It then keeps itself running. */
export async function startLeave(options: LeaveOptions): Promise<LeaveContext> {
  const { nc, eventStore, tenant, dataDir, nowMs, log, config } = options;
  const people = await openReadModel(dataDir, peopleProjection(tenant));
  const model = await openReadModel(dataDir, leaveProjection(tenant));
  const peopleRunner = createProjectionRunner({ nc, model: people, log });
  const projection = createProjectionRunner({ nc, model, log });
  peopleRunner.start();
  projection.start();
  // Decisions rest on who is employed where, and what is booked.
  await readToTheEnd(nc, STREAMS.employee, peopleRunner);
  await readToTheEnd(nc, STREAMS.leave, projection);
  const shared = { config, db: model.db, people: people.db, nowMs };
  const commands = createLeaveCommands({ ...shared, store: eventStore, tenant });
  const deps: Deps = { ...options, ...shared, commands, peopleRunner, projection };
  const working = options.isWorking ? await startWorking(deps) : IDLE;
  return {
    routes: {
      ...shared,
      commands,
      tenant,
      eventStore,
      waitFor: (seq, timeoutMs) => projection.waitFor(seq, timeoutMs),
    },
    projections: [peopleRunner, projection],
    consumers: working.consumers,
    async close() {
      await working.close();
      await Promise.all([peopleRunner.close(), projection.close()]);
      await Promise.all([people.close(), model.close()]);
    },
  };
}

type Deps = LeaveOptions &
  Pick<LeaveRoutesDeps, "db" | "people" | "commands"> & {
    readonly peopleRunner: ProjectionRunner;
    readonly projection: ProjectionRunner;
  };

interface Working {
  readonly consumers: readonly ConsumerRunner[];
  close(): Promise<void>;
}
const IDLE: Working = { consumers: [], close: () => Promise.resolve() };

async function startWorking(deps: Deps): Promise<Working> {
  const { nc, tenant, config, db } = deps;
  const balances = await openBalancesWriter({
    nc,
    tenant,
    config,
    accountOf: (employeeId) => accountOf(db, employeeId),
  });
  if (await balances.isEmpty()) {
    for (const employeeId of await accountIds(db)) await balances.write(employeeId);
  }
  const reactions: readonly Reaction[] = [
    {
      domain: "employee",
      name: "people",
      types: PEOPLE_TYPES,
      handle: (stored) => onEmployee(deps, stored),
    },
    {
      domain: "workflow",
      name: "decisions",
      types: DECISION_TYPES,
      handle: (stored) => onDecision(deps, stored),
    },
    {
      domain: "leave",
      name: "balances",
      types: OWN_TYPES,
      async handle(stored) {
        await caughtUp(deps.projection, stored.seq);
        const { data } = decidedAs<leaveEvents.LeaveEvent>(stored);
        await balances.write(data.employeeId);
      },
    },
  ];
  const consumers = reactions.map((each) => createReaction({ ...deps, context: "leave" }, each));
  const ticker = createLeaveTicker(deps);
  for (const consumer of consumers) consumer.start();
  ticker.start();
  return {
    consumers,
    async close() {
      await Promise.all([ticker.close(), ...consumers.map((consumer) => consumer.close())]);
    },
  };
}

/** Who is taken on gets an account; who is there already gets what changed for them. */
async function onEmployee(deps: Deps, stored: StoredEvent): Promise<void> {
  const { commands, people, peopleRunner, nowMs } = deps;
  await caughtUp(peopleRunner, stored.seq);
  const { employeeId } = employeeOf(stored);
  const person = await personOf(people, employeeId);
  if (person === undefined || person.status === "draft") return;
  const cause = causeOfEvent(SOURCE, nowMs(), stored);
  const isEmployed = person.status === "active" || person.status === "suspended";
  if (isEmployed) await commands.open(person, cause);
  else await commands.advance([person], cause);
}

const employeeOf = (stored: StoredEvent): { readonly employeeId: string } =>
  decidedAs<EmployeeEvent>(stored).data;

async function onDecision({ commands, nowMs, log }: Deps, stored: StoredEvent): Promise<void> {
  const event = decidedAs<WorkflowEvent>(stored);
  const type = verdictOf(event.type);
  if (type === undefined || !("about" in event.data) || event.data.about.kind !== "leave") return;
  if (!("note" in event.data)) return;
  const { about, by, note } = event.data;
  const { employeeId, leaveId } = about;
  const cause = causeOfEvent(SOURCE, nowMs(), stored);
  const outcome = await commands.decide({ type, employeeId, leaveId, by, note }, cause);
  if (isRefusal(outcome)) log.warn({ code: outcome.code, leaveId }, "decision about no leave");
}

function verdictOf(type: WorkflowEvent["metadata"]["eventType"]) {
  if (type === requestApproved.type) return "approve";
  if (type === requestRejected.type) return "reject";
  return type === requestWithdrawn.type ? "withdraw" : undefined;
}

const READ_MODEL_TIMEOUT_MS = 10_000;
const CATCH_UP_MS = 600_000;

async function caughtUp(projection: ProjectionRunner, seq: number): Promise<void> {
  if (await projection.waitFor(seq, READ_MODEL_TIMEOUT_MS)) return;
  throw new PlatformError("stream.not-connected", "the read model has not got there yet", {
    retriable: true,
  });
}

async function readToTheEnd(
  nc: NatsConnection,
  stream: string,
  projection: ProjectionRunner,
): Promise<void> {
  const jsm = await jetstreamManager(nc, { checkAPI: false });
  const { state } = await jsm.streams.info(stream);
  if (await projection.waitFor(state.last_seq, CATCH_UP_MS)) return;
  throw new PlatformError("stream.not-connected", `the read model of ${stream} is not ready`, {
    retriable: true,
  });
}
