import { expect, test } from "vitest";
import { accessTo } from "../../test/support/access.ts";
import { createAccess } from "./access.ts";
import type { Grant, Holder, Subject } from "./rights.ts";

const subject = (employeeId: string, more: Partial<Subject> = {}): Subject => ({
  employeeId,
  departmentId: "press",
  managerId: "boss",
  siteIds: ["plant-1"],
  ...more,
});
const PEOPLE = [
  subject("mara"),
  subject("otto", { departmentId: "paint", managerId: null }),
  subject("rosa", { siteIds: ["plant-2"], managerId: "chief" }),
];
const access = accessTo(() => PEOPLE);
const holder = (grant: Grant, employeeId?: string): Holder => ({ grants: [grant], employeeId });

test.each<readonly [string, Holder, readonly string[]]>([
  ["a site", holder({ role: "viewer", sites: ["plant-1"] }), ["mara", "otto"]],
  ["a department", holder({ role: "viewer", departments: ["press"] }), ["mara", "rosa"]],
  ["direct reports", holder({ role: "supervisor" }, "boss"), ["mara"]],
  ["oneself", holder({ role: "employee" }, "rosa"), ["rosa"]],
])("lists and single questions agree on %s", async (_what, who, expected) => {
  const seen = await access.visible(who, "time.read");
  expect(seen.kind === "some" && [...seen.people]).toEqual(expected);
  for (const { employeeId } of PEOPLE) {
    const may = await access.maySeePerson(who, "time.read", employeeId);
    expect([employeeId, may]).toEqual([employeeId, expected.includes(employeeId)]);
  }
  expect(await access.maySeePerson(who, "time.read", "nobody")).toBe(false);
});

test("whom a request may see is looked up once, and for oneself not at all", async () => {
  let looks = 0;
  const counted = createAccess({
    personOf: async () => void (looks += 1),
    async peopleIn() {
      looks += 1;
      return ["mara"];
    },
  });
  const own = counted.rights(holder({ role: "employee" }, "mara"), ["time.read"]);
  await own.visible();
  expect(await own.coversPeople(["mara", "mara"])).toBe(true);
  expect(looks).toBe(0);
  const team = counted.rights(holder({ role: "supervisor" }, "boss"), ["time.read"]);
  await Promise.all([team.visible(), team.visible()]);
  expect(looks).toBe(1);
});

test("any of several permissions will do, and none is nothing", async () => {
  const both = access.rights(holder({ role: "pay-approver" }), ["time.approve", "pay.approve"]);
  expect([both.areAny, both.coversCompany()]).toEqual([true, true]);
  const none = access.rights(holder({ role: "viewer", everywhere: true }), ["pay.read"]);
  expect([none.areAny, await none.coversPerson("mara")]).toEqual([false, false]);
  expect(await none.visible()).toMatchObject({ kind: "some", people: new Set() });
});
