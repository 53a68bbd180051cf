import { encodeResponse } from "@clockleaf/hardware-sim/anviz/frame.ts";
import { faultyLine } from "@clockleaf/hardware-sim/faults/faulty-line.ts";
import type { Line } from "@clockleaf/hardware-sim/line.ts";
import { createRandom } from "@clockleaf/hardware-sim/random.ts";
import { describe, expect, test } from "vitest";
import { AnvizRig, quick } from "../support/anviz-rig.ts";
import { eventually } from "../support/eventually.ts";

/** Answers in order, but late, damaged or not at all; power fails; the line is torn: all of it again and again. */
describe("Anviz terminals on a bad line", () => {
  const SEEDS = process.env["DRIVER_SEEDS"]?.split(",").map(Number) ?? [1, 2, 3];
  /** With `twice`, orders come twice, on a line that is otherwise as good as one with such a converter can be. */
  const KINDS = [
    { isStuck: false, twice: 0, damage: 1 },
    { isStuck: true, twice: 0, damage: 1 },
    { isStuck: false, twice: 0.05, damage: 0.1 },
  ];
  test.each(SEEDS.flatMap((seed) => KINDS.map((kind) => Object.assign({ seed }, kind))))(
    "lose nothing and double nothing: $seed, clocks that stand still: $isStuck, orders that come twice: $twice",
    async ({ seed, isStuck, twice, damage }) => {
      const rig = new AnvizRig();
      const random = createRandom(seed);
      const config = quick({
        replyTimeoutMs: 30,
        pagesPerBatch: 4,
        readers: [1, 2].map((deviceNumber) => ({ id: `r${deviceNumber}`, deviceNumber })),
      });
      let lines = 0;
      const wrap = (line: Line): Line =>
        faultyLine(line, {
          random: random.fork(`line ${(lines += 1)}`),
          toTerminal: {
            drop: 0.001 * damage,
            flip: 0.001 * damage,
            split: 0.2,
            late: 0.05,
            lateMs: 100,
            twice,
          },
          toController: {
            drop: 0.0005 * damage,
            flip: 0.0005 * damage,
            noise: 0.05,
            split: 0.2,
            late: 0.1,
            lateMs: 100,
          },
        });
      // A second for each punch: a download that begins anywhere again is told by its times.
      let wallMs = Date.UTC(2026, 10, 23, 8);
      for (const _ of [1, 2]) {
        const terminal = rig.addTerminal({ wallMs: () => wallMs });
        if (isStuck) terminal.clock.stick();
      }
      rig.attach(wrap);
      rig.start(config);
      const punched = new Map<string, number>();
      for (let round = 0; round < 12; round += 1) {
        for (const [at, terminal] of rig.terminals.entries()) {
          const burst = random.chance(0.3) ? 90 : random.int(0, 6);
          for (let each = 0; each < burst; each += 1) {
            const user = random.int(1, 3);
            wallMs += 1_000;
            terminal.punch({ user });
            const who = `r${at + 1}-${user}`;
            punched.set(who, (punched.get(who) ?? 0) + 1);
          }
          if (!isStuck && random.chance(0.3)) terminal.powerCut();
        }
        const target = rig.rows.size + 1;
        await eventually(
          () => rig.rows.size >= target || rig.terminals.every(({ log }) => log.counts().new === 0),
          { timeoutMs: 60_000, everyMs: 2 },
        );
        if (random.chance(0.3)) await rig.again(config, wrap);
      }
      await eventually(() => rig.terminals.every(({ log }) => log.counts().new === 0), {
        timeoutMs: 60_000,
        what: "all cleared",
      });
      // What was missed is no longer new anywhere.
      const total = [...punched.values()].reduce((sum, each) => sum + each, 0);
      await eventually(() => rig.rows.size >= total, {
        timeoutMs: 8_000,
        what: "what was missed as well",
      }).catch((error: unknown) => {
        throw new Error(
          JSON.stringify([
            rig.counters("r1"),
            rig.counters("r2"),
            rig.rows.size,
            total,
            rig.terminals.map(({ log }) => log.counts()),
          ]),
          { cause: error },
        );
      });
      const rows = Object.groupBy(rig.stored(), (who) => who);
      const counters = [rig.counters("r1"), rig.counters("r2")];
      await rig.close();
      rig.mustHaveSpared({ mayReadAll: true });
      const stored = Object.entries(rows).map(([who, all]) => [who, all?.length]);
      expect(Object.fromEntries(stored)).toEqual(Object.fromEntries(punched));
      expect(counters.some((each) => (each["missed_given_up"] ?? 0) > 0)).toBe(false);
      // It was a bad line indeed.
      const trouble = counters.map(
        (each) => (each["timeouts"] ?? 0) + (each["discarded_unasked"] ?? 0),
      );
      expect(Math.max(...trouble)).toBeGreaterThan(0);
    },
  );
});

describe("an Anviz terminal out of its mind", () => {
  const ANSWERS = Number(process.env["FUZZ_FRAMES"] ?? 20_000) / 40;

  test(`may answer anything, ${ANSWERS} times: nothing throws, nothing grows, and a sane one is read after it`, async () => {
    const rig = new AnvizRig();
    const seed = Date.now() % 1_000_000;
    const random = createRandom(seed);
    const terminal = rig.addTerminal();
    let answers = 0;
    // Frames that are whole, and make no sense; some of them almost do.
    const nonsense = (bytes: Uint8Array): Uint8Array => {
      const cmd = random.chance(0.8) ? (bytes[5] ?? 0) & 0x7f : random.int(0, 0x7f);
      const length = random.pick([0, 1, 2, 3, 6, 15, 18, 29, 351, random.int(0, 600)]);
      const data = random.chance(0.3) ? new Uint8Array(length) : random.bytes(length);
      const count = random.chance(0.5) ? Math.floor((length - 1) / 14) : undefined;
      if (count !== undefined && length > 0) data[0] = Math.max(0, count);
      const ret = random.chance(0.8) ? 0 : random.int(1, 255);
      return encodeResponse({ ch: random.chance(0.9) ? 1 : random.int(0, 9), cmd, ret, data });
    };
    rig.attach((line) => ({
      ...line,
      write: (bytes) => {
        if (answers >= ANSWERS) return line.write(bytes);
        answers += 1;
        return line.write(random.chance(0.1) ? bytes : nonsense(bytes));
      },
    }));
    // A refusal costs a second: there is nothing to wait for here.
    rig.deps.clockVerdict = { offset: null, advice: "set" };
    rig.start(quick({ replyTimeoutMs: 10, refusedMs: 1, lookAtClockEveryS: 1 }));
    await eventually(() => answers >= ANSWERS, { timeoutMs: 100_000, what: `seed ${seed}` });
    const before = rig.rows.size;
    terminal.punch({ user: 42 });
    await eventually(() => rig.stored().includes("a-42"), { what: `seed ${seed}: sane again` });
    expect(rig.counters()["discarded_form"]).toBeGreaterThan(0);
    expect(rig.rows.size).toBeGreaterThan(before);
    await rig.close();
    rig.mustHaveSpared({ mayReadAll: true });
  });
});
