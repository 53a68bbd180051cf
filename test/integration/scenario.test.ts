import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { surroundings } from "@clockleaf/hardware-sim/command.ts";
import { runScenario, type ScenarioLedger } from "@clockleaf/hardware-sim/scenario/run.ts";
import { loadScenario } from "@clockleaf/hardware-sim/scenario/schema.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { askStatus } from "../../edge-agent/health/control-client.ts";
import { edge, startEdge, writeEdgeConfig } from "../support/edge-cli.ts";
import { eventually } from "../support/eventually.ts";
import { type TempDir, tempDir } from "../support/temp.ts";

const SAMPLE = join(import.meta.dirname, "../../hardware-sim/scenarios/day-of-faults.yaml");

/** Who comes to each reader by the sample, as the journal names them. */
const CAME: Readonly<Record<string, readonly string[]>> = {
  gate: ["0008844356", "0013530444"],
  desk: ["0087654321", "0012345678"],
  hall: ["7", "8", "9", "9", "9", "9", "9", "7", "8", "9"],
  lab: ["2", "1", "3"],
};

describe("the sample scenario, with a real agent at the other end of its wires", () => {
  let temp: TempDir;
  let config: string;
  let agent: ChildProcess;
  let ledger: ScenarioLedger;
  const facts: Readonly<Record<string, unknown>>[] = [];

  beforeAll(async () => {
    temp = tempDir("scenario");
    const file = join(temp.path, "day.yaml");
    copyFileSync(SAMPLE, file);
    const at = (name: string): string => join(temp.path, name);
    const lines = [
      {
        driver: "serial-badge",
        port: { serial: { path: at("gate") } },
        settings: { reader: "gate", preset: "rdm6300" },
      },
      {
        driver: "hid-keyboard",
        port: { hidSocket: { path: at("desk.sock") } },
        settings: { reader: "desk" },
      },
      {
        driver: "anviz",
        port: { serial: { path: at("hall") } },
        settings: { readers: [{ id: "hall", deviceNumber: 1 }], pollMs: 50, replyTimeoutMs: 300 },
      },
      {
        driver: "zfm",
        port: { serial: { path: at("lab"), baudRate: 57_600 } },
        settings: { reader: "lab" },
      },
    ];
    config = writeEdgeConfig(temp.path, lines, { timeZone: "UTC" });
    const runtimeDir = at("run");
    const allOnline = async (): Promise<boolean> =>
      (await askStatus(runtimeDir)).readers.every(({ state }) => state === "online");
    const around = {
      ...surroundings({}, new Promise(() => undefined)),
      say: () => undefined,
      fact: (value: Readonly<Record<string, unknown>>) => void facts.push(value),
    };
    ledger = await runScenario(loadScenario(file), {
      file,
      speed: 1,
      around,
      async begin() {
        agent = startEdge("run", "-c", config);
        agent.stderr!.resume();
        await eventually(allOnline, { what: "all readers online" });
      },
    });
    agent.kill("SIGTERM");
    await once(agent, "exit");
  }, 120_000);
  afterAll(() => {
    agent.kill("SIGKILL");
    temp.remove();
  });

  it("ends with every tap acknowledged where the terminal can know it", () => {
    expect(ledger.terminals).toEqual({
      gate: { taps: 2, acknowledged: null, waiting: null, lost: null },
      desk: { taps: 2, acknowledged: null, waiting: null, lost: 0 },
      hall: { taps: 10, acknowledged: 10, waiting: 0, lost: 0 },
      lab: { taps: 3, acknowledged: 3, waiting: 0, lost: null },
    });
    const acts = facts.filter(({ kind }) => kind === "act");
    expect(acts).toHaveLength(17 + 11);
  });

  it("brings every punch into the journal once", async () => {
    const { out } = await edge("journal", "export", "-c", config);
    const punches = out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line).record)
      .filter(({ kind }) => kind === "punch");
    for (const [reader, came] of Object.entries(CAME)) {
      const values = punches
        .filter((punch) => punch.reader === reader)
        .map(({ credential }) => String(credential.value).replace(`${reader}-`, ""));
      expect([reader, values.toSorted()]).toEqual([reader, came.toSorted()]);
    }
  });
});
