import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { parse as parseYaml } from "yaml";
import { z } from "zod";
import { eventually } from "../../../test/support/eventually.ts";
import { type TempDir, tempDir } from "../../../test/support/temp.ts";
import { createMemoryPair, type MemoryPair } from "../../ports/memory.ts";
import { describeDriver, type RecordedDeps, recordedDeps } from "../driver.contract.ts";
import { serialBadgeConfigSchema } from "./config.ts";
import { serialBadgeDriver } from "./driver.ts";

const configOf = (more: object) => serialBadgeConfigSchema.parse({ reader: "gate", ...more });

const hex = (value: number): string => value.toString(16).toUpperCase().padStart(2, "0");

/** As an RDM6300 sends tag `10 00 00 00 nn`. */
function frameOf(badge: number): Uint8Array {
  return Buffer.from(`\u000210000000${hex(badge)}${hex(0x10 ^ badge)}\u0003`, "latin1");
}
const numberOf = (badge: number): string => String(badge).padStart(10, "0");

describeDriver("the serial badge driver, STX to ETX", () => {
  const pair = createMemoryPair();
  return {
    driver: serialBadgeDriver,
    config: configOf({ preset: "rdm6300" }),
    port: pair.agent,
    credentialOf: (badge) => ({ kind: "number", value: numberOf(badge) }),
    present: (badge) => void pair.terminal.write(frameOf(badge)),
    inject: (bytes) => void pair.terminal.write(bytes),
    lose: () => pair.lose("pulled out"),
  };
});

describeDriver("the serial badge driver, line by line", () => {
  const pair = createMemoryPair();
  return {
    driver: serialBadgeDriver,
    config: configOf({ preset: "ascii-line" }),
    port: pair.agent,
    credentialOf: (badge) => ({ kind: "number", value: `90${badge}` }),
    present: (badge) => void pair.terminal.write(Buffer.from(`90${badge}\r\n`)),
    inject: (bytes) => void pair.terminal.write(bytes),
    lose: () => pair.lose("pulled out"),
  };
});

describe("the serial badge driver", () => {
  let pair: MemoryPair;
  let dir: TempDir;
  let deps: RecordedDeps;
  let stop: AbortController;
  let run: Promise<void>;

  beforeEach(() => {
    pair = createMemoryPair();
    dir = tempDir("serial-badge");
    deps = recordedDeps(dir.path);
    stop = new AbortController();
  });
  afterEach(async () => {
    stop.abort();
    await run.catch(() => undefined);
    dir.remove();
  });

  const start = (more: object): void => {
    run = serialBadgeDriver.run(pair.agent, configOf(more), deps, stop.signal);
  };
  const send = (bytes: Uint8Array | string): void =>
    void pair.terminal.write(typeof bytes === "string" ? Buffer.from(bytes, "latin1") : bytes);
  const heard = async (badge: number): Promise<void> => {
    send(frameOf(badge));
    await nextTurn();
    await nextTurn();
  };
  const counters = (): Readonly<Record<string, number>> => deps.health.get("gate")?.counters ?? {};

  test("hands a tag that lies on the reader over once, and says how often it came", async () => {
    start({ preset: "rdm6300", hint: "in" });
    for (let times = 0; times < 20; times += 1) send(frameOf(7));
    send(frameOf(8));
    await eventually(() => counters()["accepted"] === 2);
    expect(deps.readings).toEqual(
      [7, 8].map((badge) => ({
        reader: "gate",
        credential: { kind: "number", value: numberOf(badge) },
        hint: "in",
        deviceLocal: null,
        pin: "not-asked",
        deviceSeq: null,
        recordKey: null,
      })),
    );
    expect(counters()).toEqual({ badges: 2, accepted: 2, repeats: 19 });
    expect(deps.progressed).toBe(21);
  });

  test("takes no tag for gone because this process was too busy to hear of it", async () => {
    start({ preset: "rdm6300", repeat: { mode: "while-present", ms: 100 } });
    send(frameOf(7));
    await eventually(() => counters()["accepted"] === 1);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
    send(frameOf(7));
    await eventually(() => counters()["repeats"] === 1);
    expect(deps.readings).toHaveLength(1);
  });

  test("makes another punch of a tag that was gone and comes back", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    start({ preset: "rdm6300" });
    await heard(7);
    vi.advanceTimersByTime(900);
    await heard(7);
    vi.advanceTimersByTime(1_000);
    await heard(7);
    vi.useRealTimers();
    await eventually(() => counters()["accepted"] === 2);
    expect(counters()).toMatchObject({ badges: 2, repeats: 1 });
  });

  test("counts every byte it does not take, by reason", async () => {
    start({ preset: "rdm6300", idleMs: 20 });
    send("??");
    send("\u0002100086F44427\u0003");
    send("\u000210\u0002");
    send("100086F444\u000126\u0003");
    send("\u0002long enough to be no tag\u0003");
    send(frameOf(7));
    send("\u0002100");
    await eventually(() => counters()["discarded_stalled"] === 1);
    expect(counters()).toEqual({
      badges: 1,
      accepted: 1,
      discarded_noise: 1,
      discarded_checksum: 2,
      discarded_restarted: 1,
      "discarded_too-long": 1,
      discarded_stalled: 1,
      discarded_bytes: 2 + 14 + 3 + 15 + 26 + 4,
    });
  });

  test("hands over what is not of the site's formats, and counts it", async () => {
    start({
      preset: "ascii-line",
      radix: 16,
      badge: { as: "bits", bits: 26 },
      cardFormats: ["H10301"],
    });
    send("2F764DD\r2F764DC\r");
    await eventually(() => counters()["accepted"] === 2);
    expect(deps.readings.map(({ credential }) => credential)).toEqual([
      { kind: "card", bits: 26, hex: "bdd93740" },
      { kind: "card", bits: 26, hex: "bdd93700" },
    ]);
    expect(counters()).toMatchObject({ parity_right: 1, parity_wrong: 1 });
  });

  test("takes a tag that could not be stored for new when the reader sends it again", async () => {
    deps.answer = () => Promise.reject(new PlatformError("journal.damaged", "row 7"));
    start({ preset: "rdm6300" });
    send(frameOf(7));
    await eventually(() => counters()["not_stored"] === 1);
    deps.answer = () => Promise.resolve({ light: "green", text: null });
    send(frameOf(7));
    await eventually(() => counters()["accepted"] === 1);
    expect(deps.readings).toHaveLength(2);
  });

  test("stores what was read before it reports a lost line", async () => {
    const stored = Promise.withResolvers<void>();
    deps.answer = async () => {
      await stored.promise;
      return { light: "green", text: null };
    };
    start({ preset: "rdm6300" });
    send(frameOf(7));
    await eventually(() => deps.readings.length === 1);
    pair.lose("pulled out");
    stored.resolve();
    await expect(run).rejects.toMatchObject({ code: "port.lost", retriable: true });
    expect(counters()["accepted"]).toBe(1);
    expect(deps.statuses).toEqual([
      ["gate", "online"],
      ["gate", "offline"],
    ]);
  });
});

