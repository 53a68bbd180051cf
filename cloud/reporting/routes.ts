import type { ReportingEvent } from "@clockleaf/shared/events/reporting.ts";
import { z } from "@hono/zod-openapi";
import { guardOf, lacking } from "../api/guard.ts";
import { followOperation } from "../api/operations.ts";
import { problem, refused } from "../api/problem.ts";
import {
  type ApiRouter,
  causeOf,
  decodeCursor,
  encodeCursor,
  newIdFor,
  newRouter,
  page,
} from "../api/router.ts";
import type { AggregateRunner } from "../eventing/aggregate-runner.ts";
import { isRefusal } from "../eventing/decider.ts";
import type { Rights } from "../identity/access.ts";
import type { ReportCommand, ReportRequest, ReportState } from "./decider.ts";
import { SOURCE } from "./job.ts";
import type { Progress } from "./progress.ts";
import { type Db, report, reports } from "./reads.ts";
import { listRoute, requestRoute, showRoute } from "./route-definitions.ts";
import { OPERATION } from "./route-operation.ts";
import { reportView } from "./views.ts";

export interface ReportingRoutesDeps {
  readonly runner: AggregateRunner<ReportState, ReportCommand, ReportingEvent>;
  readonly db: Db;
  readonly progress: Pick<Progress, "of">;
  readonly waitFor: (seq: number, timeoutMs: number) => Promise<boolean>;
  readonly nowMs: () => number;
}

const READ_YOUR_WRITES_MS = 2_000;
const cursorSchema = z.int().min(1);

/** Reports, for `/api/v1`. */
export function createReportingRoutes(deps: ReportingRoutesDeps): ApiRouter {
  const router = newRouter();
  addReads(router, deps);
  addRequest(router, deps);
  return router;
}

function addReads(router: ApiRouter, { db, progress }: ReportingRoutesDeps): void {
  router.openapi(listRoute, async (c) => {
    const { cursor, limit } = c.req.valid("query");
    const before = decodeCursor(cursor, cursorSchema);
    const seesAll = guardOf(c, "reports.oversee").coversCompany();
    const requestedBy = seesAll ? undefined : c.get("principal").name;
    const found = await reports(db, { requestedBy, before, limit: limit + 1 });
    const shown = found.slice(0, limit);
    const last = found.length > limit ? shown.at(-1) : undefined;
    const next = last === undefined ? null : encodeCursor(last.seq);
    const views = await Promise.all(
      shown.map(async (row) =>
        reportView(
          row,
          row.end.status === "requested" ? await progress.of(row.request.reportId) : 100,
        ),
      ),
    );
    return c.json(page(c, views, next), 200);
  });

  router.openapi(showRoute, async (c) => {
    const found = await report(db, c.req.valid("param").reportId);
    const seesAll = guardOf(c, "reports.oversee").coversCompany();
    const isOwn = found?.request.requestedBy === c.get("principal").name;
    if (found === undefined || !(isOwn || seesAll)) {
      return problem(c, { code: "command.not-found" });
    }
    return c.json(reportView(found, await progress.of(found.request.reportId)), 200);
  });
}

/** Every filter narrows what a report is of, so one that lies within reach is enough. */
async function coversReport(
  rights: Rights,
  { site, departmentId, employeeId }: ReportRequest["filters"],
): Promise<boolean> {
  return (
    rights.coversCompany() ||
    (site !== null && rights.coversSite(site)) ||
    (departmentId !== null && rights.coversDepartment(departmentId)) ||
    (employeeId !== null && (await rights.coversPerson(employeeId)))
  );
}

function addRequest(router: ApiRouter, deps: ReportingRoutesDeps): void {
  const { runner, waitFor, nowMs } = deps;
  router.openapi(requestRoute, async (c) => {
    const { site, departmentId, employeeId, ...wanted } = c.req.valid("json");
    const request = {
      ...wanted,
      filters: { site, departmentId, employeeId },
      reportId: newIdFor(c, "report"),
      requestedBy: c.get("principal").name,
      at: nowMs(),
    };
    if (request.report === "payroll-register" && !guardOf(c, "pay.read").coversCompany()) {
      return lacking(c, ["pay.read"]);
    }
    if (!(await coversReport(guardOf(c), request.filters))) {
      const isOfEverybody = [site, departmentId, employeeId].every((only) => only === null);
      return isOfEverybody
        ? lacking(c, ["reports.request"])
        : problem(c, { code: "command.not-found" });
    }
    const cause = causeOf(c, SOURCE, nowMs());
    const outcome = await runner.handle(request.reportId, { type: "request", request }, cause);
    if (isRefusal(outcome)) return refused(c, outcome);
    await waitFor(outcome.seq, READ_YOUR_WRITES_MS);
    const shows = `/api/v1/reports/${request.reportId}`;
    followOperation(c, { kind: OPERATION, id: request.reportId, shows });
    const row = { request, seq: outcome.seq, end: { status: "requested" } } as const;
    return c.json(reportView(row, 0), 202);
  });
}
