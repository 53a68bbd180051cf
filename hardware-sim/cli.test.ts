import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseBadge, parseEvery, parseFaults, parseInstant, parseKey, parseNumber } from "./cli.ts";
import { createReader } from "./osdp/reader.ts";

const invalid = expect.objectContaining({ code: "config.invalid" });

describe("options of the command line", () => {
  it("reads intervals", () => {
    expect(["500ms", "5s", "2m"].map(parseEvery)).toEqual([500, 5_000, 120_000]);
  });

  it("reads faults in percent and names the known ones otherwise", () => {
    expect(parseFaults("drop=1%,flip=0.1%")).toEqual({ drop: 0.01, flip: 0.001 });
    expect(() => parseFaults("melt=1%")).toThrowError(/drop=1%, flip=1%/);
    expect(() => parseFaults("drop=101%")).toThrowError(invalid);
  });

  it("reads instants only with their zone", () => {
    expect(parseInstant("2026-11-23T05:30:00+01:00")).toBe(Date.UTC(2026, 10, 23, 4, 30));
    expect(() => parseInstant("2026-11-23T05:30:00")).toThrowError(invalid);
  });

  it("never shows a wrong key in the message", () => {
    expect(() => parseKey("30313233")).toThrowError("--key: 32 hex digits");
    expect(parseKey("00".repeat(16))).toEqual(new Uint8Array(16));
  });

  it("presents cards as cards and digits at the keypad", () => {
    const reader = createReader({ address: 0, now: () => 0, random: () => new Uint8Array(8) });
    expect(parseBadge("26:123:45678")(reader, "1")).toBe(true);
    expect(reader.pending()).toBe(1);
    expect(parseBadge("123")(reader, "2")).toBe(true);
    expect(reader.pending()).toBe(1 + 4);
  });

  it("refuses anything else with one code and no crash", () => {
    const parsers = [
      parseEvery,
      parseFaults,
      parseInstant,
      parseKey,
      parseBadge,
      (text: string) => parseNumber("people", text, { min: 1, max: 9 }),
    ];
    fc.assert(
      fc.property(fc.constantFrom(...parsers), fc.string(), (parse, text) => {
        try {
          parse(text);
        } catch (error) {
          expect(error).toEqual(invalid);
        }
      }),
    );
  });
});
