import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { silentLog } from "@clockleaf/shared/lib/log.ts";
import { newTraceparent } from "@clockleaf/shared/wire/trace-context.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { problemOfError } from "../../cloud/api/problem.ts";
import { type ApiRouter, newRouter, type Principal } from "../../cloud/api/router.ts";
import type { EventStore } from "../../cloud/eventing/event-store.ts";
import { openJsEventStore } from "../../cloud/eventing/js-event-store.ts";
import { createMemoryVault } from "../../cloud/eventing/vault.ts";
import { type PayrollContext, startPayroll } from "../../cloud/payroll/payroll.ts";
import { createPayrollRoutes } from "../../cloud/payroll/routes.ts";
import { createMemoryDocumentStore, sha256Of } from "../../cloud/storage/document-store.ts";
import { type CloudHub, startCloudHub } from "../support/cloud-hub.ts";
import { eventually } from "../support/eventually.ts";
import { findNatsServer } from "../support/nats.ts";
import { available } from "../support/parts.ts";
import { PAYROLL_TEST_CONFIG } from "../support/payroll.ts";
import { attendance, employee } from "../support/payroll-events.ts";
import { type TempDir, tempDir } from "../support/temp.ts";

const TENANT = "acme";
const NOW = Date.parse("2026-12-01T08:00:00Z");
const CLERK: Principal = { name: "clerk", scopes: ["write"], roles: ["payroll"] };

