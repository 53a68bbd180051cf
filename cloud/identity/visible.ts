import { type Expression, type SqlBool, sql } from "kysely";
import type { Visible } from "./access.ts";

/** Up to here a list of parameters, so that a few people are looked up in an index. */
const MOST_PARAMETERS = 100;

/**
 * `column in (…)` for any number of values, on SQLite and PostgreSQL alike. Many travel as the keys of one JSON object:
 * both have a `json_each` with a column `key`, and neither counts it as more than one parameter.
 */
function among(column: string, values: ReadonlySet<string>): Expression<SqlBool> {
  const list = [...values];
  if (list.length === 0) return sql<boolean>`1 = 0`;
  const ref = sql.ref(column);
  if (list.length <= MOST_PARAMETERS) return sql<boolean>`${ref} in (${sql.join(list)})`;
  const keys = `{${list.map((value) => `${JSON.stringify(value)}:0`).join(",")}}`;
  // Joined to nothing, the column is no index's: pages are walked in their own order, and each row is looked up in the
  // list. By the index every row of everybody would be fetched and sorted for one page: 546 ms instead of
  // 40 for 20,000 people among a million rows.
  return sql<boolean>`(${ref} || '') in (select key from json_each(${keys}))`;
}

const EVERYTHING = sql<boolean>`1 = 1`;

/** Rows about people whom the caller may see. Part of the query, so that pages are cut from what is left. */
export function aboutVisible(visible: Visible, column: string): Expression<SqlBool> {
  return visible.kind === "all" ? EVERYTHING : among(column, visible.people);
}

/** Rows of sites that the caller may see. */
export function atVisible(visible: Visible, column: string): Expression<SqlBool> {
  return visible.kind === "all" ? EVERYTHING : among(column, visible.sites);
}
