import { employeeCreated } from "@clockleaf/shared/events/employee.ts";
import type { Decided } from "@clockleaf/shared/events/envelope.ts";
import { describe, expect, test } from "vitest";
import { person } from "../../test/support/people.ts";
import { isRefusal } from "../eventing/decider.ts";
import { given, refused } from "../eventing/decider-spec.ts";
import { type PersonCommand, personDecider } from "./decider.ts";
import { activityOf, dueAt, type PersonEvent } from "./person.ts";

const active = person("e1");
const { status: _, ...ada } = active;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = Date.parse("2026-06-10T12:00:00Z");

const create = (more: object = {}): PersonCommand => ({
  type: "create",
  data: ada,
  isDraft: false,
  probationUntilOn: null,
  zone: "UTC",
  at: NOW,
  ...more,
});
/** As events of the first release are: active from the first one on. */
const old: Decided<PersonEvent> = { type: employeeCreated.type, data: active };
const created: Decided<PersonEvent> = {
  type: "employee.employee.created",
  data: { ...active, status: "draft" },
};
const activated: Decided<PersonEvent> = {
  type: "employee.employee.activated",
  data: { employeeId: "e1", at: NOW },
};
const left: Decided<PersonEvent> = {
  type: "employee.employee.deactivated",
  data: { employeeId: "e1", reason: "retired", at: 100 },
};
const begun = [created, activated];
const update = (changes: object): PersonCommand => ({ type: "update", changes, at: NOW });
const deactivate = (at: number): PersonCommand => ({ type: "deactivate", reason: "retired", at });

const activityAfter = (events: ReadonlyArray<Decided<PersonEvent>>) => {
  const { state } = given(personDecider, events);
  return state === null ? undefined : activityOf(state);
};

describe("a person", () => {
  test("is entered and activated in one breath, and once", () => {
    expect(given(personDecider).when(create())).toEqual(begun);
    expect(given(personDecider, begun).when(create())).toEqual([]);
    expect(given(personDecider, [old]).when(create())).toEqual([]);
    const other = create({ data: { ...ada, jobTitle: "Welder" } });
    for (const events of [begun, [created], [...begun, left]]) {
      expect(given(personDecider, events).when(other)).toMatchObject(
        refused("employee.already-exists"),
      );
    }
    expect(given(personDecider, [...begun, left]).when(create())).toMatchObject(
      refused("employee.already-exists"),
    );
  });

  test("of the first release, created active, is as active as one of this", () => {
    const { state } = given(personDecider, [old]);
    expect(state).toEqual(given(personDecider, begun).state);
    expect(state).toMatchObject({ data: { status: "active" }, activity: "working" });
  });

  test("may be left a draft, or begin with a probation", () => {
    expect(given(personDecider).when(create({ isDraft: true }))).toEqual([created]);
    expect(given(personDecider).when(create({ probationUntilOn: "2026-09-30" }))).toEqual([
      ...begun,
      {
        type: "employee.probation.started",
        data: {
          employeeId: "e1",
          untilOn: "2026-09-30",
          endsAt: Date.parse("2026-10-01T00:00:00Z"),
          at: NOW,
        },
      },
    ]);
    expect(
      given(personDecider).when(create({ isDraft: true, probationUntilOn: "2026-09-30" })),
    ).toMatchObject(refused("employee.draft"));
    expect(given(personDecider).when(create({ probationUntilOn: "2026-06-09" }))).toMatchObject(
      refused("employee.probation-over"),
    );
  });

  test("may not have an id that a badge could have, for badges live beside people", () => {
    expect(
      given(personDecider).when(create({ data: { ...ada, employeeId: "number-10042" } })),
    ).toMatchObject(refused("employee.id-reserved"));
  });

  test("keeps every field that a change leaves out", () => {
    expect(
      given(personDecider, begun).when(update({ jobTitle: "Welder", siteIds: ["hq", "plant"] })),
    ).toEqual([
      {
        type: "employee.employee.updated",
        data: { ...active, jobTitle: "Welder", siteIds: ["hq", "plant"] },
      },
    ]);
    expect(given(personDecider, begun).when(update({ jobTitle: "Fitter" }))).toEqual([]);
  });

  test("who changes department and manager says so in the same breath", () => {
    expect(
      given(personDecider, begun).when(update({ departmentId: "paint", managerId: "e9" })),
    ).toEqual([
      {
        type: "employee.employee.updated",
        data: { ...active, departmentId: "paint", managerId: "e9" },
      },
      {
        type: "employee.department.changed",
        data: {
          employeeId: "e1",
          fromDepartmentId: "assembly",
          toDepartmentId: "paint",
          at: NOW,
        },
      },
      {
        type: "employee.manager.changed",
        data: { employeeId: "e1", fromManagerId: null, toManagerId: "e9", at: NOW },
      },
    ]);
  });

  test("never manages themselves", () => {
    expect(given(personDecider, begun).when(update({ managerId: "e1" }))).toMatchObject(
      refused("employee.own-manager"),
    );
    expect(given(personDecider).when(create({ data: { ...ada, managerId: "e1" } }))).toMatchObject(
      refused("employee.own-manager"),
    );
  });

  test("is deactivated once and can be taken on again", () => {
    expect(given(personDecider, begun).when(deactivate(100))).toEqual([left]);
    expect(given(personDecider, [...begun, left]).when(deactivate(200))).toEqual([]);
    expect(given(personDecider, [...begun, left]).when(update({ status: "active" }))).toEqual([
      { type: "employee.employee.updated", data: active },
    ]);
  });

  test("works to the end of the last day where they work, and is due then", () => {
    const away: Decided<PersonEvent> = {
      type: "employee.employee.created",
      data: { ...active, zone: "America/New_York" },
    };
    const terminate: PersonCommand = {
      type: "terminate",
      reason: "end of contract",
      lastDayOn: "2026-06-30",
      zone: "Europe/Berlin",
      at: NOW,
    };
    const decided = given(personDecider, [away]).when(terminate);
    if (isRefusal(decided)) throw new Error(decided.code);
    const endsAt = Date.parse("2026-07-01T04:00:00Z");
    expect(decided).toMatchObject([{ data: { lastDayOn: "2026-06-30", endsAt } }]);
    const { state } = given(personDecider, [away, ...decided]);
    expect(state === null ? null : dueAt(state)).toBe(endsAt);
    expect(
      given(personDecider, begun).when({ ...terminate, lastDayOn: "2025-12-31" }),
    ).toMatchObject(refused("employee.last-day-before-first"));
  });

  test("takes up again after a suspension what it interrupted", () => {
    const leave: Decided<PersonEvent> = {
      type: "employee.leave.started",
      data: { employeeId: "e1", leaveId: "l1", code: "vacation", at: NOW },
    };
    const during = ["suspended", "reactivated"].map(
      (what): Decided<PersonEvent> => ({
        type:
          what === "suspended" ? "employee.employee.suspended" : "employee.employee.reactivated",
        data: { employeeId: "e1", reason: "r", at: NOW + DAY },
      }),
    );
    expect(activityAfter([...begun, leave])).toBe("on-leave");
    expect(activityAfter([...begun, leave, ...during.slice(0, 1)])).toBeNull();
    expect(activityAfter([...begun, leave, ...during])).toBe("on-leave");
    expect(
      given(personDecider, [...begun, leave, ...during]).when({
        type: "end-leave",
        leaveId: "l1",
        at: NOW + DAY,
      }),
    ).toHaveLength(1);
  });
});
