import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { planSharing, type SharingView } from "./lease-plan.ts";

const SEED = 20_261_130;

const names = (prefix: string, count: number): string[] =>
  Array.from({ length: count }, (_, n) => `${prefix}${n}`);

interface World {
  readonly members: readonly string[];
  readonly units: readonly string[];
  readonly holders: Map<string, string>;
}

const viewOf = (world: World, me: string, abandoned: readonly string[] = []): SharingView => ({
  ...world,
  me,
  abandoned: new Set(abandoned),
});

/** Every process acts once on what it sees; a unit goes to the first that claims it, as the guard of the bucket has it. */
function round(world: World): number {
  const seen = new Map(world.holders);
  let steps = 0;
  for (const me of world.members) {
    const { claim, release } = planSharing({ ...viewOf(world, me), holders: seen });
    for (const unit of claim) {
      if (world.holders.has(unit)) continue;
      world.holders.set(unit, me);
      steps += 1;
    }
    if (release !== undefined && world.holders.get(release) === me) {
      world.holders.delete(release);
      steps += 1;
    }
  }
  return steps;
}

const counts = ({ members, holders }: World): number[] =>
  members.map((member) => [...holders.values()].filter((holder) => holder === member).length);

const worlds = fc
  .record({ members: fc.integer({ min: 1, max: 9 }), units: fc.integer({ min: 0, max: 24 }) })
  .chain(({ members, units }) =>
    fc.array(fc.option(fc.nat(members - 1)), { minLength: units, maxLength: units }).map(
      (owners): World => ({
        members: names("p", members),
        units: names("u", units),
        holders: new Map(
          owners.flatMap((owner, n) => (owner === null ? [] : [[`u${n}`, `p${owner}`]])),
        ),
      }),
    ),
  );

describe(`sharing (seed ${SEED})`, () => {
  test("whoever holds what at first, soon all is held, evenly, and then nothing moves any more", () => {
    fc.assert(
      fc.property(worlds, (world) => {
        for (let n = 0; n < 4 * world.units.length + 4; n += 1) round(world);
        expect(world.holders.size).toBe(world.units.length);
        expect(Math.max(...counts(world)) - Math.min(...counts(world))).toBeLessThan(2);
        expect(round(world)).toBe(0);
      }),
      { seed: SEED, numRuns: 500 },
    );
  });

  test("processes that see the same never claim the same, and leave nothing that is free", () => {
    fc.assert(
      fc.property(worlds, (world) => {
        const claims = world.members.flatMap((me) => planSharing(viewOf(world, me)).claim);
        expect(claims.toSorted()).toEqual(
          world.units.filter((unit) => !world.holders.has(unit)).toSorted(),
        );
      }),
      { seed: SEED, numRuns: 500 },
    );
  });

  test("gives back one unit of its own at most, and only from plenty", () => {
    fc.assert(
      fc.property(worlds, (world) => {
        for (const [n, me] of world.members.entries()) {
          const { claim, release } = planSharing(viewOf(world, me));
          if (release === undefined) continue;
          expect(claim).toEqual([]);
          expect(world.holders.get(release)).toBe(me);
          expect(counts(world)[n]).toBeGreaterThanOrEqual(Math.min(...counts(world)) + 2);
        }
      }),
      { seed: SEED, numRuns: 500 },
    );
  });

  test("three share eight as 3, 3 and 2; when one dies the others take its units and keep their own", () => {
    const world: World = {
      members: ["a", "b", "c"],
      units: names("share-", 8),
      holders: new Map(names("share-", 8).map((unit) => [unit, "a"])),
    };
    for (let n = 0; n < 12; n += 1) round(world);
    expect(counts(world).toSorted((a, b) => a - b)).toEqual([2, 3, 3]);
    const before = new Map(world.holders);
    const after: World = {
      ...world,
      members: ["a", "b"],
      holders: new Map([...world.holders].filter(([, holder]) => holder !== "c")),
    };
    round(after);
    expect(counts(after)).toEqual([4, 4]);
    for (const [unit, holder] of before) {
      if (holder !== "c") expect(after.holders.get(unit)).toBe(holder);
    }
  });

  test("what falls to a process that does not want it is taken by another in the end", () => {
    const world: World = { members: ["a", "b"], units: ["timer"], holders: new Map() };
    expect(planSharing(viewOf(world, "b")).claim).toEqual([]);
    expect(planSharing(viewOf(world, "b", ["timer"])).claim).toEqual(["timer"]);
  });
});
