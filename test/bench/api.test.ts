import { beforeAll, describe, expect, it } from "vitest";
import { findNatsServer } from "../support/nats.ts";
import { available } from "../support/parts.ts";
import { run } from "./api.ts";
import { companyOf, idOf, modelOf } from "./api-company.ts";
import type { BenchResult } from "./result.ts";

describe("the company behind the benchmark of the API", () => {
  it("is as large as asked, over a year of 5,000 people for five million punches", () => {
    const { people, days } = companyOf(5_000_000);
    expect({ people, days: days.length }).toEqual({ people: 5_000, days: 334 });
    expect(companyOf(2_000).people).toBe(20);
  });

  it("gives everybody another id, none within another", () => {
    const ids = Array.from({ length: 5_000 }, (_, index) => idOf(index + 1));
    expect(new Set(ids).size).toBe(5_000);
    expect(new Set(ids.map((id) => id.length))).toEqual(new Set([6]));
    expect([1, 10, 11, 5_000].map(modelOf)).toEqual([1, 10, 1, 10]);
  });
});

// That the API answers what stands in the files is looked at by the benchmark itself: it rejects where it does not.
describe.skipIf(!available("nats-server", findNatsServer()))("the benchmark of the API", () => {
  let result: BenchResult;
  beforeAll(async () => {
    result = await run({ scale: 0.001, punches: 2_000, progress: () => undefined });
  });

  it("fills the read model with about as many punches as asked", () => {
    const { punches = 0, workdays = 0, people = 0, days = 0 } = result.figures;
    expect(workdays).toBe(people * days);
    expect(Math.abs(punches - 2_000)).toBeLessThan(200);
  });

  it("measures every question and claims something of each", () => {
    const figures = Object.entries(result.figures);
    expect(figures.filter(([, value]) => !(value > 0))).toEqual([]);
    for (const name of ["presence", "muster", "timesheets", "explain"]) {
      expect(result.figures).toMatchObject({
        [`${name}P50Ms`]: expect.any(Number) as number,
        [`${name}P99Ms`]: expect.any(Number) as number,
        [`${name}PerSecond`]: expect.any(Number) as number,
        [`${name}RateToDirect`]: expect.any(Number) as number,
      });
      expect(result.claims.some(({ claim }) => claim.startsWith(name))).toBe(true);
    }
  });
});
