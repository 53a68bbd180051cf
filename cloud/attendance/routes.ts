import { instantInput } from "@clockleaf/shared/lib/instant-input.ts";
import { tokenSchema } from "@clockleaf/shared/subjects.ts";
import { LAST_INSTANT } from "@clockleaf/shared/worktime/civil-time.ts";
import { createRoute, z } from "@hono/zod-openapi";
import { guarded, guardOf } from "../api/guard.ts";
import { problem, refused } from "../api/problem.ts";
import {
  type ApiRouter,
  causeOf,
  decodeCursor,
  encodeCursor,
  invalidResponse,
  jsonBody,
  jsonResponse,
  newRouter,
  notFoundResponse,
  page,
  pageQuerySchema,
  pageSchema,
  refusalResponses,
} from "../api/router.ts";
import { tableResponse } from "../api/tables.ts";
import { isRefusal, type Refusal, refuse } from "../eventing/decider.ts";
import type { Cause } from "../eventing/event-store.ts";
import type { Rights } from "../identity/access.ts";
import type { ClockWriter } from "./clock-writer.ts";
import { type CompletenessRoutesDeps, mountCompleteness } from "./completeness/routes.ts";
import { type CorrectionRoutesDeps, mountCorrections } from "./corrections/routes.ts";
import { type ExceptionRoutesDeps, mountExceptions } from "./exceptions/routes.ts";
import { type ExplainRoutesDeps, mountExplain } from "./explain/routes.ts";
import { quarantineId } from "./ids.ts";
import type { IntakeStore } from "./intake-store.ts";
import {
  type AlarmRecord,
  alarms,
  type Db,
  presences,
  punches,
  type Quarantined,
  quarantined,
  quarantinedPunch,
  timesheet,
  timesheets,
} from "./reads.ts";
import { PRESENCE_COLUMNS, PUNCH_COLUMNS, TIMESHEET_COLUMNS } from "./route-tables.ts";
import { mountRules, type RuleRoutesDeps } from "./rules/routes.ts";
import { type Runners, SOURCE } from "./runners.ts";
import { mountTimesheetHistory, type TimesheetRoutesDeps } from "./timesheets/routes.ts";
import {
  alarmSchema,
  alarmView,
  presenceView,
  presenceViewSchema,
  punchSchema,
  punchView,
  quarantinedSchema,
  quarantinedView,
  timesheetSchema,
  timesheetView,
} from "./views.ts";

export interface AttendanceRoutesDeps
  extends CorrectionRoutesDeps,
    ExceptionRoutesDeps,
    CompletenessRoutesDeps,
    ExplainRoutesDeps,
    RuleRoutesDeps,
    TimesheetRoutesDeps {
  readonly tenant: string;
  readonly db: Db;
  readonly clocks: ClockWriter;
  readonly runners: Pick<Runners, "quarantines" | "corrections" | "clocks">;
  readonly gaps: IntakeStore["gaps"];
  readonly isEmployee: (employeeId: string) => Promise<boolean>;
  /** True once the read models show ATTENDANCE up to this sequence. */
  readonly waitFor: (seq: number, timeoutMs: number) => Promise<boolean>;
  /** How far into the future a punch may be dated. */
  readonly maxFutureMs: number;
  readonly nowMs: () => number;
}

const tags = ["attendance"];
const READ_YOUR_WRITES_MS = 2_000;
const EARLIEST = "0000-01-01";
const LATEST = "9999-12-31";
const presenceRoute = createRoute({
  method: "get",
  path: "/presence",
  operationId: "listPresence",
  ...guarded({ permission: "time.read", about: "each" }),
  summary: "Who is in, out or on a break, by the latest punch of each person",
  tags,
  request: { query: pageQuerySchema },
  responses: {
    200: tableResponse(pageSchema(presenceViewSchema), "One page", {
      name: "presence",
      rows: ({ items }) => items,
      columns: PRESENCE_COLUMNS,
    }),
    ...invalidResponse,
  },
});

