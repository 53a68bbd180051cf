import type { z } from "@hono/zod-openapi";
import type { TableColumn } from "../api/tables.ts";
import type { resultSchema } from "./views.ts";

/** What a run comes to for each person; amounts stay decimals. */
export const RESULT_COLUMNS: ReadonlyArray<TableColumn<z.output<typeof resultSchema>>> = [
  { title: "Employee", of: (row) => row.employeeId },
  { title: "Gross", align: "right", of: (row) => row.gross },
  { title: "Taxable", align: "right", of: (row) => row.taxable },
  { title: "Tax", align: "right", of: (row) => row.tax },
  { title: "Net", align: "right", of: (row) => row.net },
  { title: "Employer cost", align: "right", of: (row) => row.employerCost },
  { title: "Currency", of: (row) => row.currency },
  { title: "Payslip", of: (row) => row.payslip?.documentId ?? null },
];