const issuesOf = (more: object): string[] => {
  const result = serialBadgeConfigSchema.safeParse({ reader: "gate", ...more });
  return result.success ? [] : result.error.issues.map(({ path }) => path.join("."));
};

describe("the configuration", () => {
  test("of the sample is valid", () => {
    const sample = readFileSync(join(import.meta.dirname, "sample.yaml"), "utf8");
    const config = serialBadgeConfigSchema.parse(parseYaml(sample));
    expect(serialBadgeDriver.readers(config)).toEqual(["canteen"]);
    expect(config.badge).toMatchObject({ as: "card", format: { name: "H10301" } });
  });

  test("of a preset is what its fields say, and each can be replaced", () => {
    const preset = configOf({ preset: "id-12", repeat: { mode: "off" } });
    expect(preset.framing).toEqual({ kind: "stx-etx", start: 2, end: 3 });
    expect(preset.suffix).toEqual([13, 10]);
    expect(preset.repeat.mode).toBe("off");
    expect(preset.radix).toBe(16);
  });

  test("is what it was when it is read back as the agent made it", () => {
    const made = configOf({ preset: "rdm6300", cardFormats: ["C1000-35"] });
    expect(serialBadgeConfigSchema.parse(JSON.parse(JSON.stringify(made)))).toEqual(made);
  });

  test("describes every field to editors", () => {
    const { properties = {} } = z.toJSONSchema(serialBadgeConfigSchema, { io: "input" });
    expect(Object.keys(properties)).toEqual([
      "preset",
      ...Object.keys(configOf({ preset: "id-12" })),
    ]);
    for (const field of Object.values(properties)) expect(field).toHaveProperty("description");
  });

  test("needs a framing, and refuses what cannot work", () => {
    expect(issuesOf({})).toEqual(["framing"]);
    expect(issuesOf({ preset: "ascii-line", colour: "red" })).toEqual([""]);
    expect(issuesOf({ preset: "ascii-line", pattern: "(\\d+)" })).toEqual(["pattern"]);
    expect(issuesOf({ preset: "ascii-line", pattern: "(?<number>(a+)+)" })).toEqual(["pattern"]);
    expect(issuesOf({ preset: "ascii-line", maxLength: 129 })).toEqual(["maxLength"]);
    const byte = { kind: "xor", written: "byte" };
    expect(issuesOf({ preset: "ascii-line", checksum: byte })).toEqual(["checksum"]);
    expect(issuesOf({ framing: { kind: "length", bytes: 8 }, checksum: byte })).toEqual([]);
    const behind = { kind: "xor", place: "after-end" };
    expect(issuesOf({ preset: "ascii-line", checksum: behind })).toEqual(["checksum"]);
    expect(issuesOf({ preset: "rdm6300", checksum: { kind: "xor", from: 4, to: 4 } })).toEqual([
      "checksum",
    ]);
  });
});
