import { eventSubject } from "@clockleaf/shared/subjects.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { person } from "../../test/support/people.ts";
import { type TempDir, tempDir } from "../../test/support/temp.ts";
import { openReadModel, type WritableReadModel } from "../eventing/read-model.ts";
import { employedAt, type PeopleDb, peopleProjection, personOf, sitesOf } from "./people.ts";

const noon = (on: string): number => Date.parse(`${on}T12:00Z`);

describe("people as attendance knows them", () => {
  let dir: TempDir;
  let model: WritableReadModel<PeopleDb>;
  let seq = 0;
  beforeEach(async () => {
    dir = tempDir("attendance-people");
    model = await openReadModel(dir.path, peopleProjection("acme"));
  });
  afterEach(async () => {
    await model.close();
    dir.remove();
  });

  async function happened(type: string, data: object, on = "2026-01-01"): Promise<void> {
    seq += 1;
    const metadata = {
      eventId: "00000000-0000-4000-8000-000000000000",
      eventType: `employee.${type}`,
      timestamp: noon(on),
      version: "1.0",
      source: "test",
      correlationId: null,
      causationId: null,
    };
    const subject = eventSubject({ domain: "employee", tenant: "acme", aggregateId: "ada" });
    const stored = { seq, subject, event: { metadata, data }, traceparent: undefined };
    await model.writer.transaction().execute((tx) => model.projection.apply(tx, stored));
  }
  const employments = async (): Promise<unknown> => (await personOf(model.db, "ada")).employments;
  const ada = { employeeId: "ada", reason: "" };

  it("belong where the directory last said", async () => {
    await happened("employee.created", person("ada"));
    await happened("employee.updated", { ...person("ada"), siteIds: ["plant", "hq"] });
    await happened("department.changed", { ...ada, toDepartmentId: "paint" });
    await happened("manager.changed", { ...ada, toManagerId: "mia" });
    expect(await personOf(model.db, "ada")).toEqual({
      departmentId: "paint",
      managerId: "mia",
      employments: [{ from: "2026-01-01", to: null }],
    });
    expect(await employedAt(model.db, "plant")).toEqual(["ada"]);
    expect(await sitesOf(model.db, "ada")).toEqual(["hq", "plant"]);
    expect(await sitesOf(model.db, "bob")).toEqual([]);
  });

  it("are employed between the dates they were told, however often they were", async () => {
    await happened("employee.created", person("ada"));
    const last = { ...ada, at: noon("2026-02-10"), lastDayOn: "2026-02-28" };
    await happened("employee.terminated", last);
    await happened("employee.terminated", last);
    await happened("employee.deactivated", { ...ada, at: noon("2026-03-01") });
    expect(await employments()).toEqual([{ from: "2026-01-01", to: "2026-02-28" }]);
    expect(await employedAt(model.db, "hq")).toEqual([]);
    await happened("employee.updated", { ...person("ada"), status: "active" }, "2026-05-01");
    expect(await employments()).toEqual([
      { from: "2026-01-01", to: "2026-02-28" },
      { from: "2026-05-01", to: null },
    ]);
    expect(await employedAt(model.db, "hq")).toEqual(["ada"]);
  });

  it("may have had their first day entered wrongly", async () => {
    await happened("employee.created", person("ada"));
    await happened("employee.updated", { ...person("ada"), startDate: "2026-01-15" });
    expect(await employments()).toEqual([{ from: "2026-01-15", to: null }]);
  });

  it("are due again on the day they come back from a suspension", async () => {
    await happened("employee.created", person("ada"));
    await happened("employee.suspended", { ...ada, at: noon("2026-02-01") });
    await happened("employee.reactivated", { ...ada, at: noon("2026-02-04") });
    expect(await employments()).toEqual([
      { from: "2026-01-01", to: "2026-02-01" },
      { from: "2026-02-04", to: null },
    ]);
  });
});