const timesheetsRoute = createRoute({
  method: "get",
  path: "/timesheets",
  operationId: "listTimesheets",
  ...guarded({ permission: "time.read", about: "each" }),
  summary: "Workdays between two dates, both included, by date and employee",
  tags,
  request: {
    query: pageQuerySchema.extend({
      employeeId: tokenSchema.optional(),
      site: tokenSchema.optional(),
      from: z.iso.date().default(EARLIEST),
      to: z.iso.date().default(LATEST),
    }),
  },
  responses: {
    200: tableResponse(pageSchema(timesheetSchema), "One page", {
      name: "timesheets",
      formats: ["csv", "xlsx", "pdf"],
      rows: ({ items }) => items,
      columns: TIMESHEET_COLUMNS,
    }),
    ...invalidResponse,
  },
});

const timesheetRoute = createRoute({
  method: "get",
  path: "/timesheets/{employeeId}/{date}",
  operationId: "showTimesheet",
  ...guarded({ permission: "time.read", about: "person" }),
  summary: "One workday with its punches, intervals and exceptions, each with its reason",
  tags,
  request: { params: z.object({ employeeId: tokenSchema, date: z.iso.date() }) },
  responses: {
    200: jsonResponse(timesheetSchema, "The workday"),
    ...notFoundResponse,
    ...invalidResponse,
  },
});

const punchesRoute = createRoute({
  method: "get",
  path: "/punches",
  operationId: "listPunches",
  ...guarded({ permission: "time.read", about: "each" }),
  summary: "Punches that count for somebody, by instant; with /quarantine, every punch there is",
  tags,
  request: {
    query: pageQuerySchema.extend({
      employeeId: tokenSchema.optional(),
      from: instantInput.optional(),
      to: instantInput.optional(),
    }),
  },
  responses: {
    200: tableResponse(pageSchema(punchSchema), "One page", {
      name: "punches",
      rows: ({ items }) => items,
      columns: PUNCH_COLUMNS,
    }),
    ...invalidResponse,
  },
});

const quarantineRoute = createRoute({
  method: "get",
  path: "/quarantine",
  operationId: "listQuarantine",
  ...guarded({ permission: "time.read", about: "each" }),
  summary: "Punches that could not be attributed, oldest first; the resolved ones too if asked for",
  tags,
  request: {
    query: pageQuerySchema.extend({
      state: z.enum(["waiting", "assigned", "rejected", "all"]).default("waiting"),
    }),
  },
  responses: { 200: jsonResponse(pageSchema(quarantinedSchema), "One page"), ...invalidResponse },
});

const punchParams = z.object({ punchId: z.string().min(1).max(160) });
const note = z.string().trim().min(1).max(500).describe("Why, for the record");
const resolutionSchema = z
  .strictObject({
    employeeId: tokenSchema,
    at: instantInput.optional().describe("Counts at this instant instead of its own"),
    note,
  })
  .meta({ id: "QuarantineResolution" });

const resolveRoute = createRoute({
  method: "post",
  path: "/quarantine/{punchId}/resolve",
  operationId: "resolveQuarantine",
  ...guarded({ permission: "quarantine.resolve", about: "each" }),
  summary: "Give the punch to an employee, at its own time or another",
  description:
    "A punch is resolved once; the same resolution again changes nothing. A punch with an impossible time needs `at`.",
  tags,
  request: { params: punchParams, body: jsonBody(resolutionSchema) },
  responses: { 200: jsonResponse(quarantinedSchema, "Resolved"), ...refusalResponses },
});

const rejectRoute = createRoute({
  method: "post",
  path: "/quarantine/{punchId}/reject",
  operationId: "rejectQuarantine",
  ...guarded({ permission: "quarantine.resolve", about: "each" }),
  summary: "Let the punch count for nobody; it stays on record",
  tags,
  request: {
    params: punchParams,
    body: jsonBody(z.strictObject({ note }).meta({ id: "QuarantineRejection" })),
  },
  responses: { 200: jsonResponse(quarantinedSchema, "Rejected"), ...refusalResponses },
});

