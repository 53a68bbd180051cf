import { type PunchTime, punchTimeSchema } from "@clockleaf/shared/wire/punch.ts";
import { waitsForAnchor } from "@clockleaf/shared/wire/redating.ts";
import { describe, expect, it } from "vitest";
import type { GatewayTime } from "./clock.ts";
import {
  createTerminalClocks,
  type TerminalClocks,
  terminalClocksConfigSchema,
} from "./terminal-clocks.ts";

const NOON = Date.parse("2026-11-24T12:00:00Z");
const HOUR = 3_600_000;
/** The site's clocks show 13:00 at {@link NOON}. */
const BERLIN = "Europe/Berlin";

function site(settings: unknown = {}, zone: string | null = BERLIN) {
  const gateway: { -readonly [K in keyof GatewayTime]: GatewayTime[K] } = {
    gatewayAtMs: NOON,
    monotonicMs: HOUR,
    bootId: "b",
    uncertaintyMs: 40,
  };
  let rows = 0;
  const clocks = createTerminalClocks({
    config: terminalClocksConfigSchema.parse(settings),
    zone: () => zone ?? undefined,
    now: () => ({ ...gateway }),
    nowForRow: () => {
      rows += 1;
      return { ...gateway };
    },
  });
  const pass = (ms: number): void => {
    gateway.gatewayAtMs += ms;
    gateway.monotonicMs += ms;
  };
  const see = (deviceLocal: string, isLogRead = true) =>
    clocks.seen("door", { deviceLocal, roundTripMs: 100, isLogRead });
  const read = (deviceLocal: string | null, recordKey: string | null = "1"): PunchTime => {
    const time = clocks.timeOf({ reader: "door", deviceLocal, recordKey });
    expect(punchTimeSchema.parse(time)).toEqual(time);
    return time;
  };
  return { gateway, clocks, see, read, pass, rows: () => rows };
}
const iso = (time: PunchTime): string | undefined =>
  time.takenAtMs === undefined ? undefined : new Date(time.takenAtMs).toISOString();

describe("a terminal's clock", () => {
  it("is measured, and shown with its error", () => {
    const { see, clocks, rows } = site();
    expect(clocks.offsetOf("door")).toBeUndefined();
    expect(see("2026-11-24T13:00:30")).toMatchObject({
      offset: { offsetMs: 30_550, withinMs: 550 },
    });
    expect(clocks.offsetOf("door")).toEqual({ offsetMs: 30_550, withinMs: 550 });
    expect(clocks.offsetOf("other")).toBeUndefined();
    expect(rows()).toBe(0);
  });

  const KEPT = { set: "never" };
  const NO_DATE = "2026-00-00T00:00:00";
  it.each([
    { what: "is off by more than allowed", shown: "2026-11-24T13:00:30", advice: "set" },
    { what: "is as good as right", shown: "2026-11-24T13:00:08", advice: "leave" },
    { what: "has an unread log", shown: "2026-11-24T13:00:30", isRead: false, advice: "leave" },
    { what: "is nobody's to set", config: KEPT, shown: "2026-11-24T16:00:00", advice: "leave" },
    {
      what: "may be off by an hour",
      config: { set: { whenBeyondSeconds: 3600 } },
      shown: "2026-11-24T13:59:00",
      advice: "leave",
    },
    { what: "shows no date at all", shown: NO_DATE, advice: "set" },
    { what: "shows no date, nobody's to set", config: KEPT, shown: NO_DATE, advice: "leave" },
    { what: "shows no date, its log unread", shown: NO_DATE, isRead: false, advice: "leave" },
  ])("that $what: the driver is told to $advice it", ({ config, shown, isRead, advice }) => {
    expect(site(config).see(shown, isRead).advice).toBe(advice);
  });

  it("is not set by a gateway that does not know the time itself, or hardly", () => {
    for (const uncertaintyMs of [null, 60_000]) {
      const { gateway, see, clocks } = site();
      gateway.uncertaintyMs = uncertaintyMs;
      expect(see("2026-11-24T19:00:00").advice).toBe("leave");
      expect(clocks.localTime()).toBe(uncertaintyMs === null ? null : "2026-11-24T13:00:00");
    }
  });

  it("is set to the site's time, where that is known", () => {
    expect(site().clocks.localTime()).toBe("2026-11-24T13:00:00");
    expect(site({}, "Asia/Kolkata").clocks.localTime()).toBe("2026-11-24T17:30:00");
  });
});

