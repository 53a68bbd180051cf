import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { PayrollContext } from "../../cloud/payroll/payroll.ts";
import type { Caller } from "../support/access.ts";
import { eventually } from "../support/eventually.ts";
import { findNatsServer } from "../support/nats.ts";
import { available } from "../support/parts.ts";
import { openPayrollWorld, type PayrollWorld } from "../support/payroll-world.ts";

const NOVEMBER = { payGroup: "monthly", period: "2026-11" };
const DECEMBER = { payGroup: "monthly", period: "2026-12" };

const sorted = (rows: object[]): object[] =>
  rows.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));

/** Every row of every table, in one order. */
async function rowsOf({ routes }: PayrollContext): Promise<Record<string, unknown[]>> {
  const { pay, people, time, leave } = routes.sources;
  const all: Record<string, unknown[]> = {
    pay_people: sorted(await people.selectFrom("pay_people").selectAll().execute()),
    pay_days: sorted(await time.selectFrom("pay_days").selectAll().execute()),
    pay_reviews: sorted(await time.selectFrom("pay_reviews").selectAll().execute()),
    pay_payouts: sorted(await leave.selectFrom("pay_payouts").selectAll().execute()),
  };
  for (const table of [
    "pay_accounts",
    "pay_runs",
    "pay_results",
    "pay_items",
    "pay_adjustments",
    "pay_estimates",
    "pay_locks",
  ] as const) {
    all[table] = sorted(await pay.selectFrom(table).selectAll().execute());
  }
  return all;
}

