import { describe, expect, it } from "vitest";
import { clockTime, countsOf, roundingShift } from "../../../test/support/rounding.ts";
import { seededFraction } from "../../../test/support/seeded.ts";
import type { CountedPunch, ReadPunch } from "../ledger.ts";
import { emptyWorkday, type Workday } from "../workday.ts";
import { BALANCED_SECONDS, type RoundingFairness, roundingFairness } from "./fairness.ts";
import { countPunches } from "./rounding.ts";

// 29 CFR 785.48(b): rounding is accepted if it averages out so that, over time, people are paid for all they worked.

const SEED = Number(process.env["WORKTIME_SEED"] ?? 20_260_112);
const DAYS = 20_000;
const types = ["in", "out", "lunch-start", "lunch-end"] as const;
type Rules = readonly object[];

/** Days as the engine assembles them. */
const workday = (reads: readonly CountedPunch[]): Workday => ({
  ...emptyWorkday("2026-01-12", "Europe/Berlin"),
  punches: reads.map(({ punch, countsAt, meaning, reason, rounding }) => ({
    punchId: punch.punchId,
    at: punch.at,
    countsAt,
    meaning,
    reason,
    ...(rounding === undefined ? {} : { roundedBy: rounding.policy }),
  })),
});

/** People who come and go when they come and go: half an hour around their times, second by second. */
function* load(rules: Rules): Generator<Workday> {
  const next = seededFraction(SEED);
  const typical = ["08:00 in", "12:00 lunch-start", "13:05 lunch-end", "17:00 out"];
  const shift = roundingShift({ reads: typical }, rules);
  const around = (read: ReadPunch): ReadPunch => {
    const at = read.punch.at + Math.floor((next() - 0.5) * 3600) * 1000;
    return { ...read, punch: { ...read.punch, at } };
  };
  for (let day = 0; day < DAYS; day += 1) {
    yield workday(countPunches({ ...shift, reads: shift.reads.map(around) }));
  }
}

const report = (rules: Rules): RoundingFairness[] => roundingFairness(load(rules));

describe(`the fairness of a rule over a load of ${DAYS} days (seed ${SEED})`, () => {
  it.each([["nearest"], ["half-up"]] as const)(
    "%s averages out to within 5 s",
    (mode) => {
      const [all] = report([{ name: "Quarter", types: [...types], mode }]);
      expect(all).toMatchObject({
        policy: "Quarter",
        of: "punches",
        decided: 4 * DAYS,
        verdict: "balanced",
      });
      expect(Math.abs(all!.meanSignedSeconds)).toBeLessThan(BALANCED_SECONDS);
      // a quarter hour moves a time by 260 s or so: the mean is known to a second, so the verdict means something
      expect(all!.standardErrorSeconds).toBeLessThan(1);
      expect(all!.moved).toBeGreaterThan(3.9 * DAYS);
    },
    60_000,
  );

  it("up for arrivals and down for departures is for the employer, by half the interval", () => {
    const rules: Rules = [
      { name: "Come", types: ["in", "lunch-end"], mode: "up" },
      { name: "Go", types: ["out", "lunch-start"], mode: "down" },
    ];
    const [come, go] = report(rules);
    for (const each of [come!, go!]) {
      expect(each).toMatchObject({ verdict: "favours-employer", inFavourOfEmployee: 0 });
      expect(each.meanSignedSeconds).toBeGreaterThan(-460);
      expect(each.meanSignedSeconds).toBeLessThan(-440);
      expect(each.totalSeconds).toBeLessThan(-2 * DAYS * 440);
    }
  });

  it("the other way round is for the employee, and a grace to one side shows", () => {
    const [come] = report([{ name: "Come", types: ["in"], mode: "down" }]);
    expect(come).toMatchObject({ verdict: "favours-employee", inFavourOfEmployer: 0 });
    const [grace] = report([{ name: "Grace", types: ["in"], mode: "up", grace: "5min" }]);
    // 5 of 15 minutes in favour (by 150 s), 10 against (by 300 s)
    expect(grace!.verdict).toBe("favours-employer");
    expect(Math.abs(grace!.meanSignedSeconds + 150)).toBeLessThan(10);
  });

  it("dropping seconds is for the employee at arrival and against at departure, and balanced over both", () => {
    const whole = { mode: "none", wholeMinutes: true } as const;
    const [both] = report([{ name: "Both", types: [...types], ...whole }]);
    expect(both!.verdict).toBe("balanced");
    const [go] = report([{ name: "Go", types: ["out"], ...whole }]);
    expect(go!.verdict).toBe("favours-employer");
    expect(Math.abs(go!.meanSignedSeconds + 29.5)).toBeLessThan(0.5);
  });
});

