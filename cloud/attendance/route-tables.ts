import type { z } from "@hono/zod-openapi";
import type { TableColumn } from "../api/tables.ts";
import type { exceptionSchema } from "./exceptions/views.ts";
import type { presenceViewSchema, punchSchema, timesheetSchema } from "./views.ts";

type Columns<S extends z.ZodType> = ReadonlyArray<TableColumn<z.output<S>>>;

const hours = (seconds: number): string => (seconds / 3600).toFixed(2);

export const TIMESHEET_COLUMNS: Columns<typeof timesheetSchema> = [
  { title: "Date", of: (row) => row.workdayOn },
  { title: "Employee", of: (row) => row.employeeId },
  { title: "Site", of: (row) => row.site },
  { title: "State", of: (row) => row.state },
  { title: "First in", width: 2, of: (row) => row.punches[0]?.countsAt ?? null },
  { title: "Last out", width: 2, of: (row) => row.punches.at(-1)?.countsAt ?? null },
  { title: "Worked h", align: "right", of: (row) => hours(row.workedSeconds) },
  { title: "Break h", align: "right", of: (row) => hours(row.breakSeconds) },
  { title: "Paid h", align: "right", of: (row) => hours(row.paidSeconds) },
  { title: "Planned h", align: "right", of: (row) => hours(row.scheduledSeconds) },
  { title: "Holiday", of: (row) => row.holiday },
  { title: "Exceptions", width: 2, of: (row) => row.exceptions.map(({ kind }) => kind).join(" ") },
  { title: "Revision", align: "right", of: (row) => row.revision },
];

export const PUNCH_COLUMNS: Columns<typeof punchSchema> = [
  { title: "Punch", width: 2, of: (row) => row.punchId },
  { title: "Employee", of: (row) => row.employeeId },
  { title: "Made at", width: 2, of: (row) => row.at },
  { title: "Counts at", width: 2, of: (row) => row.countsAt },
  { title: "Zone", of: (row) => row.zone },
  { title: "Site", of: (row) => row.site },
  { title: "Gateway", of: (row) => row.gateway },
  { title: "Reader", of: (row) => row.reader },
  { title: "Meaning", of: (row) => row.meaning },
  { title: "Workday", of: (row) => row.workdayOn },
];

/** Who is in: also the muster list of a site. */
export const PRESENCE_COLUMNS: Columns<typeof presenceViewSchema> = [
  { title: "Employee", of: (row) => row.employeeId },
  { title: "State", of: (row) => row.state },
  { title: "Since", width: 2, of: (row) => row.since },
  { title: "Site", of: (row) => row.site },
  { title: "Reader", of: (row) => row.reader },
];

export const EXCEPTION_COLUMNS: Columns<typeof exceptionSchema> = [
  { title: "Date", of: (row) => row.workdayOn },
  { title: "Employee", of: (row) => row.employeeId },
  { title: "Kind", of: (row) => row.kind },
  { title: "Severity", of: (row) => row.severity },
  { title: "State", of: (row) => row.state },
  { title: "Site", of: (row) => row.site },
  { title: "Reviewed by", of: (row) => row.reviewedBy },
  { title: "Reviewed at", width: 2, of: (row) => row.reviewedAt },
  { title: "Note", width: 2, of: (row) => row.note },
];
