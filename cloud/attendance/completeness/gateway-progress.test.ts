import type { Heartbeat } from "@clockleaf/shared/wire/heartbeat.ts";
import { describe, expect, it } from "vitest";
import {
  type GatewayProgress,
  holdOf,
  progressAfter,
  progressWithRows,
} from "./gateway-progress.ts";

const LIMITS = { readerSettleMs: 60, maxFutureMs: 1000 };

/** What a gateway says at an instant of its clock, which is the cloud's too. */
function beat(sentAtMs: number, more: Partial<Heartbeat> = {}): Heartbeat {
  return {
    sentAtMs,
    agentVersion: "1",
    epoch: "one",
    lastRow: 5,
    deliveredRow: 5,
    oldestWaitingMs: null,
    readers: [{ reader: "door", state: "online", fault: null }],
    ...more,
  };
}
const reader = (state: Heartbeat["readers"][number]["state"]): Pick<Heartbeat, "readers"> => ({
  readers: [{ reader: "door", state, fault: null }],
});

/** After these heartbeats, while the intake has all rows up to `rows`. */
function heard(rows: number, ...beats: Heartbeat[]): GatewayProgress | undefined {
  let progress: GatewayProgress | undefined;
  for (const heartbeat of beats) {
    const heardAtMs = Math.min(heartbeat.sentAtMs, 10_000);
    progress = progressAfter(progress, { heartbeat, heardAtMs }, LIMITS);
    progress = progressWithRows(progress, (epoch, row) => epoch === "one" && row <= rows);
  }
  return progress;
}
const completeTo = (rows: number, ...beats: Heartbeat[]): number | null | undefined =>
  heard(rows, ...beats)?.completeTo;
const settled = [beat(100), beat(160)];

describe("how far a gateway is", () => {
  it("is when it sent a heartbeat, once its readers have been online for long enough", () => {
    expect(completeTo(5, beat(100))).toBeNull();
    expect(completeTo(5, beat(100), beat(159))).toBeNull();
    expect(completeTo(5, ...settled)).toBe(160);
    expect(completeTo(5, ...settled, beat(170))).toBe(170);
  });

  it("waits for rows that the hub has not got, and for those the intake has not", () => {
    const waiting = { lastRow: 6, deliveredRow: 5, oldestWaitingMs: 165 };
    expect(completeTo(9, ...settled, beat(170, waiting))).toBe(160);
    expect(completeTo(5, ...settled, beat(170, { lastRow: 6, deliveredRow: 6 }))).toBe(160);
    expect(completeTo(6, ...settled, beat(170, { lastRow: 6, deliveredRow: 6 }))).toBe(170);
  });

  it("goes on although new rows are always on their way", () => {
    const busy = [6, 7, 8].map((row) => beat(160 + row, { lastRow: row, deliveredRow: row }));
    // the intake is one row behind all the time
    let progress = heard(5, ...settled);
    for (const [index, heartbeat] of busy.entries()) {
      const heardAtMs = heartbeat.sentAtMs;
      progress = progressAfter(progress, { heartbeat, heardAtMs }, LIMITS);
      progress = progressWithRows(progress, (_, row) => row <= 5 + index);
    }
    expect(progress?.completeTo).toBe(166);
  });

  it("stays where a reader was last online, also after a break and in another state", () => {
    for (const state of ["offline", "fault", "starting"] as const) {
      const away = beat(200, reader(state));
      expect(completeTo(5, ...settled, away)).toBe(160);
      expect(completeTo(5, ...settled, away, beat(210))).toBe(160);
      expect(completeTo(5, ...settled, away, beat(210), beat(270))).toBe(270);
    }
  });

  it("is not known for a reader that was never online", () => {
    expect(completeTo(5, beat(100, reader("offline")), beat(200, reader("offline")))).toBeNull();
  });

  it("needs no reader", () => {
    expect(completeTo(5, beat(100, { readers: [] }))).toBe(100);
  });

  it("is not believed from a clock ahead of ours, and never falls", () => {
    expect(completeTo(5, ...settled, beat(90_000))).toBe(160);
    expect(completeTo(5, ...settled, beat(120))).toBe(160);
  });

  it("starts anew with a new journal", () => {
    const lost = beat(170, { lastRow: 6, deliveredRow: 6 });
    const anew = beat(180, { epoch: "two", lastRow: 0, deliveredRow: 0 });
    let progress = heard(5, ...settled, lost, anew);
    expect(progress?.completeTo).toBe(160);
    progress = progress && progressWithRows(progress, (epoch) => epoch === "two");
    expect(progress?.completeTo).toBe(180);
  });
});

const why = (progress: GatewayProgress | undefined, nowMs: number): unknown =>
  holdOf(progress, nowMs)?.why;

describe("what holds a gateway back", () => {
  it("is named, with since when", () => {
    expect(why(undefined, 0)).toBe("never-heard");
    expect(why(heard(5, ...settled), 160)).toBeUndefined();
    expect(why(heard(5, ...settled), 160 + 30_001)).toBe("silent");
    expect(why(heard(5, ...settled, beat(90_000)), 10_000)).toBe("clock-ahead");
    expect(holdOf(heard(5, ...settled, beat(200, reader("fault"))), 200)).toEqual({
      why: "reader",
      readers: ["door"],
      since: 160,
    });
    const waiting = { lastRow: 6, deliveredRow: 5, oldestWaitingMs: 165 };
    expect(holdOf(heard(5, ...settled, beat(170, waiting)), 170)).toEqual({
      why: "backlog",
      readers: [],
      since: 165,
    });
    expect(why(heard(5, ...settled, beat(170, { lastRow: 6, deliveredRow: 6 })), 170)).toBe(
      "rows-missing",
    );
  });
});
