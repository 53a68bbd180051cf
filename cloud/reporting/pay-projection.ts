import type { PayrollEvent } from "@clockleaf/shared/events/payroll.ts";
import { domainSubjects, parseEventSubject, STREAMS } from "@clockleaf/shared/subjects.ts";
import type { Kysely, Transaction } from "kysely";
import { decidedAs } from "../eventing/decided-as.ts";
import type { StoredEvent } from "../eventing/event-store.ts";
import type { Projection } from "../eventing/projection.ts";

export interface PayDb {
  report_runs: {
    run_id: string;
    period_id: string;
    pay_group: string;
    from_on: string;
    to_on: string;
    pay_on: string;
    state: "open" | "submitted" | "approved" | "rejected" | "locked";
  };
  report_salaries: {
    run_id: string;
    employee_id: string;
    currency: string;
    /** Minor units. */
    gross: number;
    net: number;
    employer_cost: number;
    tax: number;
    payment: string | null;
  };
}

/** Pay runs and what each person got in them, for reports. */
export function payProjection(tenant: string): Projection<PayDb> {
  return {
    name: "report-pay",
    version: 1,
    stream: STREAMS.payroll,
    filterSubjects: [domainSubjects("payroll")],
    migrate,
    async apply(tx, stored) {
      if (parseEventSubject(stored.subject)?.tenant === tenant) await apply(tx, stored);
    },
  };
}

async function migrate(db: Kysely<PayDb>): Promise<void> {
  let runs = db.schema
    .createTable("report_runs")
    .addColumn("run_id", "text", (column) => column.primaryKey());
  for (const name of ["period_id", "pay_group", "from_on", "to_on", "pay_on", "state"] as const) {
    runs = runs.addColumn(name, "text", (column) => column.notNull());
  }
  await runs.execute();
  let salaries = db.schema
    .createTable("report_salaries")
    .addColumn("run_id", "text", (column) => column.notNull())
    .addColumn("employee_id", "text", (column) => column.notNull())
    .addColumn("currency", "text", (column) => column.notNull())
    .addColumn("payment", "text")
    .addPrimaryKeyConstraint("report_salaries_key", ["run_id", "employee_id"]);
  for (const name of ["gross", "net", "employer_cost", "tax"] as const) {
    salaries = salaries.addColumn(name, "bigint", (column) => column.notNull());
  }
  await salaries.execute();
}

type Tx = Transaction<PayDb>;

async function apply(tx: Tx, stored: StoredEvent): Promise<void> {
  const event = decidedAs<PayrollEvent>(stored);
  switch (event.type) {
    case "payroll.run.opened": {
      const { runId: run_id, periodId, payGroup, fromOn, toOn, payOn } = event.data;
      const row = {
        period_id: periodId,
        pay_group: payGroup,
        from_on: fromOn,
        to_on: toOn,
        pay_on: payOn,
        state: "open",
      } as const;
      await tx
        .insertInto("report_runs")
        .values({ run_id, ...row })
        .onConflict((key) => key.column("run_id").doUpdateSet(row))
        .execute();
      return;
    }
    case "payroll.run.submitted":
      return await setState(tx, event.data.runId, "submitted");
    case "payroll.run.approved":
      return await setState(tx, event.data.runId, "approved");
    case "payroll.run.rejected":
      return await setState(tx, event.data.runId, "rejected");
    case "payroll.period.locked":
      return await setState(tx, event.data.runId, "locked");
    case "payroll.salary.calculated": {
      const { runId, employeeId, currency, grossMinor, netMinor, employerCostMinor } = event.data;
      const row = { currency, gross: grossMinor, net: netMinor, employer_cost: employerCostMinor };
      return await putSalary(tx, { run_id: runId, employee_id: employeeId }, row);
    }
    case "payroll.tax.deducted": {
      const { runId, employeeId, currency, taxMinor } = event.data;
      const key = { run_id: runId, employee_id: employeeId };
      return await putSalary(tx, key, { currency, tax: taxMinor });
    }
    case "payroll.payment.processed": {
      const { runId, employeeId, currency, reference } = event.data;
      const key = { run_id: runId, employee_id: employeeId };
      return await putSalary(tx, key, { currency, payment: reference });
    }
    default:
      return;
  }
}

async function setState(
  tx: Tx,
  runId: string,
  state: PayDb["report_runs"]["state"],
): Promise<void> {
  await tx.updateTable("report_runs").set({ state }).where("run_id", "=", runId).execute();
}

/** Whatever of it comes first makes the row. */
async function putSalary(
  tx: Tx,
  key: Pick<PayDb["report_salaries"], "run_id" | "employee_id">,
  told: Partial<PayDb["report_salaries"]> & Pick<PayDb["report_salaries"], "currency">,
): Promise<void> {
  await tx
    .insertInto("report_salaries")
    .values({ gross: 0, net: 0, employer_cost: 0, tax: 0, payment: null, ...told, ...key })
    .onConflict((each) => each.columns(["run_id", "employee_id"]).doUpdateSet(told))
    .execute();
}
