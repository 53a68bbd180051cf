import { STREAMS } from "@clockleaf/shared/subjects.ts";
import { readToTheEnd } from "../eventing/caught-up.ts";
import type { ContextOptions, RunningContext } from "../eventing/context.ts";
import { createProjectionRunner } from "../eventing/projection-runner.ts";
import { createReaction } from "../eventing/reaction.ts";
import { openReadModel } from "../eventing/read-model.ts";
import { createWorkflowCommands } from "./commands.ts";
import type { WorkflowConfig } from "./config.ts";
import { createEscalation } from "./escalation.ts";
import { hierarchyOf, peopleProjection } from "./people-projection.ts";
import { workflowProjection } from "./projection.ts";
import { workflowReactions } from "./reactions.ts";
import { requestsAbout } from "./reads.ts";
import type { WorkflowRoutesDeps } from "./routes.ts";

export interface WorkflowOptions extends ContextOptions {
  readonly config: WorkflowConfig;
  /** Whom the API key of this name acts for: nobody decides what they asked for under another name. */
  readonly employeeOf: (principal: string) => string | undefined;
  /** How often what is due is looked for; 15 s unless told. */
  readonly escalateEveryMs?: number;
}

export interface WorkflowContext extends RunningContext {
  /** What `createWorkflowRoutes` needs. */
  readonly routes: WorkflowRoutesDeps;
}

const ESCALATE_EVERY_MS = 15_000;

/** Starts the whole context: read models, what opens requests, and escalation. It then keeps itself running. */
export async function startWorkflow(options: WorkflowOptions): Promise<WorkflowContext> {
  const { nc, eventStore, tenant, dataDir, nowMs, log, config, employeeOf } = options;
  const model = await openReadModel(dataDir, workflowProjection(tenant));
  const peopleModel = await openReadModel(dataDir, peopleProjection(tenant));
  const projection = createProjectionRunner({ nc, model, log });
  const people = createProjectionRunner({ nc, model: peopleModel, log });
  projection.start();
  people.start();
  const commands = createWorkflowCommands(eventStore, tenant);
  const waitFor = (seq: number, timeoutMs: number) => projection.waitFor(seq, timeoutMs);
  const reactions = workflowReactions({
    commands,
    config,
    employeeOf,
    nowMs,
    async requestsAbout(subject) {
      await readToTheEnd(nc, STREAMS.workflow, projection);
      return await requestsAbout(model.db, subject);
    },
    async hierarchyOf(employeeIds) {
      await readToTheEnd(nc, STREAMS.employee, people);
      return await hierarchyOf(peopleModel.db, employeeIds);
    },
  });
  const consumers = options.isWorking
    ? reactions.map((each) => createReaction({ ...options, context: "workflow" }, each))
    : [];
  const everyMs = options.escalateEveryMs ?? ESCALATE_EVERY_MS;
  const escalation = createEscalation({ ...options, commands, db: model.db, waitFor, everyMs });
  for (const consumer of consumers) consumer.start();
  if (options.isWorking) escalation.start();
  return {
    routes: {
      commands,
      db: model.db,
      waitFor,
      isEmployee: async (id) =>
        (await hierarchyOf(peopleModel.db, [id])).get(id)?.isActive === true,
      fallbackRole: config.fallbackRole,
      nowMs,
    },
    projections: [projection, people],
    consumers,
    async close() {
      await escalation.close();
      await Promise.all([...consumers, projection, people].map((runner) => runner.close()));
      await Promise.all([model.close(), peopleModel.close()]);
    },
  };
}
