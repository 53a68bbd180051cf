import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { memoryLine } from "../line.ts";
import { createRandom } from "../random.ts";
import { damage, type Faults, faultyLine } from "./faulty-line.ts";

const bytes = fc.uint8Array({ maxLength: 200 });
const seed = fc.integer();

function run(
  faults: Faults,
  data: Uint8Array,
  seedValue: number,
): { out: Uint8Array; counts: Map<string, number> } {
  const counts = new Map<string, number>();
  const pieces = damage(data, {
    random: createRandom(seedValue),
    faults,
    count: (name, by) => counts.set(name, (counts.get(name) ?? 0) + by),
  });
  return { out: Uint8Array.from(pieces.flatMap((piece) => Array.from(piece))), counts };
}

const bitsChanged = (a: Uint8Array, b: Uint8Array): number =>
  a.reduce((sum, byte, index) => {
    const diff = (byte ^ (b[index] ?? 0)).toString(2);
    return sum + diff.replaceAll("0", "").length;
  }, 0);

describe("faults", () => {
  it("leave bytes alone when there are none", () => {
    fc.assert(
      fc.property(bytes, seed, (data, s) => {
        expect(run({}, data, s).out).toEqual(data);
      }),
    );
  });

  it("strike the same way for the same seed", () => {
    const faults = { drop: 0.1, flip: 0.1, noise: 0.5, split: 0.5 };
    fc.assert(
      fc.property(bytes, seed, (data, s) => {
        expect(run(faults, data, s).out).toEqual(run(faults, data, s).out);
      }),
    );
  });

  it("split without changing a byte", () => {
    fc.assert(
      fc.property(bytes, seed, (data, s) => {
        expect(run({ split: 1 }, data, s).out).toEqual(data);
      }),
    );
  });

  it("flip exactly as many bits as they count", () => {
    fc.assert(
      fc.property(bytes, seed, (data, s) => {
        const { out, counts } = run({ flip: 0.3 }, data, s);
        expect(out.length).toBe(data.length);
        expect(bitsChanged(data, out)).toBe(counts.get("flip") ?? 0);
      }),
    );
  });

  it("drop exactly as many bytes as they count, and all of them at probability 1", () => {
    fc.assert(
      fc.property(bytes, seed, (data, s) => {
        const { out, counts } = run({ drop: 0.3 }, data, s);
        expect(data.length - out.length).toBe(counts.get("drop"));
        expect(run({ drop: 1 }, data, s).out.length).toBe(0);
      }),
    );
  });

  it("put noise before the chunk and nowhere else", () => {
    fc.assert(
      fc.property(bytes, seed, (data, s) => {
        const { out, counts } = run({ noise: 1 }, data, s);
        const noise = counts.get("noise") ?? 0;
        expect(noise).toBeGreaterThan(0);
        expect(out.subarray(noise)).toEqual(data);
      }),
    );
  });
});

describe("a faulty line", () => {
  it("keeps the order of chunks even when some are late", async () => {
    const [terminal, controller] = memoryLine();
    const line = faultyLine(terminal, {
      random: createRandom(1),
      toController: { late: 0.5, lateMs: 5 },
    });
    const got: number[] = [];
    controller.onData((chunk) => got.push(...chunk));
    const sent = Array.from({ length: 30 }, (_, index) => index);
    await Promise.all(sent.map((value) => line.write(Uint8Array.of(value))));
    await controller.write(new Uint8Array(0)); // one more turn of the queue
    expect(got).toEqual(sent);
    expect(line.counters()["late"]).toBeGreaterThan(0);
  });

  it("loses everything both ways while cut and nothing once restored", async () => {
    const [terminal, controller] = memoryLine();
    const line = faultyLine(terminal, { random: createRandom(1) });
    const atTerminal: number[] = [];
    const atController: number[] = [];
    line.onData((chunk) => atTerminal.push(...chunk));
    controller.onData((chunk) => atController.push(...chunk));
    line.cut();
    await controller.write(Uint8Array.of(1));
    await line.write(Uint8Array.of(1));
    line.restore();
    await controller.write(Uint8Array.of(2));
    await line.write(Uint8Array.of(2));
    expect([atTerminal, atController]).toEqual([[2], [2]]);
    expect(line.counters()["cut"]).toBe(2);
  });

  it("bring the pieces of a chunk apart, and in order with what follows", async () => {
    const [near, far] = memoryLine();
    const heard: string[] = [];
    const first = Promise.withResolvers<void>();
    far.onData((chunk) => {
      heard.push(Buffer.from(chunk).toString("hex"));
      first.resolve();
    });
    const toController = { split: 1, splitMs: 100 };
    const line = faultyLine(near, { random: createRandom(1), toController });
    const written = Promise.all([line.write(Uint8Array.of(1, 2)), line.write(Uint8Array.of(3))]);
    await first.promise;
    await new Promise((resolve) => setImmediate(resolve));
    expect(heard).toEqual(["01"]);
    await written;
    expect(heard).toEqual(["01", "02", "03"]);
  });

  it("are told as they strike, cuts among them, before the write is done", () => {
    const struck: string[] = [];
    const [near] = memoryLine();
    const line = faultyLine(near, {
      random: createRandom(1),
      toController: { drop: 1 },
      onFault: (name) => struck.push(name),
    });
    void line.write(Uint8Array.of(1, 2));
    expect(struck).toEqual(["drop"]);
    line.cut();
    void line.write(Uint8Array.of(3));
    expect(struck).toEqual(["drop", "cut"]);
  });

  it("bring a chunk twice, and change while the line is in use", async () => {
    const [terminal, agent] = memoryLine();
    const heard: string[] = [];
    agent.onData((chunk) => heard.push(Buffer.from(chunk).toString("hex")));
    const line = faultyLine(terminal, { random: createRandom(1), toController: { twice: 1 } });
    await line.write(Uint8Array.of(1));
    line.setFaults({ drop: 1 });
    await line.write(Uint8Array.of(2));
    line.setFaults({});
    await line.write(Uint8Array.of(3));
    expect(heard).toEqual(["01", "01", "03"]);
    expect(line.counters()).toMatchObject({ twice: 1, drop: 1 });
  });
});
