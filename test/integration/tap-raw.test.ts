import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { attachBus } from "@clockleaf/hardware-sim/osdp/bus.ts";
import { createReader } from "@clockleaf/hardware-sim/osdp/reader.ts";
import { openPty, type Pty } from "@clockleaf/hardware-sim/pty.ts";
import { createTagReader } from "@clockleaf/hardware-sim/serial-badge/reader.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseCapture } from "../../shared/wire/capture.ts";
import { edge, ended, startEdge, writeEdgeConfig } from "../support/edge-cli.ts";
import { eventually } from "../support/eventually.ts";
import { type TempDir, tempDir } from "../support/temp.ts";

const KEY = "8f21c07be4693a15d2f60b9487ce351d";

describe("looking on at a line and recording it", () => {
  let temp: TempDir;
  let config: string;
  let agent: ChildProcess;
  let gate: Pty;
  let bus: Pty;
  const tag = createTagReader({ style: "ascii-line" });

  beforeAll(async () => {
    temp = tempDir("tap-raw");
    const file = (name: string): string => join(temp.path, name);
    gate = openPty({ link: file("gate") });
    bus = openPty({ link: file("bus") });
    tag.attach(gate);
    writeFileSync(file("door.key"), KEY, { mode: 0o600 });
    const until = new Date(Date.now() + 3_600_000).toISOString();
    config = writeEdgeConfig(temp.path, [
      {
        driver: "serial-badge",
        port: { serial: { path: file("gate") } },
        settings: { reader: "gate", preset: "ascii-line" },
      },
      {
        driver: "osdp",
        port: { serial: { path: file("bus") } },
        settings: {
          readers: [{ id: "door", address: 0, keyFile: file("door.key"), installMode: { until } }],
        },
      },
    ]);
    agent = startEdge("run", "-c", config);
    agent.stderr!.resume();
    await eventually(() => existsSync(file("run/agent.sock")), { what: "the agent to run" });
  });
  afterAll(async () => {
    agent.kill("SIGTERM");
    await once(agent, "close");
    await Promise.all([gate.close(), bus.close()]);
    temp.remove();
  });

  it("shows the bytes of a reader's line, in JSON and for people", async () => {
    const tap = startEdge("tap", "-c", config, "--raw", "--json", "--reader", "gate");
    const lines = createInterface({ input: tap.stdout! })[Symbol.asyncIterator]();
    expect(JSON.parse((await lines.next()).value ?? "")).toMatchObject({
      line: "gate",
      header: { driver: "serial-badge", readers: ["gate"], port: { kind: "serial" } },
    });
    await tag.tap("4711");
    expect(JSON.parse((await lines.next()).value ?? "")).toMatchObject({
      line: "gate",
      chunk: { dir: "in", hex: "343731310d0a" },
    });
    tap.kill("SIGINT");
    expect((await ended(tap)).code).toBe(0);

    const shown = startEdge("tap", "-c", config, "--raw", "--reader", "gate");
    await once(shown.stderr!, "data");
    await tag.tap("4712");
    const [text] = await once(shown.stdout!, "data");
    shown.kill("SIGINT");
    await once(shown, "close");
    expect(String(text)).toMatch(/\d+\.\d{3} s {2}gate {2}in {3}34 37 31 32 0d 0a +4712\.\.\n/);
  });

  it("records one line, says what the file holds, and shows it to its owner alone", async () => {
    const file = join(temp.path, "gate.ndjson");
    const save = startEdge("tap", "-c", config, "--reader", "gate", "--save", file);
    const [said] = await once(save.stderr!, "data");
    expect(String(said)).toMatch(/gate\.ndjson holds badge numbers/);
    for (const badge of ["1001", "1002"]) await tag.tap(badge);
    const recorded = (): string =>
      Buffer.from(
        parseCapture(readFileSync(file, "utf8"), file)
          .chunks.map(({ hex }) => hex)
          .join(""),
        "hex",
      ).toString();
    await eventually(() => recorded().includes("1002\r\n"));
    save.kill("SIGINT");
    expect((await ended(save)).err).toContain("chunks in ");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const { header } = parseCapture(readFileSync(file, "utf8"), file);
    expect(header).toMatchObject({ driver: "serial-badge", port: { baudRate: 9600 } });
    expect(recorded()).toBe("1001\r\n1002\r\n");

    const before = readFileSync(file, "utf8");
    const again = await edge("tap", "-c", config, "--reader", "gate", "--save", file);
    expect(again).toMatchObject({ code: 3, err: expect.stringContaining("does not exist yet") });
    expect(readFileSync(file, "utf8")).toBe(before);
  });

  it("asks which line, and names those there are", async () => {
    const file = join(temp.path, "none.ndjson");
    const unsaid = await edge("tap", "-c", config, "--save", file);
    expect(unsaid).toMatchObject({ code: 3, err: expect.stringContaining("gate, door") });
    const unknown = await edge("tap", "-c", config, "--save", file, "--reader", "roof");
    expect(unknown).toMatchObject({ code: 3, err: expect.stringContaining("roof is on no line") });
    expect(existsSync(file)).toBe(false);
  });

  it("never writes the key that a reader is given meanwhile, nor its echo", async () => {
    const file = join(temp.path, "door.ndjson");
    const save = startEdge("tap", "-c", config, "--reader", "door", "--save", file, "--restart");
    await once(save.stderr!, "data");
    const reader = createReader({
      address: 0,
      installMode: true,
      now: () => performance.now(),
      random: (length) => new Uint8Array(length).fill(9),
    });
    const given: string[] = [];
    reader.onEvent((event) => {
      if (event.kind === "key-set") given.push(Buffer.from(event.key).toString("hex"));
    });
    // An adapter that hears its own transmitter: everything we say comes in again.
    attachBus(bus, { readers: [reader], now: () => performance.now(), echo: true });
    await eventually(() => given.length > 0, { what: "the key to be handed over" });
    const chunksOf = () => parseCapture(readFileSync(file, "utf8"), file).chunks;
    // The next handshake is with that key, so the exchange that handed it over is in the file.
    await eventually(() => chunksOf().some(({ dir, hex }) => dir === "in" && hex.includes("0312")));
    await eventually(() => chunksOf().some(({ hidden }) => hidden === true));
    save.kill("SIGINT");
    await once(save, "close");
    expect(given).toEqual([KEY]);
    const keySet = chunksOf().filter(({ hex }) => /^(?:ff)?53.{8}021775/.test(hex));
    expect(keySet.length).toBeGreaterThan(0);
    for (const { hex, hidden, dir } of keySet) {
      expect({ dir, hidden }).toEqual({ dir: "out", hidden: true });
      expect(hex.slice(hex.indexOf("021775") + 6)).toMatch(/^0+$/);
    }
  });
});
