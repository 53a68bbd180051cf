import fc from "fast-check";
import { expect, test } from "vitest";
import { PERMISSIONS, ROLE_GRANTS, ROLES } from "./permissions.ts";
import {
  coversCompany,
  coversPerson,
  coversSite,
  type Grant,
  reachOf,
  type Subject,
} from "./rights.ts";

const MARA = { employeeId: "mara", departmentId: "press", managerId: "boss", siteIds: ["plant-1"] };

const holder = (grant: Grant, employeeId?: string) => ({ grants: [grant], employeeId });

test("an employee sees what is about them and nothing else", () => {
  const reach = reachOf(holder({ role: "employee" }, "mara"), "time.read");
  expect(coversPerson(reach, MARA)).toBe(true);
  expect(coversPerson(reach, { ...MARA, employeeId: "otto" })).toBe(false);
  expect(coversSite(reach, "plant-1")).toBe(false);
  expect(coversCompany(reach)).toBe(false);
});

test("a supervisor without a place sees who reports to them", () => {
  const reach = reachOf(holder({ role: "supervisor" }, "boss"), "time.approve");
  expect(coversPerson(reach, MARA)).toBe(true);
  expect(coversPerson(reach, { ...MARA, managerId: null })).toBe(false);
  expect(coversPerson(reach, { ...MARA, employeeId: "boss", managerId: "chief" })).toBe(false);
});

test("a grant for a site or a department reaches its people and things only", () => {
  const bySite = reachOf(holder({ role: "site-manager", sites: ["plant-1"] }), "fleet.read");
  expect([coversSite(bySite, "plant-1"), coversSite(bySite, "plant-2")]).toEqual([true, false]);
  const byRoom = reachOf(holder({ role: "supervisor", departments: ["press"] }), "time.read");
  expect(coversPerson(byRoom, MARA)).toBe(true);
  expect(coversPerson(byRoom, { ...MARA, departmentId: "paint" })).toBe(false);
});

test("a role bound to places has none where it names none and is nobody's manager", () => {
  expect(reachOf(holder({ role: "viewer" }), "time.read")).toEqual({ kind: "none" });
  expect(reachOf(holder({ role: "viewer", everywhere: true }), "time.read")).toEqual({
    kind: "all",
  });
});

test("nobody who prepares pay approves it, and who approves time does not approve pay", () => {
  const both = ROLES.filter((role) => {
    const may = ROLE_GRANTS[role];
    const isElse = may["pay.prepare"] !== undefined || may["time.approve"] !== undefined;
    return isElse && may["pay.approve"] !== undefined;
  });
  expect(both).toEqual([]);
});

/** Permissions that somebody lost with one grant more. */
const shrinks = (had: readonly Grant[], more: Grant, who: Subject): string[] =>
  PERMISSIONS.filter((what) => {
    const before = reachOf({ grants: had, employeeId: "boss" }, what);
    const after = reachOf({ grants: [...had, more], employeeId: "boss" }, what);
    return (
      (coversPerson(before, who) && !coversPerson(after, who)) ||
      (coversSite(before, "plant-1") && !coversSite(after, "plant-1"))
    );
  });

test("another grant never takes anything away", () => {
  const grant = fc.record({
    role: fc.constantFrom(...ROLES),
    sites: fc.subarray(["plant-1", "plant-2"]),
    departments: fc.subarray(["press", "paint"]),
    everywhere: fc.boolean(),
  });
  const id = fc.constantFrom("mara", "boss", "otto");
  const person = fc.record({
    employeeId: id,
    departmentId: fc.constantFrom("press", "paint", null),
    managerId: fc.option(id),
    siteIds: fc.subarray(["plant-1", "plant-2"], { minLength: 1 }),
  });
  fc.assert(
    fc.property(fc.array(grant), grant, person, (had, more, who) => {
      expect(shrinks(had, more, who)).toEqual([]);
    }),
  );
});
