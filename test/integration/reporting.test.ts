import { join } from "node:path";
import { silentLog } from "@clockleaf/shared/lib/log.ts";
import { type Domain, STREAMS } from "@clockleaf/shared/subjects.ts";
import { emptyWorkday, type Workday, workdaySchema } from "@clockleaf/shared/worktime/workday.ts";
import { jetstreamManager } from "@nats-io/jetstream";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { z } from "zod";
import type { ApiRouter } from "../../cloud/api/router.ts";
import type { EventStore } from "../../cloud/eventing/event-store.ts";
import { openJsEventStore } from "../../cloud/eventing/js-event-store.ts";
import { heldHere } from "../../cloud/eventing/leases.ts";
import { createMemoryVault, type PersonalVault } from "../../cloud/eventing/vault.ts";
import { reportingConfigSchema } from "../../cloud/reporting/config.ts";
import { type ReportingContext, startReporting } from "../../cloud/reporting/reporting.ts";
import { createReportingRoutes } from "../../cloud/reporting/routes.ts";
import { reportSchema } from "../../cloud/reporting/views.ts";
import { createMemoryDocumentStore, sha256Of } from "../../cloud/storage/document-store.ts";
import type { Caller } from "../support/access.ts";
import { type CloudHub, startCloudHub } from "../support/cloud-hub.ts";
import { ADMIN, contextApi } from "../support/context-api.ts";
import { eventually } from "../support/eventually.ts";
import { findNatsServer } from "../support/nats.ts";
import { available } from "../support/parts.ts";
import { person } from "../support/people.ts";
import { type TempDir, tempDir } from "../support/temp.ts";

const TENANT = "acme";
const NOW = Date.parse("2026-12-01T08:00:00Z");
const HOUR = 3_600;
const CAUSE = {
  source: "test",
  atMs: NOW,
  correlationId: "c-1",
  causationId: "request-1",
  traceparent: undefined,
};
const NOVEMBER = { fromOn: "2026-11-01", toOn: "2026-11-30" };
type Report = z.output<typeof reportSchema>;

/** A finished day with overtime beyond eight hours. */
function workday(workdayOn: string, workedHours: number): Workday {
  const workedSeconds = workedHours * HOUR;
  const overtimeSeconds = Math.max(0, workedSeconds - 8 * HOUR);
  return workdaySchema.parse({
    ...emptyWorkday(workdayOn, "UTC"),
    state: "complete",
    workedSeconds,
    paidSeconds: workedSeconds,
    breakSeconds: HOUR / 2,
    scheduledSeconds: 8 * HOUR,
    punches: [{ punchId: "p", at: NOW, meaning: "in", reason: "x" }],
    claims: [
      {
        class: "overtime",
        code: "OT",
        rate: 1.5,
        fromAt: NOW,
        toAt: NOW,
        seconds: overtimeSeconds,
        approval: "approved",
        punchIds: [],
        policy: "p",
        reason: "x",
      },
    ].filter(({ seconds }) => seconds > 0),
  });
}

