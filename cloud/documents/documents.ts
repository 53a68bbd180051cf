import type { DocumentEvent } from "@clockleaf/shared/events/document.ts";
import { createAggregateRunner } from "../eventing/aggregate-runner.ts";
import type { ContextOptions, RunningContext } from "../eventing/context.ts";
import { createProjectionRunner } from "../eventing/projection-runner.ts";
import { createReaction } from "../eventing/reaction.ts";
import { openReadModel } from "../eventing/read-model.ts";
import type { RabbitServerConfig } from "../rabbitmq/config.ts";
import { type RescueTimes, type RunningJobs, startJobs } from "../rabbitmq/start-jobs.ts";
import type { DocumentStore } from "../storage/document-store.ts";
import { checkDocument } from "./check.ts";
import { checkDecider } from "./check-decider.ts";
import type { DocumentsConfig } from "./config.ts";
import { type DocumentCommand, type DocumentState, documentDecider } from "./decider.ts";
import { checkJobs } from "./jobs.ts";
import { documentsProjection } from "./projection.ts";
import { documentReactions } from "./reactions.ts";
import { uncheckedDocuments } from "./reads.ts";
import type { DocumentRoutesDeps } from "./routes.ts";

export interface DocumentsOptions extends ContextOptions {
  readonly documents: DocumentStore;
  readonly config: DocumentsConfig;
  /** For the queue `rabbitmq`. */
  readonly rabbitmq?: RabbitServerConfig;
  readonly rescue?: RescueTimes;
}

export interface DocumentsContext extends RunningContext {
  /** What `createDocumentRoutes` needs. */
  readonly routes: DocumentRoutesDeps;
}

/** Starts the whole context: the record of what is kept, and who may see it. */
export async function startDocuments(options: DocumentsOptions): Promise<DocumentsContext> {
  const { nc, eventStore: store, tenant, dataDir, documents, nowMs, log } = options;
  const model = await openReadModel(dataDir, documentsProjection(tenant));
  const projection = createProjectionRunner({ nc, model, log });
  projection.start();
  const runner = createAggregateRunner<DocumentState, DocumentCommand, DocumentEvent>({
    store,
    decider: documentDecider,
    domain: "document",
    tenant,
  });
  const waitFor = (seq: number, timeoutMs: number) => projection.waitFor(seq, timeoutMs);
  const deps = { nc, documents, runner, db: model.db, waitFor, nowMs };
  const reactions = options.isWorking
    ? documentReactions(deps).map((reaction) =>
        createReaction({ ...options, context: "documents" }, reaction),
      )
    : [];
  for (const reaction of reactions) reaction.start();
  const jobs = options.isWorking ? startChecking(options, deps) : undefined;
  return {
    routes: deps,
    projections: [projection],
    consumers: [...reactions, ...(jobs?.consumers ?? [])],
    async close() {
      await jobs?.close();
      await Promise.all([...reactions, projection].map((each) => each.close()));
      await model.close();
    },
  };
}

const RESCUED_AT_ONCE = 500;

function startChecking(options: DocumentsOptions, deps: DocumentRoutesDeps): RunningJobs {
  const { eventStore: store, tenant, config } = options;
  const decider = checkDecider;
  const checks = createAggregateRunner({ store, decider, domain: "document", tenant });
  return startJobs({
    ...options,
    ...checkJobs,
    ...config,
    waiting: (beforeMs) => uncheckedDocuments(deps.db, beforeMs, RESCUED_AT_ONCE),
    run: ({ documentId }) => checkDocument({ ...options, ...deps, checks }, documentId),
  });
}
