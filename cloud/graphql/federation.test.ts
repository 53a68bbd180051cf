import { composeServices } from "@apollo/composition";
import { parse } from "graphql";
import { expect, test } from "vitest";
import { TYPE_DEFINITIONS } from "./graphql.ts";

/** A service of somebody else that knows our people, days and payslips by their keys only. */
const OTHER = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.5", import: ["@key"])
  type Query { lockerOf(employeeId: ID!): Locker }
  type Locker { number: Int! holder: Person! }
  type Person @key(fields: "employeeId") { employeeId: ID! locker: Locker }
  type Workday @key(fields: "employeeId date") { employeeId: ID! date: Date! canteenMeals: Int! }
  type Payslip @key(fields: "employeeId runId") { employeeId: ID! runId: ID! bookedAs: String! }
  scalar Date
`;

const compose = (ours: string) =>
  composeServices([
    { name: "clockleaf", url: "http://clockleaf.invalid/graphql", typeDefs: parse(ours) },
    { name: "other", url: "http://other.invalid/graphql", typeDefs: parse(OTHER) },
  ]);

test("composes with a service that extends people, workdays and payslips", () => {
  const { errors, supergraphSdl = "" } = compose(TYPE_DEFINITIONS);
  expect(errors).toBeUndefined();
  for (const type of ["Person", "Workday", "Payslip"]) {
    const joined = new RegExp(`type ${type}\\s+@join__type\\(graph: CLOCKLEAF, key:`, "u");
    expect(supergraphSdl).toMatch(joined);
  }
});

test("would not, without its keys", () => {
  const { errors = [] } = compose(TYPE_DEFINITIONS.replaceAll(/ @key\([^)]*\)/gu, ""));
  expect(errors.length).toBeGreaterThan(0);
});
