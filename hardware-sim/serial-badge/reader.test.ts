import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { eventually } from "../../test/support/eventually.ts";
import { memoryLine } from "../line.ts";
import { createTagReader, encodeTag, type Style, type TagReader } from "./reader.ts";

const VECTORS = join(import.meta.dirname, "../../test/vectors/serial-badge");
const golden = readdirSync(VECTORS, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => {
    const read = (file: string): string => readFileSync(join(VECTORS, name, file), "utf8");
    const expected = JSON.parse(read("expected.json")) as { preset: Style; tag: string };
    const { preset, tag } = expected;
    return { name, preset, tag, hex: read("input.hex").replaceAll(/\s/g, "") };
  });

function bench(style: Style): { readonly reader: TagReader; readonly heard: string[] } {
  const reader = createTagReader({ style, repeatMs: 1 });
  const [near, far] = memoryLine();
  const heard: string[] = [];
  far.onData((chunk) => heard.push(Buffer.from(chunk).toString("latin1")));
  reader.attach(near);
  return { reader, heard };
}

describe("the simulated badge reader", () => {
  it("finds the golden frames", () => {
    expect(golden.length).toBeGreaterThanOrEqual(5);
  });

  it.each(golden)("writes $name byte for byte", ({ preset, tag, hex }) => {
    expect(Buffer.from(encodeTag(preset, tag)).toString("hex")).toBe(hex);
  });

  it("sends a tag that lies on it again and again, until it is taken away", async () => {
    const { reader, heard } = bench("rdm6300");
    const takeAway = reader.hold("100086F444");
    await eventually(() => heard.length >= 3);
    takeAway();
    const before = reader.counters().frames;
    await reader.tap("62E3086CED");
    await eventually(() => heard.includes("\u000262E3086CED08\u0003"));
    expect(reader.counters()).toEqual({ taps: 2, frames: before + 1 });
    expect(new Set(heard).size).toBe(2);
  });

  it("sends nothing of a tag whose time is over, however late its timer is", async () => {
    const { reader, heard } = bench("rdm6300");
    reader.hold("100086F444", 20);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
    await reader.tap("62E3086CED");
    await eventually(() => heard.includes("\u000262E3086CED08\u0003"));
    expect(reader.counters()).toEqual({ taps: 2, frames: 2 });
  });

  it("loses what is tapped without power, and has no memory of it", async () => {
    const { reader, heard } = bench("ascii-line");
    reader.powerOff();
    await reader.tap("10042");
    reader.powerOn();
    await reader.tap("10043");
    await eventually(() => heard.length > 0);
    expect(heard).toEqual(["10043\r\n"]);
  });

  it("refuses a tag that no such reader can have read", () => {
    expect(() => encodeTag("rdm6300", "12345")).toThrow("ten hex digits");
  });
});
