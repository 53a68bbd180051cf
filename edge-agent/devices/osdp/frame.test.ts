import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  closeFrame,
  createFramer,
  encodeFrame,
  type Frame,
  MAX_FRAME_BYTES,
  withMark,
} from "./frame.ts";

const poll = encodeFrame({
  address: 5,
  isReply: false,
  sqn: 2,
  check: "crc",
  security: null,
  id: 0x60,
  data: new Uint8Array(0),
});

const anyFrame = fc
  .record({
    address: fc.integer({ min: 0, max: 126 }),
    isReply: fc.boolean(),
    sqn: fc.constantFrom(0, 1, 2, 3) satisfies fc.Arbitrary<0 | 1 | 2 | 3>,
    check: fc.constantFrom("crc" as const, "checksum" as const),
    id: fc.integer({ min: 0, max: 255 }),
    data: fc.uint8Array({ maxLength: 120 }),
  })
  .map((parts) => ({ parts, bytes: encodeFrame({ ...parts, security: null }) }));

function splitAt(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const points = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].toSorted(
    (a, b) => a - b,
  );
  const edges = [0, ...points, bytes.length];
  return edges.slice(1).map((end, at) => bytes.subarray(edges[at], end));
}

const hexOf = (frames: readonly Frame[]): string[] =>
  frames.map((frame) => Buffer.from(frame.bytes).toString("hex"));

describe("the OSDP framer", () => {
  test("finds the same frames however the bytes are split, with and without marks", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(anyFrame, fc.boolean()), { minLength: 1, maxLength: 6 }),
        fc.array(fc.nat(), { maxLength: 12 }),
        (sent, cuts) => {
          const stream = Buffer.concat(
            sent.map(([frame, marked]) => (marked ? withMark(frame.bytes) : frame.bytes)),
          );
          const framer = createFramer();
          const got = splitAt(stream, cuts).flatMap((chunk) => framer.push(chunk));
          expect(hexOf(got)).toEqual(
            sent.map(([frame]) => Buffer.from(frame.bytes).toString("hex")),
          );
          expect(
            got.map(({ address, isReply, sqn, id }) => ({ address, isReply, sqn, id })),
          ).toEqual(
            sent.map(([{ parts }]) => ({
              address: parts.address,
              isReply: parts.isReply,
              sqn: parts.sqn,
              id: parts.id,
            })),
          );
          expect(framer.takeDiscards()).toEqual({});
          expect(framer.held).toBe(0);
        },
      ),
    );
  });

  test("never throws, never grows, and finds the next good frame after any damage", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            fc.uint8Array({ maxLength: 300 }),
            fc.tuple(anyFrame, fc.nat(), fc.nat()).map(([frame, at, flip]) => {
              const damaged = Uint8Array.from(frame.bytes);
              damaged[at % damaged.length] =
                (damaged[at % damaged.length] ?? 0) ^ (1 + (flip % 255));
              return damaged;
            }),
            fc.tuple(anyFrame, fc.nat()).map(([frame, drop]) => {
              const at = drop % frame.bytes.length;
              return Buffer.concat([frame.bytes.subarray(0, at), frame.bytes.subarray(at + 1)]);
            }),
          ),
          { maxLength: 20 },
        ),
        (damage) => {
          const framer = createFramer();
          for (const chunk of damage) {
            framer.push(chunk);
            expect(framer.held).toBeLessThanOrEqual(MAX_FRAME_BYTES);
          }
          // What the master does after a silent line, then the very next frame counts.
          framer.expire();
          expect(framer.held).toBeLessThanOrEqual(1);
          expect(hexOf(framer.push(poll))).toContain(Buffer.from(poll).toString("hex"));
        },
      ),
    );
  });

  test("digs a good frame out of the body of a false one", () => {
    const framer = createFramer();
    // A SOM out of the noise announces 255 bytes; the good frame follows inside them.
    const falseHeader = Uint8Array.of(0x53, 0x85, 0xff, 0x00, 0x04);
    expect(framer.push(Buffer.concat([falseHeader, poll]))).toEqual([]);
    expect(hexOf(framer.expire())).toEqual([Buffer.from(poll).toString("hex")]);
    expect(framer.takeDiscards()).toMatchObject({ stalled: 1 });
  });

  test("counts every discard under its reason", () => {
    const framer = createFramer();
    framer.push(Uint8Array.of(1, 2, 3));
    framer.push(Uint8Array.of(0x53, 0x85, 0x01, 0x00, 0x04));
    framer.push(Uint8Array.of(0x53, 0x05, 0x08, 0x00, 0x06, 0x60, 0x00, 0x00));
    framer.expire();
    const discards = framer.takeDiscards();
    expect(discards).toMatchObject({ length: 1, check: 1 });
    expect(discards.noise).toBeGreaterThanOrEqual(1);
    expect(framer.takeDiscards()).toEqual({});
  });

  test("refuses a frame whose security block leaves no room for ID and MAC", () => {
    const parts = {
      address: 5,
      isReply: true,
      sqn: 1,
      check: "crc",
      data: new Uint8Array(0),
    } as const;
    // A block that announces a MAC of four bytes in a frame that has none.
    const honest = encodeFrame({
      ...parts,
      security: { type: 0x14, data: Uint8Array.of(1) },
      id: 0x40,
    });
    const lying = Uint8Array.from(honest.subarray(0, -2));
    lying[6] = 0x16;
    const framer = createFramer();
    expect(framer.push(closeFrame(lying, "crc"))).toEqual([]);
    expect(framer.takeDiscards()).toMatchObject({ header: 1 });
    const tooLong = Uint8Array.from(honest.subarray(0, -2));
    tooLong[5] = 200;
    framer.push(closeFrame(tooLong, "crc"));
    expect(framer.takeDiscards()).toMatchObject({ header: 1 });
  });
});
