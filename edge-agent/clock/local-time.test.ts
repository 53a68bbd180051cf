import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { instantsOf, localTimeAt } from "./local-time.ts";

const read = (local: string, zone: string): string[] => {
  const found = instantsOf(local, zone);
  if (found === undefined) return [];
  return [found.kind, ...found.instants.map((at) => new Date(at).toISOString().slice(0, 19))];
};

describe("what a terminal's local time may mean", () => {
  it.each([
    ["Europe/Berlin", "2026-07-01T12:00:00", "once", "2026-07-01T10:00:00"],
    ["Europe/Berlin", "2026-10-25T01:59:59", "once", "2026-10-24T23:59:59"],
    ["Europe/Berlin", "2026-10-25T03:00:00", "once", "2026-10-25T02:00:00"],
    ["Asia/Kolkata", "2026-03-29T02:30:00", "once", "2026-03-28T21:00:00"],
    ["UTC", "2026-03-29T02:30:00", "once", "2026-03-29T02:30:00"],
    // No summer time there since 2023: the zone tables know.
    ["America/Mexico_City", "2026-04-05T02:30:00", "once", "2026-04-05T08:30:00"],
  ])("%s %s is one instant", (zone, local, ...expected) => {
    expect(read(local, zone)).toEqual(expected);
  });

  it.each([
    ["Europe/Berlin", "2026-10-25T02:30:00", "2026-10-25T00:30:00", "2026-10-25T01:30:00"],
    ["America/New_York", "2026-11-01T01:00:00", "2026-11-01T05:00:00", "2026-11-01T06:00:00"],
    ["America/St_Johns", "2026-11-01T01:59:59", "2026-11-01T04:29:59", "2026-11-01T05:29:59"],
    // South of the equator it is April.
    ["Australia/Sydney", "2026-04-05T02:30:00", "2026-04-04T15:30:00", "2026-04-04T16:30:00"],
    ["America/Santiago", "2026-04-04T23:30:00", "2026-04-05T02:30:00", "2026-04-05T03:30:00"],
    // Half an hour only.
    ["Australia/Lord_Howe", "2026-04-05T01:45:00", "2026-04-04T14:45:00", "2026-04-04T15:15:00"],
  ])("%s %s comes twice", (zone, local, ...expected) => {
    expect(read(local, zone)).toEqual(["repeated", ...expected]);
  });

  it.each([
    ["Europe/Berlin", "2026-03-29T02:30:00", "2026-03-29T00:30:00", "2026-03-29T01:30:00"],
    ["America/New_York", "2026-03-08T02:00:00", "2026-03-08T06:00:00", "2026-03-08T07:00:00"],
    ["Australia/Sydney", "2026-10-04T02:59:59", "2026-10-03T15:59:59", "2026-10-03T16:59:59"],
    ["Australia/Lord_Howe", "2026-10-04T02:15:00", "2026-10-03T15:15:00", "2026-10-03T15:45:00"],
    // Clocks go from 23:59:59 to 01:00: the day has no midnight.
    ["America/Santiago", "2026-09-06T00:30:00", "2026-09-06T03:30:00", "2026-09-06T04:30:00"],
  ])("%s %s never comes", (zone, local, ...expected) => {
    expect(read(local, zone)).toEqual(["skipped", ...expected]);
  });

  it.each([
    "2026-02-30T08:00:00",
    "2025-02-29T08:00:00",
    "2026-13-01T08:00:00",
    "2026-00-10T08:00:00",
    "2026-01-01T24:00:00",
    "2026-01-01T08:60:00",
    "2026-01-01T08:00:60",
    "0000-00-00T00:00:00",
    "0026-01-01T08:00:00",
    "2026-01-01 08:00:00",
    "2026-01-01T08:00:00Z",
    "",
  ])("%j is no time at all", (local) => {
    expect(instantsOf(local, "Europe/Berlin")).toBeUndefined();
  });
});

it("every instant is among those its own local time may mean", () => {
  const zones = ["Europe/Berlin", "Australia/Lord_Howe", "America/Santiago", "Africa/Casablanca"];
  fc.assert(
    fc.property(
      fc.constantFrom(...zones),
      fc.integer({ min: Date.UTC(2000, 0) / 1000, max: Date.UTC(2037, 0) / 1000 }),
      (zone, second) => {
        const found = instantsOf(localTimeAt(second * 1000, zone), zone);
        expect(found?.instants).toContain(second * 1000);
        expect(found?.kind).not.toBe("skipped");
      },
    ),
  );
});
