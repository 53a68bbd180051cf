import { createAnalyticsRoutes } from "../../analytics/routes.ts";
import { createAttendanceRoutes } from "../../attendance/routes.ts";
import { createAuditRoutes } from "../../audit/routes.ts";
import { createDocumentRoutes } from "../../documents/routes.ts";
import { createEmployeeRoutes } from "../../employee/routes.ts";
import { fleetRoutes } from "../../fleet/routes.ts";
import { createLeaveRoutes } from "../../leave/routes.ts";
import { createMetrics } from "../../metrics.ts";
import { createNotificationRoutes } from "../../notification/routes.ts";
import { createPayrollRoutes } from "../../payroll/routes.ts";
import { createReportingRoutes } from "../../reporting/routes.ts";
import { createWorkflowRoutes } from "../../workflow/routes.ts";
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
    metrics: createMetrics(),
    checks: () => [],
    startedAtMs: 0,
    isSecure: true,
    areMetricsOpen: false,
    contexts: [
      createEmployeeRoutes(nothing),
      createAttendanceRoutes(nothing),
      createLeaveRoutes(nothing),
      createWorkflowRoutes(nothing),
      createNotificationRoutes(nothing),
      createPayrollRoutes(nothing),
      createDocumentRoutes(nothing),
      createReportingRoutes(nothing),
      createAnalyticsRoutes(nothing),
      createAuditRoutes(nothing),
      fleetRoutes(nothing),
      createLive(nothing).routes,
    ],
  });
}
