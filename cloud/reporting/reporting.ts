import type { ReportingEvent } from "@clockleaf/shared/events/reporting.ts";
import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { jetstreamManager } from "@nats-io/jetstream";
import { createAggregateRunner } from "../eventing/aggregate-runner.ts";
import type { ContextOptions, RunningContext } from "../eventing/context.ts";
import type { Projection, ProjectionRunner } from "../eventing/projection.ts";
import { createProjectionRunner } from "../eventing/projection-runner.ts";
import { openReadModel, type WritableReadModel } from "../eventing/read-model.ts";
import type { RabbitServerConfig } from "../rabbitmq/config.ts";
import { type RescueTimes, startJobs } from "../rabbitmq/start-jobs.ts";
import type { DocumentStore } from "../storage/document-store.ts";
import type { ReportingConfig } from "./config.ts";
import { type ReportCommand, type ReportState, reportDecider } from "./decider.ts";
import { makeReport } from "./job.ts";
import { reportJobs } from "./jobs.ts";
import { leavesProjection } from "./leaves-projection.ts";
import { payProjection } from "./pay-projection.ts";
import { peopleProjection } from "./people-projection.ts";
import { openProgress, type Progress } from "./progress.ts";
import { reportsProjection } from "./projection.ts";
import { waitingReports } from "./reads.ts";
import type { ReportingRoutesDeps } from "./routes.ts";
import type { ReportSources } from "./sources.ts";
import { workdaysProjection } from "./workdays-projection.ts";

export interface ReportingOptions extends ContextOptions {
  readonly documents: DocumentStore;
  readonly reporting: ReportingConfig;
  /** For the queue `rabbitmq`. */
  readonly rabbitmq?: RabbitServerConfig;
  readonly rescue?: RescueTimes;
}

export interface ReportingContext extends RunningContext {
  /** What `createReportingRoutes` needs. */
  readonly routes: ReportingRoutesDeps;
}

/** Starts the whole context. Only a process that works through the streams makes reports, and only it keeps what they need. */
export async function startReporting(options: ReportingOptions): Promise<ReportingContext> {
  const { nc, eventStore: store, tenant, nowMs, log } = options;
  const reports = await follow(options, reportsProjection(tenant));
  const runner = createAggregateRunner<ReportState, ReportCommand, ReportingEvent>({
    store,
    decider: reportDecider,
    domain: "reporting",
    tenant,
  });
  const progress = await openProgress(nc, { tenant, log });
  const jobs = options.isWorking
    ? await startWork(options, { runner, progress, db: reports.model.db })
    : IDLE;
  return {
    routes: {
      runner,
      db: reports.model.db,
      progress,
      waitFor: (seq, timeoutMs) => reports.projection.waitFor(seq, timeoutMs),
      nowMs,
    },
    projections: [reports.projection, ...jobs.projections],
    consumers: jobs.consumers,
    async close() {
      await jobs.close();
      await reports.close();
    },
  };
}

const RESCUED_AT_ONCE = 100;
const IDLE: RunningContext = { projections: [], consumers: [], close: () => Promise.resolve() };

type Shared = Pick<ReportingRoutesDeps, "runner" | "db"> & { readonly progress: Progress };

async function startWork(
  options: ReportingOptions,
  { runner, progress, db }: Shared,
): Promise<RunningContext> {
  const { tenant, reporting } = options;
  const people = await follow(options, peopleProjection(tenant));
  const workdays = await follow(options, workdaysProjection(tenant));
  const leaves = await follow(options, leavesProjection(tenant));
  const pay = await follow(options, payProjection(tenant));
  const followed = [people, workdays, leaves, pay];
  const sources: ReportSources = {
    people: people.model.db,
    workdays: workdays.model.db,
    leaves: leaves.model.db,
    pay: pay.model.db,
  };
  const caughtUp = async (): Promise<void> => {
    await Promise.all(followed.map((each) => each.caughtUp()));
  };
  const deps = { ...options, ...reporting, runner, sources, caughtUp, progress };
  const jobs = startJobs({
    ...options,
    ...reportJobs,
    ...reporting,
    waiting: (beforeMs) => waitingReports(db, beforeMs, RESCUED_AT_ONCE),
    run: ({ reportId }, signal) => makeReport(deps, reportId, signal),
  });
  return {
    projections: followed.map(({ projection }) => projection),
    consumers: jobs.consumers,
    async close() {
      await jobs.close();
      await Promise.all(followed.map((each) => each.close()));
    },
  };
}

interface Followed<DB> {
  readonly model: WritableReadModel<DB>;
  readonly projection: ProjectionRunner;
  /** Resolves once it shows what is in its stream now. */
  caughtUp(): Promise<void>;
  close(): Promise<void>;
}

const CATCH_UP_MS = 30_000;

async function follow<DB>(
  { nc, dataDir, log, vault }: ReportingOptions,
  projection: Projection<DB>,
): Promise<Followed<DB>> {
  const model = await openReadModel(dataDir, projection);
  const runner = createProjectionRunner({ nc, model, log, vault });
  runner.start();
  return {
    model,
    projection: runner,
    async caughtUp() {
      const jsm = await jetstreamManager(nc, { checkAPI: false });
      const { state } = await jsm.streams.info(projection.stream);
      if (await runner.waitFor(state.last_seq, CATCH_UP_MS)) return;
      throw new PlatformError("stream.not-connected", `${projection.name} is behind its stream`, {
        retriable: true,
      });
    },
    async close() {
      await runner.close();
      await model.close();
    },
  };
}
