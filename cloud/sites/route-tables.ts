import type { z } from "@hono/zod-openapi";
import type { TableColumn } from "../api/tables.ts";
import type { musterSchema } from "./views.ts";

type Entry = z.output<typeof musterSchema>["items"][number];

const yes = (is: boolean): string => (is ? "yes" : "no");

/** A row for each person, to be printed or taken along. */
export const MUSTER_COLUMNS: ReadonlyArray<TableColumn<Entry>> = [
  { title: "Name", width: 2, of: (row) => row.name },
  { title: "Employee", of: (row) => row.employeeId },
  { title: "Department", of: (row) => row.departmentId ?? "" },
  { title: "State", of: (row) => row.state },
  { title: "Last seen", width: 2, of: (row) => row.lastSeen?.at ?? "" },
  { title: "Site", of: (row) => row.lastSeen?.site ?? "" },
  { title: "Gateway", of: (row) => row.lastSeen?.gateway ?? "" },
  { title: "Reader", of: (row) => row.lastSeen?.reader ?? "" },
  { title: "Certain", of: (row) => yes(row.isCertain) },
  { title: "Not known since", width: 2, of: (row) => row.notKnownSince ?? "" },
  { title: "In for long", of: (row) => yes(row.isLongAgo) },
  { title: "Visitor", of: (row) => yes(row.isVisitor) },
  {
    title: "Leave",
    width: 2,
    of: ({ leave }) => (leave === null ? "" : `${leave.code} ${leave.fromOn} to ${leave.toOn}`),
  },
];
