import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { civilDateOf, MINUTE } from "../civil-time.ts";
import {
  type Claim,
  emptyWorkday,
  type InterpretedPunch,
  type Interval,
  type Workday,
} from "../workday.ts";
import { timeline } from "./timeline.ts";

// Fixed, so that a failure is the same everywhere; WORKTIME_SEED tries others.
const SEED = Number(process.env["WORKTIME_SEED"] ?? 20_260_112);
process.stdout.write(`timeline property test: seed ${SEED}\n`);

const stretch = (from: string | number, to: string | number): Interval => {
  const fromAt = typeof from === "number" ? from : Date.parse(from);
  const toAt = typeof to === "number" ? to : Date.parse(to);
  const seconds = (toAt - fromAt) / 1000;
  return {
    kind: "work",
    fromAt,
    toAt,
    seconds,
    isPaid: true,
    punchIds: [],
    policy: "every-pair",
    reason: "",
  };
};

const claim = (interval: Interval, more: Partial<Claim>): Claim => ({
  ...interval,
  class: "regular",
  code: "REG",
  rate: 1,
  approval: "not-needed",
  ...more,
});

const punched = (clock: string, meaning: InterpretedPunch["meaning"]): InterpretedPunch => ({
  punchId: clock,
  at: Date.parse(`2026-01-12T${clock}Z`),
  meaning,
  reason: "",
});

function dayOf(zone: string, intervals: readonly Interval[], more: Partial<Workday> = {}): Workday {
  const on = civilDateOf(intervals[0]?.fromAt ?? 0, zone);
  return { ...emptyWorkday(on, zone), intervals: [...intervals], ...more };
}

/** What an independent clock shows. */
function clockIn(zone: string): (at: number) => string {
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  return (at) => format.format(at);
}

