import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { planDay } from "./day-plan.ts";
import { DEFAULT_LAYOUT } from "./layout.ts";
import { makePeople } from "./people.ts";

const READERS = [
  ...DEFAULT_LAYOUT.buses.flatMap((bus) => bus.readers),
  ...DEFAULT_LAYOUT.hidReaders,
];
const MIDNIGHT = Date.UTC(2026, 10, 23);
const DAY_MS = 86_400_000;

const people = (seed: number, count = 60) => makePeople({ seed, count, withWedge: true });
const plan = (seed: number, count = 60) =>
  planDay({ seed, people: people(seed, count), readers: READERS, midnightMs: MIDNIGHT });

const seeds = fc.integer({ min: 0, max: 1_000_000 });

describe("people", () => {
  it("are the same for the same seed and never share a badge", () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 1, max: 200 }), (seed, count) => {
        const made = people(seed, count);
        expect(made).toEqual(people(seed, count));
        expect(new Set(made.map(({ badge }) => badge.key)).size).toBe(count);
      }),
      { numRuns: 30 },
    );
  });

  it("come with every kind of badge and one that was withdrawn", () => {
    const made = people(1);
    expect(new Set(made.map(({ badge }) => badge.how))).toEqual(
      new Set(["card", "keypad", "wedge"]),
    );
    expect(
      new Set(made.flatMap(({ badge }) => (badge.how === "card" ? badge.card.bits : []))),
    ).toEqual(new Set([26, 34, 37]));
    expect(made.filter(({ withdrawn }) => withdrawn)).toHaveLength(1);
  });

  it("carry no badge that only a USB reader takes where there is none", () => {
    const made = makePeople({ seed: 1, count: 100, withWedge: false });
    expect(made.some(({ badge }) => badge.how === "wedge")).toBe(false);
  });

  it("stay who they are when more people join", () => {
    const few = people(5, 20).slice(0, -1); // the last one holds the withdrawn badge
    expect(people(5, 40).slice(0, few.length)).toEqual(few);
  });
});

describe("a day's plan", () => {
  it("is the same for the same seed and another for another seed", () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        expect(plan(seed)).toEqual(plan(seed));
        expect(plan(seed)).not.toEqual(plan(seed + 1));
      }),
      { numRuns: 20 },
    );
  });

  it("is in order, within the day and the night shift's morning, at readers that take the badge", () => {
    const kindOf = new Map(READERS.map(({ id, kind }) => [id, kind]));
    fc.assert(
      fc.property(seeds, (seed) => {
        const taps = plan(seed);
        expect(taps.map(({ atMs }) => atMs)).toEqual(
          taps.map(({ atMs }) => atMs).toSorted((a, b) => a - b),
        );
        for (const { atMs, badge, reader } of taps) {
          expect(atMs).toBeGreaterThan(MIDNIGHT);
          expect(atMs).toBeLessThan(MIDNIGHT + 1.3 * DAY_MS);
          expect(kindOf.get(reader)).toBe(badge.how === "wedge" ? "hid" : "osdp");
        }
      }),
      { numRuns: 20 },
    );
  });

  it("lets nobody leave before coming or end a break that never began", () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const days = Map.groupBy(
          plan(seed).filter(({ person, meaning }) => person !== null && meaning !== "again"),
          ({ person }) => person,
        );
        for (const taps of days.values()) {
          const story = taps.map(({ meaning }) => meaning).join(" ");
          expect(story).toMatch(/^in( break-start break-end)*( out)?$/);
        }
      }),
      { numRuns: 50 },
    );
  });

  it("has strangers, double taps, late comers, the night shift and somebody who forgot to leave", () => {
    const taps = plan(1);
    const of = (meaning: string) => taps.filter((tap) => tap.meaning === meaning);
    expect(of("stranger")).toHaveLength(3);
    expect(of("again").length).toBeGreaterThan(0);
    expect(of("in").some(({ atMs }) => atMs > MIDNIGHT + 9 * 3_600_000)).toBe(true);
    expect(of("out").some(({ atMs }) => atMs > MIDNIGHT + DAY_MS)).toBe(true);
    expect(of("out").length).toBeLessThan(of("in").length - 1);
  });

  it("takes people past readers in the right direction", () => {
    const directionOf = new Map(READERS.map(({ id, direction }) => [id, direction]));
    const wrongWay = { in: "out", "break-end": "out", out: "in", "break-start": "in" } as const;
    const wrong = plan(3).filter(({ meaning, reader }) => {
      if (meaning === "again" || meaning === "stranger") return false;
      return directionOf.get(reader) === wrongWay[meaning];
    });
    expect(wrong).toEqual([]);
  });
});
