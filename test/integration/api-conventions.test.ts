import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newPerson } from "../support/api-pair.ts";
import { type CloudProcess, startCloudProcess, writeCloudConfig } from "../support/cloud.ts";
import { eventually } from "../support/eventually.ts";
import { findNatsServer, type Site, startHub } from "../support/nats.ts";
import { available } from "../support/parts.ts";

interface Parameter {
  readonly in: string;
  readonly name: string;
  readonly required?: boolean;
}
interface Body {
  readonly content: Readonly<Record<string, { readonly schema?: Schema }>>;
}
interface Declared {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: Body;
  readonly responses: Readonly<Record<string, Partial<Body>>>;
}
interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: unknown;
}
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Declared>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}
interface Operation extends Declared {
  readonly name: string;
  readonly method: string;
  /** With something in the place of its parameters. */
  readonly url: string;
}

/** Answers without end. */
const ENDLESS = "GET /api/v1/events";

describe.skipIf(!available("nats-server", findNatsServer()))("every route of the API", () => {
  let hub: Site;
  let cloud: CloudProcess;
  let document: Document;
  let operations: Operation[];

  beforeAll(async () => {
    hub = await startHub();
    const seedFile = hub.deployment.seedFile("cloud-all");
    const config = writeCloudConfig({ dir: hub.dir, servers: [hub.hub.url], seedFile });
    cloud = await startCloudProcess(config);
    await eventually(async () => (await cloud.call("GET", "/readyz")).status === 200);
    document = (await (await cloud.call("GET", "/openapi.json")).json()) as Document;
    operations = Object.entries(document.paths)
      .filter(([path]) => path.startsWith("/api/v1/"))
      .flatMap(([path, item]) =>
        Object.entries(item).map(([key, declared]) => {
          const method = key.toUpperCase();
          const url = path.replaceAll(/\{\w+\}/gu, "x");
          return Object.assign({ name: `${method} ${path}`, method, url }, declared);
        }),
      );
  });
  afterAll(async () => {
    await cloud.stop();
    await hub.stop();
  });

  const has = ({ parameters = [] }: Operation, name: string): Parameter | undefined =>
    parameters.find((parameter) => parameter.name === name);
  const namesOf = (found: readonly Operation[]): string[] => found.map(({ name }) => name);

  it("that changes what is there wants the version that was read", () => {
    expect(operations.length).toBeGreaterThan(50);
    const changes = operations.filter(({ method }) => ["PATCH", "PUT", "DELETE"].includes(method));
    expect(changes.length).toBeGreaterThanOrEqual(6);
    const without = changes.filter(
      (each) => !("412" in each.responses && "428" in each.responses && has(each, "If-Match")),
    );
    expect(namesOf(without)).toEqual([]);
  });

  it("that is a POST takes an Idempotency-Key, and where money moves it must have one", () => {
    const posts = operations.filter(({ method }) => method === "POST");
    expect(namesOf(posts.filter((each) => has(each, "Idempotency-Key") === undefined))).toEqual([]);
    const strict = posts.filter((each) => has(each, "Idempotency-Key")?.required === true);
    expect(namesOf(strict).toSorted()).toEqual([
      "POST /api/v1/leave/accounts/{employeeId}/adjust",
      "POST /api/v1/leave:batch",
      "POST /api/v1/payroll/runs",
      "POST /api/v1/payroll/runs/{runId}/calculate",
      "POST /api/v1/payroll/runs/{runId}/submit",
    ]);
  });

  it("that is a PATCH takes a merge patch", () => {
    const patches = operations.filter(({ method }) => method === "PATCH");
    expect(patches.length).toBeGreaterThan(0);
    for (const { requestBody } of patches) {
      expect(Object.keys(requestBody?.content ?? {})).toContain("application/merge-patch+json");
    }
  });

  it("knows the fields of its body and refuses all others", () => {
    const open: string[] = [];
    const look = (schema: Schema | undefined, where: string): void => {
      if (schema === undefined) return;
      const { $ref } = schema;
      const own =
        $ref === undefined ? schema : document.components.schemas[$ref.split("/").at(-1) ?? ""];
      for (const [key, value] of Object.entries(own ?? {})) {
        if (key === "properties") {
          for (const [name, each] of Object.entries(own?.properties ?? {}))
            look(each, `${where}/${name}`);
        } else if (Array.isArray(value) && own?.additionalProperties !== false) {
          // Beside a list of all fields there are, branches say only which of them go together.
          for (const each of value) if (typeof each === "object") look(each as Schema, where);
        } else if (key === "items") look(value as Schema, `${where}[]`);
      }
      if (own?.properties !== undefined && own.additionalProperties !== false) open.push(where);
    };
    for (const { name, requestBody } of operations) {
      look(requestBody?.content["application/json"]?.schema, name);
    }
    expect(open).toEqual([]);
  });

  it("refuses query parameters it does not know, and names each", async () => {
    const missed: string[] = [];
    for (const { name, method, url } of operations.filter((each) => each.name !== ENDLESS)) {
      const response = await cloud.call(method, `${url}?nonsense=1&Limit=2`);
      const body = (await response.json()) as { errors?: Array<{ pointer: string }> };
      const pointers = body.errors?.map(({ pointer }) => pointer) ?? [];
      const isNamed = ["#/nonsense", "#/Limit"].every((pointer) => pointers.includes(pointer));
      if (response.status !== 422 || !isNamed) missed.push(`${name}: ${response.status}`);
    }
    expect(missed).toEqual([]);
  });

  it("is a table in every form that it says it is", async () => {
    await cloud.call("POST", "/api/v1/employees", newPerson());
    const tables = operations.filter((each) => has(each, "format"));
    expect(namesOf(tables).toSorted()).toEqual([
      "GET /api/v1/employees",
      "GET /api/v1/exceptions",
      "GET /api/v1/leave/accounts/{employeeId}",
      "GET /api/v1/payroll/runs/{runId}/results",
      "GET /api/v1/presence",
      "GET /api/v1/punches",
      "GET /api/v1/sites/{site}/muster",
      "GET /api/v1/timesheets",
    ]);
    for (const { name, url, responses } of tables.filter(({ url: at }) => !at.includes("/x"))) {
      for (const [type, format] of Object.entries(FORMATS)) {
        const isOffered = type in (responses["200"]?.content ?? {});
        const response = await cloud.call("GET", `${url}?format=${format}`);
        const bytes = Buffer.from(await response.arrayBuffer());
        expect(`${name} ${format} ${response.status}`).toBe(
          `${name} ${format} ${isOffered ? 200 : 406}`,
        );
        if (!isOffered) continue;
        expect(response.headers.get("content-type")?.split(";")[0]).toBe(type);
        expect(bytes.length).toBeGreaterThan(10);
      }
    }
    const csv = await (await cloud.call("GET", "/api/v1/employees?format=csv")).text();
    expect(csv).toContain("Example,Ada,ada@example.org,assembly");
  });

  it("that takes many at once tells what became of each, and keeps what went through", async () => {
    const employeeId = `e-${randomUUID()}`;
    const items = [
      { operation: "create", body: newPerson({ employeeId, siteIds: ["hq"] }) },
      { operation: "create", body: newPerson({ employeeId: "no spaces" }) },
      { operation: "change", target: employeeId, body: { jobTitle: "Welder" } },
      { operation: "assign-badge", target: employeeId, body: { badge: "number-77" } },
    ];
    const first = { items: items.slice(0, 2) };
    const made = await (await cloud.call("POST", "/api/v1/employees:batch", first)).json();
    expect(made).toMatchObject({
      succeeded: 1,
      results: [
        { index: 0, status: 201, id: employeeId, problem: null },
        { index: 1, status: 422, problem: { errors: [{ pointer: "#/employeeId" }] } },
      ],
    });
    const { version } = (made as { results: Array<{ version: number }> }).results[0] ?? {
      version: 0,
    };
    const more = { items: [items[2], { ...items[2], ifMatch: version }, items[3]] };
    const changed = await (await cloud.call("POST", "/api/v1/employees:batch", more)).json();
    expect(changed).toMatchObject({
      succeeded: 2,
      results: [
        { status: 428, problem: { code: "api.precondition-required" } },
        { status: 200, id: employeeId },
        { status: 201 },
      ],
    });
  });

  it("that answers 202 names an operation, followed to its end", async () => {
    const wanted = { report: "overtime", format: "csv", fromOn: "2026-11-01", toOn: "2026-11-02" };
    const asked = await cloud.call("POST", "/api/v1/reports", wanted);
    expect(asked.status).toBe(202);
    const at = asked.headers.get("location") ?? "";
    expect(at).toMatch(/^\/api\/v1\/operations\/report\./u);
    const ended = await eventually(async () => {
      const response = await cloud.call("GET", at);
      const body = (await response.json()) as { status: string; result: string };
      return body.status === "running" ? undefined : body;
    });
    expect(ended).toMatchObject({ status: "succeeded", progress: 1, error: null });
    expect((await cloud.call("GET", ended.result)).status).toBe(200);
  });
});

const FORMATS = {
  "text/csv": "csv",
  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
  "application/pdf": "pdf",
};
