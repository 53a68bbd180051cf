import { contextRouters } from "../../context-routers.ts";
import { fleetRoutes } from "../../fleet/routes.ts";
import { createLoginRoutes } from "../../identity/login/routes.ts";
import { createSetupRoutes } from "../../identity/setup/routes.ts";
import { createMetrics } from "../../metrics.ts";
import { platformRoutes } from "../../platform/routes.ts";
import { siteRoutes } from "../../sites/routes.ts";
import { createApiApp } from "../app.ts";
import { createLive } from "../live.ts";
import type { ApiRouter } from "../router.ts";

const throwing = (): never => {
  throw new Error("there is nothing behind these routes");
};

/** Stands for what a route needs once it is asked: it may be taken apart, and throws when it is called. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion
const nothing: never = new Proxy(throwing, {
  get: (_, name): unknown => (typeof name === "symbol" ? undefined : nothing),
}) as never;

/**
 * The whole API with nothing behind it: every route of a running cloud, in its order, so that its document can be had
 * without a hub. A route that is asked throws. `test/integration/api-client.test.ts` holds it against a running cloud.
 */
export function documentedApp(): ApiRouter {
  return createApiApp({
    log: nothing,
    keyring: nothing,
    sessions: nothing,
    access: nothing,
    metrics: createMetrics(),
    checks: () => [],
    startedAtMs: 0,
    isSecure: true,
    areMetricsOpen: false,
    contexts: [
      ...contextRouters(nothing),
      platformRoutes(nothing),
      siteRoutes(nothing),
      fleetRoutes(nothing),
      createLive(nothing).routes,
    ],
    entrances: [createLoginRoutes(nothing), createSetupRoutes(nothing)],
  });
}
