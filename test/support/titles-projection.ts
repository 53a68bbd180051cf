import type { EmployeeData } from "@clockleaf/shared/events/employee.ts";
import { STREAMS, tenantSubjects } from "@clockleaf/shared/subjects.ts";
import type { Projection } from "../../cloud/eventing/projection.ts";

export interface TitlesDb {
  titles: { seq: number; title: string };
}

/** Inserts, so that an event applied twice breaks the primary key and one left out is missed. */
export const titlesProjection = (tenant: string, version = 1): Projection<TitlesDb> => ({
  name: "job-titles",
  version,
  stream: STREAMS.employee,
  filterSubjects: [tenantSubjects("employee", tenant)],
  async migrate(db) {
    await db.schema
      .createTable("titles")
      .addColumn("seq", "integer", (column) => column.primaryKey())
      .addColumn("title", "text", (column) => column.notNull())
      .execute();
  },
  async apply(tx, { seq, event }) {
    const { jobTitle } = event.data as EmployeeData;
    await tx.insertInto("titles").values({ seq, title: jobTitle }).execute();
  },
});
