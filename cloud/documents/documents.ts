import type { DocumentEvent } from "@clockleaf/shared/events/document.ts";
import { createAggregateRunner } from "../eventing/aggregate-runner.ts";
import type { ContextOptions, RunningContext } from "../eventing/context.ts";
import { createProjectionRunner } from "../eventing/projection-runner.ts";
import { createReaction } from "../eventing/reaction.ts";
import { openReadModel } from "../eventing/read-model.ts";
import type { DocumentStore } from "../storage/document-store.ts";
import { type DocumentCommand, type DocumentState, documentDecider } from "./decider.ts";
import { documentsProjection } from "./projection.ts";
import { documentReactions } from "./reactions.ts";
import type { DocumentRoutesDeps } from "./routes.ts";

export interface DocumentsOptions extends ContextOptions {
  readonly documents: DocumentStore;
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
  const consumers = options.isWorking
    ? documentReactions(deps).map((reaction) =>
        createReaction({ ...options, context: "documents" }, reaction),
      )
    : [];
  for (const consumer of consumers) consumer.start();
  return {
    routes: deps,
    projections: [projection],
    consumers,
    async close() {
      await Promise.all([...consumers, projection].map((each) => each.close()));
      await model.close();
    },
  };
}