describe("a timeline", () => {
  it("shows an hour that comes twice twice, and misses one that is skipped", () => {
    const autumn = dayOf("Europe/Berlin", [
      stretch("2026-10-25T00:00+02:00", "2026-10-25T05:00+01:00"),
    ]);
    expect(timeline(autumn)).toEqual([
      "hour   00          01          02          02          03          04          05",
      `there  ${"=".repeat(6 * 12)}`,
      "       one character = 5 min; = work",
      "       the clock went back from 03:00 to 02:00",
    ]);
    const spring = dayOf("Europe/Berlin", [
      stretch("2026-03-29T00:00+01:00", "2026-03-29T05:00+02:00"),
    ]);
    expect(timeline(spring)).toEqual([
      "hour   00          01          03          04          05",
      `there  ${"=".repeat(4 * 12)}`,
      "       one character = 5 min; = work",
      "       the clock went forward from 02:00 to 03:00",
    ]);
  });

  it("follows a change of half an hour on Lord Howe Island", () => {
    // 1.5 h of the hour from one to two: 01:00-02:00, and 01:30-02:00 again
    const autumn = dayOf("Australia/Lord_Howe", [
      stretch("2026-04-05T00:30+11:00", "2026-04-05T03:00+10:30"),
    ]);
    expect(timeline(autumn)).toEqual([
      "hour   00          01          *     02          03",
      `there        ${"=".repeat(3 * 12)}`,
      "       one character = 5 min; = work",
      "       the clock went back from 02:00 to 01:30, at *",
    ]);
    const spring = dayOf("Australia/Lord_Howe", [
      stretch("2026-10-04T01:00+10:30", "2026-10-04T04:00+11:00"),
    ]);
    expect(timeline(spring)).toEqual([
      "hour   01          *     03          04",
      `there  ${"=".repeat(2.5 * 12)}`,
      "       one character = 5 min; = work",
      "       the clock went forward from 02:00 to 02:30, at *",
    ]);
  });

  it("begins hours where the wall clock does, also where that is at a quarter to by UTC", () => {
    const day = dayOf("Asia/Kathmandu", [
      stretch("2026-06-01T08:00+05:45", "2026-06-01T09:10+05:45"),
    ]);
    expect(timeline(day).slice(0, 2)).toEqual([
      "hour   08          09",
      `there  ${"=".repeat(14)}`,
    ]);
  });

  it("draws time that passed, with every label above the instant it names, over any change of any clock", () => {
    const near = fc.constantFrom(
      ["Europe/Berlin", "2026-03-29T01:00Z"],
      ["Europe/Berlin", "2026-10-25T01:00Z"],
      ["Australia/Lord_Howe", "2026-04-04T15:00Z"],
      ["Australia/Lord_Howe", "2026-10-03T15:30Z"],
      ["America/New_York", "2026-11-01T06:00Z"],
      // at midnight; and a whole date that Samoa skipped
      ["America/Sao_Paulo", "2018-11-04T03:00Z"],
      ["Pacific/Apia", "2011-12-30T10:00Z"],
      ["Asia/Kathmandu", "2026-01-12T03:00Z"],
    );
    const minutes = fc.integer({ min: -72, max: 24 });
    const length = fc.integer({ min: 1, max: 15 * 12 });
    fc.assert(
      fc.property(near, minutes, length, ([zone = "", change = ""], before, steps) => {
        const fromAt = Date.parse(change) + before * 5 * MINUTE;
        const toAt = fromAt + steps * 5 * MINUTE;
        const [hours = "", there = "", legend = ""] = timeline(
          dayOf(zone, [stretch(fromAt, toAt)]),
        );
        const stepMs = Number(/one character = (\d+) min/.exec(legend)?.[1]) * MINUTE;
        const line = there.slice("there  ".length);
        const drawn = line.trimStart().length * stepMs;
        // what begins and ends on a column is drawn exactly
        const most = stepMs === 5 * MINUTE ? 0 : stepMs;
        expect(Math.abs(drawn - (toAt - fromAt))).toBeLessThanOrEqual(most);
        expect(line.trimStart()).toMatch(/^=+$/);
        // the frame begins on the hour by the clock then in force
        const shows = clockIn(zone);
        const axisAt = fromAt - Number(shows(fromAt).slice(3)) * MINUTE;
        const column = Math.floor((fromAt - axisAt) / stepMs);
        expect(Math.abs(line.search("=") - column)).toBeLessThanOrEqual(1);
        expect(hours.slice("hour   ".length)).toBe(axisOf({ axisAt, toAt, stepMs }, shows));
      }),
      { seed: SEED, numRuns: 1000 },
    );
  });

  it("gives each kind of pay a mark, by its rate, and names it", () => {
    const [work, late, later] = [
      stretch("2026-01-12T08:00Z", "2026-01-12T10:00Z"),
      stretch("2026-01-12T10:00Z", "2026-01-12T11:00Z"),
      stretch("2026-01-12T11:00Z", "2026-01-12T11:30Z"),
    ] as const;
    const claims = [
      claim(work, {}),
      claim(later, { class: "overtime", code: "OT20", rate: 2 }),
      claim(late, { class: "overtime", code: "OT15", rate: 1.5 }),
    ];
    const lines = timeline(dayOf("UTC", [work, late, later], { claims }));
    expect(lines[2]).toBe(`counts as  ${".".repeat(24)}${"1".repeat(12)}${"2".repeat(6)}`);
    expect(lines[3]).toContain("; . regular REG x1; 1 overtime OT15 x1.5; 2 overtime OT20 x2");
  });

  it("marks who comes and goes, and lets no punch that counts for nothing hide one that does", () => {
    const there = stretch("2026-01-12T08:01Z", "2026-01-12T09:00Z");
    const punches = [
      punched("08:01", "in"),
      punched("08:02", "repeat"),
      punched("08:31", "repeat"),
      punched("09:00", "out"),
    ];
    const lines = timeline(dayOf("UTC", [there], { punches }));
    expect(lines[1]).toBe(`punched  >     o     <`);
    expect(lines[3]).toContain("; > comes, < goes; o counts for nothing; ");
  });

  it("is no wider than a line for a shift of three days under a rule with the longest name", () => {
    const long = stretch("2026-01-12T08:00Z", "2026-01-15T08:00Z");
    const premium = { ...long, kind: "night", code: "N", factor: 1, policy: "p".repeat(64) };
    const lines = timeline(dayOf("UTC", [long], { premiums: [premium] }));
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(132);
    expect(lines.join("\n")).toContain(`${"p".repeat(19)}…`);
  });

  it("is nothing for a day on which nobody was there or should have been", () => {
    expect(timeline(emptyWorkday("2026-01-12", "UTC"))).toEqual([]);
  });
});

/** The hours as they should stand, made from what the independent clock shows minute by minute. */
function axisOf(
  { axisAt, toAt, stepMs }: { axisAt: number; toAt: number; stepMs: number },
  shows: (at: number) => string,
): string {
  const endAt = axisAt + Math.ceil((toAt + 1 - axisAt) / (60 * MINUTE)) * 60 * MINUTE;
  let line = "";
  let expected = "";
  for (let at = axisAt; at < endAt; at += MINUTE) {
    const clock = shows(at);
    const column = Math.floor((at - axisAt) / stepMs);
    const isJump = at > axisAt && clock !== expected;
    if (clock.endsWith(":00")) line = `${line.padEnd(column)}${clock.slice(0, 2)}`;
    else if (isJump) line = `${line.padEnd(column)}*`;
    expected = nextMinute(clock);
  }
  return line;
}

function nextMinute(clock: string): string {
  const [hours = 0, minutes = 0] = clock.split(":").map(Number);
  const next = (hours * 60 + minutes + 1) % 1440;
  return `${String(Math.floor(next / 60)).padStart(2, "0")}:${String(next % 60).padStart(2, "0")}`;
}
