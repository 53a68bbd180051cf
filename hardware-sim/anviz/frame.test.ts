import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { crc16, createFramer, encodeCommand, encodeResponse } from "./frame.ts";

const VECTORS = join(import.meta.dirname, "../../test/vectors/anviz");
const fromHex = (hex: string): Uint8Array =>
  Uint8Array.from(Buffer.from(hex.replace(/\s/g, ""), "hex"));
const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

interface Vector {
  readonly kind: "call" | "reply";
  readonly device: number;
  readonly command: string;
  readonly ret?: number;
  readonly data: string;
}

const vectors = readdirSync(VECTORS, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => ({
    name,
    bytes: fromHex(readFileSync(join(VECTORS, name, "input.hex"), "utf8")),
    expected: JSON.parse(readFileSync(join(VECTORS, name, "expected.json"), "utf8")) as Vector,
  }));

const partsOf = ({ device, command, data }: Vector) => ({
  ch: device,
  cmd: Number.parseInt(command, 16),
  data: fromHex(data),
});

describe("golden frames", () => {
  it("finds the vectors", () => expect(vectors.length).toBeGreaterThanOrEqual(25));

  it("has the catalogue's check value", () => {
    expect(crc16(Buffer.from("123456789"))).toBe(0x6f91);
  });

  it.each(vectors)("encodes $name byte for byte", ({ expected, bytes }) => {
    const parts = partsOf(expected);
    const encoded =
      expected.kind === "call"
        ? encodeCommand(parts)
        : encodeResponse({ ...parts, ret: expected.ret ?? 0 });
    expect(toHex(encoded)).toBe(toHex(bytes));
  });

  it.each(vectors.filter(({ expected }) => expected.kind === "call"))(
    "hears $name",
    ({ expected, bytes }) => expect(createFramer().push(bytes, 0)).toEqual([partsOf(expected)]),
  );

  it.each(vectors.filter(({ expected }) => expected.kind === "reply"))(
    "passes over the neighbour's $name",
    ({ bytes }) => expect(createFramer().push(bytes, 0)).toEqual([]),
  );
});

describe("a damaged stream", () => {
  const ask = { ch: 5, cmd: 0x3c, data: new Uint8Array(0) };

  it("is nothing any more after a pause", () => {
    const framer = createFramer();
    framer.push(Uint8Array.of(0xa5, 0, 0, 0, 5, 0x3c, 0x01, 0x00), 1_000);
    expect(framer.push(encodeCommand(ask), 1_051)).toEqual([ask]);
    expect(framer.discarded()).toBe(8);
  });

  it("is read again from the next start, within the longest frame", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 80 }), { maxLength: 8 }), (noise) => {
        const framer = createFramer();
        for (const chunk of noise) framer.push(chunk, 0);
        const heard = Array.from({ length: 70 }, () => framer.push(encodeCommand(ask), 0)).flat();
        expect(heard).toContainEqual(ask);
      }),
    );
  });
});