describe.skipIf(!available("nats-server", findNatsServer()))("reports", () => {
  let cloud: CloudHub;
  let dir: TempDir;
  let vault: PersonalVault;
  let store: EventStore;
  let context: ReportingContext;
  let api: ApiRouter;
  let caller: Caller = ADMIN;
  const documents = createMemoryDocumentStore();

  const start = async (
    maxRows: number,
    folder = "data",
    isWorking = true,
  ): Promise<ReportingContext> =>
    await startReporting({
      nc: cloud.nc,
      eventStore: store,
      vault,
      documents,
      reporting: reportingConfigSchema.parse({ maxRows, csvByteOrderMark: false }),
      tenant: TENANT,
      dataDir: join(dir.path, folder),
      nowMs: () => NOW,
      log: silentLog(),
      leases: heldHere(),
      isWorking,
    });
  const tell = async (
    domain: Domain,
    aggregateId: string,
    event: { type: string; data: object },
  ) => {
    const address = { domain, tenant: TENANT, aggregateId };
    const { lastSeq: expectedSeq } = await store.load(address, 0);
    await store.append([{ address, expectedSeq, events: [event] }], CAUSE);
  };
  const tellDay = (employeeId: string, revision: number, day: Workday) =>
    tell("attendance", employeeId, {
      type: "attendance.workday.calculated",
      data: { employeeId, revision, workday: day },
    });
  const ask = async (wanted: object, principal = ADMIN): Promise<Response> => {
    caller = principal;
    const headers = { "content-type": "application/json" };
    return await api.request("/reports", { method: "POST", headers, body: JSON.stringify(wanted) });
  };
  const shown = async (reportId: string): Promise<Report> => {
    caller = ADMIN;
    return reportSchema.parse(await (await api.request(`/reports/${reportId}`)).json());
  };
  /** Asks for a report and waits for its end. */
  const make = async (wanted: object): Promise<Report> => {
    const response = await ask({ format: "csv", ...NOVEMBER, ...wanted });
    expect(response.status).toBe(202);
    const { reportId } = reportSchema.parse(await response.json());
    return await eventually(
      async () => {
        const report = await shown(reportId);
        return report.status === "requested" ? undefined : report;
      },
      { what: "the report to end" },
    );
  };
  const bytesOf = ({ document }: Report): Uint8Array => {
    const bytes = documents.documents.get(document?.documentId ?? "");
    if (bytes === undefined) throw new Error("no document");
    expect(document).toMatchObject({ sha256: sha256Of(bytes), bytes: bytes.length });
    return bytes;
  };
  const linesOf = (report: Report): string[] =>
    Buffer.from(bytesOf(report)).toString().trimEnd().split("\r\n");

  const overtimeOf = async (only: object): Promise<string[]> =>
    linesOf(await make({ report: "overtime", ...only })).slice(1, -1);

  beforeAll(async () => {
    cloud = await startCloudHub("cloud-consumers");
    dir = tempDir("reporting");
    vault = createMemoryVault();
    store = await openJsEventStore({ nc: cloud.nc, vault });
    context = await start(1_000);
    api = contextApi(createReportingRoutes(context.routes), () => caller);
    const ben = {
      ...person("ben"),
      firstName: "=SUM(A1)",
      departmentId: "office",
      siteIds: ["lab"],
    };
    for (const data of [person("ada"), ben]) {
      await tell("employee", data.employeeId, { type: "employee.employee.created", data });
    }
    await tellDay("ada", 1, workday("2026-11-02", 12));
    await tellDay("ada", 2, workday("2026-11-02", 9));
    await tellDay("ada", 1, workday("2026-11-03", 8));
    await tellDay("ada", 1, workday("2026-11-04", 8));
    await tellDay("ada", 2, emptyWorkday("2026-11-04", "UTC"));
    await tellDay("ben", 1, workday("2026-11-03", 10));
    await tellDay("ben", 1, workday("2026-12-01", 8));
  });
  afterAll(async () => {
    await context.close();
    await cloud[Symbol.asyncDispose]();
    dir.remove();
  });

  test("add up the newest revision of each day, by person and month, and guard against formulas", async () => {
    const report = await make({ report: "monthly-attendance" });
    expect(report).toMatchObject({ status: "completed", percent: 100, rows: 2 });
    expect(report.document?.name).toBe("monthly-attendance-2026-11-01-2026-11-30.csv");
    expect(linesOf(report)).toEqual([
      "Employee,Name,Department,Month,Days,Worked h,Breaks h,Paid h,Planned h,Overtime h,Paid absence h,Unpaid absence h,To look at,Not final",
      "ada,Ada Example,assembly,2026-11,2,17.00,1.00,17.00,16.00,1.00,0.00,0.00,0,0",
      "ben,'=SUM(A1) Example,office,2026-11,1,10.00,0.50,10.00,8.00,2.00,0.00,0.00,0,0",
      "Total,,,,3,27.00,1.50,27.00,24.00,3.00,0.00,0.00,0,0",
    ]);
    const jsm = await jetstreamManager(cloud.nc);
    const { state } = await jsm.streams.info(STREAMS.attendance);
    expect(report.asOf).toContainEqual({ stream: STREAMS.attendance, seq: state.last_seq });
  });

  test("keep to the people asked for", async () => {
    expect(await overtimeOf({ departmentId: "office" })).toEqual([
      "ben,'=SUM(A1) Example,office,2026-11-03,OT,1.5,approved,2.00",
    ]);
    expect(await overtimeOf({ site: "hq" })).toEqual([
      "ada,Ada Example,assembly,2026-11-02,OT,1.5,approved,1.00",
    ]);
    expect(await overtimeOf({ employeeId: "nobody" })).toEqual([]);
  });

  test("tell of leave and of pay", async () => {
    const leave = {
      employeeId: "ada",
      leaveId: "l-1",
      code: "VAC",
      policy: "vacation",
      fromOn: "2026-11-27",
      toOn: "2026-12-02",
      secondsADay: null,
      minutes: 1_920,
    };
    const approved = { ...leave, by: "boss", at: NOW };
    await tell("leave", "ada", { type: "leave.leave.approved", data: approved });
    const gone = {
      ...leave,
      leaveId: "l-2",
      untilOn: null,
      wasApproved: true,
      by: "ada",
      reason: "x",
      at: NOW,
    };
    await tell("leave", "ada", { type: "leave.leave.cancelled", data: gone });
    expect(linesOf(await make({ report: "absence" })).slice(1)).toEqual([
      "ada,Ada Example,assembly,VAC,2026-11-27,2026-12-02,approved,32.00",
    ]);

    const run = { runId: "r-1", periodId: "monthly-2026-11", currency: "EUR" };
    const opened = { ...run, payGroup: "monthly", ...NOVEMBER, payOn: "2026-11-30", by: "x" };
    await tell("payroll", "r-1", { type: "payroll.run.opened", data: opened });
    for (const [employeeId, gross] of [
      ["ada", 300_005],
      ["ben", 1_000],
    ] as const) {
      const tax = { ...run, employeeId, table: "t", taxableMinor: gross, taxMinor: 500 };
      await tell("payroll", `r-1-${employeeId}`, { type: "payroll.tax.deducted", data: tax });
      const salary = {
        ...run,
        employeeId,
        grossMinor: gross,
        netMinor: gross - 500,
        employerCostMinor: 7,
        lines: [],
        revision: 1,
      };
      await tell("payroll", `r-1-${employeeId}`, {
        type: "payroll.salary.calculated",
        data: salary,
      });
    }
    expect(linesOf(await make({ report: "payroll-register" })).slice(1)).toEqual([
      "r-1,monthly-2026-11,open,ada,Ada Example,assembly,EUR,3000.05,5.00,2995.05,0.07,",
      "r-1,monthly-2026-11,open,ben,'=SUM(A1) Example,office,EUR,10.00,5.00,5.00,0.07,",
      "Total,,,,,,EUR,3010.05,10.00,3000.05,0.14,",
    ]);
  });

  test.each(["csv", "xlsx", "pdf"])(
    "have the same bytes for the same facts, as %s",
    async (format) => {
      const first = await make({ report: "monthly-attendance", format });
      const second = await make({ report: "monthly-attendance", format });
      expect(second.reportId).not.toBe(first.reportId);
      expect(bytesOf(second)).toEqual(bytesOf(first));
    },
  );

  test("are asked for only by who may, and seen only by who asked", async () => {
    const wanted = { format: "csv", ...NOVEMBER };
    const ada: Caller = {
      name: "ada-key",
      scopes: ["read", "write"],
      employeeId: "ada",
      roles: [],
    };
    const hr: Caller = { name: "hr-key", scopes: ["read", "write"], roles: ["hr"] };
    const status = async (report: string, principal: Caller, only = {}): Promise<number> =>
      (await ask({ report, ...wanted, ...only }, principal)).status;
    expect(await status("overtime", ada)).toBe(403);
    expect(await status("overtime", ada, { employeeId: "ben" })).toBe(404);
    expect(await status("payroll-register", ada, { employeeId: "ada" })).toBe(403);
    expect(await status("payroll-register", hr)).toBe(403);
    expect(await status("overtime", hr)).toBe(202);
    const own = await ask({ report: "overtime", ...wanted, employeeId: "ada" }, ada);
    const { reportId } = reportSchema.parse(await own.json());
    const seenBy = async (principal: Caller): Promise<number> => {
      caller = principal;
      return (await api.request(`/reports/${reportId}`)).status;
    };
    expect([await seenBy(ada), await seenBy(ADMIN), await seenBy(hr)]).toEqual([200, 200, 404]);
    caller = ada;
    const list = await (await api.request("/reports")).json();
    expect(list).toMatchObject({ items: [{ reportId }], next: null });
    const bad = { report: "overtime", ...wanted, toOn: "2026-10-01" };
    expect((await ask(bad)).status).toBe(422);
  });

  test("name the erased by what an erasure leaves", async () => {
    await vault.erase({ tenant: TENANT, personId: "ben" });
    const erased = { employeeId: "ben", requestedBy: "hr", at: NOW };
    await tell("employee", "ben", { type: "employee.person.erased", data: erased });
    const now = linesOf(await make({ report: "monthly-attendance" }));
    expect(now[2]).toMatch(/^ben,Erased Person,office,2026-11,1,10\.00/u);
    await context.close();
    // Read models built anew, without the key.
    context = await start(1_000, "rebuilt");
    api = contextApi(createReportingRoutes(context.routes), () => caller);
    expect(linesOf(await make({ report: "monthly-attendance" }))).toEqual(now);
  });

  test("are made by whichever process works, also what was asked for while none did", async () => {
    await context.close();
    const idle = await start(1_000, "api", false);
    api = contextApi(createReportingRoutes(idle.routes), () => caller);
    const response = await ask({ report: "overtime", format: "csv", ...NOVEMBER });
    const { reportId, status, percent } = reportSchema.parse(await response.json());
    expect({ status, percent }).toEqual({ status: "requested", percent: 0 });
    context = await start(1_000);
    await eventually(async () => (await shown(reportId)).status === "completed");
    expect(await shown(reportId)).toMatchObject({ percent: 100, rows: 2 });
    await idle.close();
  });

  test("fail with a reason when they would be too long, and do not hold up the next", async () => {
    await context.close();
    context = await start(1, "short");
    api = contextApi(createReportingRoutes(context.routes), () => caller);
    const long = await make({ report: "monthly-attendance" });
    expect(long).toMatchObject({ status: "failed", failure: { code: "document.too-large" } });
    expect(long.failure?.reason).toContain("more than 1 rows");
    expect(await make({ report: "monthly-attendance", employeeId: "ada" })).toMatchObject({
      rows: 1,
    });
  });
});
