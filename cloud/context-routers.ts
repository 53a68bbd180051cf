import { createAnalyticsRoutes } from "./analytics/routes.ts";
import { batchRoutes } from "./api/batch.ts";
import { operationRoutes } from "./api/operations.ts";
import type { ApiRouter } from "./api/router.ts";
import { createAttendanceRoutes } from "./attendance/routes.ts";
import { createAuditRoutes } from "./audit/routes.ts";
import { BATCHES } from "./batches.ts";
import { createDocumentRoutes } from "./documents/routes.ts";
import { createEmployeeRoutes } from "./employee/routes.ts";
import { createKeyRoutes } from "./identity/keys/routes.ts";
import { createUserRoutes } from "./identity/users/routes.ts";
import { createLeaveRoutes } from "./leave/routes.ts";
import { createNotificationRoutes } from "./notification/routes.ts";
import { payRunOperations } from "./payroll/route-operation.ts";
import { createPayrollRoutes } from "./payroll/routes.ts";
import { reportOperations } from "./reporting/route-operation.ts";
import { createReportingRoutes } from "./reporting/routes.ts";
import { createWebhookRoutes } from "./webhooks/routes.ts";
import { createWorkflowRoutes } from "./workflow/routes.ts";

/** What the routes of each context need. */
export interface RouteDeps {
  readonly employee: Parameters<typeof createEmployeeRoutes>[0];
  readonly attendance: Parameters<typeof createAttendanceRoutes>[0];
  readonly leave: Parameters<typeof createLeaveRoutes>[0];
  readonly workflow: Parameters<typeof createWorkflowRoutes>[0];
  readonly notification: Parameters<typeof createNotificationRoutes>[0];
  readonly payroll: Parameters<typeof createPayrollRoutes>[0];
  readonly documents: Parameters<typeof createDocumentRoutes>[0];
  readonly reporting: Parameters<typeof createReportingRoutes>[0];
  readonly analytics: Parameters<typeof createAnalyticsRoutes>[0];
  readonly webhooks: Parameters<typeof createWebhookRoutes>[0];
  readonly audit: Parameters<typeof createAuditRoutes>[0];
  readonly identity: {
    readonly users: Parameters<typeof createUserRoutes>[0];
    readonly keys: Parameters<typeof createKeyRoutes>[0];
  };
}

/** All that contexts bring to the API, in the order in which it is asked and documented. */
export function contextRouters(of: RouteDeps): ApiRouter[] {
  return [
    createEmployeeRoutes(of.employee),
    createAttendanceRoutes(of.attendance),
    createLeaveRoutes(of.leave),
    createWorkflowRoutes(of.workflow),
    createNotificationRoutes(of.notification),
    createPayrollRoutes(of.payroll),
    createDocumentRoutes(of.documents),
    createReportingRoutes(of.reporting),
    createAnalyticsRoutes(of.analytics),
    createWebhookRoutes(of.webhooks),
    createAuditRoutes(of.audit),
    createUserRoutes(of.identity.users),
    createKeyRoutes(of.identity.keys),
    operationRoutes([payRunOperations(of.payroll), reportOperations(of.reporting)]),
    ...BATCHES.map(batchRoutes),
  ];
}
