import { type ApiRouter, newRouter } from "../api/router.ts";
import { type BridgeRoutesDeps, mountBridges } from "./bridges/routes.ts";
import { type DeadLetterRoutesDeps, mountDeadLetters } from "./dead-letters/routes.ts";
import { type LeaseRoutesDeps, mountLeases } from "./leases/routes.ts";
import { mountReadModels, type ReadModelRoutesDeps } from "./read-models/routes.ts";
import { mountStreams, type StreamRoutesDeps } from "./streams/routes.ts";

export interface PlatformRoutesDeps
  extends DeadLetterRoutesDeps,
    BridgeRoutesDeps,
    StreamRoutesDeps,
    ReadModelRoutesDeps,
    LeaseRoutesDeps {}

/** What runs underneath the contexts, for whoever looks after it: the same as on the command line. */
export function platformRoutes(deps: PlatformRoutesDeps): ApiRouter {
  const router = newRouter();
  mountDeadLetters(router, deps);
  mountBridges(router, deps);
  mountStreams(router, deps);
  mountReadModels(router, deps);
  mountLeases(router, deps);
  return router;
}
