import { describe, expect, it } from "vitest";
import { instantsOf, localTimeAt } from "./local-time.ts";
import { looked, lookOf, offsetOf, type TerminalClock } from "./terminal-clock.ts";
import { type ReadingOf, type Taken, takenAt } from "./terminal-time.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const BERLIN = "Europe/Berlin";

/** A gateway that booted an hour before `at`, so that its monotonic clock shows an hour then. */
function gatewayAt(at: string, zone = BERLIN) {
  const nowMs = Date.parse(at);
  const bootMs = nowMs - HOUR;
  const reading = (more: Partial<ReadingOf> = {}): ReadingOf => ({
    clock: [],
    zone,
    nowMonotonicMs: HOUR,
    wall: { nowMs, withinMs: 2 * SECOND },
    notBeforeMs: null,
    maxAheadMs: MINUTE,
    ...more,
  });
  /** The clock of a terminal that was so far ahead when it was looked at, oldest first. */
  const terminal = (...looks: Array<[at: string, aheadMs: number]>): TerminalClock =>
    looks.reduce<TerminalClock>((clock, [when, aheadMs]) => {
      const monotonicMs = Date.parse(when) - bootMs;
      const shown = instantsOf(localTimeAt(Date.parse(when) + aheadMs, zone), zone);
      if (shown === undefined) throw new Error(`no time: ${when}`);
      const seen = { shown, monotonicMs, withinMs: 600, wallMs: Date.parse(when) };
      return looked(clock, lookOf(clock, seen));
    }, []);
  const instant = (taken: Taken): string =>
    taken.kind === "doubt"
      ? taken.doubt
      : new Date(bootMs + taken.monotonicMs).toISOString().slice(0, 19);
  const mono = (when: string): number => Date.parse(when) - bootMs;
  return { reading, terminal, instant, mono };
}
const withinOf = (taken: Taken): number => (taken.kind === "taken" ? taken.withinMs : Number.NaN);

describe("a record of a terminal whose clock is right", () => {
  const { reading, terminal, instant } = gatewayAt("2026-11-24T12:00:00Z");
  const clock = terminal(["2026-11-24T11:59:00Z", 0]);

  it("was made when it says, to the second, also days ago", () => {
    const today = takenAt("2026-11-24T12:58:30", reading({ clock }));
    expect(instant(today)).toBe("2026-11-24T11:58:30");
    expect(withinOf(today)).toBeLessThan(2 * SECOND);
    const friday = takenAt("2026-11-20T08:00:00", reading({ clock }));
    expect(instant(friday)).toBe("2026-11-20T07:00:00");
    expect(withinOf(friday)).toBeLessThan(2 * MINUTE);
  });

  it("says how little is known where nobody has compared the clocks", () => {
    const taken = takenAt("2026-11-24T12:00:00", reading());
    expect(instant(taken)).toBe("2026-11-24T11:00:00");
    expect(withinOf(taken)).toBe(2 * MINUTE);
  });

  it.each([
    ["2026-02-30T08:00:00", {}, "no-date"],
    ["2026-11-24T13:05:00", {}, "ahead"],
    ["2031-01-01T08:00:00", {}, "ahead"],
    ["2025-10-01T08:00:00", {}, "too-old"],
    ["2000-01-01T00:04:10", {}, "too-old"],
    ["1999-12-31T23:59:59", {}, "too-old"],
    ["2026-11-24T12:00:00", { zone: undefined }, "no-zone"],
    ["2026-11-24T12:00:00", { wall: null, clock: [] }, "unmeasured"],
  ] as const)("is not believed when it says %s %o", (local, more, why) => {
    expect(instant(takenAt(local, reading({ clock, ...more })))).toBe(why);
  });

  it("was made just now if it lies as little ahead as clocks differ", () => {
    const taken = takenAt("2026-11-24T13:00:40", reading({ clock }));
    expect(instant(taken)).toBe("2026-11-24T12:00:00");
    expect(withinOf(taken)).toBeGreaterThanOrEqual(40 * SECOND);
  });
});