const alarmsRoute = createRoute({
  method: "get",
  path: "/alarms",
  operationId: "listAlarms",
  ...guarded({ permission: "fleet.read", about: "each" }),
  summary: "What was wrong with gateways' journals, newest first",
  tags,
  request: { query: pageQuerySchema },
  responses: { 200: jsonResponse(pageSchema(alarmSchema), "One page"), ...invalidResponse },
});

/** The context's part of the API. */
export function createAttendanceRoutes(deps: AttendanceRoutesDeps): ApiRouter {
  const router = newRouter();
  mountTimesheets(router, deps);
  mountPunches(router, deps);
  mountQuarantine(router, deps);
  mountAlarms(router, deps);
  mountTimesheetHistory(router, deps);
  mountCorrections(router, deps);
  mountExceptions(router, deps);
  mountCompleteness(router, deps);
  mountExplain(router, deps);
  mountRules(router, deps);
  return router;
}

function mountTimesheets(router: ApiRouter, { db, nowMs }: AttendanceRoutesDeps): void {
  router.openapi(presenceRoute, async (c) => {
    const { cursor, limit } = c.req.valid("query");
    const after = decodeCursor(cursor, tokenSchema);
    const visible = await guardOf(c).visible();
    const rows = await presences(db, { visible, after, limit: limit + 1 });
    const { items, next } = cut(rows, limit, (row) => row.employee_id);
    return c.json(page(c, items.map(presenceView), next), 200);
  });
  router.openapi(timesheetsRoute, async (c) => {
    const { cursor, limit, ...filter } = c.req.valid("query");
    const after = decodeCursor(cursor, z.tuple([z.iso.date(), tokenSchema]));
    const visible = await guardOf(c).visible();
    const rows = await timesheets(db, { ...filter, visible, after, limit: limit + 1 });
    const { items, next } = cut(rows, limit, (row) => [row.workday.workdayOn, row.employeeId]);
    const views = items.map((row) => timesheetView(row, nowMs()));
    return c.json(page(c, views, next), 200);
  });
  router.openapi(timesheetRoute, async (c) => {
    const { employeeId, date } = c.req.valid("param");
    const found = await timesheet(db, employeeId, date);
    if (found === undefined) return problem(c, { code: "command.not-found" });
    return c.json(timesheetView(found, nowMs()), 200);
  });
}

function mountPunches(router: ApiRouter, { db }: AttendanceRoutesDeps): void {
  router.openapi(punchesRoute, async (c) => {
    const { cursor, limit, employeeId, from, to } = c.req.valid("query");
    const after = decodeCursor(cursor, z.tuple([z.int(), z.string()]));
    const fromMs = from === undefined ? 0 : Date.parse(from);
    const toMs = to === undefined ? LAST_INSTANT : Date.parse(to);
    const visible = await guardOf(c).visible();
    const query = { employeeId, fromMs, toMs, visible, after, limit: limit + 1 };
    const rows = await punches(db, query);
    const { items, next } = cut(rows, limit, (row) => [row.at, row.punch_id]);
    return c.json(page(c, items.map(punchView), next), 200);
  });
}

