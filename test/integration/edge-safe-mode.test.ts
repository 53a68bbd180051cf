import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type HidReader, listenHidReader } from "@clockleaf/hardware-sim/hid/socket.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { edge as command } from "../support/edge-cli.ts";
import { type EdgeProcess, edgeProcess, editFile, hidLine } from "../support/edge-process.ts";
import { eventually } from "../support/eventually.ts";
import { type TempDir, tempDir } from "../support/temp.ts";

// A gateway whose configuration somebody has broken: its terminals go on, and everybody is told.

let temp: TempDir;
let edge: EdgeProcess;
let desk: HidReader;
beforeEach(async () => {
  temp = tempDir("safe-mode");
  edge = edgeProcess(temp.path);
  desk = await listenHidReader(join(temp.path, "desk.sock"));
  edge.write([hidLine(desk.path, "desk-1")]);
});
afterEach(async () => {
  await edge.stop();
  await desk.close();
  temp.remove();
});

async function tap(badge: string): Promise<void> {
  await eventually(() => desk.connected(), { what: "the agent at the reader" });
  const before = edge.badges().length;
  desk.tap(badge);
  await eventually(() => edge.badges().length > before, { what: `badge ${badge} in the journal` });
}

const runsWith =
  (wanted: string) =>
  (status: { configuration: { runsWith: string } }): boolean =>
    status.configuration.runsWith === wanted;

async function health(): Promise<{ status: number; body: unknown }> {
  const answer = await fetch(new URL("/health", await edge.link()));
  return { status: answer.status, body: await answer.json() };
}

describe("a gateway whose configuration is broken", () => {
  it("reads its terminals with the last good one, says so everywhere, and leaves the file alone", async () => {
    edge.start();
    await edge.until("running", runsWith("file"));
    await tap("1111");
    expect(await edge.stop()).toBe(0);

    editFile(edge.configFile, "lines:", "linez:");
    const broken = readFileSync(edge.configFile, "utf8");
    edge.start();
    const status = await edge.until("in safe mode", runsWith("last-good"));
    await tap("2222");
    expect(edge.badges()).toEqual(["1111", "2222"]);
    expect(status.state).toBe("degraded");
    expect(status.problems[0]).toMatch(
      /gateway\.yaml:\d+:\d+: linez: unknown key; did you mean "lines"/u,
    );
    expect(status.problems[0]).toMatch(/running with the last good one of 20\d\d-/u);
    expect(await health()).toEqual({ status: 503, body: { state: "safe-mode" } });
    const told = await command("status", "-c", edge.configFile);
    expect(told.code).toBe(6);
    expect(told.out).toContain("SAFE MODE");
    expect((await command("backlog", "-c", edge.configFile, "--json")).code).toBe(0);
    expect(edge.log()).toContain('"msg":"safe mode"');
    expect(readFileSync(edge.configFile, "utf8")).toBe(broken);
    // What it runs with is not good by being run with: the copy is still the one of before.
    expect(readFileSync(join(temp.path, "journal.db.last-good.yaml"), "utf8")).toContain("lines:");

    editFile(edge.configFile, "linez:", "lines:");
    const reloaded = await command("config", "reload", "-c", edge.configFile, "--json");
    expect(JSON.parse(reloaded.out)).toMatchObject({ runsWith: "file", problem: null });
    expect(reloaded.code).toBe(0);
    await tap("3333");
    expect(edge.badges()).toEqual(["1111", "2222", "3333"]);
  });

  it.each([
    [
      "the journal's place is gone from it",
      (file: string) => editFile(file, "path: journal.db", ""),
    ],
    ["it is no YAML at all", (file: string) => writeFileSync(file, "lines: [\u0000")],
    ["it is not there", (file: string) => rmSync(file)],
  ])("finds the last good one although %s", async (_, damage) => {
    edge.start();
    await edge.until("running", runsWith("file"));
    await edge.stop();
    damage(edge.configFile);
    edge.start();
    await edge.until("in safe mode", runsWith("last-good"));
    await tap("4444");
    expect(edge.badges()).toEqual(["4444"]);
  });

  it("reads nothing when there never was a good one, and is there to be corrected", async () => {
    editFile(edge.configFile, "lines:", "linez:");
    edge.start();
    const status = await edge.until("in safe mode", runsWith("none"));
    expect("journal" in status).toBe(false);
    expect(existsSync(join(temp.path, "journal.db"))).toBe(false);
    expect(await health()).toEqual({ status: 503, body: { state: "safe-mode" } });
    expect((await command("status", "-c", edge.configFile)).code).toBe(6);
    // Right at last, but for a key that is not there: still nothing to fall back to, and still somebody to ask.
    editFile(edge.configFile, "linez:", "lines:");
    editFile(edge.configFile, "gateway.nk", "elsewhere.nk");
    edge.signal("SIGHUP");
    await edge.until(
      "still in safe mode",
      ({ configuration }) => configuration.problem?.includes("cannot read the NKey seed") === true,
    );
    editFile(edge.configFile, "elsewhere.nk", "gateway.nk");
    edge.signal("SIGHUP");
    await edge.until("running", runsWith("file"));
    await tap("5555");
  });

  it("exits 3 at once with --strict", async () => {
    editFile(edge.configFile, "lines:", "linez:");
    const { code, err } = await command("run", "--strict", "-c", edge.configFile);
    expect(code).toBe(3);
    expect(err).toMatch(/gateway\.yaml:\d+:\d+: linez/u);
  });

  it("is no place for a good file whose agent cannot start: that exits", async () => {
    rmSync(join(temp.path, "gateway.nk"));
    const { code, err } = await command("run", "-c", edge.configFile);
    expect(code).toBe(3);
    expect(err).toContain("cannot read the NKey seed");
  });
});

