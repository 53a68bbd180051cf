import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { readBadge } from "./badge.ts";
import { serialBadgeConfigSchema } from "./config.ts";
import { readContent, trailerBytesOf } from "./content.ts";
import { createFramer } from "./framer.ts";
import { patternOf } from "./safe-pattern.ts";

const golden = join(import.meta.dirname, "../../../test/vectors/serial-badge");
const expectedSchema = z.strictObject({ preset: z.string(), tag: z.string(), number: z.string() });

const vectors = readdirSync(golden, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => {
    const read = (file: string): string => readFileSync(join(golden, name, file), "utf8");
    const expected = expectedSchema.parse(JSON.parse(read("expected.json")));
    return { name, expected, bytes: Buffer.from(read("input.hex").replaceAll(/\s/g, ""), "hex") };
  });

/** Everything between the wire and the journal, without the driver around it. */
function readAll(config: Record<string, unknown>, bytes: Uint8Array): unknown[] {
  const rules = serialBadgeConfigSchema.parse({ reader: "gate", ...config });
  const badgeRules = { ...rules, pattern: patternOf(rules.pattern) };
  const framer = createFramer({ ...rules, trailerBytes: trailerBytesOf(rules.checksum) });
  return framer.push(bytes, 0).flatMap((event): unknown[] => {
    if (event.kind !== "frame") return event.kind === "blank" ? [] : [event.reason];
    const content = readContent(event, rules);
    const read = content.kind === "text" ? readBadge(content.text, badgeRules) : content;
    return [read.kind === "badge" ? read.credential : read.reason];
  });
}

const line = (text: string): Buffer => Buffer.from(`${text}\r\n`, "latin1");
const number = (value: string) => ({ kind: "number", value });
const RDM = Buffer.from("\u0002100086F44426\u0003", "latin1");

describe("golden frames", () => {
  test("are there for every preset", () => {
    expect(new Set(vectors.map(({ expected }) => expected.preset))).toEqual(
      new Set(["rdm6300", "id-12", "ascii-line"]),
    );
  });

  test.each(vectors)("$name gives the number printed on the tag", ({ expected, bytes }) => {
    expect(readAll({ preset: expected.preset }, bytes)).toEqual([number(expected.number)]);
  });

  test.each(vectors.filter(({ expected }) => expected.preset !== "ascii-line"))(
    "$name with any one bit flipped gives no badge",
    ({ expected, bytes }) => {
      for (let bit = 0; bit < bytes.length * 8; bit += 1) {
        const flipped = Buffer.from(bytes);
        flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        const others = readAll({ preset: expected.preset }, flipped).filter(
          (one) => typeof one !== "string",
        );
        // A capital letter made small is the same digit; CR and LF before the end mean nothing.
        expect([[], [number(expected.number)]], `bit ${bit}`).toContainEqual(others);
      }
    },
  );
});

describe("one tag, called in every way there is", () => {
  test.each([
    [{ as: "text" }, number("100086F444")],
    [{ as: "decimal", lowBits: 32, digits: 10 }, number("0008844356")],
    [{ as: "decimal" }, number("68728321092")],
    [{ as: "hex", digits: 10 }, number("100086F444")],
    [{ as: "hex", lowBits: 32, digits: 8 }, number("0086F444")],
    [{ as: "facility-number" }, number("134-62532")],
    [
      { as: "card", format: "H10301" },
      { kind: "card", bits: 26, hex: "c37a2200" },
    ],
    [
      { as: "bits", bits: 40 },
      { kind: "card", bits: 40, hex: "100086f444" },
    ],
    [{ as: "bits", bits: 36 }, "out-of-range"],
  ])("%j", (badge, expected) => {
    expect(readAll({ preset: "rdm6300", badge }, RDM)).toEqual([expected]);
  });

  test("a line with facility and number of its own is the card, not cut to fit", () => {
    const config = {
      preset: "ascii-line",
      pattern: "(?<facility>\\d{1,3})[, ](?<number>\\d{1,5})",
      badge: { as: "card", format: "H10301" },
    };
    expect(readAll(config, line("123,45678"))).toEqual([
      { kind: "card", bits: 26, hex: "bdd93740" },
    ]);
    expect(readAll(config, line("300,45678"))).toEqual(["out-of-range"]);
    expect(readAll(config, line("123;45678"))).toEqual(["pattern"]);
    expect(readAll({ ...config, badge: { as: "text" } }, line("123 45678"))).toEqual([
      number("123-45678"),
    ]);
  });

  test("raw bits of a Wiegand converter are the card other readers see", () => {
    const config = { preset: "ascii-line", radix: 16, badge: { as: "bits", bits: 26 } };
    expect(readAll(config, Buffer.from("2F764DD\r"))).toEqual([
      { kind: "card", bits: 26, hex: "bdd93740" },
    ]);
  });
});

const message = (kind: string) => ({
  framing: { kind: "stx-etx", start: 0x53, end: 0x0d },
  checksum: { kind, includeStart: true, includeEnd: true, place: "after-end" },
});

// Brooks LF80C RFID reader, product manual 278580, 7.2.5: 'S' "02H0" CR, then XOR 24h, then sum 3Ah (13Ah).
describe("checksums of a published message", () => {
  test("XOR and sum, start and end included, as hex behind the end", () => {
    expect(readAll(message("xor"), Buffer.from("S02H0\r24"))).toEqual([number("02H0")]);
    expect(readAll(message("sum"), Buffer.from("S02H0\r3A"))).toEqual([number("02H0")]);
    expect(readAll(message("lrc"), Buffer.from("S02H0\rC6"))).toEqual([number("02H0")]);
    expect(readAll(message("xor"), Buffer.from("S02H0\r25"))).toEqual(["checksum"]);
  });

  test("as one byte, which may be the start or the end byte itself", () => {
    // '0' ^ '2' is 02h: the start byte; '1' ^ '2' is 03h: the end byte.
    const bytes = {
      framing: { kind: "stx-etx" },
      checksum: { kind: "xor", written: "byte", place: "after-end" },
    };
    expect(readAll(bytes, Buffer.from("\u000202\u0003\u0002"))).toEqual([number("02")]);
    expect(readAll(bytes, Buffer.from("\u000212\u0003\u0003"))).toEqual([number("12")]);
    const fixed = {
      framing: { kind: "length", bytes: 3 },
      checksum: { kind: "xor", written: "byte" },
    };
    expect(readAll(fixed, Buffer.from("02\u000212\u0003"))).toEqual([number("02"), number("12")]);
  });

  test("over a part of the bytes only", () => {
    const part = {
      framing: { kind: "stx-etx" },
      checksum: { kind: "xor", from: 1, to: 5 },
    };
    // '0' ^ '2' ^ 'H' ^ '0' = 7Ah; the leading S and what follows are not covered.
    expect(readAll(part, Buffer.from("\u0002S02H0Z7A\u0003"))).toEqual([number("S02H0Z")]);
  });
});
