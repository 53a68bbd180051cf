import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createNkey } from "@clockleaf/shared/wire/nkey.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dataOf, itemsOf, versionedOf } from "../../cloud/api/client/answers.ts";
import { type ClockleafClient, createClockleafClient } from "../../cloud/api/client/client.ts";
import { isClockleafProblem } from "../../cloud/api/client/problem.ts";
import { type CloudProcess, startCloudProcess, writeCloudConfig } from "../support/cloud.ts";
import { eventually } from "../support/eventually.ts";
import { findNatsServer, type Site, startHub } from "../support/nats.ts";
import { available } from "../support/parts.ts";
import { type TempDir, tempDir } from "../support/temp.ts";

const CONTRACT = join(import.meta.dirname, "../../cloud/api/contract");
const person = (employeeId: string, lastName: string) => ({
  employeeId,
  email: `${employeeId}@example.org`,
  firstName: "Ada",
  lastName,
  departmentId: "assembly",
  jobTitle: "Fitter",
  startDate: "2026-01-01",
  employmentType: "full-time" as const,
  siteIds: ["hq"],
});

describe.skipIf(!available("nats-server", findNatsServer()))(
  "a program with the typed client, at a running cloud",
  () => {
    let site: Site;
    let dir: TempDir;
    let cloud: CloudProcess;
    let client: ClockleafClient;

    beforeAll(async () => {
      site = await startHub();
      dir = tempDir("api-client");
      const seedFile = site.deployment.seedFile("cloud-all");
      const config = writeCloudConfig({ dir: dir.path, servers: [site.hub.url], seedFile });
      cloud = await startCloudProcess(config);
      const baseUrl = `http://127.0.0.1:${cloud.port}`;
      // From the start on: what is answered with 503 until the hub is reached is repeated.
      client = createClockleafClient({ baseUrl, apiKey: config.key, attempts: 60 });
    });
    afterAll(async () => {
      await cloud?.[Symbol.asyncDispose]();
      await site?.stop();
      dir?.remove();
    });

    test("enters, changes and reads people", async () => {
      const names = ["Alpha", "Beta", "Gamma"];
      for (const [index, name] of names.entries()) {
        const body = person(`e-${index}`, name);
        const entered = await dataOf(client.POST("/api/v1/employees", { body }));
        expect(entered.employeeId).toBe(body.employeeId);
      }
      const params = { path: { employeeId: "e-0" } };
      const { data, etag = "" } = await versionedOf(
        client.GET("/api/v1/employees/{employeeId}", { params }),
      );
      expect([data.lastName, data.siteIds]).toEqual(["Alpha", ["hq"]]);

      const change = (tag: string) =>
        client.PATCH("/api/v1/employees/{employeeId}", {
          params: { ...params, header: { "If-Match": tag } },
          body: { jobTitle: "Welder" },
        });
      expect((await dataOf(change(etag))).jobTitle).toBe("Welder");
      await expect(dataOf(change(etag))).rejects.toMatchObject({
        name: "ClockleafProblem",
        status: 412,
        code: "api.precondition",
        traceId: expect.stringMatching(/^[0-9a-f]{32}$/u),
      });
    });

    test("reads a list to its end, page by page", async () => {
      const found: string[] = [];
      const list = itemsOf((query) =>
        client.GET("/api/v1/employees", { params: { query: { limit: 2, site: "hq", ...query } } }),
      );
      for await (const { lastName } of list) found.push(lastName);
      expect(found).toEqual(["Alpha", "Beta", "Gamma"]);
    });

    test("gives a badge, and is told what is wrong with another", async () => {
      const params = { path: { employeeId: "e-1" } };
      const path = "/api/v1/employees/{employeeId}/badges";
      const given = await dataOf(client.POST(path, { params, body: { badge: "number-10042" } }));
      expect(JSON.stringify(given)).toContain("number-10042");
      const failed = dataOf(client.POST(path, { params, body: { badge: "no badge" } }));
      await expect(failed).rejects.toMatchObject({
        code: "api.invalid",
        errors: [expect.objectContaining({ pointer: "#/badge" })],
      });
    });

    test("hears no for a record that there is not", async () => {
      const params = { path: { employeeId: "nobody" } };
      const failed = dataOf(client.GET("/api/v1/employees/{employeeId}", { params }));
      await expect(failed).rejects.toMatchObject({ status: 404, code: "command.not-found" });
    });

    test("registers a gateway once, and revokes it by its version only", async () => {
      const path = "/api/v1/gateways/{site}/{gateway}";
      const params = { path: { site: "hq", gateway: "gw1" } };
      const { publicKey } = createNkey();
      const body = { publicKey, name: "Front door", zone: "Europe/Berlin" };
      const { data, etag = "" } = await versionedOf(client.PUT(path, { params, body }));
      expect([data.name, etag === ""]).toEqual(["Front door", false]);
      const again = client.PUT(path, { params, body: { ...body, name: "Back door" } });
      await expect(dataOf(again)).rejects.toMatchObject({ code: "api.precondition-required" });
      const header = { "If-Match": etag };
      const changed = client.PUT(path, {
        params: { ...params, header },
        body: { ...body, name: "Back door" },
      });
      expect((await dataOf(changed)).name).toBe("Back door");
      const names: string[] = [];
      for await (const { name } of itemsOf((query) =>
        client.GET("/api/v1/gateways", { params: { query } }),
      )) {
        names.push(name);
      }
      expect(names).toEqual(["Back door"]);
    });

    test("orders a report, looks on, and fetches the file", async () => {
      const body = {
        report: "monthly-attendance",
        format: "csv",
        fromOn: "2026-11-01",
        toOn: "2026-11-30",
      } as const;
      const { reportId } = await dataOf(client.POST("/api/v1/reports", { body }));
      const params = { path: { reportId } };
      const done = await eventually(
        async () => {
          const report = await dataOf(client.GET("/api/v1/reports/{reportId}", { params }));
          return report.status === "completed" ? report : undefined;
        },
        { what: "the report", timeoutMs: 60_000 },
      );
      const { documentId = "" } = done.document ?? {};
      const file = await eventually(
        async () => {
          const path = { documentId };
          const call = client.GET("/api/v1/documents/{documentId}/content", {
            params: { path },
            parseAs: "text",
          });
          try {
            return await dataOf(call);
          } catch (error) {
            // The archive hears of it a moment later.
            if (isClockleafProblem(error, "command.not-found")) return undefined;
            throw error;
          }
        },
        { what: "the file" },
      );
      expect(file).toMatch(/employee/iu);
    });

    test("finds in the audit log what it did itself", async () => {
      const types = await eventually(
        async () => {
          const { items } = await dataOf(client.GET("/api/v1/audit/entries"));
          const found = items.map(({ eventType }) => eventType);
          return found.includes("employee.badge.assigned") ? found : undefined;
        },
        { what: "entries of the audit log" },
      );
      expect(types).toContain("employee.employee.created");
      expect(await dataOf(client.GET("/api/v1/presence"))).toEqual({ items: [], next: null });
    });

    test("finds the documents that were written down", async () => {
      // Whatever this cloud mounts and the contract does not know of would show here.
      for (const name of ["openapi.json", "asyncapi.json"]) {
        const response = await fetch(`http://127.0.0.1:${cloud.port}/${name}`);
        expect(response.status).toBe(200);
        const golden: unknown = JSON.parse(readFileSync(join(CONTRACT, name), "utf8"));
        expect(await response.json()).toEqual(golden);
      }
    });
  },
);