describe("a configuration that changes under a running agent", () => {
  it("starts anew on SIGHUP, in the same process and with the same journal", async () => {
    edge.start();
    const before = await edge.until("running", runsWith("file"));
    await tap("1111");
    const other = await listenHidReader(join(temp.path, "gate.sock"));
    edge.write([hidLine(desk.path, "desk-1"), hidLine(other.path, "gate-1")]);
    edge.signal("SIGHUP");
    const after = await edge.until(
      "two readers",
      (status) => "readers" in status && status.readers.length === 2,
    );
    expect(
      "journal" in after && "journal" in before && after.journal.epoch === before.journal.epoch,
    ).toBe(true);
    await tap("2222");
    expect(edge.badges()).toEqual(["1111", "2222"]);
    await other.close();
    expect(await edge.stop()).toBe(0);
  });

  it("goes on undisturbed when the new one is broken, and does not take it for good", async () => {
    edge.start();
    const before = await edge.until("running", runsWith("file"));
    await tap("1111");
    editFile(edge.configFile, "desk-1", "desk 1");
    const { code, out } = await command("config", "reload", "-c", edge.configFile);
    expect([code, out]).toEqual([6, expect.stringMatching(/settings\.reader/u)]);
    // The very agent that ran before: it was not even stopped.
    expect((await edge.status()).startedAtMs).toBe(before.startedAtMs);
    await tap("2222");
    const copy = join(temp.path, "journal.db.last-good.yaml");
    expect(readFileSync(copy, "utf8")).toContain("reader: desk-1");
    expect(statSync(copy).mode & 0o777).toBe(0o600);
  });

  it("falls back loudly to what ran before when a good file cannot be started with", async () => {
    edge.start();
    await edge.until("running", runsWith("file"));
    editFile(edge.configFile, "gateway.nk", "elsewhere.nk");
    const { code, out } = await command("config", "reload", "-c", edge.configFile);
    expect([code, out]).toEqual([
      6,
      expect.stringMatching(/cannot start with it: cannot read the NKey seed/u),
    ]);
    await tap("3333");
    expect(readFileSync(join(temp.path, "journal.db.last-good.yaml"), "utf8")).toContain(
      "gateway.nk",
    );
  });
});