function mountQuarantine(router: ApiRouter, deps: AttendanceRoutesDeps): void {
  const { db, nowMs, maxFutureMs } = deps;
  router.openapi(quarantineRoute, async (c) => {
    const { cursor, limit, state } = c.req.valid("query");
    const after = decodeCursor(cursor, z.tuple([z.int(), z.string()]));
    const wanted = state === "all" ? undefined : state;
    const visible = await guardOf(c).visible();
    const rows = await quarantined(db, { state: wanted, visible, after, limit: limit + 1 });
    const { items, next } = cut(rows, limit, (row) => [row.quarantined_at, row.punch_id]);
    return c.json(page(c, items.map(quarantinedView), next), 200);
  });
  router.openapi(resolveRoute, async (c) => {
    const { punchId } = c.req.valid("param");
    const { employeeId, at, note: why } = c.req.valid("json");
    const isWithin = await mayResolve(guardOf(c), deps, { punchId, employeeId });
    if (!isWithin) return problem(c, { code: "command.not-found" });
    const outcome = await resolve(deps, {
      punchId,
      employeeId,
      at: at === undefined ? null : Date.parse(at),
      note: why,
      by: c.get("principal").name,
      latestAt: nowMs() + maxFutureMs,
      cause: causeOf(c, SOURCE, nowMs()),
    });
    if (isRefusal(outcome)) return refused(c, outcome);
    return c.json(quarantinedView(outcome), 200);
  });
  router.openapi(rejectRoute, async (c) => {
    const { punchId } = c.req.valid("param");
    const isWithin = await mayResolve(guardOf(c), deps, { punchId, employeeId: null });
    if (!isWithin) return problem(c, { code: "command.not-found" });
    const outcome = await resolve(deps, {
      punchId,
      employeeId: null,
      at: null,
      note: c.req.valid("json").note,
      by: c.get("principal").name,
      latestAt: nowMs() + maxFutureMs,
      cause: causeOf(c, SOURCE, nowMs()),
    });
    if (isRefusal(outcome)) return refused(c, outcome);
    return c.json(quarantinedView(outcome), 200);
  });
}

/** The punch is of a site of the caller's, and so is whom it is given to. */
async function mayResolve(
  rights: Rights,
  { db }: AttendanceRoutesDeps,
  { punchId, employeeId }: Pick<Resolve, "punchId" | "employeeId">,
): Promise<boolean> {
  if (rights.coversCompany()) return true;
  const found = await quarantinedPunch(db, punchId);
  if (found === undefined || !rights.coversSite(found.site)) return false;
  return employeeId === null || (await rights.coversPerson(employeeId));
}

interface Resolve {
  readonly punchId: string;
  readonly employeeId: string | null;
  readonly at: number | null;
  readonly note: string;
  readonly by: string;
  readonly latestAt: number;
  readonly cause: Cause;
}

async function resolve(deps: AttendanceRoutesDeps, wish: Resolve): Promise<Quarantined | Refusal> {
  const { punchId, employeeId, at, note: why, by: resolvedBy, latestAt, cause } = wish;
  if (employeeId !== null && !(await deps.isEmployee(employeeId))) {
    return refuse("employee.not-found", "no such employee");
  }
  const outcome = await deps.runners.quarantines.handle(
    quarantineId(punchId),
    { type: "resolve", employeeId, at, resolvedBy, note: why, latestAt },
    cause,
  );
  if (isRefusal(outcome)) return outcome;
  await deps.waitFor(outcome.seq, READ_YOUR_WRITES_MS);
  const found = await quarantinedPunch(deps.db, punchId);
  return found ?? refuse("quarantine.not-found", "no such punch is in quarantine");
}

function mountAlarms(router: ApiRouter, deps: AttendanceRoutesDeps): void {
  router.openapi(alarmsRoute, async (c) => {
    const { cursor, limit } = c.req.valid("query");
    const before = decodeCursor(cursor, z.int());
    const visible = await guardOf(c).visible();
    const rows = await alarms(deps.db, { visible, before, limit: limit + 1 });
    const { items, next } = cut(rows, limit, (row) => row.seq);
    const views = items.map((row) => alarmView(row, isGapOpen(row, deps)));
    return c.json(page(c, views, next), 200);
  });
}

function isGapOpen(alarm: AlarmRecord, { tenant, gaps }: AttendanceRoutesDeps): boolean {
  const { kind, site, gateway, epoch, first, last } = alarm;
  if (kind !== "gap" || epoch === null || first === null || last === null) return false;
  const missing = gaps({ address: { tenant, site, gateway }, epoch });
  return missing.some((hole) => hole.first <= last && hole.last >= first);
}

/** One row more than a page was read: if it is there, the page has a successor. */
function cut<T>(
  rows: readonly T[],
  limit: number,
  keyOf: (last: T) => unknown,
): { items: T[]; next: string | null } {
  const items = rows.slice(0, limit);
  const last = rows.length > limit ? items.at(-1) : undefined;
  return { items, next: last === undefined ? null : encodeCursor(keyOf(last)) };
}
