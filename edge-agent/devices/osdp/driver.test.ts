import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parse as parseYaml } from "yaml";
import { eventually } from "../../../test/support/eventually.ts";
import { type TempDir, tempDir } from "../../../test/support/temp.ts";
import { createMemoryPair, type MemoryPair } from "../../ports/memory.ts";
import { describeDriver, GREEN, type RecordedDeps, recordedDeps } from "../driver.contract.ts";
import type { Feedback } from "../driver.ts";
import { type OsdpConfig, osdpConfigSchema } from "./config.ts";
import { osdpDriver } from "./driver.ts";
import { encodeFrame } from "./frame.ts";
import { cardEvent, createScriptedReader, type ScriptedReader } from "./scripted-reader.ts";

const KEY = Buffer.from("8f1c22d90a4b57e361b8c4d5026f7e93", "hex");
const LED = 0x69;

/** Hangs readers on the terminal's end of the line. */
function attach(pair: MemoryPair, readers: readonly ScriptedReader[]): void {
  pair.terminal.onData((bytes) => {
    for (const reader of readers) {
      const reply = reader.hear(bytes);
      if (reply !== undefined) void pair.terminal.write(reply);
    }
  });
}

const greensOf = (reader: ScriptedReader): number =>
  reader.commands.filter(({ id, data }) => id === LED && data[5] === 2).length;

const cardOf = (number: number): { kind: "card"; bits: number; hex: string } => ({
  kind: "card",
  bits: 26,
  hex: Buffer.from(cardEvent(number).data.subarray(4)).toString("hex"),
});

const readerConfig = (id: string, address: number): Record<string, unknown> => ({
  id,
  address,
  secureChannel: "off",
});

const fast = (readers: readonly Record<string, unknown>[]): OsdpConfig =>
  osdpConfigSchema.parse({ pollMs: 1, replyTimeoutMs: 30, readers });

describeDriver("the OSDP driver in clear", () => {
  const pair = createMemoryPair();
  const reader = createScriptedReader(5);
  attach(pair, [reader]);
  return rigOf(pair, reader, fast([readerConfig("door", 5)]));
});

describeDriver("the OSDP driver in a secure channel", () => {
  const pair = createMemoryPair();
  const reader = createScriptedReader(5, { key: KEY });
  attach(pair, [reader]);
  const keyFile = join(keys.path, "door.key");
  writeFileSync(keyFile, KEY.toString("hex"), { mode: 0o600 });
  const config = fast([{ ...readerConfig("door", 5), secureChannel: "required", keyFile }]);
  return rigOf(pair, reader, config);
});

function rigOf(pair: MemoryPair, reader: ScriptedReader, config: OsdpConfig) {
  return {
    driver: osdpDriver,
    config,
    port: pair.agent,
    credentialOf: cardOf,
    present: (badge: number) => reader.present(cardEvent(badge)),
    inject: (bytes: Uint8Array) => void pair.terminal.write(bytes),
    lose: () => pair.lose("pulled out"),
    forgotten: () => reader.forgotten.length,
    greens: () => greensOf(reader),
  };
}

let keys: TempDir;
beforeEach(() => {
  keys = tempDir("osdp-keys");
});
afterEach(() => keys.remove());

