import { STREAMS } from "@clockleaf/shared/subjects.ts";
import type { Column } from "../render/document.ts";
import { hours } from "./figures.ts";
import { PERSON_COLUMNS, pagesOf, personCells, readPeople } from "./people.ts";
import { type BuiltReport, createRows, type ReportBuild, readAt } from "./sources.ts";

const COLUMNS: readonly Column[] = [
  ...PERSON_COLUMNS,
  { title: "Day", align: "left" },
  { title: "Pay code", align: "left" },
  { title: "Rate", align: "right" },
  { title: "Approval", align: "left" },
  { title: "Hours", align: "right" },
];

/** One row for each day, pay code, rate and decision. */
export async function overtime(build: ReportBuild): Promise<BuiltReport> {
  const { people, asOf } = await readPeople(build);
  const rows = createRows(build.maxRows);
  let total = 0;
  const days = await readAt(build.sources.workdays, STREAMS.attendance, async (tx) => {
    for (const page of pagesOf(people)) {
      const found = await tx
        .selectFrom("report_overtime")
        .selectAll()
        .where("employee_id", ">=", page.first)
        .where("employee_id", "<=", page.last)
        .where("workday_on", ">=", build.request.fromOn)
        .where("workday_on", "<=", build.request.toOn)
        .orderBy("employee_id")
        .orderBy("workday_on")
        .orderBy("code")
        .orderBy("rate")
        .orderBy("approval")
        .execute();
      for (const { employee_id, workday_on, code, rate, approval, seconds } of found) {
        const person = page.byId.get(employee_id);
        if (person === undefined) continue;
        total += seconds;
        rows.add([...personCells(person), workday_on, code, rate, approval, hours(seconds)]);
      }
      await build.onProgress(page.share);
    }
  });
  return {
    title: "Overtime",
    columns: COLUMNS,
    rows: rows.all,
    totals: ["Total", null, null, null, null, null, null, hours(total)],
    asOf: [asOf, days.asOf],
  };
}
