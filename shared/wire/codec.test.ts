import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { hasCode } from "../lib/errors.ts";
import { decode, encode, MAX_MESSAGE_BYTES } from "./codec.ts";
import { badgeKey, badgeKeySchema, type Credential, journalRowSchema } from "./punch.ts";
import { childTraceparent, newTraceparent, traceIdOf } from "./trace-context.ts";

describe("the wire codec", () => {
  it("refuses a message over the limit on both ways", () => {
    const big = { text: "x".repeat(MAX_MESSAGE_BYTES) };
    expect(() => encode(big)).toThrowError(expect.objectContaining({ code: "wire.too-large" }));
    const bytes = encode({ text: "x".repeat(50) });
    expect(() => decode(bytes, z.any(), { what: "note", maxBytes: 20 })).toThrowError(
      expect.objectContaining({ code: "wire.too-large" }),
    );
  });

  it("answers any bytes with a value of the schema or one of its two codes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        try {
          journalRowSchema.parse(decode(bytes, journalRowSchema, { what: "row" }));
        } catch (error) {
          expect(hasCode(error, "wire.malformed", "wire.too-large")).toBe(true);
        }
      }),
      { seed: 20_261_124, numRuns: 5_000 },
    );
  });

  it("names the field that is wrong and never the content", () => {
    const bytes = encode({ pin: "4711" });
    expect(() => decode(bytes, z.object({ reader: z.string() }), { what: "row" })).toThrowError(
      /^row: reader: /,
    );
    expect(() => decode(bytes, z.object({ reader: z.string() }), { what: "row" })).not.toThrowError(
      /4711/,
    );
  });

  it("keeps instants as plain numbers", () => {
    const value = { at: 1_795_478_400_123, big: Number.MAX_SAFE_INTEGER, negative: -5 };
    const schema = z.object({ at: z.int(), big: z.int(), negative: z.int() });
    expect(decode(encode(value), schema, { what: "times" })).toEqual(value);
  });
});

describe("a badge key", () => {
  it("is one spelling per credential, and one that keys and URLs take", () => {
    const cards: Credential[] = [
      { kind: "card", bits: 26, hex: "bdd93740" },
      { kind: "number", value: "10042" },
    ];
    expect(cards.map(badgeKey)).toEqual(["card-26-bdd93740", "number-10042"]);
    for (const card of cards) expect(badgeKeySchema.safeParse(badgeKey(card)).success).toBe(true);
  });
});

describe("a trace context", () => {
  it("keeps its trace through every child and starts anew when there is none", () => {
    const parent = newTraceparent();
    const child = childTraceparent(parent);
    expect(traceIdOf(child)).toBe(traceIdOf(parent));
    expect(child).not.toBe(parent);
    expect(traceIdOf(childTraceparent("nonsense"))).toMatch(/^[0-9a-f]{32}$/);
  });
});
