import type { TableColumn } from "../api/tables.ts";
import type { EmployeeView } from "./views.ts";

/** People as rows of a file. */
export const EMPLOYEE_COLUMNS: ReadonlyArray<TableColumn<EmployeeView>> = [
  { title: "Employee", of: (row) => row.employeeId },
  { title: "Last name", of: (row) => row.lastName },
  { title: "First name", of: (row) => row.firstName },
  { title: "E-mail", width: 2, of: (row) => row.email },
  { title: "Department", of: (row) => row.departmentId },
  { title: "Manager", of: (row) => row.managerId ?? null },
  { title: "Job title", of: (row) => row.jobTitle },
  { title: "Employment", of: (row) => row.employmentType },
  { title: "Sites", of: (row) => row.siteIds.join(" ") },
  { title: "Status", of: (row) => row.status },
  { title: "Activity", of: (row) => row.activity },
  { title: "First day", of: (row) => row.startDate },
  { title: "Last day", of: (row) => row.lastDayOn },
  {
    title: "Badges",
    width: 2,
    of: (row) =>
      row.badges.flatMap(({ badge, validTo }) => (validTo === null ? [badge] : [])).join(" "),
  },
];
