import { encodeResponse } from "@clockleaf/hardware-sim/anviz/frame.ts";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { AnvizRig, quick } from "../support/anviz-rig.ts";
import { eventually } from "../support/eventually.ts";

/** A converter that takes its order for lost and sends it again, or a vendor's program on the network. */
describe("an Anviz terminal whose flags are taken off unread", () => {
  let rig: AnvizRig;
  beforeEach(() => {
    rig = new AnvizRig();
  });
  afterEach(async () => {
    await rig.close();
    rig.mustHaveSpared({ mayReadAll: true });
  });
  const CLEAR = 0x4e;
  /** Each order to clear arrives twice, and somebody punches in between, `times` in all. */
  const doubling = (punch: () => void, times: number): void => {
    let left = times;
    rig.attach((line) => ({
      ...line,
      onData: (listener) =>
        line.onData((chunk) => {
          listener(chunk);
          if (chunk[5] !== CLEAR || left === 0) return;
          left -= 1;
          punch();
          listener(chunk);
        }),
    }));
  };
  const fault = (): string => rig.deps.health.get("a")?.fault?.message ?? "";

  test("has them read from its whole log, each once, and people are told", async () => {
    let wallMs = Date.UTC(2026, 10, 23, 8);
    const terminal = rig.addTerminal({ wallMs: () => wallMs });
    let user = 0;
    const punch = (): void => {
      wallMs += 1_000;
      terminal.punch({ user: (user += 1) });
    };
    for (let each = 0; each < 130; each += 1) punch();
    doubling(punch, 5);
    rig.start(quick({}));
    for (let round = 0; round < 5; round += 1) {
      punch();
      const isAll = (): boolean => rig.rows.size === user && terminal.log.counts().new === 0;
      await eventually(isAll, { what: `${user} rows`, timeoutMs: 20_000 });
    }
    await eventually(() => fault().includes("nothing is lost"));
    expect(user).toBe(140);
    expect(rig.stored().toSorted()).toEqual(
      Array.from({ length: 140 }, (_, at) => `a-${at + 1}`).toSorted(),
    );
    expect(rig.deps.health.get("a")?.state).toBe("fault");
    const { missed = 0, missed_found, missed_given_up } = rig.counters();
    expect(missed).toBeGreaterThan(0);
    expect([missed_found, missed_given_up]).toEqual([missed, undefined]);
    expect(terminal.log.counts()).toEqual({ all: 140, new: 0 });
  });

  test("is read on, and people are told what is lost, when it does not hand over its whole log", async () => {
    const terminal = rig.addTerminal();
    terminal.punch({ user: 1 });
    rig.attach((line) => ({
      ...line,
      // 40h mode 1 is unknown to it.
      onData: (listener) =>
        line.onData((chunk) => {
          if (chunk[5] !== 0x40 || chunk[8] !== 1) return listener(chunk);
          const no = encodeResponse({ ch: 1, cmd: 0x40, ret: 1, data: new Uint8Array(0) });
          void line.write(no);
        }),
    }));
    rig.start(quick({ refusedMs: 1 }));
    await eventually(() => rig.rows.size === 1 && terminal.log.counts().new === 0);
    terminal.punch({ user: 2 });
    terminal.log.clearOldest(1);
    await eventually(() => fault().includes("1 records lost their new flag"));
    terminal.punch({ user: 3 });
    await eventually(() => rig.stored().includes("a-3"));
    await eventually(() => fault().includes("not found in its log"));
    expect(rig.counters()["missed_given_up"]).toBe(1);
  });

  test("has them read after the agent was killed in between, and by one that was away for long", async () => {
    const terminal = rig.addTerminal();
    terminal.punch({ user: 1 });
    rig.attach();
    rig.start(quick({}));
    await eventually(() => rig.rows.size === 1 && terminal.log.counts().new === 0);
    await rig.end();
    for (let user = 2; user <= 1_300; user += 1) terminal.punch({ user });
    terminal.log.clearOldest(1_290);
    await rig.again(quick({}));
    await eventually(() => rig.rows.size === 1_300, { what: "1300 rows", timeoutMs: 20_000 });
    await eventually(() => terminal.log.counts().new === 0);
    expect(rig.counters()).toMatchObject({ missed: 1_290, missed_found: 1_290 });
  });
});
