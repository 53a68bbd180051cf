import { type Company, OFF_ON, OVERTIME_ON, RUN, WORKED_ON } from "./rights-company.ts";
import {
  aboutPerson,
  always,
  anywhere,
  atSite,
  company,
  type Expect,
  gateway,
  get,
  nothing,
  ofCompany,
  type PathOf,
  p,
  person,
  post,
  quoted,
  type Sample,
  s,
  send,
  shows,
  showsPerson,
  unknown,
  within,
} from "./rights-sample.ts";
import { UNDERNEATH } from "./rights-samples-underneath.ts";
import { type ObjectName, PLACES } from "./rights-world.ts";

const PEOPLE: Readonly<Record<string, Sample>> = {
  listEmployees: {
    ask: get(() => "/employees?limit=500"),
    expect: aboutPerson("people.read"),
    shows: (body, object) => body.includes(`"employeeId":"${p(object)}"`),
  },
  showEmployee: person("people.read", (id) => `/employees/${id}`, "GET"),
  createEmployee: {
    ask: post(
      () => "/employees",
      (object) => ({
        employeeId: "number-1", // refused by a rule, once rights have been looked at
        email: "new@example.org",
        firstName: "New",
        lastName: "New",
        departmentId: PLACES[object].department,
        managerId: PLACES[object].manager,
        jobTitle: "Fitter",
        startDate: "2026-01-01",
        employmentType: "full-time",
        siteIds: [s(object)],
      }),
    ),
    expect: (can) =>
      can.all("people.write") || can.site("people.write") || can.department("people.write")
        ? "allowed"
        : "forbidden",
  },
  changeEmployee: person("people.write", (id) => `/employees/${id}`, "PATCH"),
  eraseEmployee: person("people.erase", (id) => `/employees/${id}/erase`),
  activateEmployee: person("people.write", (id) => `/employees/${id}/activate`),
  suspendEmployee: person("people.write", (id) => `/employees/${id}/suspend`),
  reactivateEmployee: person("people.write", (id) => `/employees/${id}/reactivate`),
  terminateEmployee: person("people.write", (id) => `/employees/${id}/terminate`),
  deactivateEmployee: person("people.write", (id) => `/employees/${id}/deactivate`),
  startProbation: person("people.write", (id) => `/employees/${id}/probation`),
  completeProbation: person("people.write", (id) => `/employees/${id}/probation/complete`),
  assignBadge: person("people.write", (id) => `/employees/${id}/badges`),
  withdrawBadge: person("people.write", (id) => `/employees/${id}/badges/number-1/withdraw`),
  listDirectReports: person("people.read", (id) => `/employees/${id}/reports`, "GET"),
  showOrg: {
    ask: get(() => "/org?limit=500"),
    expect: aboutPerson("people.read"),
    shows: (body, object) => body.includes(`"employeeId":"${p(object)}"`),
  },
  listDepartments: {
    ask: get(() => "/departments"),
    expect: aboutPerson("people.read"),
    shows: shows((object) => PLACES[object].department),
  },
};

