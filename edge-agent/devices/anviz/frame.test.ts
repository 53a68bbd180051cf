import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Below, seededBelow } from "../../../test/support/seeded.ts";
import { createFramer, encodeFrame, type Frame, MAX_DATA_BYTES, MAX_FRAME_BYTES } from "./frame.ts";
import { decodeCleared, decodeClock, decodeInfo } from "./messages.ts";
import { decodeRecords } from "./records.ts";
import { decodeTaken, decodeUsers } from "./users.ts";

const INFO: Frame = { kind: "call", device: 5, command: 0x3c, data: new Uint8Array(0) };

const anyFrame: fc.Arbitrary<Frame> = fc
  .record({
    isReply: fc.boolean(),
    device: fc.integer({ min: 0, max: 0xffff_ffff }),
    command: fc.integer({ min: 0, max: 0x7f }),
    ret: fc.integer({ min: 0, max: 255 }),
    data: fc.uint8Array({ maxLength: 120 }),
  })
  .map(({ isReply, ret, device, command, data }) =>
    isReply
      ? { kind: "reply", ret, device, command, data }
      : { kind: "call", device, command, data },
  );

const plain = (frames: readonly Frame[]): unknown =>
  frames.map((frame) => ({ ...frame, data: [...frame.data] }));

describe("the Anviz framer", () => {
  test("finds the same frames however the bytes are split", () => {
    fc.assert(
      fc.property(
        fc.array(anyFrame, { minLength: 1, maxLength: 6 }),
        fc.array(fc.nat(), { maxLength: 12 }),
        (sent, cuts) => {
          const stream = Buffer.concat(sent.map(encodeFrame));
          const points = [...new Set(cuts.map((cut) => cut % (stream.length + 1)))];
          const edges = [0, ...points.toSorted((a, b) => a - b), stream.length];
          const framer = createFramer();
          const got = edges
            .slice(1)
            .flatMap((end, at) => framer.push(stream.subarray(edges[at], end)));
          expect(plain(got)).toEqual(plain(sent));
          expect(framer.takeDiscards()).toEqual({});
          expect(framer.held).toBe(0);
        },
      ),
    );
  });

  test("takes the largest frame, and none larger", () => {
    const framer = createFramer();
    const largest: Frame = { ...INFO, data: new Uint8Array(MAX_DATA_BYTES).fill(0xa5) };
    expect(plain(framer.push(encodeFrame(largest)))).toEqual(plain([largest]));
    framer.push(encodeFrame({ ...INFO, data: new Uint8Array(MAX_DATA_BYTES + 1) }));
    expect(framer.takeDiscards().length).toBe(1);
    expect(plain(framer.push(encodeFrame(INFO)))).toEqual(plain([INFO]));
  });

  test("digs a good frame out of the body of a false one", () => {
    const framer = createFramer();
    // A start out of the noise announces 255 bytes; the good frame lies inside them.
    const falseHead = Uint8Array.of(0xa5, 0, 0, 0, 5, 0x3c, 0x00, 0xff);
    expect(framer.push(Buffer.concat([falseHead, encodeFrame(INFO)]))).toEqual([]);
    expect(plain(framer.expire())).toEqual(plain([INFO]));
    expect(framer.takeDiscards()).toEqual({ stalled: 1, noise: 7, bytes: 8 });
  });

  test("counts every byte it throws away, by reason", () => {
    const framer = createFramer();
    framer.push(Uint8Array.of(1, 2, 3));
    const damaged = encodeFrame({ ...INFO, device: 6 });
    damaged[9] = (damaged[9] ?? 0) ^ 1;
    framer.push(damaged);
    framer.push(Uint8Array.of(0xa5, 0, 0, 0, 5, 0x3c, 0xff, 0xff));
    framer.push(Uint8Array.of(0xa5, 0));
    framer.expire();
    // 3 and the 9 of the damaged frame, the 7 of the long one, the one of the short one.
    expect(framer.takeDiscards()).toEqual({
      noise: 3 + 9 + 7 + 1,
      check: 1,
      length: 1,
      stalled: 1,
      bytes: 3 + 10 + 8 + 2,
    });
    expect(framer.takeDiscards()).toEqual({});
  });
});