describe.skipIf(!available("nats-server", findNatsServer()))("a pay run", () => {
  let cloud: CloudHub;
  let dir: TempDir;
  let store: EventStore;
  let context: PayrollContext;
  let api: ApiRouter;
  let principal: Principal = CLERK;
  const vault = createMemoryVault();
  const documents = createMemoryDocumentStore();

  const start = async (folder: string, isWorking = true): Promise<void> => {
    context = await startPayroll({
      nc: cloud.nc,
      eventStore: store,
      tenant: TENANT,
      dataDir: join(dir.path, folder),
      nowMs: () => NOW,
      log: silentLog(),
      vault,
      isWorking,
      config: PAYROLL_TEST_CONFIG,
      documents,
    });
    api = newRouter();
    api.onError((error, c) => problemOfError(c, error));
    api.use(async (c, next) => {
      c.set("traceparent", newTraceparent());
      c.set("requestId", randomUUID());
      c.set("principal", principal);
      await next();
    });
    api.route("/", createPayrollRoutes(context.routes));
  };
  beforeAll(async () => {
    cloud = await startCloudHub("cloud-consumers");
    dir = tempDir("payroll");
    store = await openJsEventStore({ nc: cloud.nc, vault });
    await start("first");
  });
  afterAll(async () => {
    await context.close();
    await cloud[Symbol.asyncDispose]();
    dir.remove();
  });

  const append = async (
    domain: "employee" | "attendance" | "workflow" | "leave",
    aggregateId: string,
    event: { readonly type: string; readonly data: unknown },
  ): Promise<void> => {
    const address = { domain, tenant: TENANT, aggregateId };
    const { lastSeq } = await store.load(address, 0);
    const cause = {
      source: "test",
      atMs: NOW,
      correlationId: null,
      causationId: "request-test",
      traceparent: undefined,
    };
    await store.append([{ address, expectedSeq: lastSeq, events: [event] }], cause);
  };
  // oxlint-disable-next-line typescript/no-explicit-any -- answers of many shapes, compared with toMatchObject
  type Answer = { status: number; etag: string | null; body: any };
  const call = async (
    method: string,
    path: string,
    sent: { body?: object; headers?: Record<string, string>; as?: Principal } = {},
  ): Promise<Answer> => {
    principal = sent.as ?? CLERK;
    const response = await api.request(path, {
      method,
      headers: { "content-type": "application/json", ...sent.headers },
      ...(sent.body === undefined ? {} : { body: JSON.stringify(sent.body) }),
    });
    const isJson = response.headers.get("content-type")?.includes("json") === true;
    const body: unknown = isJson ? await response.json() : await response.text();
    return { status: response.status, etag: response.headers.get("etag"), body };
  };
  const show = async (runId: string): Promise<Answer["body"]> =>
    (await call("GET", `/payroll/runs/${runId}`)).body;
  const calculated = async (runId: string): Promise<void> => {
    const { status } = await call("POST", `/payroll/runs/${runId}/calculate`);
    expect(status).toBe(202);
    await eventually(async () => {
      const { blockers } = await show(runId);
      return !blockers.some(({ kind }: { kind: string }) =>
        ["not-calculated", "outdated", "no-payslip"].includes(kind),
      );
    });
  };
  const decide = (runId: string, decision: "approved" | "rejected", by: string): Promise<void> => {
    const requestId = `w-${randomUUID()}`;
    const periodId = runId.replace(/-run-\d+$/, "");
    const about = { kind: "pay-run", runId, periodId };
    const data = { requestId, about, by, note: "", at: NOW };
    return append("workflow", requestId, { type: `workflow.request.${decision}`, data });
  };
  const statusBecomes = (runId: string, status: string) =>
    eventually(async () => (await show(runId)).status === status);
  const hire = async (more: object = {}): Promise<string> => {
    const employeeId = `e-${randomUUID().slice(0, 8)}`;
    await append("employee", employeeId, employee.created({ employeeId, ...more }));
    await eventually(
      async () => (await call("GET", `/payroll/accounts/${employeeId}`)).status === 200,
    );
    return employeeId;
  };
  const giveBank = async (employeeId: string, more: object = {}): Promise<void> => {
    const path = `/payroll/accounts/${employeeId}`;
    const { etag, body } = await call("GET", path);
    const { version: _version, employeeId: _id, ...account } = body;
    const bank = {
      holder: "Łukasz Müller",
      iban: "DE02120300000000202051",
      bic: null,
      routing: null,
      account: null,
    };
    const answer = await call("PUT", path, {
      body: { ...account, bank, ...more },
      headers: { "if-match": etag ?? "" },
    });
    expect(answer.status).toBe(200);
  };
  const work = (
    employeeId: string,
    workdayOn: string,
    day: Parameters<typeof attendance.workday>[2],
  ): Promise<void> =>
    append("attendance", employeeId, attendance.workday(employeeId, workdayOn, day));

  test("from account to locked period, by two people, and a late punch into the next run", async () => {
    const mara = await hire({ salaryMinor: 320_000, currency: "EUR" });
    await giveBank(mara);
    await work(mara, "2026-11-03", { revision: 1, overtimeSeconds: 3_600, state: "provisional" });
    const period = { payGroup: "monthly", period: "2026-11" };
    const opened = await call("POST", "/payroll/runs", { body: period });
    expect(opened).toMatchObject({ status: 201, body: { runId: "monthly-2026-11-run-1" } });
    expect(await call("POST", "/payroll/runs", { body: period })).toMatchObject({ status: 200 });
    const { runId } = opened.body;
    await calculated(runId);
    expect(await show(runId)).toMatchObject({
      status: "open",
      gross: "3230.00",
      blockers: [{ kind: "day-incomplete", employeeId: mara, workdayOn: "2026-11-03" }],
    });

    const submit = (overrides: object[] = []) =>
      call("POST", `/payroll/runs/${runId}/submit`, { body: { overrides } });
    expect(await submit()).toMatchObject({ status: 409, body: { code: "payroll.blocked" } });
    await work(mara, "2026-11-03", { revision: 2, overtimeSeconds: 3_600, state: "complete" });
    await eventually(async () => (await show(runId)).blockers[0]?.kind === "outdated");
    expect(await submit([{ kind: "outdated", reason: "in a hurry" }])).toMatchObject({
      status: 409,
    });
    await calculated(runId);
    expect(await submit()).toMatchObject({ status: 200, body: { status: "submitted" } });

    await decide(runId, "approved", "clerk");
    await eventually(async () => (await show(runId)).rejection !== null);
    expect(await show(runId)).toMatchObject({ status: "open" });
    expect(await submit()).toMatchObject({ status: 200 });
    await decide(runId, "approved", "boss");
    await statusBecomes(runId, "locked");

    const { body } = await call("GET", `/payroll/runs/${runId}/results`);
    expect(body.items).toMatchObject([
      { employeeId: mara, net: "2884.00", payslip: { sha256: expect.any(String) } },
    ]);
    const file = await call("GET", `/payroll/runs/${runId}/files/sepa`);
    expect(file.body).toContain("<NbOfTxs>1</NbOfTxs>");
    expect(file.body).toContain('<InstdAmt Ccy="EUR">2884.00</InstdAmt>');
    expect(file.body).toContain("<Nm>Lukasz Muller</Nm>");

    const own: Principal = { name: "mara", scopes: ["read"], roles: [], employeeId: mara };
    const slips = await call("GET", `/payroll/people/${mara}/payslips`, { as: own });
    expect(slips.body.items).toMatchObject([{ runId, net: "2884.00" }]);
    const slip = await call("GET", `/payroll/people/${mara}/payslips/${runId}`, { as: own });
    expect(slip).toMatchObject({ status: 200 });
    expect(await call("GET", `/payroll/runs/${runId}`, { as: own })).toMatchObject({ status: 403 });
    expect(await call("GET", "/payroll/people/somebody/payslips", { as: own })).toMatchObject({
      status: 403,
    });

    // A late punch: two hours of overtime instead of one. Then a later one: three.
    await work(mara, "2026-11-03", { revision: 3, overtimeSeconds: 7_200, state: "complete" });
    await work(mara, "2026-11-03", { revision: 4, overtimeSeconds: 10_800, state: "complete" });
    await eventually(
      async () =>
        (await call("GET", `/payroll/people/${mara}/adjustments`)).body.items.at(-1)
          ?.amountMinor === 6_000,
    );
    const next = await call("POST", "/payroll/runs", { body: { ...period, period: "2026-12" } });
    await calculated(next.body.runId);
    const december = await call("GET", `/payroll/runs/${next.body.runId}/results`);
    expect(december.body.items[0]).toMatchObject({ gross: "3260.00" });
    expect(december.body.items[0].lines).toContainEqual(
      expect.objectContaining({ kind: "adjustment", code: "OT15", amountMinor: 6_000 }),
    );

    // Changed again after that run was calculated, and paid with the next calculation; after it only what is new.
    await work(mara, "2026-11-03", { revision: 5, overtimeSeconds: 3_600, state: "complete" });
    await eventually(async () => (await show(next.body.runId)).blockers[0]?.kind === "outdated");
    await calculated(next.body.runId);
    expect((await show(next.body.runId)).gross).toBe("3200.00");
  });
});