const TIME: Readonly<Record<string, Sample>> = {
  listPresence: {
    ask: get(() => "/presence?limit=500"),
    expect: aboutPerson("time.read"),
    shows: showsPerson,
  },
  listTimesheets: {
    ask: get(() => `/timesheets?from=${WORKED_ON}&to=${WORKED_ON}&limit=500`),
    expect: aboutPerson("time.read"),
    shows: showsPerson,
  },
  showTimesheet: person("time.read", (id) => `/timesheets/${id}/${WORKED_ON}`, "GET"),
  listRevisions: person("time.read", (id) => `/timesheets/${id}/${WORKED_ON}/revisions`, "GET"),
  verifyTimesheets: person("time.correct", (id) => `/employees/${id}/timesheets:verify`),
  listPunches: {
    ask: get(() => "/punches?limit=500"),
    expect: aboutPerson("time.read"),
    shows: showsPerson,
  },
  listQuarantine: {
    ask: get(() => "/quarantine?state=all&limit=500"),
    expect: atSite("time.read"),
    shows: shows((object) => `keep-${object}`),
  },
  resolveQuarantine: {
    ask: post(
      (object) => `/quarantine/give-${object}/resolve`,
      (object) => ({ employeeId: p(object), note: "x" }),
    ),
    expect: (can) =>
      within(
        can.some("quarantine.resolve"),
        can.site("quarantine.resolve") && can.person("quarantine.resolve"),
      ),
  },
  rejectQuarantine: {
    ask: post(
      (object) => `/quarantine/drop-${object}/reject`,
      () => ({ note: "x" }),
    ),
    expect: atSite("quarantine.resolve"),
  },
  listAlarms: {
    ask: get(() => "/alarms?limit=500"),
    expect: atSite("fleet.read"),
    shows: shows((object) => `gw-${object}`),
  },
  showCompleteness: {
    ask: get((object) => `/sites/${s(object)}/completeness`),
    expect: atSite("time.read"),
  },
  listCorrections: {
    ask: get(() => "/corrections?limit=500"),
    expect: aboutPerson("time.read"),
    shows: shows((object, { corrections }) => corrections[object]),
  },
  showCorrection: {
    ask: get((object, { corrections }) => `/corrections/${corrections[object]}`),
    expect: aboutPerson("time.read"),
  },
  showCorrectionEffect: {
    ask: get((object, { corrections }) => `/corrections/${corrections[object]}/effect`),
    expect: aboutPerson("time.read"),
  },
  requestCorrections: {
    ask: post(
      () => "/corrections",
      (object) => ({
        items: [{ employeeId: p(object), change: { do: "void", punchId: "none" } }],
        reasonCode: "other",
        reason: "x",
      }),
    ),
    expect: aboutPerson("time.correct"),
  },
  withdrawCorrection: {
    ask: post(
      (object, { corrections }) => `/corrections/${corrections[object]}/withdraw`,
      () => ({ note: "x" }),
    ),
    expect: aboutPerson("time.correct"),
  },
  listExceptions: {
    ask: get(() => "/exceptions?state=all&limit=500"),
    expect: aboutPerson("time.read"),
    shows: showsPerson,
  },
  reviewExceptions: {
    ask: post(
      () => "/exceptions/review",
      (object) => ({
        outcome: "reviewed",
        items: [{ employeeId: p(object), workdayOn: WORKED_ON, kind: "missing-out" }],
      }),
    ),
    expect: aboutPerson("time.approve"),
    shows: (body) => !quoted(body, "exception.not-found"),
  },
  listArrivalWindows: {
    ask: get(() => `/analytics/arrivals?from=${WORKED_ON}T00:00:00Z&to=${WORKED_ON}T23:00:00Z`),
    expect: aboutPerson("time.read"),
    shows: shows((object) => `at-${p(object)}`),
  },
  listOvertimeByWeek: {
    ask: get(() => `/analytics/overtime?from=${OVERTIME_ON}&to=${OVERTIME_ON}`),
    expect: aboutPerson("time.read"),
    shows: shows((object) => PLACES[object].department),
  },
  listLateRates: {
    ask: get(() => `/analytics/late-rate?from=${WORKED_ON}&to=${WORKED_ON}`),
    expect: anywhere("time.read"),
  },
  followEvents: {
    ask: () => ({ method: "GET", path: "/events", headers: { "last-event-id": "ATTENDANCE:0" } }),
    expect: aboutPerson("time.read"),
    shows: (body, object) => body.includes(`"employeeId":"${p(object)}"`),
  },
};

const LEAVE: Readonly<Record<string, Sample>> = {
  listLeave: {
    ask: get(() => "/leave?limit=500"),
    expect: aboutPerson("leave.read"),
    shows: shows((object, { leave }) => leave[object]),
  },
  showLeave: {
    ask: get((object, { leave }) => `/leave/${leave[object]}`),
    expect: aboutPerson("leave.read"),
  },
  requestLeave: {
    ask: post(
      () => "/leave",
      (object) => ({
        employeeId: p(object),
        policy: "annual",
        fromOn: "2027-05-03",
        toOn: "2027-05-03",
        preview: true,
      }),
    ),
    expect: aboutPerson("leave.request"),
  },
  cancelLeave: {
    ask: post(
      (object, { laterLeave }) => `/leave/${laterLeave[object]}/cancel`,
      () => ({ reason: "x" }),
    ),
    expect: aboutPerson("leave.request"),
  },
  showLeaveAccount: person("leave.read", (id) => `/leave/accounts/${id}`, "GET"),
  adjustLeaveAccount: person("leave.adjust", (id) => `/leave/accounts/${id}/adjust`),
  showLeaveCalendar: {
    ask: get((object) => `/leave/calendar?site=${s(object)}&from=${OFF_ON}&to=${OFF_ON}`),
    expect: aboutPerson("leave.read"),
    shows: showsPerson,
  },
  listSiteHolidays: {
    ask: get((object) => `/sites/${s(object)}/holidays`),
    expect: anywhere("leave.read"),
  },
};

