import {
  type EmployeeData,
  type EmployeeEvent,
  employeeDataSchema,
} from "@clockleaf/shared/events/employee.ts";
import type { Decided } from "@clockleaf/shared/events/envelope.ts";
import { domainSubjects, parseEventSubject, STREAMS } from "@clockleaf/shared/subjects.ts";
import type { Generated, Kysely, Transaction } from "kysely";
import { decidedAs } from "../eventing/decided-as.ts";
import type { StoredEvent } from "../eventing/event-store.ts";
import type { Projection } from "../eventing/projection.ts";

/** Instants are UTC milliseconds; `json` columns hold what the event said. */
export interface EmployeeDb {
  employees: {
    employee_id: string;
    status: EmployeeData["status"];
    /** Family name and first name in lower case: the order of lists. */
    sort_name: string;
    /** Everything a search looks in, in lower case. */
    search: string;
    /** Stream sequence of the person's last event. */
    version: number;
    json: string;
  };
  employee_sites: { employee_id: string; site: string };
  badge_periods: {
    /** Grows with every assignment, so the highest of a badge is its latest. */
    id: Generated<number>;
    badge: string;
    employee_id: string;
    valid_from: number;
    valid_to: number | null;
    pin_json: string | null;
  };
}

/** People, the sites that know them, and who held which badge when. */
export function employeeProjection(tenant: string): Projection<EmployeeDb> {
  return {
    name: "employees",
    version: 1,
    stream: STREAMS.employee,
    filterSubjects: [domainSubjects("employee")],
    migrate,
    async apply(tx, stored) {
      if (parseEventSubject(stored.subject)?.tenant === tenant) await apply(tx, stored);
    },
  };
}

async function migrate(db: Kysely<EmployeeDb>): Promise<void> {
  await db.schema
    .createTable("employees")
    .addColumn("employee_id", "text", (column) => column.primaryKey())
    .addColumn("status", "text", (column) => column.notNull())
    .addColumn("sort_name", "text", (column) => column.notNull())
    .addColumn("search", "text", (column) => column.notNull())
    .addColumn("version", "integer", (column) => column.notNull())
    .addColumn("json", "text", (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex("employees_by_name")
    .on("employees")
    .columns(["sort_name", "employee_id"])
    .execute();
  await db.schema
    .createTable("employee_sites")
    .addColumn("employee_id", "text", (column) => column.notNull())
    .addColumn("site", "text", (column) => column.notNull())
    .addPrimaryKeyConstraint("employee_sites_key", ["site", "employee_id"])
    .execute();
  await db.schema
    .createTable("badge_periods")
    .addColumn("id", "integer", (column) => column.primaryKey().autoIncrement())
    .addColumn("badge", "text", (column) => column.notNull())
    .addColumn("employee_id", "text", (column) => column.notNull())
    .addColumn("valid_from", "integer", (column) => column.notNull())
    .addColumn("valid_to", "integer")
    .addColumn("pin_json", "text")
    .execute();
  for (const by of ["badge", "employee_id"] as const) {
    await db.schema.createIndex(`badges_by_${by}`).on("badge_periods").column(by).execute();
  }
}

type Tx = Transaction<EmployeeDb>;

async function apply(tx: Tx, stored: StoredEvent): Promise<void> {
  const event = decidedAs<EmployeeEvent>(stored);
  switch (event.type) {
    case "employee.employee.created":
    case "employee.employee.updated":
      return putPerson(tx, event.data, stored.seq);
    case "employee.employee.deactivated": {
      const row = await tx
        .selectFrom("employees")
        .select("json")
        .where("employee_id", "=", event.data.employeeId)
        .executeTakeFirst();
      if (row === undefined) return;
      return putPerson(
        tx,
        { ...employeeDataSchema.parse(JSON.parse(row.json)), status: "inactive" },
        stored.seq,
      );
    }
    case "employee.badge.assigned":
      return assign(tx, event.data);
    case "employee.badge.withdrawn":
      await tx
        .updateTable("badge_periods")
        .set({ valid_to: event.data.validTo })
        .where("badge", "=", event.data.badge)
        .where("employee_id", "=", event.data.employeeId)
        .where("valid_to", "is", null)
        .execute();
      return;
  }
}

async function putPerson(tx: Tx, data: EmployeeData, version: number): Promise<void> {
  const { employeeId: employee_id, firstName, lastName, email, status } = data;
  const row = {
    status,
    sort_name: `${lastName} ${firstName}`.toLowerCase(),
    search: [employee_id, firstName, lastName, firstName, email].join(" ").toLowerCase(),
    version,
    json: JSON.stringify(data),
  };
  await tx
    .insertInto("employees")
    .values({ employee_id, ...row })
    .onConflict((key) => key.column("employee_id").doUpdateSet(row))
    .execute();
  await tx.deleteFrom("employee_sites").where("employee_id", "=", employee_id).execute();
  const sites = [...new Set(data.siteIds)].map((site) => ({ employee_id, site }));
  await tx.insertInto("employee_sites").values(sites).execute();
}

/** Given again to who holds it, a badge's open period is replaced: an earlier beginning, or another PIN. */
async function assign(
  tx: Tx,
  data: Extract<Decided<EmployeeEvent>, { type: "employee.badge.assigned" }>["data"],
): Promise<void> {
  const { badge, employeeId: employee_id, validFrom: valid_from, pin } = data;
  await tx
    .deleteFrom("badge_periods")
    .where("badge", "=", badge)
    .where("employee_id", "=", employee_id)
    .where("valid_to", "is", null)
    .execute();
  const pin_json = pin === null ? null : JSON.stringify(pin);
  await tx
    .insertInto("badge_periods")
    .values({ badge, employee_id, valid_from, valid_to: null, pin_json })
    .execute();
}
