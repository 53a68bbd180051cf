import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it, vi } from "vitest";
import { tempDir } from "../test/support/temp.ts";
import { createApiKey } from "./api/auth.ts";
import { configDigest, loadCloudConfig } from "./config.ts";

const sample = join(import.meta.dirname, "../deploy/cloud/cloud.sample.yaml");

describe("the cloud's configuration", () => {
  const temp = tempDir("cloud-config");
  afterAll(() => temp.remove());

  function load(lines: string): ReturnType<typeof loadCloudConfig> {
    const file = join(temp.path, "cloud.yaml");
    writeFileSync(
      file,
      `configVersion: 1\ntenant: acme\nnats: { servers: [nats://hub:4222], seedFile: keys/c.nk }\n${lines}`,
    );
    return loadCloudConfig(file);
  }

  it("makes the files of bridges absolute, and asks for the RabbitMQ that a queue is to be in", () => {
    const rabbit = "rabbitmq: { hosts: [mq:5672], user: clockleaf, passwordFile: mq.password }";
    const { bridges } = load(`dataDir: d\nbridges: { ${rabbit} }\n`);
    expect(bridges.rabbitmq?.passwordFile).toBe(join(temp.path, "mq.password"));
    for (const section of ["notification", "reporting", "documents"] as const) {
      const queue = `dataDir: d\n${section}: { queue: rabbitmq }\n`;
      expect(() => load(queue)).toThrow(`${section}.queue: rabbitmq needs bridges.rabbitmq`);
      expect(load(`${queue}bridges: { ${rabbit} }\n`)[section].queue).toBe("rabbitmq");
    }
  });

  it("takes the shipped sample, whose key opens nothing", () => {
    const config = loadCloudConfig(sample);
    expect(config.http).toEqual({
      host: "127.0.0.1",
      port: 8080,
      isBehindTls: false,
      trustedProxies: 0,
      metrics: "key",
      corsOrigins: [],
      rateLimit: { requests: 12_000, windowSeconds: 60 },
    });
    expect(config.apiKeys[0]?.sha256).toBe("0".repeat(64));
  });

  it("listens on loopback and asks for a key on /metrics unless told", () => {
    expect(load("dataDir: d\n").http).toEqual(loadCloudConfig(sample).http);
  });

  it("reads paths relative to the file", () => {
    const { dataDir, nats } = load("dataDir: ./data\n");
    expect(dataDir).toBe(join(temp.path, "data"));
    expect(nats.seedFile).toBe(join(temp.path, "keys/c.nk"));
    expect(load("dataDir: /var/lib/x\n").dataDir).toBe("/var/lib/x");
  });

  it("refuses two keys of one name: audit fields could not tell them apart", () => {
    const { entry } = createApiKey("board", ["read"]);
    const keys = `apiKeys: ${JSON.stringify([entry, { ...entry, sha256: "a".repeat(64) }])}\n`;
    expect(() => load(`dataDir: d\n${keys}`)).toThrow('two keys are named "board"');
  });

  it("points at rules that contradict each other", () => {
    const book = "rules:\n  groups:\n    office:\n      shifts:\n        newShiftGap: 20h\n";
    expect(() => load(`dataDir: d\n${book}`)).toThrow(
      /cloud\.yaml:9:22: rules\.groups\.office\.shifts\.newShiftGap: /u,
    );
  });

  it("refuses planted faults outside tests", () => {
    const hooks = "dataDir: d\ntestHooks:\n  ackBeforeApply: true\n";
    expect(() => load(hooks)).toThrow(/testHooks/u);
    vi.stubEnv("CLOCKLEAF_TEST_HOOKS", "1");
    expect(load(hooks).testHooks?.ackBeforeApply).toBe(true);
    vi.unstubAllEnvs();
  });

  it("prints a digest without what opens a door", () => {
    const { key, entry } = createApiKey("board", ["read"]);
    const digest = configDigest(load(`dataDir: d\napiKeys: ${JSON.stringify([entry])}\n`));
    expect(digest).toContain("board: read");
    expect(digest).not.toContain(entry.sha256);
    expect(digest).not.toContain(key);
  });
});