const APPROVES = ["time.approve", "pay.approve"] as const;
/** The caller is the manager of "scope" and asked for by "own": both are in their inbox whatever else they may see. */
const isInInbox = (object: ObjectName): boolean => object === "own" || object === "scope";
const decides: Expect = (can, object) => {
  if (!can.some(...APPROVES)) return "forbidden";
  if (object === "unknown" || !(isInInbox(object) || can.person("leave.read"))) return "absent";
  return can.some("time.approve") ? "allowed" : "forbidden";
};
const seesRequest: Expect = (can, object) =>
  within(can.some("time.read"), isInInbox(object) || can.person("leave.read"));

const APPROVALS: Readonly<Record<string, Sample>> = {
  listApprovalRequests: {
    ask: get(() => "/workflow/requests?box=all&limit=500"),
    expect: seesRequest,
    shows: shows((object, { requests }) => requests[object]),
  },
  showApprovalRequest: {
    ask: get((object, { requests }) => `/workflow/requests/${requests[object]}`),
    expect: seesRequest,
  },
  approveRequest: {
    ask: post((object, { requests }) => `/workflow/requests/${requests[object]}/approve`, nothing),
    expect: decides,
  },
  rejectRequest: {
    ask: post((object, { requests }) => `/workflow/requests/${requests[object]}/reject`, nothing),
    expect: decides,
  },
  decideRequests: {
    ask: post(
      () => "/workflow/requests:decide",
      (object, { requests }) => ({ decision: "approved", requestIds: [requests[object]] }),
    ),
    expect: decides,
    shows: (body) => !quoted(body, "workflow.request.not-found"),
  },
  listDelegations: {
    ask: get(() => "/workflow/delegations"),
    expect: aboutPerson("time.read"),
    shows: (body, object) => body.includes(`"employeeId":"${p(object)}","delegateId":"dot"`),
  },
  delegate: {
    ask: post(
      () => "/workflow/delegations",
      (object) => ({
        employeeId: p(object),
        delegateId: "boss",
        kinds: ["overtime"],
        until: "2099-01-01T00:00:00Z",
      }),
    ),
    expect: (can, object) =>
      within(can.some(...APPROVES), object === "own" || can.person(...APPROVES)),
  },
  endDelegation: {
    ask: send("DELETE", (object) => `/workflow/delegations/${p(object)}/bea`),
    expect: (can, object) =>
      within(can.some(...APPROVES), object === "own" || can.person(...APPROVES)),
  },
};

const RUN_PATH = `/payroll/runs/${RUN}`;
const PAY: Readonly<Record<string, Sample>> = {
  showPayAccount: company("pay.read", "GET", "/payroll/accounts/ann"),
  putPayAccount: company("pay.prepare", "PUT", "/payroll/accounts/ann"),
  openPayRun: company("pay.prepare", "POST", "/payroll/runs"),
  listPayRuns: company("pay.read", "GET", "/payroll/runs"),
  showPayRun: company("pay.read", "GET", RUN_PATH),
  calculatePayRun: company("pay.prepare", "POST", `${RUN_PATH}/calculate`),
  submitPayRun: company("pay.prepare", "POST", `${RUN_PATH}/submit`),
  listPayResults: company("pay.read", "GET", `${RUN_PATH}/results`),
  exportPayRun: company("pay.read", "GET", `${RUN_PATH}/export?layout=csv-summary`),
  showPaymentFile: company("pay.read", "GET", `${RUN_PATH}/files/sepa`),
  listPayslips: person("pay.read", (id) => `/payroll/people/${id}/payslips`, "GET"),
  showPayslip: person("pay.read", (id) => `/payroll/people/${id}/payslips/${RUN}`, "GET"),
  // Without the period it is refused, once rights have been looked at.
  calculateSalary: person("pay.read", (id) => `/payroll/people/${id}/salary`, "GET"),
  listPayAdjustments: person("pay.read", (id) => `/payroll/people/${id}/adjustments`, "GET"),
};

const documentPath = (object: ObjectName, { documents }: Company): string =>
  `/documents/${documents[object]}`;