/** `FUZZ_FRAMES=1000000` for the long run. */
const FRAMES = Number(process.env["FUZZ_FRAMES"] ?? 20_000);

function randomBytes(below: Below, most: number): Uint8Array {
  return Uint8Array.from({ length: below(most + 1) }, () => (below(8) === 0 ? 0xa5 : below(256)));
}

const COMMANDS = [0x38, 0x3c, 0x40, 0x42, 0x4e, 0x5f, 0x72, 0x73, 0x7f];

function randomFrame(below: Below): Uint8Array {
  const common = {
    device: below(3) === 0 ? below(0xffff_ffff) : 5,
    command: COMMANDS[below(COMMANDS.length)] ?? 0,
    data: randomBytes(below, below(20) === 0 ? 400 : 40),
  };
  return encodeFrame(
    below(2) === 0 ? { kind: "call", ...common } : { kind: "reply", ret: below(3), ...common },
  );
}

/** Flipped, dropped, doubled, cut short, or no frame at all. */
function mutated(below: Below): Uint8Array {
  const bytes = randomFrame(below);
  const at = below(bytes.length);
  switch (below(6)) {
    case 0:
      bytes[at] = (bytes[at] ?? 0) ^ (1 << below(8));
      return bytes;
    case 1:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1)]);
    case 2:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(Math.max(0, at - 3))]);
    case 3:
      return bytes.subarray(0, at);
    case 4:
      return randomBytes(below, 60);
    default:
      return bytes;
  }
}

const DECODERS = [
  decodeInfo,
  decodeClock,
  decodeCleared,
  decodeRecords,
  (data: Uint8Array) => decodeTaken(data, 12),
  (data: Uint8Array) => decodeUsers(data, "27"),
  (data: Uint8Array) => decodeUsers(data, "30"),
  (data: Uint8Array) => decodeUsers(data, "40"),
];

describe("fuzzed", () => {
  test(`${FRAMES} random and mutated frames: nothing throws, nothing grows, the next good frame counts`, {
    timeout: 3_600_000,
  }, () => {
    const seed = Number(process.env["FUZZ_SEED"] ?? Date.now() % 1_000_000);
    const below = seededBelow(seed);
    const framer = createFramer();
    const good = Buffer.from(encodeFrame(INFO));
    let [found, pushed] = [0, 0];
    for (let frame = 0; frame < FRAMES; frame += 1) {
      const bytes = mutated(below);
      pushed += bytes.length;
      for (const { data } of framer.push(bytes)) for (const decode of DECODERS) decode(data);
      if (framer.held >= MAX_FRAME_BYTES)
        throw new Error(`seed ${seed}: holds ${framer.held} bytes`);
      if (frame % 4 !== 0) continue;
      // Damage may announce up to a frame more. Once the line is quiet, the very next frame counts.
      for (const { data } of framer.expire()) for (const decode of DECODERS) decode(data);
      if (framer.held !== 0) throw new Error(`seed ${seed}: expired, holds ${framer.held} bytes`);
      const isThere = framer
        .push(good)
        .some(({ command, device }) => command === 0x3c && device === 5);
      if (!isThere) throw new Error(`seed ${seed}: frame ${frame} hides the next one`);
      found += 1;
    }
    const { bytes = 0 } = framer.takeDiscards();
    expect(found).toBe(Math.ceil(FRAMES / 4));
    // It saw damage, and did not throw everything away.
    expect(bytes).toBeGreaterThan(FRAMES);
    expect(bytes).toBeLessThan(pushed);
  });

  test("without a quiet moment, too, damage hides no more than a frame's worth of what follows", () => {
    const seed = Number(process.env["FUZZ_SEED"] ?? Date.now() % 1_000_000);
    const below = seededBelow(seed);
    const good = encodeFrame(INFO);
    const enough = Math.ceil(MAX_FRAME_BYTES / good.length) + 1;
    for (let round = 0; round < FRAMES / 100; round += 1) {
      const framer = createFramer();
      framer.push(mutated(below));
      let count = 0;
      for (let at = 0; at < enough; at += 1) count += framer.push(good).length;
      expect(count, `seed ${seed}: ${enough} good frames`).toBeGreaterThan(0);
    }
  });
});
