import { STREAMS } from "@clockleaf/shared/subjects.ts";
import type { Transaction } from "kysely";
import type { Cell, Column } from "../render/document.ts";
import { money } from "./figures.ts";
import type { PayDb } from "./pay-projection.ts";
import { PERSON_COLUMNS, pagesOf, personCells, readPeople } from "./people.ts";
import { type BuiltReport, createRows, type ReportBuild, readAt } from "./sources.ts";

const AMOUNTS = [
  { title: "Gross", of: (salary: Salary) => salary.gross },
  { title: "Tax", of: (salary: Salary) => salary.tax },
  { title: "Net", of: (salary: Salary) => salary.net },
  { title: "Employer cost", of: (salary: Salary) => salary.employer_cost },
] as const;

const COLUMNS: readonly Column[] = [
  { title: "Run", align: "left" },
  { title: "Period", align: "left" },
  { title: "State", align: "left" },
  ...PERSON_COLUMNS,
  { title: "Currency", align: "left" },
  ...AMOUNTS.map(({ title }) => ({ title, align: "right" }) as const),
  { title: "Payment", align: "left" },
];

type Run = PayDb["report_runs"];
type Salary = PayDb["report_salaries"];

/** One row for each person in each run whose period reaches into the span; rejected runs are left out. */
export async function payrollRegister(build: ReportBuild): Promise<BuiltReport> {
  const { people, asOf } = await readPeople(build);
  const rows = createRows(build.maxRows);
  const sums = new Map<string, number[]>();
  const pay = await readAt(build.sources.pay, STREAMS.payroll, async (tx) => {
    const runs = await runsOf(tx, build.request);
    for (const [index, run] of runs.entries()) {
      for (const page of pagesOf(people)) {
        const found = await tx
          .selectFrom("report_salaries")
          .selectAll()
          .where("run_id", "=", run.run_id)
          .where("employee_id", ">=", page.first)
          .where("employee_id", "<=", page.last)
          .orderBy("employee_id")
          .execute();
        for (const salary of found) {
          const person = page.byId.get(salary.employee_id);
          if (person === undefined) continue;
          const before = sums.get(salary.currency) ?? [];
          sums.set(
            salary.currency,
            AMOUNTS.map(({ of }, at) => (before[at] ?? 0) + of(salary)),
          );
          rows.add(rowOf(run, personCells(person), salary));
        }
        await build.onProgress((index + page.share) / runs.length);
      }
    }
  });
  const totals = totalsOf(sums);
  return {
    title: "Payroll register",
    columns: COLUMNS,
    rows: rows.all,
    ...(totals === undefined ? {} : { totals }),
    asOf: [asOf, pay.asOf],
  };
}

async function runsOf(
  tx: Transaction<PayDb>,
  span: { readonly fromOn: string; readonly toOn: string },
): Promise<Run[]> {
  return await tx
    .selectFrom("report_runs")
    .selectAll()
    .where("from_on", "<=", span.toOn)
    .where("to_on", ">=", span.fromOn)
    .where("state", "<>", "rejected")
    .orderBy("from_on")
    .orderBy("run_id")
    .execute();
}

function rowOf(run: Run, person: readonly Cell[], salary: Salary): Cell[] {
  const { currency, payment } = salary;
  const amounts = AMOUNTS.map(({ of }) => money(of(salary), currency));
  return [run.run_id, run.period_id, run.state, ...person, currency, ...amounts, payment];
}

/** Amounts of several currencies have no sum. */
function totalsOf(sums: ReadonlyMap<string, readonly number[]>): Cell[] | undefined {
  const [only] = sums;
  if (only === undefined || sums.size > 1) return undefined;
  const [currency, amounts] = only;
  const shown = amounts.map((amount) => money(amount, currency));
  return ["Total", null, null, null, null, null, currency, ...shown, null];
}
