import { STREAMS } from "@clockleaf/shared/subjects.ts";
import type { Cell, Column } from "../render/document.ts";
import { hours } from "./figures.ts";
import { PERSON_COLUMNS, type PeoplePage, pagesOf, personCells, readPeople } from "./people.ts";
import { type BuiltReport, createRows, type ReportBuild, readAt } from "./sources.ts";
import type { WorkdaysDb } from "./workdays-projection.ts";

type Day = WorkdaysDb["report_workdays"];

/** What is added up of a person's days of one month. */
const FIGURES = [
  { title: "Days", of: () => 1, show: String },
  { title: "Worked h", of: (day: Day) => day.worked_seconds, show: hours },
  { title: "Breaks h", of: (day: Day) => day.break_seconds, show: hours },
  { title: "Paid h", of: (day: Day) => day.paid_seconds, show: hours },
  { title: "Planned h", of: (day: Day) => day.scheduled_seconds, show: hours },
  { title: "Overtime h", of: (day: Day) => day.overtime_seconds, show: hours },
  { title: "Paid absence h", of: (day: Day) => day.paid_absence_seconds, show: hours },
  { title: "Unpaid absence h", of: (day: Day) => day.unpaid_absence_seconds, show: hours },
  { title: "To look at", of: (day: Day) => day.exceptions, show: String },
  { title: "Not final", of: (day: Day) => (day.state === "complete" ? 0 : 1), show: String },
] as const;

const COLUMNS: readonly Column[] = [
  ...PERSON_COLUMNS,
  { title: "Month", align: "left" },
  ...FIGURES.map(({ title }) => ({ title, align: "right" }) as const),
];

const add = (sums: readonly number[], day: Day): number[] =>
  FIGURES.map(({ of }, index) => (sums[index] ?? 0) + of(day));
const show = (sums: readonly number[]): readonly Cell[] =>
  FIGURES.map((figure, index) => figure.show(sums[index] ?? 0));

/** One row for each person and month in which they have a day. */
export async function monthlyAttendance(build: ReportBuild): Promise<BuiltReport> {
  const { people, asOf } = await readPeople(build);
  const rows = createRows(build.maxRows);
  let totals: readonly number[] = [];
  const days = await readAt(build.sources.workdays, STREAMS.attendance, async (tx) => {
    for (const page of pagesOf(people)) {
      const found = await tx
        .selectFrom("report_workdays")
        .selectAll()
        .where("employee_id", ">=", page.first)
        .where("employee_id", "<=", page.last)
        .where("workday_on", ">=", build.request.fromOn)
        .where("workday_on", "<=", build.request.toOn)
        .orderBy("employee_id")
        .orderBy("workday_on")
        .execute();
      for (const day of found) if (page.byId.has(day.employee_id)) totals = add(totals, day);
      for (const row of monthsOf(page, found)) rows.add(row);
      await build.onProgress(page.share);
    }
  });
  return {
    title: "Monthly attendance",
    columns: COLUMNS,
    rows: rows.all,
    totals: ["Total", null, null, null, ...show(totals)],
    asOf: [asOf, days.asOf],
  };
}

function monthsOf(page: PeoplePage, days: readonly Day[]): Array<readonly Cell[]> {
  const months = new Map<string, { readonly head: readonly Cell[]; sums: number[] }>();
  for (const day of days) {
    const person = page.byId.get(day.employee_id);
    if (person === undefined) continue;
    const month = day.workday_on.slice(0, "2026-11".length);
    const key = `${day.employee_id} ${month}`;
    const entry = months.get(key) ?? { head: [...personCells(person), month], sums: [] };
    entry.sums = add(entry.sums, day);
    months.set(key, entry);
  }
  return [...months.values()].map(({ head, sums }) => head.concat(show(sums)));
}
