import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { countedInstants, countsOf } from "../../../test/support/rounding.ts";
import { MINUTE, offsetAt } from "../civil-time.ts";
import { wallCell } from "./grid.ts";

const SEED = Number(process.env["WORKTIME_SEED"] ?? 20_260_112);
const RUNS = Number(process.env["WORKTIME_RUNS"] ?? 1000);

const rounded = (zone: string, at: string, rule: object): string | undefined =>
  countedInstants({ reads: [`${at} in`], zone }, [{ name: "Grid", types: ["in"], ...rule }])[0];

// Grid points are the instants at which the wall clock shows a multiple of the interval; transitions from the IANA tables.
describe("on the night the clock goes back", () => {
  // Berlin, 2026-10-25: 03:00+02:00 becomes 02:00+01:00.
  it.for([
    ["02:50+02:00", "up", "15min", "2026-10-25T02:00:00+01:00"],
    ["02:44:59+02:00", "up", "15min", "2026-10-25T02:45:00+02:00"],
    ["02:59:59+02:00", "down", "15min", "2026-10-25T02:45:00+02:00"],
    ["02:00:00+01:00", "down", "15min", "2026-10-25T02:00:00+01:00"],
    ["02:10+01:00", "down", "15min", "2026-10-25T02:00:00+01:00"],
    ["02:10+02:00", "down", "15min", "2026-10-25T02:00:00+02:00"],
    ["02:07:30+02:00", "nearest", "15min", "2026-10-25T02:00:00+02:00"],
    ["02:07:31+01:00", "nearest", "15min", "2026-10-25T02:15:00+01:00"],
    ["02:29:59+02:00", "nearest", "1h", "2026-10-25T02:00:00+02:00"],
    ["02:30:01+02:00", "nearest", "1h", "2026-10-25T02:00:00+01:00"],
    ["02:30:01+01:00", "nearest", "1h", "2026-10-25T03:00:00+01:00"],
    ["02:50+02:00", "up", "4h", "2026-10-25T04:00:00+01:00"],
    ["02:50+01:00", "down", "4h", "2026-10-25T00:00:00+02:00"],
    // a cell of five hours: its middle is 02:30 the first time
    ["02:29:59+02:00", "nearest", "4h", "2026-10-25T00:00:00+02:00"],
    ["02:30:01+02:00", "nearest", "4h", "2026-10-25T04:00:00+01:00"],
  ])("in Berlin %s goes %s by %s to %s", ([at, mode, interval, counts]) => {
    expect(rounded("Europe/Berlin", `2026-10-25T${at}`, { mode, interval })).toBe(counts);
  });

  it("a night's work is as long as the grid points lie apart", () => {
    const reads = ["2026-10-24T22:02+02:00 in", "2026-10-25T06:03+01:00 out"];
    const rules = [{ name: "Grid", types: ["in" as const, "out" as const] }];
    const [from, to] = countsOf({ reads, zone: "Europe/Berlin" }, rules).map(
      (read) => read.countsAt,
    );
    expect((to! - from!) / 3_600_000).toBe(9); // not 8, as the wall clock would say
  });

  it("grace and tolerance are measured in time that passes", () => {
    const reads = "2026-10-25T02:04+01:00"; // 64 min after 02:00 the first time
    expect(rounded("Europe/Berlin", reads, { mode: "up", interval: "4h", grace: "3h" })).toBe(
      "2026-10-25T04:00:00+01:00",
    );
    expect(rounded("Europe/Berlin", reads, { mode: "up", interval: "4h", grace: "3h 4min" })).toBe(
      "2026-10-25T00:00:00+02:00",
    );
  });

  it("a part of the day begins and ends the first time its clock time comes", () => {
    const rule = { between: { from: "02:00", to: "02:30" }, mode: "up" };
    expect(rounded("Europe/Berlin", "2026-10-25T02:10+02:00", rule)).toBe(
      "2026-10-25T02:15:00+02:00",
    );
    expect(rounded("Europe/Berlin", "2026-10-25T02:10+01:00", rule)).toBe(
      "2026-10-25T02:10:00+01:00",
    );
  });
});

describe("on the night the clock goes forward", () => {
  // Berlin, 2026-03-29: 02:00+01:00 becomes 03:00+02:00.
  it.for([
    ["01:50+01:00", "up", "15min", "2026-03-29T03:00:00+02:00"],
    ["01:52:31+01:00", "nearest", "15min", "2026-03-29T03:00:00+02:00"],
    ["03:10+02:00", "down", "1h", "2026-03-29T03:00:00+02:00"],
    ["01:50+01:00", "up", "2h", "2026-03-29T04:00:00+02:00"],
    ["03:10+02:00", "down", "2h", "2026-03-29T00:00:00+01:00"],
    // three hours from 00:00 to 04:00: the middle is 01:30
    ["01:30:00+01:00", "nearest", "4h", "2026-03-29T00:00:00+01:00"],
    ["01:30:01+01:00", "nearest", "4h", "2026-03-29T04:00:00+02:00"],
  ])("in Berlin %s goes %s by %s to %s", ([at, mode, interval, counts]) => {
    expect(rounded("Europe/Berlin", `2026-03-29T${at}`, { mode, interval })).toBe(counts);
  });
});

