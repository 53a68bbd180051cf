import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { crc16, createFramer, decodeFrame, encodeFrame, type Frame, MARK } from "./frame.ts";

const VECTORS = join(import.meta.dirname, "../../test/vectors/osdp");
const fromHex = (hex: string): Uint8Array =>
  Uint8Array.from(Buffer.from(hex.replace(/\s/g, ""), "hex"));
const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

interface Vector {
  readonly kind: string;
  readonly direction: string;
  readonly address: number;
  readonly sqn: number;
  readonly check: "crc" | "checksum";
  readonly id: string;
  readonly data: string;
}

const vectors = readdirSync(VECTORS, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => {
    const bytes = fromHex(readFileSync(join(VECTORS, name, "input.hex"), "utf8"));
    const expected = JSON.parse(
      readFileSync(join(VECTORS, name, "expected.json"), "utf8"),
    ) as Vector;
    return { name, expected, frame: bytes[0] === MARK ? bytes.subarray(1) : bytes };
  })
  .filter(({ expected }) => expected.kind === "frame");

describe("golden frames", () => {
  it("finds the vectors", () => {
    expect(vectors.length).toBeGreaterThan(25);
  });

  it.each(vectors)("encodes $name byte for byte", ({ expected, frame }) => {
    const encoded = encodeFrame({
      address: expected.address,
      reply: expected.direction === "reply",
      sqn: expected.sqn,
      check: expected.check,
      security: null,
      id: Number.parseInt(expected.id, 16),
      data: fromHex(expected.data),
    });
    expect(toHex(encoded)).toBe(toHex(frame));
  });

  it.each(vectors)("decodes $name", ({ expected, frame }) => {
    const decoded = decodeFrame(Uint8Array.from(frame));
    expect(decoded).toMatchObject({
      address: expected.address,
      reply: expected.direction === "reply",
      sqn: expected.sqn,
      check: expected.check,
      id: Number.parseInt(expected.id, 16),
    });
    expect(toHex(decoded?.data ?? Uint8Array.of())).toBe(expected.data);
  });

  it("computes the catalogue's check value of the CRC", () => {
    expect(crc16(new TextEncoder().encode("123456789"))).toBe(0xe5cc);
  });
});

const frameArbitrary: fc.Arbitrary<Frame> = fc.record({
  address: fc.integer({ min: 0, max: 0x7f }),
  reply: fc.boolean(),
  sqn: fc.integer({ min: 0, max: 3 }),
  check: fc.constantFrom("crc" as const, "checksum" as const),
  security: fc.option(
    fc.record({
      type: fc.integer({ min: 0x11, max: 0x14 }),
      data: fc.uint8Array({ maxLength: 4 }),
    }),
  ),
  id: fc.integer({ min: 0, max: 255 }),
  data: fc.uint8Array({ maxLength: 80 }),
});

const crcFrame = frameArbitrary.map((frame) => ({ ...frame, check: "crc" as const }));

/** Cuts bytes into chunks at the given places. */
function cut(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const edges = [0, ...places.map((place) => place % bytes.length), bytes.length];
  edges.sort((a, b) => a - b);
  return edges.slice(1).map((end, index) => bytes.subarray(edges[index], end));
}

describe("the framer", () => {
  it("finds every frame whatever the chunks", () => {
    fc.assert(
      fc.property(
        fc.array(frameArbitrary, { minLength: 1, maxLength: 4 }),
        fc.array(fc.nat(), { maxLength: 8 }),
        (frames, places) => {
          const wire = Uint8Array.from(frames.flatMap((frame) => [MARK, ...encodeFrame(frame)]));
          const framer = createFramer();
          const found = cut(wire, places).flatMap((chunk) => framer.push(chunk, 0));
          expect(found.map(({ bytes }) => toHex(bytes))).toEqual(
            frames.map((frame) => toHex(encodeFrame(frame))),
          );
          expect(framer.discarded()).toBe(0);
        },
      ),
    );
  });

  it("finds the next frame after any damage once the line has paused", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), crcFrame, (noise, frame) => {
        const framer = createFramer();
        framer.push(noise, 0);
        const bytes = encodeFrame(frame);
        framer.push(bytes, 1_000);
        // Noise that looks like a header can swallow one frame at most; the repeat gets through.
        const found = [...framer.push(bytes, 2_000), ...framer.push(bytes, 3_000)];
        expect(found.map((each) => toHex(each.bytes))).toContain(toHex(bytes));
      }),
    );
  });

  it("takes no frame with a flipped bit for sound", () => {
    fc.assert(
      fc.property(crcFrame, fc.nat(), (frame, at) => {
        const bytes = encodeFrame(frame);
        const bit = (at % ((bytes.length - 5) * 8)) + 40; // past the header, which only delays
        bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expect(decodeFrame(bytes)).toBeUndefined();
      }),
    );
  });

  it("never throws on random bytes and keeps little of them", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 3_000 }), { maxLength: 6 }), (chunks) => {
        const framer = createFramer();
        let pushed = 0;
        for (const [index, chunk] of chunks.entries()) {
          framer.push(chunk, index);
          pushed += chunk.filter((byte) => byte !== MARK).length;
        }
        expect(pushed - framer.discarded()).toBeLessThanOrEqual(1_440 + 5);
      }),
    );
  });
});
