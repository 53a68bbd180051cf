import type { ContextOptions, RunningContext } from "../eventing/context.ts";
import { createProjectionRunner } from "../eventing/projection-runner.ts";
import { openReadModel } from "../eventing/read-model.ts";
import { peopleProjection } from "./people-projection.ts";
import { analyticsProjection } from "./projection.ts";
import type { AnalyticsRoutesDeps } from "./routes.ts";

export interface AnalyticsContext extends RunningContext {
  /** What `createAnalyticsRoutes` needs. */
  readonly routes: AnalyticsRoutesDeps;
}

/** Starts the views. They only listen: no events of their own, no reactions. */
export async function startAnalytics({
  nc,
  tenant,
  dataDir,
  log,
}: Pick<ContextOptions, "nc" | "tenant" | "dataDir" | "log">): Promise<AnalyticsContext> {
  const time = await openReadModel(dataDir, analyticsProjection(tenant));
  const people = await openReadModel(dataDir, peopleProjection(tenant));
  const projections = [
    createProjectionRunner({ nc, model: time, log }),
    createProjectionRunner({ nc, model: people, log }),
  ];
  for (const projection of projections) projection.start();
  return {
    routes: { sources: { time: time.db, people: people.db } },
    projections,
    consumers: [],
    async close() {
      await Promise.all(projections.map((projection) => projection.close()));
      await Promise.all([time, people].map((model) => model.close()));
    },
  };
}