describe("a record of a terminal whose clock is wrong", () => {
  const { reading, terminal, instant } = gatewayAt("2026-11-24T12:00:00Z");

  it("is corrected by how much it is off", () => {
    const fast = terminal(["2026-11-24T11:59:00Z", 3 * HOUR]);
    expect(instant(takenAt("2026-11-24T15:30:00", reading({ clock: fast })))).toBe(
      "2026-11-24T11:30:00",
    );
    const unset = terminal(["2026-11-24T11:50:00Z", Date.UTC(2000, 0) - Date.UTC(2026, 10, 24)]);
    expect(instant(takenAt("2000-01-01T12:00:00", reading({ clock: unset })))).toBe(
      "2026-11-24T11:00:00",
    );
  });

  it("is corrected by what it was off before it was set, and after", () => {
    const clock = terminal(
      ["2026-11-24T11:40:00Z", -20 * MINUTE],
      ["2026-11-24T11:40:01Z", 0],
      ["2026-11-24T11:59:00Z", 0],
    );
    expect(clock).toHaveLength(2);
    const before = takenAt("2026-11-24T12:10:00", reading({ clock }));
    expect([instant(before), withinOf(before) < 5 * SECOND]).toEqual(["2026-11-24T11:30:00", true]);
    const after = takenAt("2026-11-24T12:50:00", reading({ clock }));
    expect([instant(after), withinOf(after) < 5 * SECOND]).toEqual(["2026-11-24T11:50:00", true]);
  });

  it("may be one of two after the clock was set back, unless the order of the log tells", () => {
    const clock = terminal(["2026-11-24T11:40:00Z", HOUR], ["2026-11-24T11:40:01Z", 0]);
    const both = takenAt("2026-11-24T12:50:00", reading({ clock }));
    expect(withinOf(both)).toBeGreaterThanOrEqual(HOUR);
    const { mono } = gatewayAt("2026-11-24T12:00:00Z");
    const notBeforeMs = mono("2026-11-24T11:40:00Z");
    const told = takenAt("2026-11-24T12:50:00", reading({ clock, notBeforeMs }));
    expect([instant(told), withinOf(told) < 5 * SECOND]).toEqual(["2026-11-24T11:50:00", true]);
  });

  it("says how far the clock may have been off when somebody set it, nobody knows when", () => {
    const clock = terminal(["2026-11-24T11:10:00Z", 0], ["2026-11-24T11:59:00Z", -10 * MINUTE]);
    const taken = takenAt("2026-11-24T12:30:00", reading({ clock }));
    expect(["2026-11-24T11:30:00", "2026-11-24T11:40:00"]).toContain(instant(taken));
    expect(withinOf(taken)).toBeGreaterThanOrEqual(10 * MINUTE);
  });

  it("follows a clock that drifts from one look to the next", () => {
    const clock = terminal(["2026-11-24T11:00:00Z", 0], ["2026-11-24T11:58:20Z", 1 * SECOND]);
    expect(clock).toHaveLength(1);
  });

  it("is placed by the monotonic clock alone while the gateway does not know the time", () => {
    const clock = terminal(["2026-11-24T11:59:00Z", 0]);
    const taken = takenAt("2026-11-24T09:00:00", reading({ clock, wall: null }));
    expect(instant(taken)).toBe("2026-11-24T08:00:00");
    expect(withinOf(taken)).toBeLessThan(10 * SECOND);
  });
});

/** Zone, local time, when it is read, what is known of the order, what it is, and whether it is sure. */
const CHANGES: ReadonlyArray<
  [what: string, local: string, readAt: string, since: string | null, is: string, sure: boolean]