describe("several readers on one line", () => {
  let pair: MemoryPair;
  let deps: RecordedDeps;
  let dir: TempDir;
  let stop: AbortController;
  let run: Promise<void> | undefined;

  beforeEach(() => {
    pair = createMemoryPair();
    dir = tempDir("osdp");
    deps = recordedDeps(dir.path);
    stop = new AbortController();
    run = undefined;
  });
  afterEach(async () => {
    stop.abort();
    await run;
    dir.remove();
  });

  const start = (config: OsdpConfig): void => {
    run = osdpDriver.run(pair.agent, config, deps, stop.signal);
  };
  const two = fast([readerConfig("a", 1), readerConfig("b", 2)]);

  test("a commit that hangs holds its own reader back and nobody else", async () => {
    const [a, b] = [createScriptedReader(1), createScriptedReader(2)];
    attach(pair, [a, b]);
    const stuck = Promise.withResolvers<Feedback>();
    deps.answer = (reading) => (reading.reader === "a" ? stuck.promise : Promise.resolve(GREEN));
    start(two);
    a.present(cardEvent(1));
    await eventually(() => deps.readings.length === 1);
    const sqn = a.heard.at(-1)?.sqn;
    for (const badge of [2, 3, 4]) b.present(cardEvent(badge));
    await eventually(() => b.forgotten.length === 3);
    expect(a.forgotten).toEqual([]);
    expect(a.heard.at(-1)?.sqn).toBe(sqn);
    stuck.resolve(GREEN);
    await eventually(() => a.forgotten.length === 1 && greensOf(a) === 1);
  });

  test("a reader that is not there does not starve the one that is", async () => {
    const b = createScriptedReader(2);
    attach(pair, [b]);
    start(two);
    for (let badge = 1; badge <= 20; badge += 1) b.present(cardEvent(badge));
    await eventually(() => b.forgotten.length === 20);
    expect(deps.health.get("b")?.state).toBe("online");
    expect(deps.health.get("a")?.state).toBe("starting");
  });

  test("an echoing adapter, a foreign reader and noise cost nothing but counters", async () => {
    const b = createScriptedReader(2);
    const stranger = encodeFrame({
      address: 9,
      isReply: true,
      sqn: 1,
      check: "crc",
      security: null,
      ...cardEvent(99),
    });
    // A header out of the noise that announces 64 bytes: the real reply lies inside them.
    const falseHeader = Uint8Array.of(0x00, 0x53, 0x82, 0x40, 0x00, 0x04);
    pair.terminal.onData((bytes) => {
      const reply = b.hear(bytes) ?? new Uint8Array(0);
      for (const part of [bytes, stranger, falseHeader, reply]) void pair.terminal.write(part);
    });
    start(fast([readerConfig("b", 2)]));
    b.present(cardEvent(7));
    await eventually(() => b.forgotten.length === 1, { timeoutMs: 15_000 });
    stop.abort();
    await run;
    expect(deps.readings).toHaveLength(1);
    expect(deps.health.get("b")?.counters).toMatchObject({
      discarded_echo: expect.any(Number),
      discarded_address: expect.any(Number),
      discarded_stalled: expect.any(Number),
    });
  });

  test("a stopped agent leaves the card with the reader, and the next one takes it", async () => {
    const a = createScriptedReader(1);
    attach(pair, [a]);
    deps.answer = () => Promise.withResolvers<Feedback>().promise;
    const config = fast([readerConfig("a", 1)]);
    start(config);
    a.present(cardEvent(1));
    await eventually(() => deps.readings.length === 1);
    stop.abort();
    await run;
    expect(a.forgotten).toEqual([]);

    deps.answer = () => Promise.resolve(GREEN);
    const again = createMemoryPair();
    attach(again, [a]);
    stop = new AbortController();
    run = osdpDriver.run(again.agent, config, deps, stop.signal);
    await eventually(() => a.forgotten.length === 1);
    expect(a.lost).toEqual([]);
    expect(deps.readings.map(({ credential }) => credential)).toEqual([cardOf(1), cardOf(1)]);
    // The same exchange: the journal stores it once.
    expect(deps.readings[1]?.deviceSeq).toBe(deps.readings[0]?.deviceSeq);
  });

  test("starts numbering above what the journal has when its own state is gone", async () => {
    const a = createScriptedReader(1);
    attach(pair, [a]);
    const journaled = 8_000_000_000_000_000;
    deps.lastDeviceSeq = () => journaled;
    start(fast([readerConfig("a", 1)]));
    a.present(cardEvent(1));
    await eventually(() => deps.readings.length === 1);
    expect(deps.readings[0]?.deviceSeq).toBeGreaterThan(journaled);
  });

  test("a lost line turns an online reader offline", async () => {
    attach(pair, [createScriptedReader(1)]);
    const lost = osdpDriver.run(pair.agent, fast([readerConfig("a", 1)]), deps, stop.signal);
    lost.catch(() => undefined);
    await eventually(() => deps.statuses.length === 1);
    pair.lose("pulled out");
    await expect(lost).rejects.toMatchObject({ code: "port.lost" });
    expect(deps.statuses).toEqual([
      ["a", "online"],
      ["a", "offline"],
    ]);
  });
});

const parse = (readers: readonly unknown[]): string[] => {
  const result = osdpConfigSchema.safeParse({ readers });
  return result.success ? [] : result.error.issues.map(({ path }) => path.join("."));
};

describe("the OSDP configuration", () => {
  test("wants a key or a plain word that there is none", () => {
    expect(parse([{ id: "a", address: 1 }])).toEqual(["readers.0.keyFile"]);
    expect(parse([{ id: "a", address: 1, secureChannel: "off" }])).toEqual([]);
    expect(parse([{ id: "a", address: 1, keyFile: "k" }])).toEqual([]);
  });

  test("of the sample is valid", () => {
    const sample = readFileSync(join(import.meta.dirname, "sample.yaml"), "utf8");
    const config = osdpConfigSchema.parse(parseYaml(sample));
    expect(osdpDriver.readers(config)).toEqual(["front-door", "canteen", "old-terminal"]);
  });

  test("refuses two readers of one id or address, addresses beyond 126 and unknown fields", () => {
    const off = { secureChannel: "off" };
    expect(
      parse([
        { id: "a", address: 1, ...off },
        { id: "a", address: 2, ...off },
        { id: "c", address: 1, ...off },
      ]),
    ).toEqual(["readers.1.id", "readers.2.address"]);
    expect(parse([{ id: "a", address: 127, ...off }])).toEqual(["readers.0.address"]);
    expect(parse([{ id: "a", address: 1, color: "red", ...off }])).toEqual(["readers.0"]);
  });
});
