import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { makeCard } from "../cards.ts";
import { memoryLine } from "../line.ts";
import { attachHid } from "./feature-frames.ts";
import { PcproxReader } from "./pcprox.ts";

const golden = join(import.meta.dirname, "../../test/vectors/pcprox");
const bufferSchema = z.object({
  kind: z.literal("buffer"),
  lead: z.int(),
  trail: z.int(),
  format: z.literal(26),
  facility: z.int(),
  number: z.int(),
});
const read = (name: string, file: string): string =>
  readFileSync(join(golden, name, file), "utf8").trim();
const buffers = readdirSync(golden, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .flatMap(({ name }) => {
    const { success, data } = bufferSchema.safeParse(JSON.parse(read(name, "expected.json")));
    return success ? [{ name, ...data }] : [];
  });

const order = (code: number, argument = 0): Uint8Array =>
  Uint8Array.of(code, argument, 0, 0, 0, 0, 0, 0);
function ask(reader: PcproxReader, code: number): string {
  reader.setFeature(0, order(code));
  return Buffer.from(reader.getFeature(0, 8) ?? []).toString("hex");
}

describe("a simulated pcProx", () => {
  test("has golden buffers to be held against", () => {
    expect(buffers).toHaveLength(2);
  });

  test.each(buffers)("shows $name byte for byte", ({ name, lead, trail, facility, number }) => {
    const reader = new PcproxReader({ strip: { lead, trail } });
    reader.place(makeCard(26, facility, number));
    expect([ask(reader, 0x8f), ask(reader, 0x8e)]).toEqual(read(name, "input.hex").split("\n"));
  });

  test("is set for 26-bit cards and says its firmware as in the golden reports", () => {
    const reader = new PcproxReader();
    expect(ask(reader, 0x80)).toBe(read("page-0-h10301", "input.hex"));
    expect(ask(reader, 0x8a)).toBe(read("device-info-07.3.0", "input.hex"));
  });

  test("tells the length only after the data, and nothing once the card is gone", () => {
    const reader = new PcproxReader();
    reader.place(makeCard(26, 1, 2));
    expect(ask(reader, 0x8e)).toBe("0000000000000000");
    ask(reader, 0x8f);
    expect(ask(reader, 0x8e)).toBe("1818000000000000");
    reader.lift();
    expect(ask(reader, 0x8f)).toBe("0000000000000000");
  });

  test("takes the report after a page's order for the page, unless it was read first", () => {
    const reader = new PcproxReader();
    reader.setFeature(0, order(0x82));
    reader.setFeature(0, order(0x8f));
    expect(reader.page(2)).toEqual(order(0x8f));
    ask(reader, 0x82);
    reader.setFeature(0, order(0x8f));
    expect(reader.page(2)).toEqual(order(0x8f));
    expect(ask(reader, 0x8a)).not.toBe("0000000000000000");
  });

  test("reads no card while it is being set, and keeps what was not saved until its power goes", () => {
    const reader = new PcproxReader();
    reader.place(makeCard(26, 1, 2));
    reader.setFeature(0, order(0x82));
    reader.setFeature(0, Uint8Array.of(2, 2, 0, 0, 0, 0, 0, 0));
    expect([ask(reader, 0x8f), reader.led()]).toEqual(["0000000000000000", "green"]);
    reader.setFeature(0, order(0x90));
    expect(ask(reader, 0x8f)).not.toBe("0000000000000000");
    reader.powerCut();
    expect([reader.page(2), reader.saves()]).toEqual([new Uint8Array(8), 0]);
    reader.setFeature(0, order(0x90, 0b100));
    expect(reader.saves()).toBe(1);
  });
});

function show(reader: PcproxReader, leds: number, control = 2): void {
  reader.setFeature(0, order(0x82));
  reader.setFeature(0, Uint8Array.of(leds, control, 0, 0, 0, 0, 0, 0));
  reader.setFeature(0, order(0x90));
}

describe("the light of a simulated pcProx", () => {
  test("is told with the card that was read last, and only as a program shows it", () => {
    const reader = new PcproxReader();
    const lights: unknown[] = [];
    reader.onLight((led, card) => lights.push([led, card]));
    const [one, other] = [makeCard(26, 1, 2), makeCard(26, 1, 3)];
    reader.place(one);
    expect(reader.led()).toBe("green");
    show(reader, 0);
    ask(reader, 0x8f);
    reader.place(other);
    show(reader, 2);
    show(reader, 2);
    ask(reader, 0x8f);
    show(reader, 3);
    reader.powerCut();
    show(reader, 2);
    show(reader, 2, 0);
    expect(lights).toEqual([
      ["dark", undefined],
      ["green", one],
      ["amber", other],
      ["green", undefined],
    ]);
    expect(reader.greens()).toBe(2);
  });
});

describe("a HID device on a line", () => {
  test("answers feature reports by their number, however the bytes are cut", async () => {
    const [line, program] = memoryLine();
    const answers: number[] = [];
    program.onData((chunk) => answers.push(...chunk));
    attachHid(line, new PcproxReader());
    for (const byte of [0, 11, 1, 7, 0, ...order(0x8a), 2, 0, 0, 0, 4, 2, 8, 0, 8]) {
      await program.write(Uint8Array.of(byte));
    }
    await new Promise((resolve) => setImmediate(resolve));
    expect(answers).toEqual([0, 3, 3, 7, 1, 0, 11, 3, 8, 1, 0, 0, 0x30, 7, 0, 0x81, 0x60, 0]);
  });
});