> = [
  ["first pass, read in it", "2026-10-25T02:30:00", "2026-10-25T00:31:00Z", null, "00:30", true],
  [
    "second pass, everything before was read",
    "2026-10-25T02:30:00",
    "2026-10-25T01:31:00Z",
    "2026-10-25T01:29:00Z",
    "01:30",
    true,
  ],
  [
    "read just now, the rest unknown",
    "2026-10-25T02:30:00",
    "2026-10-25T01:31:00Z",
    null,
    "01:30",
    false,
  ],
  ["read next morning", "2026-10-25T02:30:00", "2026-10-25T08:00:00Z", null, "00:30", false],
  [
    "read next morning, after one of the second pass",
    "2026-10-25T02:30:00",
    "2026-10-25T08:00:00Z",
    "2026-10-25T01:10:00Z",
    "01:30",
    true,
  ],
  [
    "skipped, on a clock that was not set forward",
    "2026-03-29T02:30:00",
    "2026-03-29T08:00:00Z",
    null,
    "01:30",
    false,
  ],
];

describe("an hour that comes twice, or never", () => {
  it.each(CHANGES)("%s", (_what, ...given) => {
    const [local, readAt, since, is, sure] = given;
    const { reading, terminal, instant, mono } = gatewayAt(readAt);
    const clock = terminal([readAt, 0]);
    const notBeforeMs = since === null ? null : mono(since);
    const taken = takenAt(local, reading({ clock, notBeforeMs }));
    expect(instant(taken).slice(11, 16)).toBe(is);
    if (sure) expect(withinOf(taken)).toBeLessThan(MINUTE);
    else expect(withinOf(taken)).toBeGreaterThanOrEqual(HOUR);
  });

  it("states half an hour where clocks go back by half an hour", () => {
    const { reading, terminal } = gatewayAt("2026-04-05T02:00:00Z", "Australia/Lord_Howe");
    const clock = terminal(["2026-04-05T01:59:00Z", 0]);
    const within = withinOf(takenAt("2026-04-05T01:45:00", reading({ clock })));
    expect(within).toBeGreaterThanOrEqual(30 * MINUTE);
    expect(within).toBeLessThan(31 * MINUTE);
  });

  it("is read right from a terminal that knows no summer time", () => {
    // It shows 03:10 at 04:10 summer time; the record is from 02:30 on its clock, which was 03:30.
    const { reading, instant } = gatewayAt("2026-03-29T02:10:00Z");
    const seen = {
      shown: instantsOf("2026-03-29T03:10:00", BERLIN) ?? { kind: "once" as const, instants: [] },
      monotonicMs: HOUR,
      withinMs: 600,
      wallMs: Date.parse("2026-03-29T02:10:00Z"),
    };
    const clock = looked([], lookOf([], seen));
    expect(offsetOf(clock, { wallMs: seen.wallMs, monotonicMs: HOUR })?.offsetMs).toBe(-HOUR);
    expect(instant(takenAt("2026-03-29T02:30:00", reading({ clock })))).toBe("2026-03-29T01:30:00");
  });
});

describe("a look at a terminal in the hour that comes twice", () => {
  const shown = instantsOf("2026-10-25T02:30:00", BERLIN) ?? {
    kind: "once" as const,
    instants: [],
  };
  const second = Date.parse("2026-10-25T01:30:00Z");
  const at = (wallMs: number | null, clock: TerminalClock = []) =>
    lookOf(clock, { shown, monotonicMs: 5 * HOUR, withinMs: 600, wallMs });

  it("means the pass that the gateway is in, or that the look before says", () => {
    expect(at(second)).toMatchObject({ shownMs: second, withinMs: 600 });
    expect(at(second - HOUR).shownMs).toBe(second - HOUR);
    const earlier = { monotonicMs: 0, shownMs: second - 5 * HOUR, withinMs: 600 };
    expect(at(null, looked([], earlier)).shownMs).toBe(second);
  });

  it("says that it may be an hour off where nothing tells", () => {
    expect(at(null).withinMs).toBe(600 + HOUR);
  });
});

it("remembers a bounded number of stretches", () => {
  let clock: TerminalClock = [];
  for (let n = 0; n < 100; n += 1) {
    clock = looked(clock, { monotonicMs: n, shownMs: n * DAY, withinMs: 1 });
  }
  expect(clock).toHaveLength(16);
});
