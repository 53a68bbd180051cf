import { CATALOGUE } from "@clockleaf/shared/events/catalogue.ts";
import { DOMAINS } from "@clockleaf/shared/subjects.ts";
import { expect, test } from "vitest";
import { domainsOf, isOfSites, isWanted, knownPatterns, unknownPatterns } from "./event-types.ts";

test("a pattern names a type, a group of them, or all", () => {
  const type = "attendance.clock.recorded";
  for (const pattern of ["*", "attendance.*", "attendance.clock.*", type]) {
    expect(isWanted([pattern], type)).toBe(true);
  }
  for (const pattern of ["attendance", "attend*", "attendance.clock", "leave.*", "*.recorded"]) {
    expect(isWanted([pattern], type)).toBe(false);
  }
});

test("a badge's PIN leaves for nobody", () => {
  expect(isWanted(["*", "employee.badge.assigned"], "employee.badge.assigned")).toBe(false);
  expect(unknownPatterns(["employee.badge.assigned"])).toEqual(["employee.badge.assigned"]);
});

test("a pattern that names nothing is told", () => {
  expect(unknownPatterns(["*", "leave.*", "attendence.*", "leave.leave.done"])).toEqual([
    "attendence.*",
    "leave.leave.done",
  ]);
});

test("what is known names something, and every event is named", () => {
  const known = knownPatterns();
  expect(unknownPatterns(known)).toEqual([]);
  expect(known).toEqual(expect.arrayContaining(["*", "leave.*", "leave.leave.*"]));
  const missed = CATALOGUE.filter(({ type }) => !known.includes(type)).map(({ type }) => type);
  expect(missed).toEqual(["employee.badge.assigned"]);
});

test("streams are read for whom they have something", () => {
  expect(domainsOf(["*"]).toSorted()).toEqual([...DOMAINS].toSorted());
  expect(domainsOf(["leave.leave.approved", "payroll.*"]).toSorted()).toEqual(["leave", "payroll"]);
  expect(CATALOGUE.length).toBeGreaterThan(50);
});

test("an event is of the sites that it names, wherever it does", () => {
  expect(isOfSites(null, {})).toBe(true);
  expect(isOfSites(["hq"], { site: "hq" })).toBe(true);
  expect(isOfSites(["hq"], { punch: { site: "hq" } })).toBe(true);
  expect(isOfSites(["hq"], { siteIds: ["harbour", "hq"] })).toBe(true);
  for (const data of [{}, { site: "harbour" }, { site: null }, null, "hq", { siteIds: "hq" }]) {
    expect(isOfSites(["hq"], data)).toBe(false);
  }
});
