import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { silentLog } from "@clockleaf/shared/lib/log.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { eventually } from "../../test/support/eventually.ts";
import { createClock, type GatewayTime } from "./clock.ts";
import { startTimeKeeper, type TimeKeeper } from "./time-keeper.ts";
import { openUndatedMark } from "./undated-mark.ts";

const NOON = Date.UTC(2026, 10, 24, 12);
const YEAR_2000 = Date.UTC(2000, 0, 1);

let runtimeDir: string;
let keeper: TimeKeeper | undefined;
beforeEach(() => {
  runtimeDir = mkdtempSync(join(tmpdir(), "clockleaf-keeper-"));
});
afterEach(() => {
  keeper?.close();
  rmSync(runtimeDir, { recursive: true, force: true });
});

/** A machine whose wall clock can be set; the agent may be killed and started again on it. */
function machine(wallMs: number, bootId = "boot-1") {
  const told: GatewayTime[] = [];
  const state = {
    told,
    errorMs: 20 as number | null,
    journal: () => Promise.resolve(),
    wall: wallMs,
    mono: 1_000,
    pass(ms: number) {
      state.wall += ms;
      state.mono += ms;
    },
    start() {
      keeper?.close();
      const sources = { wallMs: () => state.wall, monotonicMs: () => state.mono, bootId };
      keeper = startTimeKeeper({
        clock: createClock(
          { source: "system", uncertaintyMs: 20, ntp: "watch", rtcUncertaintyMs: 0, driftPpm: 50 },
          sources,
          () => state.errorMs,
        ),
        mark: openUndatedMark(runtimeDir),
        tell: async (time) => {
          await state.journal();
          told.push(time);
        },
        log: silentLog(),
        everyMs: 1,
      });
      return keeper;
    },
  };
  return state;
}
const tells = (box: { readonly told: readonly GatewayTime[] }, count: number): Promise<unknown> =>
  eventually(() => box.told.length === count, { what: `${count} words of the journal` });

describe("a gateway that boots in the year 2000", () => {
  it("says once that it knows the time, with both clocks, if rows wait for that", async () => {
    const box = machine(YEAR_2000);
    const now = box.start();
    expect(now.now()).toMatchObject({ uncertaintyMs: null });
    box.mono += 60_000;
    box.wall = NOON;
    await tells(box, 1);
    const anchor = { gatewayAtMs: NOON, monotonicMs: 61_000, bootId: "boot-1", uncertaintyMs: 20 };
    expect(box.told).toEqual([anchor]);
    box.pass(5_000);
    expect(now.now().gatewayAtMs).toBe(NOON + 5_000);
    expect(box.told).toHaveLength(1);
  });

  it("says nothing where no row waits", () => {
    const box = machine(YEAR_2000);
    const now = box.start();
    box.wall = NOON;
    expect(now.claimAtMs(box.wall)).toBe(NOON);
    expect(box.told).toEqual([]);
  });

  it("says it after the agent was killed in between, and not after the machine was", async () => {
    const box = machine(YEAR_2000);
    box.start().now();
    box.wall = NOON;
    keeper?.close();
    box.start();
    await tells(box, 1);
    box.start();
    expect(box.told).toHaveLength(1);

    const waiting = machine(YEAR_2000);
    waiting.start().now();
    const rebooted = machine(NOON, "boot-2");
    rebooted.start();
    expect(rebooted.told).toEqual([]);
  });

  it("says it again until the journal has it, and lets heartbeats claim nothing meanwhile", async () => {
    const box = machine(YEAR_2000);
    let isFull = true;
    box.journal = () => (isFull ? Promise.reject(new Error("full")) : Promise.resolve());
    const now = box.start();
    now.now();
    box.wall = NOON;
    expect(now.claimAtMs(box.wall)).toBe(YEAR_2000);
    await eventually(() => now.claimAtMs(box.wall) === YEAR_2000, { what: "tried again" });
    isFull = false;
    await tells(box, 1);
    await eventually(() => now.claimAtMs(box.wall) === NOON, { what: "claims again" });
  });

  it("claims nothing after a kill either, until the journal has it", () => {
    const box = machine(YEAR_2000);
    box.start().now();
    box.wall = NOON;
    box.journal = () => new Promise(() => undefined);
    expect(box.start().claimAtMs(box.wall)).toBe(0);
  });
});

describe("a gateway that knows the time", () => {
  it("says when its clock was set by more than its error, either way", async () => {
    const box = machine(NOON);
    box.start();
    box.wall += 3_600_000;
    await tells(box, 1);
    box.wall -= 7_200_000;
    await tells(box, 2);
    expect(box.told.map(({ gatewayAtMs }) => gatewayAtMs)).toEqual([
      NOON + 3_600_000,
      NOON - 3_600_000,
    ]);
  });

  it("says nothing of a clock that is pulled gently, or that moves within its error", () => {
    const box = machine(NOON);
    const now = box.start();
    for (let second = 0; second < 3_600; second += 1) {
      box.pass(1_000);
      box.wall += 0.5;
      now.now();
    }
    box.errorMs = 60_000;
    box.wall += 45_000;
    now.now();
    expect(box.told).toEqual([]);
  });

  it("dates nothing again by a clock that was unset and set again between two rows", async () => {
    const box = machine(NOON);
    const now = box.start();
    box.errorMs = null;
    now.now();
    box.errorMs = 20;
    await tells(box, 1);
    now.now();
    expect(box.told).toHaveLength(1);
  });
});
