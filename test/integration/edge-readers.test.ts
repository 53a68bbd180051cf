import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { attachBus } from "@clockleaf/hardware-sim/osdp/bus.ts";
import { createReader, type ReaderEvent } from "@clockleaf/hardware-sim/osdp/reader.ts";
import { openPty, type Pty } from "@clockleaf/hardware-sim/pty.ts";
import { createModule } from "@clockleaf/hardware-sim/zfm/module.ts";
import { resentSubject } from "@clockleaf/shared/subjects.ts";
import { jetstreamManager } from "@nats-io/jetstream";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { askStatus } from "../../edge-agent/health/control-client.ts";
import { type AgentProcess, startAgentProcess } from "../support/agent-process.ts";
import { edge } from "../support/edge-cli.ts";
import { eventually } from "../support/eventually.ts";
import { findNatsServer, type Site, startSite, TEST_GATEWAY } from "../support/nats.ts";
import { available } from "../support/parts.ts";
import { applyTestTopology } from "../support/uplink-rig.ts";

const serial = (path: string, baudRate: number): object => ({ serial: { path, baudRate } });
const OLD_KEY = "3f8a1c5e7b2d9046a1c3e5f708192b4d";

describe.skipIf(!available("nats-server", findNatsServer()))("readers, from the gateway", () => {
  let site: Site;
  let ptys: Pty[] = [];
  let agent: AgentProcess | undefined;
  let config: string;
  let runtimeDir: string;
  let keyFile: string;
  const told: ReaderEvent[] = [];

  beforeAll(async () => {
    site = await startSite();
    await applyTestTopology(site);
    const dir = join(site.dir, "agent");
    mkdirSync(dir);
    runtimeDir = join(dir, "run");
    config = join(dir, "gateway.yaml");
    keyFile = join(dir, "door.key");
    writeFileSync(keyFile, OLD_KEY, { mode: 0o600 });
    const [bus, sensor] = [join(dir, "bus"), join(dir, "sensor")];
    ptys = [openPty({ link: bus }), openPty({ link: sensor })];
    const reader = createReader({
      address: 3,
      scbk: Buffer.from(OLD_KEY, "hex"),
      now: () => performance.now(),
      random: (length) => randomBytes(length),
    });
    reader.onEvent((event) => told.push(event));
    attachBus(ptys[0]!, { readers: [reader], now: () => performance.now() });
    const module = createModule();
    // The person does as the light says: on at purple, off when it goes out.
    module.onEvent((event) => {
      if (event.kind === "light" && event.colour === "purple") module.press(42);
      if (event.kind === "dark") module.lift();
    });
    module.attach(ptys[1]!);
    writeFileSync(
      config,
      stringify({
        configVersion: 1,
        ...TEST_GATEWAY,
        runtimeDir,
        page: "off",
        directoryFile: join(dir, "directory.db"),
        journal: { path: join(dir, "journal.db") },
        nats: {
          servers: [site.leaf().server.url],
          seedFile: site.deployment.gateway(TEST_GATEWAY).seedFile,
        },
        lines: [
          {
            driver: "osdp",
            port: serial(bus, 9_600),
            settings: { readers: [{ id: "door", address: 3, keyFile }] },
          },
          { driver: "zfm", port: serial(sensor, 57_600), settings: { reader: "canteen" } },
        ],
      }),
    );
    agent = await startAgentProcess(config, runtimeDir);
    await online();
  });
  afterAll(async () => {
    await agent?.kill();
    for (const pty of ptys) await pty.close();
    await site[Symbol.asyncDispose]();
  });

  const online = (): Promise<unknown> =>
    eventually(
      async () => (await askStatus(runtimeDir)).readers.every(({ state }) => state === "online"),
      { what: "both readers on line" },
    );
  const readers = (...args: string[]) => edge("readers", ...args, "-c", config);

  it("are listed with their state", async () => {
    const { code, out } = await readers("--json");
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      readers: [
        { reader: "door", state: "online" },
        { reader: "canteen", state: "online" },
      ],
    });
    expect((await readers("list")).out).toMatch(/door +online/);
  });

  it("get a new key, which is then in the file and in the reader, and survives a new start", async () => {
    expect(await readers("set-key", "door")).toMatchObject({ code: 0 });
    const [installed] = told.flatMap((event) => (event.kind === "key-set" ? [event.key] : []));
    expect(readFileSync(keyFile, "utf8").trim()).toBe(Buffer.from(installed!).toString("hex"));
    expect(Buffer.from(installed!).toString("hex")).not.toBe(OLD_KEY);
    await agent?.kill();
    agent = await startAgentProcess(config, runtimeDir);
    await online();
  });

  it("show themselves and their lights", async () => {
    expect(await readers("locate", "door", "--seconds", "2")).toMatchObject({ code: 0 });
    expect(await readers("test-light", "door")).toMatchObject({ code: 0 });
    const lights = told.flatMap((event) =>
      event.kind === "light" && event.temporary ? [event.colour] : [],
    );
    expect(lights.slice(-3)).toEqual(["red", "amber", "green"]);
  });

  it("learn a finger into a slot and forget it, refusing what would overwrite one", async () => {
    const enrolled = await readers("enrol", "canteen", "--slot", "7");
    expect(enrolled.err).toContain("put the finger on");
    expect(enrolled.code).toBe(0);
    const { out } = await readers("slots", "canteen", "--json");
    expect(JSON.parse(out)).toMatchObject({ taken: [7] });
    const again = await readers("enrol", "canteen", "--slot", "7");
    expect(again).toMatchObject({ code: 1 });
    expect(again.err).toContain("slot 7 is taken: delete it first");
    expect(await readers("delete-slot", "canteen", "--slot", "7")).toMatchObject({ code: 0 });
    expect((await readers("slots", "canteen")).out).toContain("in use: none");
  });

  it("say what their kind cannot do, and which readers there are", async () => {
    const noClock = await readers("resync-clock", "door");
    expect(noClock).toMatchObject({ code: 1 });
    expect(noClock.err).toContain("no clock of its own");
    expect((await readers("locate", "dor")).err).toContain("clockleaf-edge readers");
    expect(await readers("locate", "door", "--seconds", "61")).toMatchObject({ code: 2 });
  });

  it("have their rows sent again on demand, and rows that are not there refused", async () => {
    await eventually(async () => (await askStatus(runtimeDir)).journal.waiting === 0);
    const { code, out } = await edge("journal", "requeue", "--from", "1", "-c", config, "--json");
    expect(code).toBe(0);
    const { first, last, queued } = JSON.parse(out);
    expect(queued).toBe(last - first + 1);
    const cloud = await site.connectCloud("cloud-admin");
    const subject = resentSubject(TEST_GATEWAY);
    await eventually(
      async () => {
        const { streams } = await jetstreamManager(cloud);
        const info = await streams.info(await streams.find(subject), { subjects_filter: subject });
        return subject in (info.state.subjects ?? {});
      },
      { what: "the rows at the hub once more" },
    );
    const refused = await edge("journal", "requeue", "--from", "1", "--to", "9999", "-c", config);
    expect(refused).toMatchObject({ code: 1 });
    expect(refused.err).toContain("clockleaf-edge backlog");
  });
});
