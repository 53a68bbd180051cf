import { STREAMS } from "@clockleaf/shared/subjects.ts";
import { jetstreamManager } from "@nats-io/jetstream";
import type { ContextOptions, RunningContext } from "../eventing/context.ts";
import { createProjectionRunner } from "../eventing/projection-runner.ts";
import { openReadModel } from "../eventing/read-model.ts";
import { auditProjection } from "./projection.ts";
import { readTip } from "./read-tip.ts";
import { createRecorder } from "./recorder.ts";
import type { AuditRoutesDeps } from "./routes.ts";

export interface AuditContext extends RunningContext {
  /** What `createAuditRoutes` needs. */
  readonly routes: AuditRoutesDeps;
}

/** Longest wait for the read model before the recorder reads the rest of the log by itself. */
const CATCH_UP_MS = 600_000;

/** Starts the audit log: its read model, and where this process works through the streams, the recording. */
export async function startAudit(options: ContextOptions): Promise<AuditContext> {
  const { nc, tenant, dataDir, log } = options;
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
    routes: { db: model.db },
    projections: [projection],
    consumers: options.isWorking ? recorder.sources : [],
    async close() {
      await recorder.close();
      await projection.close();
      await model.close();
    },
  };
}
