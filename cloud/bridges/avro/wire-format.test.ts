import { hasCode } from "@clockleaf/shared/lib/errors.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { frame, unframe } from "./wire-format.ts";

describe("a framed record", () => {
  it("begins with a zero and the id, big-endian", () => {
    expect(frame(0x01_02_03_04, Uint8Array.of(9, 8)).toString("hex")).toBe("00010203040908");
    expect(frame(0xff_ff_ff_ff, Uint8Array.of()).toString("hex")).toBe("00ffffffff");
  });

  it("comes back with its id", () => {
    fc.assert(
      fc.property(fc.nat({ max: 0xff_ff_ff_ff }), fc.uint8Array(), (id, body) => {
        const { schema, body: unframed } = unframe(frame(id, body));
        expect(schema).toEqual({ kind: "id", id });
        expect([...unframed]).toEqual([...body]);
      }),
      { seed: 20_261_123 },
    );
  });

  it("is read by its GUID as well", () => {
    const bytes = Buffer.from("0100112233445566778899aabbccddeeff07", "hex");
    const { schema, body } = unframe(bytes);
    expect(schema).toEqual({ kind: "guid", guid: "00112233-4455-6677-8899-aabbccddeeff" });
    expect([...body]).toEqual([7]);
  });

  it("never bears an id of other than 32 bits", () => {
    for (const id of [-1, 2 ** 32, 0.5, Number.NaN]) {
      expect(() => frame(id, Uint8Array.of())).toThrow(RangeError);
    }
  });

  it.each([
    ["", "wire.malformed"],
    ["00", "wire.malformed"],
    ["00000000", "wire.malformed"],
    ["0100112233445566778899aabbccddee", "wire.malformed"],
    ["0200000001", "wire.unsupported-version"],
    ["7b7d", "wire.unsupported-version"],
  ] as const)("is refused if it is none: %s", (hex, code) => {
    let thrown: unknown;
    try {
      unframe(Buffer.from(hex, "hex"));
    } catch (error) {
      thrown = error;
    }
    expect(hasCode(thrown, code)).toBe(true);
  });
});
