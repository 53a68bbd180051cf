import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createFramer, encodePacket, MAX_FRAME_BYTES, type Packet } from "./frame.ts";
import { outcomeName, packetOf, type Request, SENDABLE_CODES } from "./requests.ts";

const golden = join(import.meta.dirname, "../../../test/vectors/sfm");
const fromHex = (hex: string): Uint8Array => Buffer.from(hex.replaceAll(/\s/g, ""), "hex");
const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

const vectors = readdirSync(golden, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => ({
    name,
    bytes: fromHex(readFileSync(join(golden, name, "input.hex"), "utf8")),
    expected: JSON.parse(readFileSync(join(golden, name, "expected.json"), "utf8")) as Packet,
  }));

describe("golden SFM packets", () => {
  test("are there", () => expect(vectors).toHaveLength(4));

  test.each(vectors)("encodes $name byte for byte", ({ bytes, expected }) => {
    expect(toHex(encodePacket(expected))).toBe(toHex(bytes));
  });

  test.each(vectors)("decodes $name", ({ bytes, expected }) => {
    expect(createFramer(expected.terminal).push(bytes)).toEqual([expected]);
  });

  test("is what an identification is asked with", () => {
    const asked = encodePacket(packetOf({ kind: "identify" }, null));
    const vector = vectors.find(({ name }) => name === "computed-identify");
    expect(toHex(asked)).toBe(toHex(vector?.bytes ?? new Uint8Array(0)));
  });
});

const u32 = fc.integer({ min: 0, max: 0xffffffff });
const anyPacket = fc.record({
  terminal: fc.constant(null),
  command: fc.integer({ min: 0, max: 255 }),
  param: u32,
  size: u32,
  flag: fc.integer({ min: 0, max: 255 }),
});

describe("the SFM framer", () => {
  test("finds the same packets however the bytes are split, in both forms", () => {
    fc.assert(
      fc.property(
        fc.array(anyPacket, { minLength: 1, maxLength: 6 }),
        fc.array(fc.nat(), { maxLength: 12 }),
        fc.option(fc.integer({ min: 1, max: 65_535 })),
        (packets, cuts, terminal) => {
          const sent = packets.map((packet) => ({ ...packet, terminal }));
          const stream = Buffer.concat(sent.map(encodePacket));
          const edges = [0, ...cuts.map((cut) => cut % (stream.length + 1)), stream.length];
          edges.sort((a, b) => a - b);
          const framer = createFramer(terminal);
          const got = edges
            .slice(1)
            .flatMap((end, at) => framer.push(stream.subarray(edges[at], end)));
          expect(got).toEqual(sent);
          expect(framer.takeDiscards()).toEqual({});
        },
      ),
    );
  });

  test("counts every discard under its reason", () => {
    const packet = { terminal: null, command: 0x11, param: 7, size: 0, flag: 0x61 };
    const framer = createFramer(null);
    framer.push(Uint8Array.of(1, 2, 3));
    expect(framer.takeDiscards()).toEqual({ noise: 1 });
    const damaged = encodePacket(packet);
    damaged[2] = 8;
    framer.push(damaged);
    expect(framer.takeDiscards()).toMatchObject({ check: 1 });
    framer.push(encodePacket(packet).subarray(0, 5));
    framer.expire();
    expect(framer.takeDiscards()).toMatchObject({ stalled: 1 });
    const onNetwork = createFramer(5);
    onNetwork.push(encodePacket({ ...packet, terminal: 6 }));
    expect(onNetwork.takeDiscards()).toEqual({ terminal: 1 });
  });
});

describe("the SFM requests", () => {
  const every: readonly Request[] = [
    { kind: "status" },
    { kind: "identify" },
    { kind: "cancel" },
    { kind: "read-parameter", parameter: "serialNumber" },
    { kind: "write-parameter", parameter: "freeScan", value: 0x31 },
  ];

  test("are these, and none that moves templates or reads a log is among them", () => {
    const sent = every.map((request) => packetOf(request, null));
    expect(sent.map(({ command, size, flag }) => [command, size, flag])).toEqual([
      [0x04, 0, 0],
      [0x11, 0, 0],
      [0x60, 0, 0],
      [0x03, 0, 0x6f],
      [0x01, 0x31, 0x84],
    ]);
    expect(SENDABLE_CODES.toSorted(ascending)).toEqual(
      sent.map(({ command }) => command).toSorted(ascending),
    );
    const forbidden = [0x06, 0x07, 0x14, 0x15, 0x20, 0x21, 0x80, 0x83, 0x84, 0x87, 0x89];
    for (const code of [...forbidden, 0x3c, 0x3d, 0x3e]) expect(SENDABLE_CODES).not.toContain(code);
    // @ts-expect-error -- there is no such request to be written down, either
    const reading: Request = { kind: "read-template" };
    expect(packetOf(reading, null).command).toBeUndefined();
  });

  test("name every outcome, known or not", () => {
    expect([0x61, 0x69, 0x99].map(outcomeName)).toEqual(["success", "not-found", "code-99"]);
  });
});

/** `FUZZ_FRAMES=1000000` for the long run. */
const FRAMES = Number(process.env["FUZZ_FRAMES"] ?? 20_000);

describe("fuzzing the SFM module's side", () => {
  test(`${FRAMES} random and mutated packets: no throw, no growth, the next sound one is found`, {
    timeout: 30 * 60_000,
  }, () => {
    let seed = Number(process.env["FUZZ_SEED"] ?? 20_261_130);
    const random = (below: number): number => {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
      return Math.floor((seed / 2 ** 32) * below);
    };
    const bytes = (length: number): Uint8Array => Uint8Array.from({ length }, () => random(256));
    const mutated = (terminal: number | null): Uint8Array => {
      const frame = encodePacket({
        terminal,
        command: random(256),
        param: random(2 ** 32),
        size: random(2 ** 32),
        flag: random(256),
      });
      const at = random(frame.length);
      const [how, before] = [random(5), frame.subarray(0, at)];
      if (how === 0) frame[at] = (frame[at] ?? 0) ^ (1 << random(8));
      if (how === 1) return before;
      if (how === 2) return Buffer.concat([before, frame.subarray(at + 1)]);
      if (how === 3) return Buffer.concat([before, bytes(1 + random(4)), frame.subarray(at)]);
      return frame;
    };
    let found = 0;
    for (const terminal of [null, 258]) {
      const framer = createFramer(terminal);
      const marker = { terminal, command: 0x11, param: 4711, size: 1, flag: 0x61 };
      const sound = encodePacket(marker);
      for (let round = 0; round < FRAMES / 2; round += 1) {
        const noise = random(4) === 0 ? bytes(random(100)) : mutated(terminal);
        const cut = random(noise.length + 1);
        framer.push(noise.subarray(0, cut));
        framer.push(noise.subarray(cut));
        expect(framer.held).toBeLessThan(MAX_FRAME_BYTES);
        // Before a request the line is quiet. Otherwise half a packet may take bytes of the next one for its own and
        // even have the right sum with them; never of the one after that.
        const isQuiet = random(2) === 0;
        if (isQuiet) framer.expire();
        const after = [...framer.push(sound), ...(isQuiet ? [] : framer.push(sound))];
        after.push(...framer.expire());
        if (after.at(-1)?.param === marker.param) found += 1;
        expect(framer.held).toBe(0);
        framer.takeDiscards();
      }
    }
    expect(found).toBe(FRAMES);
  });
});

function ascending(a: number, b: number): number {
  return a - b;
}