describe("in zones of half hours", () => {
  // Lord Howe: 2026-04-05 02:00+11:00 becomes 01:30+10:30; 2026-10-04 02:00+10:30 becomes 02:30+11:00.
  it.for([
    ["2026-04-05T01:50+11:00", "up", "1h", "2026-04-05T02:00:00+10:30"],
    ["2026-04-05T01:50+11:00", "up", "30min", "2026-04-05T01:30:00+10:30"],
    ["2026-04-05T01:50+11:00", "down", "1h", "2026-04-05T01:00:00+11:00"],
    ["2026-04-05T01:40+10:30", "down", "1h", "2026-04-05T01:00:00+11:00"],
    ["2026-04-05T01:40+10:30", "down", "30min", "2026-04-05T01:30:00+10:30"],
    ["2026-04-05T01:45:00+11:00", "nearest", "1h", "2026-04-05T01:00:00+11:00"],
    ["2026-04-05T01:45:01+11:00", "nearest", "1h", "2026-04-05T02:00:00+10:30"],
    ["2026-10-04T01:50+10:30", "up", "1h", "2026-10-04T03:00:00+11:00"],
    ["2026-10-04T01:50+10:30", "up", "30min", "2026-10-04T02:30:00+11:00"],
    ["2026-10-04T02:40+11:00", "down", "1h", "2026-10-04T01:00:00+10:30"],
  ])("on Lord Howe %s goes %s by %s to %s", ([at, mode, interval, counts]) => {
    expect(rounded("Australia/Lord_Howe", at ?? "", { mode, interval })).toBe(counts);
  });

  it.each([
    ["Asia/Kolkata", "2026-01-12T08:20+05:30", "2026-01-12T08:00:00+05:30"],
    ["Asia/Kathmandu", "2026-01-12T08:31+05:45", "2026-01-12T09:00:00+05:45"],
  ])("the hour of %s is the wall clock's", (zone, at, counts) => {
    expect(rounded(zone, at, { interval: "1h" })).toBe(counts);
  });

  it("is that of the place of each punch, and of the shift where that is unknown", () => {
    const rules = [
      {
        name: "Hour",
        types: ["in" as const, "out" as const],
        mode: "down" as const,
        interval: "1h",
      },
    ];
    const reads = ["2026-01-12T08:20+01:00 in", "2026-01-12T19:20+05:30 out"];
    const at = (zones: readonly (string | null)[]): string[] =>
      countsOf({ reads, zone: "Europe/Berlin", zones }, rules).map(({ countsAt }) =>
        new Date(countsAt).toISOString().slice(11, 16),
      );
    expect(at([null, "Asia/Kolkata"])).toEqual(["07:00", "13:30"]);
    expect(at([null, null])).toEqual(["07:00", "13:00"]);
    expect(at(["Mars/Olympus", "Mars/Olympus"])).toEqual(["07:00", "13:00"]);
  });

  it("never goes before the first instant there is", () => {
    expect(rounded("Asia/Kolkata", "1970-01-01T00:00Z", { mode: "down", interval: "1h" })).toBe(
      "1970-01-01T05:30:00+05:30",
    );
  });
});

describe("the grid of a wall clock", () => {
  const zones = [
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "America/Santiago",
    "Pacific/Apia",
    "Asia/Kolkata",
  ];
  // around clock changes of both halves of the world, and the date Apia skipped
  const around = [
    "2026-03-08T07:00Z",
    "2026-03-29T01:00Z",
    "2026-10-25T01:00Z",
    "2026-04-04T15:00Z",
    "2026-10-03T15:30Z",
    "2026-04-05T03:00Z",
    "2026-09-06T04:00Z",
    "2011-12-30T10:00Z",
  ].map((text) => Date.parse(text));
  const instants = fc
    .tuple(fc.constantFrom(...around), fc.integer({ min: -600, max: 600 }))
    .map(([at, minutes]) => at + minutes * MINUTE);

  it(`is what a search minute by minute finds (seed ${SEED})`, () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        instants,
        fc.constantFrom(5, 15, 30, 60, 120, 240, 720),
        (zone, at, step) => {
          const isPoint = (t: number): boolean => (t + offsetAt(t, zone)) % (step * MINUTE) === 0;
          let lower = at;
          while (!isPoint(lower)) lower -= MINUTE;
          let upper = at;
          while (!isPoint(upper)) upper += MINUTE;
          expect(wallCell(at, step * MINUTE, zone)).toEqual({ lower, upper });
        },
      ),
      { seed: SEED, numRuns: 2 * RUNS },
    );
  });
});
