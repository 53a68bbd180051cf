import { STREAMS } from "@clockleaf/shared/subjects.ts";
import { z } from "zod";
import type { Cell, Column } from "../render/document.ts";
import { type AsOf, type ReportBuild, readAt } from "./sources.ts";

export interface Person {
  readonly employeeId: string;
  readonly name: string;
  readonly departmentId: string;
}

const sitesSchema = z.array(z.string());

/** The people a report is about, by id: of the site, the department, or one alone, as asked. */
export async function readPeople({
  request: { filters },
  sources,
}: ReportBuild): Promise<{ readonly people: readonly Person[]; readonly asOf: AsOf }> {
  const { site, departmentId, employeeId } = filters;
  const { found, asOf } = await readAt(sources.people, STREAMS.employee, async (tx) => {
    let rows = tx.selectFrom("report_people").selectAll();
    if (departmentId !== null) rows = rows.where("department_id", "=", departmentId);
    if (employeeId !== null) rows = rows.where("employee_id", "=", employeeId);
    return await rows.orderBy("employee_id").execute();
  });
  const people = found
    .filter(({ sites }) => site === null || sitesSchema.parse(JSON.parse(sites)).includes(site))
    .map((row) => ({
      employeeId: row.employee_id,
      name: `${row.first_name} ${row.last_name}`,
      departmentId: row.department_id,
    }));
  return { people, asOf };
}

export const PERSON_COLUMNS: readonly Column[] = [
  { title: "Employee", align: "left", width: 1.5 },
  { title: "Name", align: "left", width: 2 },
  { title: "Department", align: "left", width: 1.5 },
];

export const personCells = ({ employeeId, name, departmentId }: Person): readonly Cell[] => [
  employeeId,
  name,
  departmentId,
];

/** A few people whose ids follow each other; others' ids may lie between. */
export interface PeoplePage {
  readonly first: string;
  readonly last: string;
  readonly byId: ReadonlyMap<string, Person>;
  /** Of all pages, this one included, 0 to 1. */
  readonly share: number;
}

const PAGE = 50;

export function* pagesOf(people: readonly Person[]): Generator<PeoplePage> {
  for (let at = 0; at < people.length; at += PAGE) {
    const page = people.slice(at, at + PAGE);
    const byId = new Map(page.map((person) => [person.employeeId, person]));
    const share = (at + page.length) / people.length;
    yield { first: page[0]?.employeeId ?? "", last: page.at(-1)?.employeeId ?? "", byId, share };
  }
}
