import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type HidReader, listenHidReader } from "@clockleaf/hardware-sim/hid/socket.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { createNkey } from "../../shared/wire/nkey.ts";
import { edge, startEdge } from "../support/edge-cli.ts";
import { eventually } from "../support/eventually.ts";
import { type TempDir, tempDir } from "../support/temp.ts";

describe("the edge agent's command line", () => {
  let temp: TempDir;
  let config: string;
  let desk: HidReader;
  let agent: ChildProcess | undefined;

  beforeAll(async () => {
    temp = tempDir("cli");
    config = join(temp.path, "gateway.yaml");
    const socket = join(temp.path, "desk.sock");
    desk = await listenHidReader(socket);
    writeFileSync(join(temp.path, "gateway.nk"), createNkey().seed, { mode: 0o600 });
    const settings = {
      configVersion: 1,
      tenant: "acme",
      site: "hq",
      gateway: "gw1",
      runtimeDir: "run",
      page: { port: 0 },
      directoryFile: "directory.db",
      journal: { path: "journal.db" },
      nats: { servers: ["nats://127.0.0.1:9"], seedFile: "gateway.nk" },
      lines: [
        {
          driver: "hid-keyboard",
          port: { hidSocket: { path: socket } },
          settings: { reader: "desk-1" },
        },
      ],
    };
    writeFileSync(config, stringify(settings));
  });
  afterAll(async () => {
    agent?.kill("SIGKILL");
    await desk.close();
    temp.remove();
  });

  it("checks a configuration, and points at the line that is wrong", async () => {
    expect(await edge("config", "check", "-c", config)).toMatchObject({ code: 0 });
    const broken = join(temp.path, "broken.yaml");
    writeFileSync(broken, "configVersion: 1\ntenat: acme\n");
    const { code, err } = await edge("config", "check", "-c", broken);
    expect(code).toBe(3);
    expect(err).toMatch(/broken\.yaml:2:1: .*tenat/);
    expect(err).toContain("^");
  });

  it("makes a configuration to start from, describes it, and shows what it makes of one", async () => {
    const fresh = join(temp.path, "fresh.yaml");
    expect(await edge("config", "init", "--out", fresh, "--site", "berlin")).toMatchObject({
      code: 0,
    });
    expect(await edge("config", "init", "--out", fresh)).toMatchObject({ code: 3 });
    const shown = await edge("config", "show", "-c", fresh, "--json");
    expect(JSON.parse(shown.out)).toMatchObject({ site: "berlin", logLevel: "info" });
    const bare = join(temp.path, "bare.yaml");
    expect(await edge("config", "init", "--out", bare, "--no-readers")).toMatchObject({ code: 0 });
    const { out } = await edge("config", "check", "-c", bare, "--json");
    expect(JSON.parse(out)).toMatchObject({ ok: true, readers: [] });
    const schema = await edge("config", "schema");
    expect(JSON.parse(schema.out)).toMatchObject({ properties: { lines: { type: "array" } } });
    const migrated = await edge("config", "migrate", "-c", fresh, "--stdout");
    expect(migrated.out).toBe(readFileSync(fresh, "utf8"));
  });

  it("says what to type when no agent runs, and which words it does not know", async () => {
    const { code, err } = await edge("status", "-c", config);
    expect(code).toBe(5);
    expect(err).toContain("clockleaf-edge run");
    expect(await edge("sttus")).toMatchObject({ code: 2 });
  });

  it("serves readers without a network, and tells of every punch once it is durable", async () => {
    agent = startEdge("run", "-c", config);
    agent.stderr!.resume();
    await eventually(() => desk.connected(), { what: "the agent at the reader" });

    const tap = startEdge("tap", "-c", config, "--json");
    const lines = createInterface({ input: tap.stdout! })[Symbol.asyncIterator]();
    const first = lines.next();
    const knocking = setInterval(() => desk.tap("0012345678"), 300);
    const { value } = await first;
    clearInterval(knocking);
    tap.kill("SIGKILL");
    expect(JSON.parse(value ?? "null")).toMatchObject({
      punch: { reader: "desk-1", credential: { kind: "number", value: "0012345678" } },
      feedback: { light: "amber" }, // the directory was never loaded: nobody is refused
    });

    const status = await edge("status", "-c", config, "--json");
    expect(status.code).toBe(6); // the leaf server is not there
    expect(JSON.parse(status.out)).toMatchObject({
      state: "degraded",
      readers: [{ reader: "desk-1", state: "online" }],
      uplink: { state: { kind: "connecting" } },
      process: {
        rssBytes: expect.any(Number),
        loopDelay: { lastMinute: { p99Ms: expect.any(Number) } },
      },
    });
    const backlog = JSON.parse((await edge("backlog", "-c", config, "--json")).out);
    expect(backlog).toMatchObject({ from: "agent", deliveredRow: 0 });
    expect(backlog.waiting).toBeGreaterThan(1);
  });

  it("tells what a file changes against the one that an agent last started with", async () => {
    expect(await edge("config", "diff", "-c", config)).toMatchObject({
      code: 0,
      out: "the same\n",
    });
    const edited = join(temp.path, "edited.yaml");
    writeFileSync(edited, readFileSync(config, "utf8").replace("desk-1", "desk-2"));
    const { code, out } = await edge("config", "diff", "-c", edited, "--json");
    expect(code).toBe(1);
    expect(JSON.parse(out)).toEqual({
      differences: [{ path: "lines[0].settings.reader", before: "desk-1", after: "desk-2" }],
    });
  });

  it("stops in order and leaves a sound journal", async () => {
    agent!.kill("SIGTERM");
    const [code] = await once(agent!, "exit");
    expect(code).toBe(0);
    const verified = await edge("journal", "verify", "-c", config, "--json");
    expect(verified.code).toBe(0);
    const { out } = await edge("journal", "export", "-c", config);
    const kinds = out
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line).record.kind);
    expect(kinds).toContain("status");
    expect(kinds).toContain("punch");
  });
});
