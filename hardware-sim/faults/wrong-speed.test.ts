import fc from "fast-check";
import { expect, it } from "vitest";
import { heardAt } from "./wrong-speed.ts";

it("is the same at the same speed, and within a percent of it", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      expect(heardAt({ sent: 9600, heard: 9600 }, bytes)).toEqual(bytes);
      expect(heardAt({ sent: 9600, heard: 9696 }, bytes)).toEqual(bytes);
    }),
  );
});

it("is other bytes at another speed, by hand", () => {
  // A NUL is nine bits low. At half the speed the listener's bits are two of them wide: low in its start and first three
  // data bits, high from there on. At double the speed its whole frame is low.
  expect(heardAt({ sent: 9600, heard: 4800 }, Uint8Array.of(0))).toEqual(Uint8Array.of(0xf8));
  expect(heardAt({ sent: 9600, heard: 19_200 }, Uint8Array.of(0))).toEqual(Uint8Array.of(0));
  // 55h falls and rises with every bit: at half the speed no low is long enough for a start bit.
  expect(heardAt({ sent: 9600, heard: 4800 }, Uint8Array.of(0x55))).toEqual(Uint8Array.of());
});

it("never makes sense of a tag at half or double the speed", () => {
  const tag = new TextEncoder().encode("\x020A00B1C2D37E\x03");
  for (const heard of [4800, 19_200, 38_400, 115_200]) {
    const text = new TextDecoder("latin1").decode(heardAt({ sent: 9600, heard }, tag));
    expect(text).not.toContain("0A00");
  }
});
