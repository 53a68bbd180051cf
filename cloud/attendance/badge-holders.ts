import {
  type EmployeeData,
  type EmployeeEvent,
  endOfTerm,
  ruleGroupsOf,
} from "@clockleaf/shared/events/employee.ts";
import { domainSubjects, parseEventSubject, STREAMS } from "@clockleaf/shared/subjects.ts";
import type { Kysely, Transaction } from "kysely";
import { z } from "zod";
import { decidedAs } from "../eventing/decided-as.ts";
import type { StoredEvent } from "../eventing/event-store.ts";
import type { Projection } from "../eventing/projection.ts";
import type { People } from "./attribution.ts";
import type { Place } from "./personal-rules.ts";

export interface BadgeHoldersDb {
  badge_periods: {
    badge: string;
    employee_id: string;
    valid_from: number;
    valid_to: number | null;
  };
  employments: { employee_id: string; from_at: number; is_active: number };
  /** Sites and groups from an instant on, as JSON lists: what rules are assigned by. */
  places: { employee_id: string; from_at: number; sites: string; groups: string };
}

/** Attendance's own memory of who held which badge when, who was employed when, and where; from EMPLOYEE events alone. */
export function badgeHoldersProjection(tenant: string): Projection<BadgeHoldersDb> {
  return {
    name: "attendance-badge-holders",
    version: 4,
    stream: STREAMS.employee,
    filterSubjects: [domainSubjects("employee")],
    migrate,
    async apply(tx, stored) {
      if (parseEventSubject(stored.subject)?.tenant === tenant) await apply(tx, stored);
    },
  };
}

async function migrate(db: Kysely<BadgeHoldersDb>): Promise<void> {
  await db.schema
    .createTable("badge_periods")
    .addColumn("badge", "text", (column) => column.notNull())
    .addColumn("employee_id", "text", (column) => column.notNull())
    .addColumn("valid_from", "integer", (column) => column.notNull())
    .addColumn("valid_to", "integer")
    .addPrimaryKeyConstraint("badge_periods_key", ["badge", "employee_id", "valid_from"])
    .execute();
  await db.schema
    .createTable("employments")
    .addColumn("employee_id", "text", (column) => column.notNull())
    .addColumn("from_at", "integer", (column) => column.notNull())
    .addColumn("is_active", "integer", (column) => column.notNull())
    .addPrimaryKeyConstraint("employments_key", ["employee_id", "from_at"])
    .execute();
  await db.schema
    .createTable("places")
    .addColumn("employee_id", "text", (column) => column.notNull())
    .addColumn("from_at", "integer", (column) => column.notNull())
    .addColumn("sites", "text", (column) => column.notNull())
    .addColumn("groups", "text", (column) => column.notNull())
    .addPrimaryKeyConstraint("places_key", ["employee_id", "from_at"])
    .execute();
}

async function apply(tx: Transaction<BadgeHoldersDb>, stored: StoredEvent): Promise<void> {
  const event = decidedAs<EmployeeEvent>(stored);
  const { timestamp } = stored.event.metadata;
  switch (event.type) {
    case "employee.employee.created":
      await place(tx, event.data, 0);
      // Somebody entered late was there before: punches from before the entry are theirs if their badge was. A draft was
      // not, unless they are activated in the very same breath.
      return employ(tx, event.data.employeeId, {
        fromAt: event.data.status === "active" ? 0 : timestamp,
        isActive: event.data.status === "active",
      });
    case "employee.employee.updated":
      await place(tx, event.data, timestamp);
      // Takes somebody on again; any other change of state has an event of its own.
      if (event.data.status !== "active") return;
      return employ(tx, event.data.employeeId, { fromAt: timestamp, isActive: true });
    case "employee.employee.activated":
      return activate(tx, event.data.employeeId, timestamp);
    case "employee.employee.suspended":
    case "employee.employee.deactivated":
      return employ(tx, event.data.employeeId, { fromAt: event.data.at, isActive: false });
    case "employee.employee.reactivated":
      return employ(tx, event.data.employeeId, { fromAt: event.data.at, isActive: true });
    case "employee.employee.terminated": {
      // Until then everything stays as it is: punches of somebody who was suspended do not count on their last days either.
      const fromAt = endOfTerm(event.data.lastDayOn, event.data.endsAt);
      return employ(tx, event.data.employeeId, { fromAt, isActive: false });
    }
    case "employee.department.changed":
    case "employee.manager.changed":
    case "employee.leave.started":
    case "employee.leave.ended":
    case "employee.probation.started":
    case "employee.probation.completed":
    case "employee.person.erased":
      return;
    case "employee.badge.assigned": {
      const { badge, employeeId, validFrom } = event.data;
      await tx
        .insertInto("badge_periods")
        .values({ badge, employee_id: employeeId, valid_from: validFrom, valid_to: null })
        .onConflict((key) =>
          key.columns(["badge", "employee_id", "valid_from"]).doUpdateSet({ valid_to: null }),
        )
        .execute();
      return;
    }
    case "employee.badge.withdrawn": {
      const { badge, employeeId, validTo } = event.data;
      await tx
        .updateTable("badge_periods")
        .set({ valid_to: validTo })
        .where("badge", "=", badge)
        .where("employee_id", "=", employeeId)
        .where("valid_to", "is", null)
        .execute();
      return;
    }
  }
}