const DOCUMENTS: Readonly<Record<string, Sample>> = {
  listDocuments: {
    ask: get(() => "/documents?kind=attachment&limit=500"),
    expect: (can) => within(can.some("documents.read", "pay.read"), can.person("documents.read")),
    shows: shows((object, { documents }) => documents[object]),
  },
  showDocument: {
    ask: get(documentPath),
    expect: (can) => within(can.some("documents.read", "pay.read"), can.person("documents.read")),
  },
  documentContent: {
    ask: get((object, ids) => `${documentPath(object, ids)}/content`),
    expect: (can) => within(can.some("documents.read", "pay.read"), can.person("documents.read")),
  },
  uploadDocument: {
    ask: send("POST", (object) => `/documents?employeeId=${p(object)}`, {
      body: nothing,
      headers: { "content-type": "application/zip" },
    }),
    expect: aboutPerson("documents.store"),
  },
  deleteDocument: {
    ask: send("DELETE", documentPath, { headers: { "if-match": '"999999"' } }),
    expect: aboutPerson("documents.store"),
  },
  requestReport: {
    ask: post(
      () => "/reports",
      (object) => ({
        report: "overtime",
        format: "csv",
        fromOn: "2026-01-01",
        toOn: "2026-01-01",
        employeeId: p(object),
      }),
    ),
    expect: aboutPerson("reports.request"),
  },
  listReports: {
    ask: get(() => "/reports?limit=500"),
    expect: (can, object) =>
      within(can.some("reports.request"), object === "own" || can.all("reports.oversee")),
    shows: shows((object, { reports }) => reports[object]),
  },
  showReport: {
    ask: get((object, { reports }) => `/reports/${reports[object]}`),
    expect: (can, object) =>
      within(can.some("reports.request"), object === "own" || can.all("reports.oversee")),
  },
};

const MESSAGES: Readonly<Record<string, Sample>> = {
  listNotifications: {
    ask: get(() => "/notifications?limit=500"),
    expect: aboutPerson("messages.read"),
    shows: shows((object, { messages }) => messages[object]),
  },
  summariseNotifications: {
    ask: get(() => "/notifications/summary"),
    expect: anywhere("messages.read"),
  },
  showNotification: {
    ask: get((object, { messages }) => `/notifications/${messages[object]}`),
    expect: aboutPerson("messages.read"),
  },
  resendNotification: {
    ask: post((object, { messages }) => `/notifications/${messages[object]}/resend`),
    expect: aboutPerson("messages.manage"),
  },
  listMyNotifications: { ask: get(() => "/me/notifications"), expect: always },
  markNotificationRead: {
    ask: post(() => "/me/notifications/no-such/read"),
    expect: () => "absent", // nobody's: whose it is decides, not a right
  },
  showNotificationPreferences: person(
    "messages.choose",
    (id) => `/notification-preferences/${id}`,
    "GET",
  ),
  setNotificationPreferences: person(
    "messages.choose",
    (id) => `/notification-preferences/${id}`,
    "PUT",
  ),
  listNotificationTemplates: {
    ask: get(() => "/notification-templates"),
    expect: anywhere("messages.read"),
  },
  previewNotificationTemplate: {
    ask: get(() => "/notification-templates/leave-decided/preview"),
    expect: anywhere("messages.read"),
  },
};

/** An item is the request it stands for: what it is answered stands in the batch's answer. */
const batch = (
  path: string,
  item: (object: ObjectName) => object,
): Pick<Sample, "ask" | "shows"> => ({
  ask: post(
    () => path,
    (object) => ({ items: [item(object)] }),
  ),
  shows: (body) => !body.includes('"status":404'),
});
const BATCHES: Readonly<Record<string, Sample>> = {
  changeEmployees: {
    ...batch("/employees:batch", (object) => ({
      operation: "change",
      target: p(object),
      body: {},
    })),
    expect: aboutPerson("people.write"),
  },
  requestManyCorrections: {
    ...batch("/corrections:batch", (object) => ({
      operation: "request",
      body: {
        items: [{ employeeId: p(object), change: { do: "void", punchId: "none" } }],
        reasonCode: "other",
        reason: "x",
      },
    })),
    expect: aboutPerson("time.correct"),
  },
  adjustLeaveAccounts: {
    ...batch("/leave:batch", (object) => ({
      operation: "adjust",
      target: p(object),
      body: {},
    })),
    expect: aboutPerson("leave.adjust"),
  },
  showOperation: {
    ask: get((object, { reports }) => `/operations/report.${reports[object]}`),
    expect: (can, object) =>
      within(
        can.some("reports.request", "pay.read"),
        object === "own" || can.all("reports.oversee"),
      ),
  },
};