describe.skipIf(!available("nats-server", findNatsServer()))("a pay run", () => {
  let world: PayrollWorld;
  let worker: PayrollContext;
  beforeAll(async () => {
    world = await openPayrollWorld();
    worker = await world.startWorker();
  });
  afterAll(async () => {
    await worker.close();
    await world[Symbol.asyncDispose]();
  });
  const adjustmentsOf = async (employeeId: string) =>
    (await world.call("GET", `/payroll/people/${employeeId}/adjustments`)).body.items;
  const resultsOf = async (runId: string) =>
    (await world.call("GET", `/payroll/runs/${runId}/results`)).body.items;

  let mara: string;
  let november: string;

  test("is held up by what is not certain, and goes from account to bank by two people's hands", async () => {
    mara = await world.hire({ salaryMinor: 320_000, currency: "EUR" });
    await world.giveBank(mara);
    await world.work(mara, "2026-11-03", {
      revision: 1,
      overtimeSeconds: 3_600,
      state: "provisional",
    });
    november = await world.openRun(NOVEMBER);
    expect(november).toBe("monthly-2026-11-run-1");
    expect(await world.call("POST", "/payroll/runs", { body: NOVEMBER })).toMatchObject({
      status: 200,
      body: { runId: november },
    });
    expect(await world.show(november)).toMatchObject({
      status: "open",
      gross: "3230.00",
      blockers: [{ kind: "day-incomplete", employeeId: mara, workdayOn: "2026-11-03" }],
    });
    expect(await world.submit(november)).toMatchObject({
      status: 409,
      body: { code: "payroll.blocked" },
    });

    await world.work(mara, "2026-11-03", { revision: 2, overtimeSeconds: 3_600 });
    await eventually(async () => (await world.show(november)).blockers[0]?.kind === "outdated");
    expect(
      await world.submit(november, [{ kind: "outdated", reason: "in a hurry" }]),
    ).toMatchObject({ status: 409 });
    await world.calculate(november);
    expect(await world.submit(november)).toMatchObject({ status: 200 });

    await world.decide(november, "approved", "clerk");
    await eventually(async () => (await world.show(november)).rejection !== null);
    expect(await world.submit(november)).toMatchObject({ status: 200 });
    // Too late: what is approved is what was submitted.
    const bank = { holder: "Mallory", iban: "GB33BUKB20201555555555" };
    await world.giveBank(mara, { bank: { ...bank, bic: null, routing: null, account: null } });
    await world.decide(november, "approved", "boss");
    await world.statusBecomes(november, "locked");
  });

  test("pays once, says so on a payslip, and shows it to whom it concerns", async () => {
    expect(await resultsOf(november)).toMatchObject([
      {
        employeeId: mara,
        net: "2884.00",
        payslip: { sha256: expect.any(String) },
        payment: { reference: expect.any(String) },
        lines: expect.arrayContaining([
          expect.objectContaining({
            code: "OT15",
            sources: [{ kind: "workday", id: "2026-11-03", revision: 2 }],
          }),
        ]),
      },
    ]);
    const file = await world.call("GET", `/payroll/runs/${november}/files/sepa`);
    expect(file.body).toContain("<NbOfTxs>1</NbOfTxs>");
    expect(file.body).toContain('<InstdAmt Ccy="EUR">2884.00</InstdAmt>');
    expect(file.body).toContain("<Nm>Lukasz Muller</Nm>");
    expect(file.body).not.toContain("Mallory");
    const exported = await world.call("GET", `/payroll/runs/${november}/export?layout=csv-summary`);
    expect(exported.body).toContain(`${mara},8.0000,1.0000,3230.00`);

    const own: Caller = { name: "mara", scopes: ["read"], roles: [], employeeId: mara };
    const slips = await world.call("GET", `/payroll/people/${mara}/payslips`, { as: own });
    expect(slips.body.items).toMatchObject([{ runId: november, net: "2884.00" }]);
    const slip = await world.call("GET", `/payroll/people/${mara}/payslips/${november}`, {
      as: own,
    });
    expect(slip.status).toBe(200);
    expect(slip.body.startsWith("%PDF-1.7")).toBe(true);
    for (const path of [
      `/payroll/runs/${november}`,
      "/payroll/runs",
      `/payroll/accounts/${mara}`,
    ]) {
      expect(await world.call("GET", path, { as: own })).toMatchObject({ status: 403 });
    }
    const foreign = "/payroll/people/somebody/payslips";
    expect(await world.call("GET", foreign, { as: own })).toMatchObject({ status: 404 });
  });

  test("explains every line: the day and revision that was paid, the account, the tax table", async () => {
    const own: Caller = { name: "mara", scopes: ["read"], roles: [], employeeId: mara };
    const path = `/payroll/people/${mara}/payslips/${november}/explain`;
    const { status, body } = await world.call("GET", path, { as: own });
    expect(status).toBe(200);
    expect(body).toMatchObject({ gross: "3230.00", net: "2884.00", currency: "EUR" });
    const lines = new Map<string, Record<string, unknown>>(
      body.lines.map((line: { code: string }) => [line.code, line]),
    );
    expect(lines.get("SALARY")).toMatchObject({
      amount: "3200.00",
      accounts: [{ basis: "salaried", rate: "3200.00", payGroup: "monthly" }],
    });
    expect(lines.get("OT15")).toMatchObject({
      workdays: [
        {
          workdayOn: "2026-11-03",
          revision: 2,
          revisionNow: 2,
          entries: [{ code: "OT15", seconds: 3_600, factor: "1.5" }],
          explain: `/api/v1/timesheets/${mara}/2026-11-03/explain`,
        },
      ],
    });
    // The table as it stands gives what was withheld.
    expect(lines.get("TAX")).toMatchObject({
      amount: "-346.00",
      tables: [
        { id: "plain, paid 2026-11-30", isConfigured: true, taxable: "3230.00", taxNow: "346.00" },
      ],
    });
    expect(JSON.stringify(body)).not.toContain("DE02120300000000202051");
    const others: Caller = { ...own, employeeId: "somebody" };
    expect(await world.call("GET", path, { as: others })).toMatchObject({ status: 404 });
    const none = `/payroll/people/${mara}/payslips/none/explain`;
    expect(await world.call("GET", none)).toMatchObject({ status: 404 });
  });

  test("takes a late punch of a locked day into the next one, and only what is new of it", async () => {
    await world.work(mara, "2026-11-03", { revision: 3, overtimeSeconds: 7_200 });
    await world.work(mara, "2026-11-03", { revision: 4, overtimeSeconds: 10_800 });
    await eventually(async () => (await adjustmentsOf(mara)).at(-1)?.amountMinor === 6_000);
    const december = await world.openRun(DECEMBER);
    const [result] = await resultsOf(december);
    expect(result).toMatchObject({ gross: "3260.00" });
    expect(result.lines).toContainEqual(
      expect.objectContaining({
        kind: "adjustment",
        code: "OT15",
        amountMinor: 6_000,
        seconds: 7_200,
      }),
    );

    // Back to what was paid: nothing is left to pay.
    await world.work(mara, "2026-11-03", { revision: 5, overtimeSeconds: 3_600 });
    await eventually(async () => (await world.show(december)).blockers[0]?.kind === "outdated");
    await world.calculate(december);
    expect((await world.show(december)).gross).toBe("3200.00");

    // Paid by December; what comes after that is measured against it.
    await world.work(mara, "2026-11-03", { revision: 6, overtimeSeconds: 7_200 });
    await eventually(async () => (await world.show(december)).blockers[0]?.kind === "outdated");
    await world.calculate(december);
    await world.submit(december);
    await world.decide(december, "approved", "boss");
    await world.statusBecomes(december, "locked");
    expect((await world.show(december)).gross).toBe("3230.00");
    await world.work(mara, "2026-11-03", { revision: 7, overtimeSeconds: 9_000 });
    await eventually(async () => (await adjustmentsOf(mara)).at(-1)?.amountMinor === 1_500);
    const adjustments: Array<{ adjustmentId: string }> = await adjustmentsOf(mara);
    expect(new Set(adjustments.map(({ adjustmentId }) => adjustmentId)).size).toBe(2);
  });

  test("of overtime nobody decided is held up, and the decision is told as an estimate", async () => {
    const jo = await world.hire({ salaryMinor: 160_000, currency: "EUR" });
    await world.giveBank(jo);
    const day = { overtimeSeconds: 3_600, approval: "pending" } as const;
    await world.work(jo, "2027-01-04", { revision: 1, ...day });
    const january = await world.openRun({ payGroup: "monthly", period: "2027-01", people: [jo] });
    expect((await world.show(january)).blockers).toMatchObject([{ kind: "overtime-pending" }]);
    await world.work(jo, "2027-01-04", { revision: 2, ...day, approval: "approved" });
    await eventually(async () =>
      (await world.events()).some(
        ({ event: { metadata, data } }) =>
          metadata.eventType === "payroll.pay.estimated" &&
          (data as { employeeId: string; grossMinor: number }).employeeId === jo &&
          (data as { grossMinor: number }).grossMinor === 161_500,
      ),
    );
  });

  test("is held up by a missing bank account, unless somebody says why not", async () => {
    const kim = await world.hire({ salaryMinor: 100_000, currency: "EUR" });
    const runId = await world.openRun({ payGroup: "monthly", period: "2027-02", people: [kim] });
    expect((await world.show(runId)).blockers).toMatchObject([{ kind: "no-bank", mayPass: true }]);
    const overrides = [{ kind: "no-bank", reason: "paid in cash" }];
    expect(await world.submit(runId, overrides)).toMatchObject({
      status: 200,
      body: { overridden: [{ kind: "no-bank", reason: "paid in cash" }] },
    });
    await world.decide(runId, "approved", "boss");
    await world.statusBecomes(runId, "locked");
    expect(await resultsOf(runId)).toMatchObject([{ employeeId: kim, payment: null }]);
  });

  test("submitted at the same moment as another that pays the same person is sent back", async () => {
    const max = await world.hire({
      salaryMinor: 100_000,
      currency: "EUR",
      startDate: "2027-06-01",
    });
    await world.giveBank(max);
    const asked = { payGroup: "monthly", period: "2027-06" };
    const one = await world.openRun({ ...asked, people: [max] });
    const two = await world.openRun({ ...asked, people: [max, mara] });
    const answers = await Promise.all([world.submit(one), world.submit(two)]);
    // Where both got through, the approval is what stops the later one.
    for (const runId of [one, two]) await world.decide(runId, "approved", "boss");
    await eventually(async () => {
      const runs = await Promise.all([one, two].map((each) => world.show(each)));
      return runs.filter(({ status }) => status === "locked").length === 1;
    });
    await eventually(async () => {
      const runs = await Promise.all([one, two].map((each) => world.show(each)));
      return runs.every(({ status }) => status === "locked" || status === "open");
    });
    expect(answers.some(({ status }) => status === 200)).toBe(true);
    const paid = (await world.events()).filter(
      ({ event: { metadata, data } }) =>
        metadata.eventType === "payroll.payment.processed" &&
        (data as { employeeId: string }).employeeId === max,
    );
    expect(paid).toHaveLength(1);
  });

  test("is held up by an exception until somebody has looked at it", async () => {
    const eve = await world.hire({
      salaryMinor: 100_000,
      currency: "EUR",
      startDate: "2027-07-01",
    });
    await world.giveBank(eve);
    const found = { premature: false, punchIds: [], detail: "in, and not out again" };
    const exceptions = [{ ...found, kind: "missing-out", severity: "blocking" }] as const;
    await world.work(eve, "2027-07-05", { revision: 1, exceptions: [...exceptions] });
    const runId = await world.openRun({ payGroup: "monthly", period: "2027-07", people: [eve] });
    const kinds = async (): Promise<string[]> =>
      (await world.show(runId)).blockers.map(({ kind }: { kind: string }) => kind);
    expect(await kinds()).toEqual(["day-exception"]);
    const review = { employeeId: eve, workdayOn: "2027-07-05", kind: "missing-out", revision: 1 };
    const reviewed = (outcome: string) => ({
      type: "attendance.exception.reviewed",
      data: { ...review, outcome, by: "chief", note: "went home at six" },
    });
    await world.append("attendance", eve, reviewed("reviewed"));
    await eventually(async () => (await kinds()).length === 0);
    await world.append("attendance", eve, reviewed("reopened"));
    await eventually(async () => (await kinds()).length === 1);
  });

  test("names people whose rate nobody has entered", async () => {
    const more = { startDate: "2027-03-01", currency: "EUR" };
    const lee = await world.hire(more);
    const runId = await world.openRun({ payGroup: "monthly", period: "2027-03", people: [lee] });
    expect((await world.show(runId)).blockers).toMatchObject([
      { kind: "no-rate", employeeId: lee },
    ]);
  });

  test("for who leaves pays up to the last day, and leave not taken, before the period ends", async () => {
    const ann = await world.hire({
      salaryMinor: 300_000,
      currency: "EUR",
      startDate: "2026-06-01",
    });
    await world.giveBank(ann);
    await world.append("employee", ann, {
      type: "employee.employee.terminated",
      data: { employeeId: ann, reason: "moves", at: 1, lastDayOn: "2027-04-10" },
    });
    await world.append("leave", ann, {
      type: "leave.ledger.posted",
      data: {
        employeeId: ann,
        entryId: `payout-${ann}`,
        policy: "vacation",
        kind: "payout",
        minutes: -480,
        on: "2027-04-10",
        leaveId: null,
        reason: "left",
      },
    });
    const asked = { payGroup: "monthly", period: "2027-04", people: [ann] };
    const final = await world.openRun(asked);
    // 10 of 30 days of 3000.00, and 8 h at 3000.00 / 160 h.
    await eventually(async () => {
      if ((await world.show(final)).gross === "1150.00") return true;
      await world.calculate(final);
      return false;
    });
    await world.submit(final);
    await world.decide(final, "approved", "boss");
    await world.statusBecomes(final, "locked");

    const regular = await world.openRun({ payGroup: "monthly", period: "2027-04" });
    const people = (await resultsOf(regular)).map((row: { employeeId: string }) => row.employeeId);
    expect(people).not.toContain(ann);
    expect(people).toContain(mara);
    expect(await world.call("POST", "/payroll/runs", { body: { ...asked } })).toMatchObject({
      status: 409,
      body: { code: "payroll.already-paid" },
    });
    const after = await world.openRun({ payGroup: "monthly", period: "2027-05" });
    const later = (await resultsOf(after)).map((row: { employeeId: string }) => row.employeeId);
    expect(later).not.toContain(ann);
  });

  test("leaves read models that a rebuild makes again, also of who was erased", async () => {
    const gone = await world.hire({ salaryMinor: 100_000, firstName: "Nobody", locale: "de" });
    await world.append("employee", gone, {
      type: "employee.person.erased",
      data: { employeeId: gone, requestedBy: "hr", at: 1 },
    });
    await world.vault.erase({ tenant: "acme", personId: gone });
    const fresh = await world.startWorker();
    await eventually(() =>
      [...fresh.projections, ...worker.projections].every((each) => each.status().lag === 0),
    );
    await eventually(
      async () => JSON.stringify(await rowsOf(fresh)) === JSON.stringify(await rowsOf(worker)),
    );
    const rows = await rowsOf(fresh);
    await fresh.close();
    expect(rows["pay_people"]).toContainEqual(
      expect.objectContaining({ employee_id: gone, name: "Erased Person" }),
    );
    expect(rows["pay_adjustments"]?.length).toBeGreaterThan(0);
    expect(JSON.stringify(rows)).not.toMatch(/Nobody|DE0212/);
    expect((await world.call("GET", `/payroll/accounts/${gone}`)).body.bank).toBeNull();
  });

  test("refuses accounts whose bank numbers are wrong, and changes by who has not read", async () => {
    const path = `/payroll/accounts/${mara}`;
    const { body, etag } = await world.call("GET", path);
    const { version: _version, employeeId: _id, ...account } = body;
    const bank = { ...account.bank, iban: "DE89370400440532013001" };
    const headers = { "if-match": etag ?? "" };
    expect(await world.call("PUT", path, { body: { ...account, bank }, headers })).toMatchObject({
      status: 409,
      body: { code: "payroll.bad-account" },
    });
    expect(await world.call("PUT", path, { body: account })).toMatchObject({ status: 428 });
    const old = { "if-match": '"1"' };
    const changed = { ...account, rateMinor: 5 };
    expect(await world.call("PUT", path, { body: changed, headers: old })).toMatchObject({
      status: 412,
    });
    expect(
      await world.call("POST", "/payroll/runs", {
        body: { payGroup: "monthly", period: "2026-13" },
      }),
    ).toMatchObject({ status: 409, body: { code: "payroll.bad-period" } });
  });
});