/** Only a change of place is a row: most updates are of something else. */
async function place(
  tx: Transaction<BadgeHoldersDb>,
  data: EmployeeData,
  fromAt: number,
): Promise<void> {
  const { employeeId } = data;
  const row = { sites: JSON.stringify(data.siteIds), groups: JSON.stringify(ruleGroupsOf(data)) };
  const before = await tx
    .selectFrom("places")
    .select(["sites", "groups"])
    .where("employee_id", "=", employeeId)
    .where("from_at", "<=", fromAt)
    .orderBy("from_at", "desc")
    .limit(1)
    .executeTakeFirst();
  if (before?.sites === row.sites && before.groups === row.groups) return;
  await tx
    .insertInto("places")
    .values({ employee_id: employeeId, from_at: fromAt, ...row })
    .onConflict((key) => key.columns(["employee_id", "from_at"]).doUpdateSet(row))
    .execute();
}

/** Entered and activated at once, somebody counts as if they had been there always. */
async function activate(
  tx: Transaction<BadgeHoldersDb>,
  employeeId: string,
  atMs: number,
): Promise<void> {
  const wasDraft = await tx
    .selectFrom("employments")
    .select("from_at")
    .where("employee_id", "=", employeeId)
    .where("from_at", "<", atMs)
    .executeTakeFirst();
  const fromAt = wasDraft === undefined ? 0 : atMs;
  return employ(tx, employeeId, { fromAt, isActive: true });
}

/** The latest word holds from its instant on: whatever was foreseen for later is void. */
async function employ(
  tx: Transaction<BadgeHoldersDb>,
  employeeId: string,
  what: { readonly fromAt: number; readonly isActive: boolean },
): Promise<void> {
  const is_active = what.isActive ? 1 : 0;
  await tx
    .deleteFrom("employments")
    .where("employee_id", "=", employeeId)
    .where("from_at", ">", what.fromAt)
    .execute();
  await tx
    .insertInto("employments")
    .values({ employee_id: employeeId, from_at: what.fromAt, is_active })
    .onConflict((key) => key.columns(["employee_id", "from_at"]).doUpdateSet({ is_active }))
    .execute();
}

/** What is known about the holders of some badges, at any time. */
export async function peopleBehind(
  db: Kysely<BadgeHoldersDb>,
  badges: readonly string[],
): Promise<People> {
  if (badges.length === 0) return { periods: [], employments: [] };
  const periods = await db
    .selectFrom("badge_periods")
    .selectAll()
    .where("badge", "in", [...badges])
    .orderBy("badge")
    .orderBy("valid_from")
    .orderBy("employee_id")
    .execute();
  const holders = [...new Set(periods.map((period) => period.employee_id))];
  if (holders.length === 0) return { periods: [], employments: [] };
  const employments = await db
    .selectFrom("employments")
    .selectAll()
    .where("employee_id", "in", holders)
    .orderBy("employee_id")
    .orderBy("from_at")
    .execute();
  return {
    periods: periods.map((row) => ({
      badge: row.badge,
      employeeId: row.employee_id,
      validFrom: row.valid_from,
      validTo: row.valid_to,
    })),
    employments: employments.map((row) => ({
      employeeId: row.employee_id,
      fromAt: row.from_at,
      isActive: row.is_active === 1,
    })),
  };
}

const namesSchema = z.array(z.string());

/** Where somebody belonged through time, oldest first; nowhere if nobody has this id. */
export async function placesOf(
  db: Kysely<BadgeHoldersDb>,
  employeeId: string,
): Promise<readonly Place[]> {
  const rows = await db
    .selectFrom("places")
    .select(["from_at", "sites", "groups"])
    .where("employee_id", "=", employeeId)
    .orderBy("from_at")
    .execute();
  return rows.map(({ from_at, sites, groups }) => ({
    fromAt: from_at,
    sites: namesSchema.parse(JSON.parse(sites)),
    groups: namesSchema.parse(JSON.parse(groups)),
  }));
}

/** Whether there has ever been an employee of this id. */
export async function isEmployee(db: Kysely<BadgeHoldersDb>, employeeId: string): Promise<boolean> {
  const row = await db
    .selectFrom("employments")
    .select("employee_id")
    .where("employee_id", "=", employeeId)
    .executeTakeFirst();
  return row !== undefined;
}
