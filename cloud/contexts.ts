import { startAnalytics } from "./analytics/analytics.ts";
import { SESSION_COOKIE } from "./api/auth.ts";
import type { ApiRouter } from "./api/router.ts";
import { type Attendance, startAttendance } from "./attendance/attendance.ts";
import type { Recalculation } from "./attendance/recalculation.ts";
import { startAudit } from "./audit/audit.ts";
import type { CloudConfig } from "./config.ts";
import { contextRouters } from "./context-routers.ts";
import { startDocuments } from "./documents/documents.ts";
import { type EmployeeContext, startEmployee } from "./employee/employee.ts";
import { namesOf } from "./employee/reads.ts";
import { createSubjects } from "./employee/subjects.ts";
import type { ContextOptions, RunningContext } from "./eventing/context.ts";
import { type Access, createAccess } from "./identity/access.ts";
import { type IdentityContext, startIdentity } from "./identity/identity.ts";
import { namesOfKey } from "./identity/key-grants.ts";
import { siteOf } from "./leave/calendar.ts";
import { type LeaveContext, startLeave } from "./leave/leave.ts";
import { onLeave } from "./leave/on-leave.ts";
import { startNotification } from "./notification/notification.ts";
import { startPayroll } from "./payroll/payroll.ts";
import { startReporting } from "./reporting/reporting.ts";
import type { SiteSources } from "./sites/sources.ts";
import { openJsDocumentStore } from "./storage/js-document-store.ts";
import { TOLD_AGGREGATES } from "./told.ts";
import type { WebhooksStats } from "./webhooks/stats.ts";
import { startWebhooks } from "./webhooks/webhooks.ts";
import { startWorkflow } from "./workflow/workflow.ts";

export interface Contexts {
  readonly running: readonly RunningContext[];
  readonly routers: readonly ApiRouter[];
  /** What the contexts know of sites, for routes that show it side by side. */
  readonly sites: Omit<SiteSources, "gateways" | "gatewaysAt">;
  readonly recalculation: Recalculation | undefined;
  readonly identity: IdentityContext;
  /** Who may do what to whom, for every face that this process shows. */
  readonly access: Access;
  readonly webhooks: { stats(): WebhooksStats };
}

/** Starts every context; each is closed by `onClose`. They meet through events, so their order is a matter of taste. */
export async function startContexts(
  context: ContextOptions,
  config: CloudConfig,
  onClose: (step: () => Promise<void>) => void,
): Promise<Contexts> {
  const running: RunningContext[] = [];
  const keep = <C extends RunningContext>(started: C): C => {
    running.push(started);
    onClose(() => started.close());
    return started;
  };
  const { rabbitmq } = config.bridges;
  const broker = rabbitmq === undefined ? {} : { rabbitmq };
  const employee = keep(await startEmployee({ ...context, settings: config.employee }));
  const attendance = keep(
    await startAttendance({
      ...context,
      rules: config.rules,
      intakeDir: config.dataDir,
      config: config.attendance,
    }),
  );
  const leave = keep(await startLeave({ ...context, config: config.leave }));
  const { http } = config;
  const identity = keep(
    await startIdentity({
      ...context,
      config: config.identity,
      publicUrl: http.publicUrl,
      isSecure: http.isBehindTls,
      cookieName: SESSION_COOKIE,
      configured: config.apiKeys,
    }),
  );
  const employeeOf = (principal: string): string | undefined =>
    config.apiKeys.find(({ name }) => name === principal)?.employeeId ??
    identity.table.employeeOf(principal);
  const workflow = keep(await startWorkflow({ ...context, config: config.workflow, employeeOf }));
  const employeesOfRole = (role: string): string[] => [
    ...config.apiKeys.flatMap((key) =>
      key.employeeId !== undefined && namesOfKey(key).includes(role) ? [key.employeeId] : [],
    ),
    ...identity.table.employeesOfRole(role, context.nowMs()),
  ];
  const notification = keep(
    await startNotification({
      ...context,
      ...broker,
      config: config.notification,
      employeesOfRole,
    }),
  );
  const documents = await openJsDocumentStore(context);
  const payroll = keep(
    await startPayroll({ ...context, ...broker, config: config.payroll, documents }),
  );
  const archive = keep(
    await startDocuments({ ...context, ...broker, config: config.documents, documents }),
  );
  const { reporting } = config;
  const reports = keep(await startReporting({ ...context, ...broker, documents, reporting }));
  const analytics = keep(await startAnalytics(context));
  const webhooks = keep(await startWebhooks({ ...context, config: config.webhooks }));
  const audit = keep(await startAudit({ ...context, aggregates: TOLD_AGGREGATES }));
  return {
    running,
    routers: contextRouters({
      employee: employee.routes,
      attendance: attendance.routes,
      leave: leave.routes,
      workflow: workflow.routes,
      notification: notification.routes,
      payroll: payroll.routes,
      documents: archive.routes,
      reporting: reports.routes,
      analytics: analytics.routes,
      audit: audit.routes,
      webhooks: webhooks.routes,
      identity,
    }),
    sites: sitesOf(config, { employee, attendance, leave }),
    recalculation: attendance.recalculation,
    identity,
    access: createAccess(createSubjects(employee.routes.db)),
    webhooks,
  };
}

interface WithSites {
  readonly employee: EmployeeContext;
  readonly attendance: Attendance;
  readonly leave: LeaveContext;
}

function sitesOf(
  config: CloudConfig,
  { employee, attendance, leave }: WithSites,
): Contexts["sites"] {
  const { siteMarks, ...reads } = attendance.sites;
  return {
    ...reads,
    marks: async () =>
      new Map([...(await siteMarks())].map(([site, { completeTo }]) => [site, completeTo])),
    namedSites: Object.keys(config.leave.sites),
    calendarOf(site) {
      const { zone, country = null, state = null, workdays, holidays } = siteOf(config.leave, site);
      const isNamed = Object.hasOwn(config.leave.sites, site);
      return { isNamed, zone, country, state, workdays, ownHolidays: holidays.length };
    },
    onLeave: (site, on) => onLeave(leave.routes, site, on),
    namesOf: (people) => namesOf(employee.routes.db, people),
  };
}
