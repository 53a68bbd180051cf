import { expect, test } from "vitest";
import { grantsOfKey, type KeyOfConfig, namesOfKey } from "./key-grants.ts";

const rolesOf = (key: Partial<KeyOfConfig>): string[] =>
  grantsOfKey({ scopes: ["write"], roles: [], ...key }).map(({ role }) => role);

test.each([
  ["an admin", { scopes: ["admin"] }, ["admin"]],
  [
    "an admin who is hr and somebody",
    { scopes: ["admin"], roles: ["hr"], employeeId: "e-1" },
    ["admin", "hr", "employee", "supervisor"],
  ],
  ["somebody", { employeeId: "e-1" }, ["employee", "supervisor"]],
  ["payroll", { roles: ["payroll"] }, ["payroll", "pay-approver"]],
  ["a name that is no right", { roles: ["safety"] }, ["hr", "viewer"]],
  ["a name that would be a role", { scopes: ["read"], roles: ["admin"] }, ["viewer"]],
  ["a key that writes", {}, ["hr", "viewer"]],
  ["a key that reads", { scopes: ["read"] }, ["viewer"]],
])("%s without grants may do what such a key always could", (_who, key, roles) => {
  expect(rolesOf(key)).toEqual(roles);
});

test("grants of its own, also none, are all that a key has", () => {
  expect(rolesOf({ scopes: ["admin"], employeeId: "e-1", grants: [] })).toEqual([]);
  expect(rolesOf({ scopes: ["admin"], grants: [{ role: "auditor" }] })).toEqual(["auditor"]);
});

test("a role given for some places is no name that decides for the company", () => {
  const grants = [{ role: "supervisor", sites: ["plant-1"] }, { role: "pay-approver" }] as const;
  expect(namesOfKey({ scopes: ["write"], roles: ["safety"], grants })).toEqual([
    "safety",
    "pay-approver",
  ]);
});