const PLATFORM: Readonly<Record<string, Sample>> = {
  listGateways: {
    ask: get(() => "/gateways?limit=500"),
    expect: atSite("fleet.read"),
    shows: shows((object) => `gw-${object}`),
  },
  showGateway: { ask: get((object) => gateway(object)), expect: atSite("fleet.read") },
  registerGateway: {
    ask: send("PUT", (object) => gateway(object), { body: nothing }),
    expect: atSite("fleet.manage"),
  },
  revokeGateway: {
    ask: post((object) => `${gateway(object, "spare")}/revoke`),
    expect: atSite("fleet.manage"),
  },
  listWebhooks: company("platform.manage", "GET", "/webhooks"),
  createWebhook: company("platform.manage", "POST", "/webhooks"),
  showWebhook: unknown("platform.manage", "GET", "/webhooks/nobody"),
  changeWebhook: company("platform.manage", "PATCH", "/webhooks/nobody"),
  deleteWebhook: company("platform.manage", "DELETE", "/webhooks/nobody"),
  rotateWebhookSecret: unknown("platform.manage", "POST", "/webhooks/nobody/rotate-secret"),
  testWebhook: unknown("platform.manage", "POST", "/webhooks/nobody/test"),
  enableWebhook: unknown("platform.manage", "POST", "/webhooks/nobody/enable"),
  disableWebhook: unknown("platform.manage", "POST", "/webhooks/nobody/disable"),
  replayWebhook: company("platform.manage", "POST", "/webhooks/nobody/replay"),
  listWebhookDeliveries: unknown("platform.manage", "GET", "/webhooks/nobody/deliveries"),
  redeliverWebhook: unknown(
    "platform.manage",
    "POST",
    "/webhooks/nobody/deliveries/nothing/redeliver",
  ),
  listAuditEntries: company("audit.read", "GET", "/audit/entries"),
  showAuditEntry: company("audit.read", "GET", "/audit/entries/1"),
  showAuditChange: company("audit.read", "GET", "/audit/entries/1/change"),
  auditHead: company("audit.read", "GET", "/audit/head"),
  auditInclusionProof: company("audit.read", "GET", "/audit/proof/1"),
  auditConsistencyProof: company("audit.read", "GET", "/audit/consistency?first=0"),
};

const managed = (method: string, path: PathOf): Sample => ({
  // No field has this name, so nothing is made or changed.
  ask: send(method, path, method === "GET" ? {} : { body: () => ({ "no such field": 1 }) }),
  expect: ofCompany("identity.manage"),
});
const userPath: PathOf = (_object, { userId }) => `/users/${userId}`;
const keyPath: PathOf = (_object, { keyId }) => `/api-keys/${keyId}`;
const IDENTITY: Readonly<Record<string, Sample>> = {
  listUsers: managed("GET", () => "/users"),
  createUser: managed("POST", () => "/users"),
  showUser: managed("GET", userPath),
  changeUser: managed("PATCH", userPath),
  setUserGrants: managed("PUT", (...of) => `${userPath(...of)}/grants`),
  disableUser: managed("POST", (...of) => `${userPath(...of)}/disable`),
  enableUser: managed("POST", (...of) => `${userPath(...of)}/enable`),
  listApiKeys: managed("GET", () => "/api-keys"),
  showApiKey: managed("GET", keyPath),
  issueApiKey: managed("POST", () => "/api-keys"),
  rotateApiKey: managed("POST", (...of) => `${keyPath(...of)}/rotate`),
  revokeApiKey: managed("POST", (...of) => `${keyPath(...of)}/revoke`),
  showMe: { ask: get(() => "/me"), expect: always },
};

/** By operation id. A route that is missing here fails the matrix. */
export const SAMPLES: Readonly<Record<string, Sample>> = {
  ...PEOPLE,
  ...TIME,
  ...LEAVE,
  ...APPROVALS,
  ...PAY,
  ...DOCUMENTS,
  ...MESSAGES,
  ...PLATFORM,
  ...UNDERNEATH,
  ...IDENTITY,
  ...BATCHES,
};
