import {
  badgeAssigned,
  badgeWithdrawn,
  employeeCreated,
  employeeDeactivated,
  employeeUpdated,
} from "@clockleaf/shared/events/employee.ts";
import type { ConsumerRunner } from "../eventing/consumer-runner.ts";
import type { ContextOptions, RunningContext } from "../eventing/context.ts";
import type { StoredEvent } from "../eventing/event-store.ts";
import { createProjectionRunner } from "../eventing/projection-runner.ts";
import { createReaction, restartReaction } from "../eventing/reaction.ts";
import { openReadModel } from "../eventing/read-model.ts";
import { createEmployeeCommands } from "./commands.ts";
import { isEmpty, openDirectoryWriter } from "./directory.ts";
import { employeeProjection } from "./projection.ts";
import type { EmployeeRoutesDeps } from "./routes.ts";

/** All that decides which badge opens for whom, and how its holder is greeted. */
const DIRECTORY_TYPES = [
  employeeCreated,
  employeeUpdated,
  employeeDeactivated,
  badgeAssigned,
  badgeWithdrawn,
].map(({ type }) => type);

export interface EmployeeContext extends RunningContext {
  /** What `createEmployeeRoutes` needs. */
  readonly routes: EmployeeRoutesDeps;
}

/** Starts the whole context: read model, and the directory that gateways are fed from. It then keeps itself running. */
export async function startEmployee(options: ContextOptions): Promise<EmployeeContext> {
  const { nc, eventStore, vault, tenant, dataDir, nowMs, log } = options;
  const model = await openReadModel(dataDir, employeeProjection(tenant));
  const projection = createProjectionRunner({ nc, model, log, vault });
  projection.start();
  const waitFor = (seq: number, timeoutMs: number) => projection.waitFor(seq, timeoutMs);
  const consumers = options.isWorking
    ? [await startDirectory(options, { db: model.db, waitFor })]
    : [];
  return {
    routes: { commands: createEmployeeCommands(eventStore, tenant), db: model.db, waitFor, nowMs },
    projections: [projection],
    consumers,
    async close() {
      await Promise.all([...consumers, projection].map((runner) => runner.close()));
      await model.close();
    },
  };
}

/** Keeps the bucket that gateways' rosters are read from in step with EMPLOYEE. */
async function startDirectory(
  options: ContextOptions,
  model: Pick<EmployeeRoutesDeps, "db" | "waitFor">,
): Promise<ConsumerRunner> {
  const { nc, tenant } = options;
  const directory = await openDirectoryWriter({ nc, tenant, ...model });
  const inContext = { ...options, context: "employee" };
  const reaction = {
    name: "directory",
    domain: "employee",
    types: DIRECTORY_TYPES,
    handle: (stored: StoredEvent) => directory.onEmployee(stored),
  } as const;
  if (await isEmpty(nc)) await restartReaction(inContext, reaction);
  const consumer = createReaction(inContext, reaction);
  consumer.start();
  return consumer;
}
