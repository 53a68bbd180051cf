import fc from "fast-check";
import { Temporal } from "temporal-polyfill";
import { describe, expect, it } from "vitest";
import {
  civilDateOf,
  dateOf,
  dayOf,
  dayOfDate,
  instantOf,
  localText,
  offsetAt,
  secondsOfDay,
  spell,
  WEEKDAYS,
  weekdayOf,
  weekStart,
  zoneSchema,
} from "./civil-time.ts";

const SEED = Number(process.env["WORKTIME_SEED"] ?? 20_260_112);
process.stdout.write(`civil time properties: seed ${SEED}\n`);
const settings = { seed: SEED, numRuns: 3000 };

const ZONES = [
  "UTC",
  "Europe/Berlin",
  "America/New_York",
  "America/Santiago",
  "Australia/Lord_Howe",
  "Asia/Kathmandu",
  "Pacific/Apia",
  "Africa/Casablanca",
  "Antarctica/Troll",
];
const zone = fc.constantFrom(...ZONES);
const HOUR = 3_600_000;
const HORIZON = { min: Date.parse("2005-01-01T00:00Z"), max: Date.parse("2035-01-01T00:00Z") };

/** Instants anywhere, and close to a change of the clock, where mistakes live. */
const zoned = zone.chain((name) =>
  fc.tuple(
    fc.constant(name),
    fc.oneof(
      fc.integer(HORIZON),
      fc
        .tuple(fc.integer(HORIZON), fc.integer({ min: -2 * HOUR, max: 26 * HOUR }))
        .map(([at, off]) => {
          const from = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(name);
          const change = from.getTimeZoneTransition("next");
          return change === null ? at : change.epochMilliseconds + off;
        }),
    ),
  ),
);
const inZone = (at: number, name: string): Temporal.ZonedDateTime =>
  Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(name);

describe("what is remembered of zones", () => {
  it("is what Temporal says: offset, date, time of day, text", () => {
    fc.assert(
      fc.property(zoned, ([name, at]) => {
        const said = inZone(at, name);
        expect(offsetAt(at, name)).toBe(said.offsetNanoseconds / 1_000_000);
        expect(civilDateOf(at, name)).toBe(said.toPlainDate().toString());
        expect(secondsOfDay(at, name)).toBe(said.hour * 3600 + said.minute * 60 + said.second);
        const text = said.toString({ timeZoneName: "never", smallestUnit: "second" });
        expect(localText(at, name)).toBe(text);
      }),
      settings,
    );
  });

  it("turns wall clocks into instants as Temporal does: the first of two, and as much later as is skipped", () => {
    fc.assert(
      fc.property(zoned, fc.integer({ min: -3 * HOUR, max: 3 * HOUR }), ([name, at], shift) => {
        const wall = inZone(at, name)
          .toPlainDateTime()
          .add({ milliseconds: shift })
          .round("second");
        const day = dayOfDate(wall.toPlainDate().toString());
        const seconds = wall.hour * 3600 + wall.minute * 60 + wall.second;
        const said = wall.toZonedDateTime(name, { disambiguation: "compatible" });
        expect(instantOf(day, seconds, name)).toBe(said.epochMilliseconds);
      }),
      settings,
    );
  });

  it("takes hours beyond a day for those of the next", () => {
    const day = dayOfDate("2026-03-28");
    expect(instantOf(day, 30 * 3600, "Europe/Berlin")).toBe(Date.parse("2026-03-29T06:00+02:00"));
    expect(instantOf(day, -3600, "Europe/Berlin")).toBe(Date.parse("2026-03-27T23:00+01:00"));
  });
});

describe("days", () => {
  it("count the calendar, leap days included, and go back to their dates", () => {
    expect(dayOfDate("1970-01-01")).toBe(0);
    expect(dayOfDate("2028-03-01") - dayOfDate("2028-02-28")).toBe(2);
    fc.assert(
      fc.property(fc.integer({ min: -100_000, max: 2_900_000 }), (day) => {
        expect(dayOfDate(dateOf(day))).toBe(day);
      }),
      settings,
    );
    expect(() => dayOfDate("2026-02-30")).toThrow(RangeError);
  });

  it("begin where the rules say", () => {
    const at = Date.parse("2026-01-12T04:59:59.999+01:00");
    const [mon, sun] = [dayOfDate("2026-01-12"), dayOfDate("2026-01-11")];
    expect(dayOf(at, "Europe/Berlin")).toBe(mon);
    expect(dayOf(at, "Europe/Berlin", 5 * 3600)).toBe(sun);
    expect(dayOf(at + 1, "Europe/Berlin", 5 * 3600)).toBe(mon);
  });

  it("know their weekday, and the first day of their week however it begins", () => {
    expect(weekdayOf(dayOfDate("2026-11-24"))).toBe("tue");
    expect(weekdayOf(dayOfDate("1969-12-31"))).toBe("wed");
    fc.assert(
      fc.property(
        fc.integer({ min: -5000, max: 50_000 }),
        fc.constantFrom(...WEEKDAYS),
        (day, first) => {
          const start = weekStart(day, first);
          expect(weekdayOf(start)).toBe(first);
          expect(day - start).toBeGreaterThanOrEqual(0);
          expect(day - start).toBeLessThan(7);
        },
      ),
      settings,
    );
  });
});

it("refuses what is no zone by name", () => {
  for (const wrong of ["+02:00", "Mars/Olympus", "", "Europe", "x".repeat(65)])
    expect(zoneSchema.safeParse(wrong).success).toBe(false);
  expect(ZONES.filter((name) => !zoneSchema.safeParse(name).success)).toEqual([]);
});

it("spells lengths of time", () => {
  expect([0, 59_999, 60_000, 3_599_999, 3_600_000, 36_060_000].map(spell)).toEqual([
    "0 s",
    "59 s",
    "1 min",
    "59 min",
    "1 h 00 min",
    "10 h 01 min",
  ]);
});