describe("the time of a punch", () => {
  it("is now, from a reader without a clock", () => {
    const { read, gateway, rows } = site();
    expect(read(null, null)).toEqual({ ...gateway, deviceLocal: null });
    expect(rows()).toBe(1);
  });

  it("is when the terminal says, corrected, with the errors of both clocks", () => {
    const { see, read } = site();
    see("2026-11-24T13:05:00");
    const time = read("2026-11-24T12:05:00");
    expect(iso(time)?.slice(0, 19)).toMatch(/^2026-11-24T(10:59:59|11:00:00)/);
    expect(time).toMatchObject({ deviceLocal: "2026-11-24T12:05:00", gatewayAtMs: NOON });
    expect(time.uncertaintyMs).toBeGreaterThan(40 + 1_000);
    expect(time.uncertaintyMs).toBeLessThan(5_000);
  });

  it("is to be dated later where the gateway does not know the time but has seen the terminal's", () => {
    const { see, read, gateway } = site();
    gateway.uncertaintyMs = null;
    see("2026-11-24T13:00:00");
    const time = read("2026-11-23T13:00:00");
    expect(time).toMatchObject({ uncertaintyMs: null });
    expect(time.takenAtMs).toBeUndefined();
    expect(Math.abs((time.takenMonotonicMs ?? 0) - (HOUR - 24 * HOUR))).toBeLessThan(1_000);
    expect(time.doubt).toBeUndefined();
  });

  it.each([
    { what: "a record without a date", said: null, doubt: "no-date" },
    { what: "a date that no calendar has", said: "2026-02-30T08:00:00", doubt: "no-date" },
    { what: "something else altogether", said: "yesterday", kept: null, doubt: "no-date" },
    { what: "a time to come", said: "2027-01-01T08:00:00", doubt: "ahead" },
    { what: "a time long past", said: "2003-05-05T08:00:00", doubt: "too-old" },
  ])("is not known from $what, which says so and waits alone", ({ said, doubt, kept = said }) => {
    const { read } = site();
    const time = read(said);
    expect(time).toMatchObject({ uncertaintyMs: null, doubt, deviceLocal: kept });
    expect(time.takenAtMs).toBeUndefined();
    expect(read("2026-11-24T12:00:00").uncertaintyMs).not.toBeNull();
  });

  it("is not known at a site of which nobody told the zone", () => {
    const { read, see, clocks } = site({}, null);
    expect(see("2026-11-24T13:00:00").offset).toBeNull();
    expect(read("2026-11-24T13:00:00")).toMatchObject({ uncertaintyMs: null, doubt: "no-zone" });
    expect(clocks.localTime()).toBeNull();
  });

  it("keeps the order of a log through the hour that comes twice", () => {
    const { gateway, read, see } = site();
    gateway.gatewayAtMs = Date.parse("2026-10-25T08:00:00Z");
    see("2026-10-25T09:00:00", false);
    const times = ["01:59:00", "02:10:00", "02:50:00", "02:05:00", "02:55:00", "03:05:00"].map(
      (clock) => read(`2026-10-25T${clock}`),
    );
    expect(times.map((time) => iso(time)?.slice(11, 16))).toEqual([
      "23:59",
      "00:10",
      "00:50",
      "01:05",
      "01:55",
      "02:05",
    ]);
    // From the first that goes back on, the log itself tells which pass it is.
    const isSure = times.map(({ uncertaintyMs }) => (uncertaintyMs ?? HOUR) < 60_000);
    expect(isSure).toEqual([true, false, false, true, true, true]);
  });

  it("is sure in the second pass for a terminal that was read to its end in the first", () => {
    const { gateway, read, see, pass } = site();
    gateway.gatewayAtMs = Date.parse("2026-10-25T01:00:00Z");
    see("2026-10-25T02:00:00");
    pass(30 * 60_000);
    const time = read("2026-10-25T02:29:00");
    expect(iso(time)).toBe("2026-10-25T01:29:00.000Z");
    expect(time.uncertaintyMs).toBeLessThan(60_000);
  });
});

const counted = (clocks: TerminalClocks, agoMs: number): PunchTime => {
  const time = clocks.timeOf({ reader: "door", deviceLocal: null, agoMs, recordKey: "1" });
  expect(punchTimeSchema.parse(time)).toEqual(time);
  return time;
};

describe("a terminal that knows no date and counts", () => {
  it("dates its punches by how long ago they were made, without any zone, also from before the boot", () => {
    const { clocks, gateway } = site({}, null);
    const time = counted(clocks, 10 * HOUR);
    expect(iso(time)).toBe("2026-11-24T02:00:00.000Z");
    expect(time).toMatchObject({ takenMonotonicMs: -9 * HOUR, uncertaintyMs: 40 + 1_000 + 36_000 });
    expect(time.doubt).toBeUndefined();
    gateway.uncertaintyMs = null;
    // To be dated once this boot knows the time.
    expect(waitsForAnchor(counted(clocks, HOUR))).toBe(true);
  });
});
