import { expect, test } from "vitest";
import { runCloud, startCloudProcess, writeCloudConfig } from "../support/cloud.ts";
import { eventually } from "../support/eventually.ts";
import { findNatsServer, startHub } from "../support/nats.ts";
import { available } from "../support/parts.ts";
import { tempDir } from "../support/temp.ts";

test.skipIf(!available("nats-server", findNatsServer()))(
  "a new installation is set up with a token from its log or the command line, once",
  async () => {
    const dir = tempDir("identity-first");
    const hub = await startHub();
    const servers = [hub.hub.url];
    const seedFile = hub.deployment.seedFile("cloud-all");
    const config = writeCloudConfig({ dir: dir.path, servers, seedFile, more: { apiKeys: [] } });
    await using cloud = await startCloudProcess(config);
    await eventually(() => /"setupWith":"(clk_setup_[\w-]+)"/u.exec(cloud.log()));
    const command = ["admin", "setup-link", "--config", config.file];
    const { code, stdout } = await runCloud(command);
    expect(code).toBe(0);

    const root = `http://127.0.0.1:${cloud.port}`;
    const setUp = (token: string): Promise<Response> =>
      fetch(`${root}/setup`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ token, apiKey: { name: "first" } }),
      });
    const token = stdout.trim();
    const made = await setUp(token);
    expect(made.status).toBe(201);
    const { key } = (await made.json()) as { key: string };
    const ask = (path: string): Promise<Response> =>
      fetch(`${root}${path}`, { headers: { authorization: `Bearer ${key}` } });
    expect(await (await ask("/api/v1/me")).json()).toMatchObject({ name: "first" });
    expect((await ask("/api/v1/api-keys")).status).toBe(200);
    expect((await setUp(token)).status).toBe(409);
    expect((await runCloud(command)).code).toBe(1);
    // What was logged is the token that opens nothing any more, and nothing else that opens a door.
    expect(cloud.log()).not.toContain(key);
    expect(cloud.log()).not.toContain(token);
    await cloud[Symbol.asyncDispose]();
    await hub.stop();
    dir.remove();
  },
);
