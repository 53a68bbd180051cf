import { STREAMS } from "@clockleaf/shared/subjects.ts";
import type { Column } from "../render/document.ts";
import { hours } from "./figures.ts";
import { PERSON_COLUMNS, pagesOf, personCells, readPeople } from "./people.ts";
import { type BuiltReport, createRows, type ReportBuild, readAt } from "./sources.ts";

const COLUMNS: readonly Column[] = [
  ...PERSON_COLUMNS,
  { title: "Code", align: "left" },
  { title: "From", align: "left" },
  { title: "To", align: "left" },
  { title: "Status", align: "left" },
  { title: "From account h", align: "right" },
];

/** One row for each leave that reaches into the span and is approved, cut short, or not decided yet. */
export async function absence(build: ReportBuild): Promise<BuiltReport> {
  const { people, asOf } = await readPeople(build);
  const rows = createRows(build.maxRows);
  const leaves = await readAt(build.sources.leaves, STREAMS.leave, async (tx) => {
    for (const page of pagesOf(people)) {
      const found = await tx
        .selectFrom("report_leaves")
        .selectAll()
        .where("employee_id", ">=", page.first)
        .where("employee_id", "<=", page.last)
        .where("from_on", "<=", build.request.toOn)
        .where("to_on", ">=", build.request.fromOn)
        .where("status", "in", ["requested", "approved", "cut-short"])
        .orderBy("employee_id")
        .orderBy("from_on")
        .orderBy("leave_id")
        .execute();
      for (const { employee_id, code, from_on, to_on, status, minutes } of found) {
        const person = page.byId.get(employee_id);
        if (person === undefined) continue;
        rows.add([...personCells(person), code, from_on, to_on, status, hours(minutes * 60)]);
      }
      await build.onProgress(page.share);
    }
  });
  return { title: "Absence", columns: COLUMNS, rows: rows.all, asOf: [asOf, leaves.asOf] };
}
