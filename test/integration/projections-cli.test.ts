import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openSqliteFile } from "../../cloud/eventing/sqlite-file.ts";
import {
  type CloudProcess,
  runCloud,
  startCloudProcess,
  writeCloudConfig,
} from "../support/cloud.ts";
import { eventually } from "../support/eventually.ts";
import { findNatsServer, type Site, startHub } from "../support/nats.ts";
import { available } from "../support/parts.ts";
import { type Places, presentStores, startPlaces } from "../support/read-model-place.ts";
import { type TempDir, tempDir } from "../support/temp.ts";

interface Checked {
  readonly ok: boolean;
  readonly projections: ReadonlyArray<{
    readonly name: string;
    readonly isEqual: boolean;
    readonly rows: number;
    readonly events: number;
  }>;
}

const hasHub = available("nats-server", findNatsServer());

describe.skipIf(!hasHub).each(presentStores())(
  "projections on the command line ($store)",
  ({ store }) => {
    let hub: Site;
    let dir: TempDir;
    let places: Places;
    let cloud: CloudProcess;
    let file: string;

    beforeAll(async () => {
      hub = await startHub();
      places = await startPlaces(store);
      dir = tempDir("projections");
      const seedFile = hub.deployment.seedFile("cloud-all");
      const words = places.fresh();
      const config = writeCloudConfig({
        dir: dir.path,
        servers: [hub.hub.url],
        seedFile,
        more: words.kind === "sqlite" ? {} : { readModels: words },
      });
      file = config.file;
      cloud = await startCloudProcess(config);
      await eventually(async () => (await cloud.call("GET", "/readyz")).ok, { timeoutMs: 30_000 });
      for (const name of ["ada", "bob", "eve"]) {
        const { status } = await cloud.call("POST", "/api/v1/employees", {
          employeeId: name,
          email: `${name}@example.org`,
          firstName: name,
          lastName: "Example",
          departmentId: "assembly",
          jobTitle: "Fitter",
          startDate: "2026-01-01",
          employmentType: "full-time",
          siteIds: ["hq"],
        });
        if (status !== 201) throw new Error(`${name} was not entered: ${status}`);
      }
    });
    afterAll(async () => {
      // Undefined if it could not start: the rest is stopped all the same.
      await (cloud as CloudProcess | undefined)?.stop();
      await places[Symbol.asyncDispose]();
      await hub.stop();
      dir.remove();
    });

    const run = (...args: readonly string[]) =>
      runCloud(["projections", ...args, "--config", file]);
    const check = async (): Promise<{ code: number | null; checked: Checked }> => {
      const { code, stdout } = await run("check", "--json");
      return { code, checked: JSON.parse(stdout) as Checked };
    };

    test("lists what is in the store", async () => {
      const { code, stdout } = await run("list", "--json");
      expect(code).toBe(0);
      const listed = JSON.parse(stdout) as { projections: Array<{ name: string; faults: number }> };
      const names = listed.projections.map(({ name }) => name);
      expect(names).toEqual(expect.arrayContaining(["attendance", "employees"]));
      expect(listed.projections.every(({ faults }) => faults === 0)).toBe(true);
    });

    test("has them built again by the working process, which goes on answering", async () => {
      const { code, stderr } = await run("rebuild", "--all");
      expect({ code, stderr }).toMatchObject({ code: 0 });
      expect(
        stderr
          .trim()
          .split("\n")
          .map((line) => JSON.parse(line) as unknown)
          .at(-1),
      ).toMatchObject({
        building: [],
      });
      expect((await cloud.call("GET", "/api/v1/employees/ada")).status).toBe(200);
      const metrics = await (await cloud.call("GET", "/metrics")).text();
      expect(metrics).toContain('clockleaf_projection_rebuilds_total{projection="employees"} 1');
      expect((await run("rebuild", "nothing")).code).toBe(2);
    });

    test("finds every projection equal to one built again, until a row is not what the stream says", async () => {
      const { code, checked } = await check();
      expect({ code, checked }).toMatchObject({ code: 0, checked: { ok: true } });
      const people = checked.projections.find(({ name }) => name === "employees");
      expect(people).toMatchObject({ isEqual: true });
      expect(people?.rows).toBeGreaterThanOrEqual(3);
      if (store !== "SQLite") return;
      await cloud.stop();
      const { stdout } = await run("list", "--json");
      expect(stdout).toContain("employees");
      const { db } = openSqliteFile<{ employee_sites: { employee_id: string } }>(
        join(dir.path, "data", "employees.1.sqlite"),
        { readonly: false },
      );
      await db.deleteFrom("employee_sites").where("employee_id", "=", "eve").execute();
      await db.destroy();
      const after = await check();
      expect(after).toMatchObject({ code: 1, checked: { ok: false } });
      const different = after.checked.projections.filter(({ isEqual }) => !isEqual);
      expect(different.map(({ name }) => name)).toEqual(["employees"]);
    });
  },
);
