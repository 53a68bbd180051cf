import { problem } from "../../api/problem.ts";
import { type ApiRouter, pageOfList } from "../../api/router.ts";
import type { ProjectionRunner } from "../../eventing/projection.ts";
import type { StoredPlace } from "../../eventing/read-model-place.ts";
import { askForRebuild, type StoredModel, storedModels } from "../../eventing/stored-models.ts";
import { listReadModelsRoute, rebuildReadModelRoute } from "./route-definitions.ts";
import { type ReadModelView, readModelView } from "./views.ts";

export interface ReadModelRoutesDeps {
  /** Where the read models of this machine, or those in the database, are. */
  readonly place: StoredPlace;
  /** This process's folder in it; "" = the place itself. */
  readonly ownFolder: string;
  readonly projections: readonly ProjectionRunner[];
}

export function mountReadModels(router: ApiRouter, deps: ReadModelRoutesDeps): void {
  const { place } = deps;
  const viewsOf = async (name?: string): Promise<ReadModelView[]> => {
    const models = (await storedModels(place)).filter(
      (model) => name === undefined || model.name === name,
    );
    return models.map((model) => readModelView(model, statusHere(model, deps)));
  };
  router.openapi(listReadModelsRoute, async (c) => {
    const { cursor, limit, name } = c.req.valid("query");
    const views = (await viewsOf(name)).toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
    return c.json(pageOfList(c, views, { cursor, limit, keyOf }), 200);
  });
  router.openapi(rebuildReadModelRoute, async (c) => {
    const { name } = c.req.valid("param");
    const models = (await storedModels(place)).filter((model) => model.name === name);
    if (models.length === 0) return problem(c, { code: "command.not-found" });
    for (const model of models) await askForRebuild(place, model);
    return c.json({ items: await viewsOf(name) }, 202);
  });
}

const keyOf = ({ name, process }: ReadModelView): string => `${name} ${process}`;

function statusHere(
  { name, folder }: StoredModel,
  { place, ownFolder, projections }: ReadModelRoutesDeps,
): ReturnType<ProjectionRunner["status"]> | undefined {
  const isApplied = typeof place === "string" ? folder === ownFolder : place.isApplied;
  if (!isApplied) return undefined;
  return projections.map((runner) => runner.status()).find((status) => status.name === name);
}
