import { STREAMS } from "@clockleaf/shared/subjects.ts";
import { jetstreamManager } from "@nats-io/jetstream";
import type { ContextOptions, RunningContext } from "../eventing/context.ts";
import { createProjectionRunner } from "../eventing/projection-runner.ts";
import { openReadModel } from "../eventing/read-model.ts";
import type { ToldAggregate } from "../eventing/told-aggregate.ts";
import { auditProjection } from "./projection.ts";
import { readTip } from "./read-tip.ts";
import { createRecorder } from "./recorder.ts";
import type { AuditRoutesDeps } from "./routes.ts";

export interface AuditContext extends RunningContext {
  /** What `createAuditRoutes` needs. */
  readonly routes: AuditRoutesDeps;
}

/** Events of one aggregate that are read to tell one change: some ten years of one person's punches. */
const MAX_REPLAYED = 50_000;
/** Longest wait for the read model before the recorder reads the rest of the log by itself. */
const CATCH_UP_MS = 600_000;

export interface AuditOptions extends ContextOptions {
  /** Whose changes are told. */
  readonly aggregates: readonly ToldAggregate[];
}

/** Starts the audit log: its read model, and where this process works through the streams, the recording. */
export async function startAudit(options: AuditOptions): Promise<AuditContext> {
  const { nc, tenant, dataDir, log, vault, aggregates } = options;
  const model = await openReadModel(dataDir, auditProjection(tenant));
  const projection = createProjectionRunner({ nc, model, log });
  projection.start();
  const recorder = createRecorder({
    nc,
    tenant,
    log: log.child({ part: "audit" }),
    async readTip() {
      const jsm = await jetstreamManager(nc, { checkAPI: false });
      const { state } = await jsm.streams.info(STREAMS.audit);
      await projection.waitFor(state.last_seq, CATCH_UP_MS);
      return readTip(model.db);
    },
  });
  if (options.isWorking) recorder.start();
  return {
    routes: { db: model.db, history: { nc, vault, aggregates, maxEvents: MAX_REPLAYED } },
    projections: [projection],
    consumers: options.isWorking ? recorder.sources : [],
    async close() {
      await recorder.close();
      await projection.close();
      await model.close();
    },
  };
}