describe("the report", () => {
  const rules: Rules = [{ name: "Quarter", types: ["in", "out", "transfer"] }];
  it("counts what was decided, moved, and for whom, compared with the whole second", () => {
    const reads = ["08:05 in", "10:01 transfer", "17:00 out"];
    const late = ["08:10 in", "16:50 out", "17:00 repeat"];
    const [row, ...rest] = roundingFairness([
      workday(countsOf({ reads }, rules)),
      workday(countsOf({ reads: late }, rules)),
    ]);
    // in 08:05 → 08:00: +300; out as it is; in 08:10 → 08:15: -300; out 16:50 → 16:45: -300
    expect(row).toMatchObject({
      policy: "Quarter",
      decided: 4,
      moved: 3,
      inFavourOfEmployee: 1,
      inFavourOfEmployer: 2,
      totalSeconds: -300,
      meanSignedSeconds: -75,
      verdict: "too-few-to-say",
    });
    expect(row!.standardErrorSeconds).toBeCloseTo(
      Math.sqrt((375 ** 2 + 75 ** 2 + 225 ** 2 * 2) / 3 / 4),
      9,
    );
    expect(rest).toEqual([]);
  });

  it("accuses nobody on a month of punches: the mean must be beyond chance", () => {
    // 40 ins: 21 cost 300 s, 19 gave as much; the mean of -15 s may well be chance
    const days = Array.from({ length: 40 }, (_, index) =>
      workday(countsOf({ reads: [index < 21 ? "08:10 in" : "08:05 in"] }, rules)),
    );
    expect(roundingFairness(days)).toMatchObject([
      { meanSignedSeconds: -15, verdict: "too-few-to-say" },
    ]);
    // but 40 of 40 are none, and 20 of 20 are too few to be sure of anything
    const against = Array.from({ length: 40 }, () =>
      workday(countsOf({ reads: ["08:10 in"] }, rules)),
    );
    expect(roundingFairness(against)).toMatchObject([{ verdict: "favours-employer" }]);
    expect(roundingFairness(against.slice(20))).toMatchObject([{ verdict: "too-few-to-say" }]);
  });

  it("looks at whole seconds", () => {
    const at = clockTime("08:05") + 999;
    const countsAt = clockTime("08:00");
    const punches: Workday["punches"] = [
      { punchId: "a", at, countsAt, meaning: "in", reason: "", roundedBy: "A" },
    ];
    const [row] = roundingFairness([{ ...emptyWorkday("2026-01-12", "UTC"), punches }]);
    expect(row?.totalSeconds).toBe(300);
  });

  it("takes a punch without `countsAt` as counted where it was, to the second", () => {
    const at = clockTime("08:00") + 999;
    const punches: Workday["punches"] = [
      { punchId: "a", at, meaning: "in", reason: "", roundedBy: "A" },
    ];
    expect(roundingFairness([{ ...emptyWorkday("2026-01-12", "UTC"), punches }])).toMatchObject([
      { decided: 1, moved: 0, totalSeconds: 0, verdict: "balanced" },
    ]);
  });

  it("has a row for totals: more of a day is for the employee, more of lunch against", () => {
    const day: Workday = {
      ...emptyWorkday("2026-01-12", "UTC"),
      roundedTotals: [
        { total: "lunch", policy: "L", seconds: 1500, countsAs: 1800 },
        { total: "day", policy: "D", seconds: 30_000, countsAs: 30_600 },
      ],
    };
    expect(
      roundingFairness([day, day]).map(({ policy, of, totalSeconds }) => [
        policy,
        of,
        totalSeconds,
      ]),
    ).toEqual([
      ["D", "day", 1200],
      ["L", "lunch", -600],
    ]);
  });

  it("is sorted by name whatever the order of the days, and empty without rounding", () => {
    const days = [
      workday(countsOf({ reads: ["08:05 in"] }, [{ name: "B", types: ["in"] }])),
      workday(countsOf({ reads: ["08:05 in"] }, [{ name: "A", types: ["in"] }])),
    ];
    expect(roundingFairness(days)).toEqual(roundingFairness(days.toReversed()));
    expect(roundingFairness(days).map(({ policy }) => policy)).toEqual(["A", "B"]);
    expect(roundingFairness([workday(countsOf({ reads: ["08:05 in"] }, []))])).toEqual([]);
  });
});
