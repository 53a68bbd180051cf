import { problem } from "../../api/problem.ts";
import type { ApiRouter } from "../../api/router.ts";
import { completenessRoute } from "./route-definitions.ts";
import { completenessView } from "./views.ts";
import type { Watermarks } from "./watermarks.ts";

export interface CompletenessRoutesDeps {
  readonly watermarks: Pick<Watermarks, "standing">;
  readonly nowMs: () => number;
}

export function mountCompleteness(router: ApiRouter, deps: CompletenessRoutesDeps): void {
  router.openapi(completenessRoute, async (c) => {
    const standing = await deps.watermarks.standing(c.req.valid("param").site);
    if (standing === undefined) return problem(c, { code: "command.not-found" });
    return c.json(completenessView(standing, deps.nowMs()), 200);
  });
}
