import { copyFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createNkey } from "@clockleaf/shared/wire/nkey.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CloudRole } from "../../deploy/nats/permissions.ts";
import {
  type CloudProcess,
  runCloud,
  startCloudProcess,
  writeCloudConfig,
} from "../support/cloud.ts";
import { eventually } from "../support/eventually.ts";
import { findNatsServer, type Site, startHub } from "../support/nats.ts";
import { available } from "../support/parts.ts";
import { tempDir } from "../support/temp.ts";

const sample = join(import.meta.dirname, "../../deploy/cloud/cloud.sample.yaml");

async function checks(cloud: CloudProcess): Promise<string> {
  return await (await cloud.call("GET", "/readyz?verbose")).text();
}

async function ready(cloud: CloudProcess): Promise<number> {
  const response = await cloud.call("GET", "/readyz?verbose");
  await response.text();
  return response.status;
}

describe("the command line of the cloud", () => {
  const temp = tempDir("cloud-cli");
  afterAll(() => temp.remove());

  it("explains itself", async () => {
    const { code, stdout } = await runCloud(["--help"]);
    expect(code).toBe(0);
    expect(stdout).toContain("--role all|api|consumers");
  });

  it("checks the sample configuration and prints what is in force", async () => {
    const { code, stdout, stderr } = await runCloud(["--config", sample, "--check"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain("tenant    acme");
    expect(stdout).toContain("rules     1 groups, 1 assignments");
  });

  it("points at what is wrong in a configuration and exits with 3", async () => {
    const file = join(temp.path, "wrong.yaml");
    copyFileSync(sample, file);
    writeFileSync(file, "configVersion: 1\ntenant: acme\ndataDir: d\nnats:\n  severs: [x]\n");
    const { code, stderr } = await runCloud(["--config", file, "--check"]);
    expect(code).toBe(3);
    expect(stderr).toContain(`${file}:5:3: nats.severs: unknown key; did you mean "servers"?`);
    expect(stderr).toContain("    5 |   severs: [x]\n      |   ^");
    expect((await runCloud(["--config", join(temp.path, "none.yaml")])).code).toBe(3);
  });

  it("exits with 2 for words it does not know", async () => {
    const lines = ["", "--role all", "fly", "--fly", `--config ${sample} --role x`, "keys create"];
    const runs = await Promise.all(lines.map((line) => runCloud(line.split(" ").filter(Boolean))));
    expect(runs.map(({ code }) => code)).toEqual(lines.map(() => 2));
  });

  it("makes a key whose printed line fits the configuration", async () => {
    const { code, stdout } = await runCloud([
      "keys",
      "create",
      "--name",
      "board",
      "--scopes",
      "read,write",
    ]);
    expect(code).toBe(0);
    const [key, line] = stdout.trimEnd().split("\n");
    expect(key).toMatch(/^clk_live_[A-Za-z0-9_-]{43}$/u);
    const file = join(temp.path, "keyed.yaml");
    writeFileSync(
      file,
      `configVersion: 1\ntenant: acme\ndataDir: d\nnats: { servers: [nats://h] }\napiKeys:\n${line}\n`,
    );
    const checked = await runCloud(["--config", file, "--check"]);
    expect(checked.stdout).toContain("apiKey    board: read, write");
    expect((await runCloud(["keys", "create", "--name", "b", "--scopes", "all"])).code).toBe(2);
  });
});

describe.skipIf(!available("nats-server", findNatsServer()))("the cloud as a process", () => {
  let hub: Site;
  let config: { file: string; key: string };

  const configFor = (role: CloudRole): { file: string; key: string } =>
    writeCloudConfig({
      dir: hub.dir,
      name: `${role}.yaml`,
      servers: [hub.hub.url],
      seedFile: hub.deployment.seedFile(role),
    });

  beforeAll(async () => {
    hub = await startHub();
    config = configFor("cloud-all");
  });
  afterAll(() => hub.stop());

  it("starts before the hub does, becomes ready with it, and goes on through its restart", async () => {
    await hub.hub.stop();
    await using cloud = await startCloudProcess(config);
    expect((await cloud.call("GET", "/livez")).status).toBe(200);
    expect(await ready(cloud)).toBe(503);
    const early = await cloud.call("GET", "/api/v1/gateways");
    expect(early.status).toBe(503);
    expect(await early.json()).toMatchObject({ code: "stream.not-connected" });
    expect((await cloud.call("GET", "/openapi.json")).status).toBe(200);

    await hub.hub.start();
    await eventually(async () => (await ready(cloud)) === 200, { timeoutMs: 20_000 });
    const registration = { publicKey: createNkey().publicKey, name: "Door", zone: "Europe/Berlin" };
    expect((await cloud.call("PUT", "/api/v1/gateways/hq/gw9", registration)).status).toBe(201);

    await hub.hub.kill();
    await eventually(async () => (await ready(cloud)) === 503);
    await hub.hub.start();
    await eventually(async () => (await ready(cloud)) === 200, { timeoutMs: 20_000 });
    const found = await cloud.call("GET", "/api/v1/gateways/hq/gw9");
    expect(await found.json()).toMatchObject({ name: "Door" });

    const metrics = await (await cloud.call("GET", "/metrics")).text();
    expect(metrics).toMatch(/^clockleaf_nats_connected 1$/mu);
    expect(metrics).toMatch(/^clockleaf_ready 1$/mu);
    expect(metrics).toMatch(
      /^clockleaf_consumer_pending_messages\{consumer="attendance-intake"\} 0$/mu,
    );
    expect(metrics).toMatch(/^clockleaf_recalculation_people_left 0$/mu);
    expect(metrics).toMatch(/^clockleaf_projection_lag_events\{projection="attendance"\} 0$/mu);

    // An open event stream must not hold the stop up.
    const events = await cloud.call("GET", "/api/v1/events");
    expect(events.status).toBe(200);
    expect(await cloud.stop()).toBe(0);
  });

  it("describes every route it serves", async () => {
    await using cloud = await startCloudProcess(config);
    await eventually(async () => (await ready(cloud)) === 200, { timeoutMs: 20_000 });
    const document = (await (await cloud.call("GET", "/openapi.json")).json()) as {
      paths: Record<
        string,
        Record<string, { operationId?: string; summary?: string; responses: object }>
      >;
    };
    const operations = Object.values(document.paths).flatMap((path) => Object.values(path));
    const ids = operations.map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(operations.length);
    for (const { operationId, summary, responses } of operations) {
      expect(operationId).toMatch(/^[a-z][A-Za-z]+$/u);
      expect(summary).toMatch(/\S/u);
      expect(Object.keys(responses).length).toBeGreaterThan(0);
    }
    expect(ids).toEqual(expect.arrayContaining(["listGateways", "followEvents", "openSession"]));
  });

  it("splits into one process for HTTP and one for the streams", async () => {
    await using consumers = await startCloudProcess(configFor("cloud-consumers"), [
      "--role",
      "consumers",
    ]);
    await using api = await startCloudProcess(configFor("cloud-api"), ["--role", "api"]);
    // Neither may make the streams; both wait until somebody who may has done it.
    const made = await runCloud(["streams", "apply", "--config", configFor("cloud-admin").file]);
    expect(made.code).toBe(0);
    expect(made.stdout).toMatch(/^(created|unchanged)\tATTENDANCE$/mu);
    for (const cloud of [consumers, api]) {
      await eventually(async () => (await ready(cloud)) === 200, { timeoutMs: 20_000 });
    }
    expect(await checks(api)).toContain("projection attendance");
    expect(await checks(api)).not.toContain("consumer");
    expect(await checks(consumers)).toContain("consumer attendance-intake");
    expect((await consumers.call("GET", "/api/v1/employees")).status).toBe(404);

    const person = {
      employeeId: "split-1",
      email: "a@example.com",
      firstName: "Ada",
      lastName: "Byron",
      departmentId: "it",
      jobTitle: "Engineer",
      startDate: "2026-01-01",
      employmentType: "full-time",
      siteIds: ["hq"],
    };
    expect((await api.call("POST", "/api/v1/employees", person)).status).toBe(201);
    // What one process decides, the other works on.
    await eventually(async () => {
      const text = await (await consumers.call("GET", "/metrics")).text();
      // The person is created and becomes active.
      return /clockleaf_consumer_handled_total\{consumer="employee-directory"\} 2$/mu.test(text);
    });
  });

  it("stops when it is told to while the hub is away", async () => {
    await hub.hub.stop();
    await using cloud = await startCloudProcess(config);
    expect(await cloud.stop()).toBe(0);
    await hub.hub.start();
  });

  it("says so and ends if its address is taken", async () => {
    await using cloud = await startCloudProcess(config);
    const file = join(hub.dir, "taken.yaml");
    writeFileSync(
      file,
      `configVersion: 1\ntenant: acme\ndataDir: d\nnats: { servers: ["${hub.hub.url}"] }\nhttp: { port: ${cloud.port} }\n`,
    );
    const { code, stderr } = await runCloud(["--config", file]);
    expect(code).toBe(1);
    expect(stderr).toContain(`cannot listen on 127.0.0.1:${cloud.port}`);
  });
});
