import {
  type EmployeeData,
  type EmployeeEvent,
  employeeCreated,
} from "@clockleaf/shared/events/employee.ts";
import type { Decided } from "@clockleaf/shared/events/envelope.ts";
import { domainSubjects, parseEventSubject, STREAMS } from "@clockleaf/shared/subjects.ts";
import type { Kysely, Transaction } from "kysely";
import { decidedAs } from "../eventing/decided-as.ts";
import type { StoredEvent } from "../eventing/event-store.ts";
import type { Projection } from "../eventing/projection.ts";

/** How to reach people. Addresses stand here and in no event or message of this context. */
export interface PeopleDb {
  notification_people: {
    employee_id: string;
    first_name: string;
    last_name: string;
    email: string;
    phone: string | null;
    locale: string | null;
    /** First day of work. */
    start_on: string;
    standing: Standing;
  };
}

/** `here` = is or will be employed; `left` = was. */
export type Standing = "here" | "left" | "erased";

export function peopleProjection(tenant: string): Projection<PeopleDb> {
  return {
    name: "notification-people",
    version: 1,
    stream: STREAMS.employee,
    filterSubjects: [domainSubjects("employee")],
    migrate,
    async apply(tx, stored) {
      if (parseEventSubject(stored.subject)?.tenant === tenant) await apply(tx, stored);
    },
  };
}

async function migrate(db: Kysely<PeopleDb>): Promise<void> {
  await db.schema
    .createTable("notification_people")
    .addColumn("employee_id", "text", (column) => column.primaryKey())
    .addColumn("first_name", "text", (column) => column.notNull())
    .addColumn("last_name", "text", (column) => column.notNull())
    .addColumn("email", "text", (column) => column.notNull())
    .addColumn("phone", "text")
    .addColumn("locale", "text")
    .addColumn("start_on", "text", (column) => column.notNull())
    .addColumn("standing", "text", (column) => column.notNull())
    .execute();
}

const STANDING: { readonly [T in Decided<EmployeeEvent>["type"]]?: Standing } = {
  "employee.employee.activated": "here",
  "employee.employee.reactivated": "here",
  "employee.employee.deactivated": "left",
  "employee.employee.terminated": "left",
};

async function apply(tx: Transaction<PeopleDb>, stored: StoredEvent): Promise<void> {
  const { type, data } = decidedAs<EmployeeEvent>(stored);
  const { employeeId: employee_id } = data;
  if (type === "employee.employee.created" || type === "employee.employee.updated") {
    const row = rowOf(data);
    await tx
      .insertInto("notification_people")
      .values({ employee_id, ...row })
      .onConflict((key) => key.column("employee_id").doUpdateSet(row))
      .execute();
    return;
  }
  const standing = STANDING[type];
  if (standing !== undefined) await change(tx, employee_id, { standing });
  if (type === "employee.person.erased") {
    await change(tx, employee_id, { ...ERASED, standing: "erased" });
  }
}

type Row = Omit<PeopleDb["notification_people"], "employee_id">;

function rowOf(data: EmployeeData): Row {
  const hasLeft = data.status === "terminated" || data.status === "inactive";
  return {
    first_name: data.firstName,
    last_name: data.lastName,
    email: data.email,
    phone: data.phone ?? null,
    locale: data.locale ?? null,
    start_on: data.startDate,
    standing: hasLeft ? "left" : "here",
  };
}

/** What a rebuild without the person's key reads in place of theirs. */
const ERASED = {
  first_name: String(employeeCreated.personal?.["firstName"]),
  last_name: String(employeeCreated.personal?.["lastName"]),
  email: String(employeeCreated.personal?.["email"]),
  phone: null,
};

async function change(
  tx: Transaction<PeopleDb>,
  employeeId: string,
  row: Partial<Row>,
): Promise<void> {
  await tx
    .updateTable("notification_people")
    .set(row)
    .where("employee_id", "=", employeeId)
    .execute();
}

export interface Person {
  readonly employeeId: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  readonly phone: string | null;
  readonly locale: string | null;
  readonly startOn: string;
  readonly standing: Standing;
}

export async function personOf(
  db: Kysely<PeopleDb>,
  employeeId: string,
): Promise<Person | undefined> {
  const row = await db
    .selectFrom("notification_people")
    .selectAll()
    .where("employee_id", "=", employeeId)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  return {
    employeeId,
    firstName: row.first_name,
    lastName: row.last_name,
    email: row.email,
    phone: row.phone,
    locale: row.locale,
    startOn: row.start_on,
    standing: row.standing,
  };
}

/** What a message may say of whom it is for and whom it is about: looked up when it is written out. */
export async function personalValues(
  find: (employeeId: string) => Promise<Person | undefined>,
  person: Person | undefined,
  aboutId: string | undefined,
): Promise<Record<string, string>> {
  const about = aboutId === undefined ? undefined : await find(aboutId);
  return {
    firstName: person?.firstName ?? "",
    startOn: person?.startOn ?? "",
    about: about === undefined ? (aboutId ?? "") : `${about.firstName} ${about.lastName}`,
  };
}
