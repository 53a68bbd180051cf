import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LayeredMap } from "./layered-map.ts";

const SEED = 20_260_116;
process.stdout.write(`layered map property tests: seed ${SEED}\n`);

describe("a layered map", () => {
  it("holds what a map holds, and no version of it ever changes", () => {
    const steps = fc.array(
      fc.tuple(fc.integer({ min: 0, max: 150 }), fc.option(fc.record({ n: fc.nat() }))),
      { maxLength: 400 },
    );
    fc.assert(
      fc.property(steps, (list) => {
        let layered = LayeredMap.empty<number, { n: number }>();
        const plain = new Map<number, { n: number }>();
        const versions: Array<readonly [typeof layered, typeof plain]> = [];
        for (const [key, value] of list) {
          layered = value === null ? layered.without(key) : layered.with(key, value);
          if (value === null) plain.delete(key);
          else plain.set(key, value);
          versions.push([layered, new Map(plain)]);
        }
        for (const [then, was] of versions) {
          expect(new Map(then)).toEqual(was);
          for (const key of [0, 75, 150]) {
            expect([then.get(key), then.has(key)]).toEqual([was.get(key), was.has(key)]);
          }
        }
      }),
      { seed: SEED, numRuns: 50 },
    );
  });
});
