import { describe, expect, it } from "vitest";
import { type Judged, reportOf, roomOf, textOf, type Verdict } from "./report.ts";

const judged = (name: string, verdict: Verdict, file = "shared/worktime/days.ts"): Judged => ({
  mutant: { name, file },
  verdict,
  seconds: 1.5,
});
const killed = judged("first", { is: "killed", by: "counts a lunch once" });
const endless = judged("second", { is: "timed-out" }, "shared/worktime/overtime/walk.ts");
const run = { unmutated: { tests: 40, seconds: 3.4 }, seconds: 61.2 };

describe("the mutant report", () => {
  it("is ok when every mutant was killed or ran out of time", () => {
    expect(reportOf([killed, endless], run).ok).toBe(true);
  });

  it.each<Verdict>([
    { is: "survived" },
    { is: "stale", found: 2 },
    { is: "broken", why: "no test ran" },
  ])("is not ok when one is $is", (verdict) => {
    expect(reportOf([killed, judged("third", verdict)], run).ok).toBe(false);
  });

  it("is not ok when there was no mutant", () => {
    expect(reportOf([], run).ok).toBe(false);
  });

  it("counts each verdict, for each room and in all", () => {
    const none = { killed: 0, "timed-out": 0, survived: 0, stale: 0, broken: 0 };
    const { counts, rooms } = reportOf([killed, endless, judged("third", { is: "survived" })], run);
    expect(counts).toEqual({ ...none, killed: 1, "timed-out": 1, survived: 1 });
    expect(rooms).toEqual([
      { ...none, room: "days", killed: 1, survived: 1 },
      { ...none, room: "overtime", "timed-out": 1 },
    ]);
  });

  it("says of each mutant what became of it", () => {
    const { mutants } = reportOf([killed], run);
    expect(mutants).toEqual([
      {
        name: "first",
        file: "shared/worktime/days.ts",
        seconds: 1.5,
        is: "killed",
        by: "counts a lunch once",
      },
    ]);
  });

  it("shows people the counts, and last what was not noticed", () => {
    const all = [judged("third", { is: "stale", found: 0 }), killed, endless];
    expect(textOf(reportOf(all, run))).toBe(
      [
        `killed     shared/worktime/days.ts: first (by "counts a lunch once")`,
        "timed-out  shared/worktime/overtime/walk.ts: second (counts as noticed: the tests did not end)",
        "",
        "room         killed  timed-out   survived      stale     broken",
        "days              1          0          0          1          0",
        "overtime          0          1          0          0          0",
        "all               1          1          0          1          0",
        "",
        "stale      shared/worktime/days.ts: third (its text occurs 0 times, not once: bring the list up to date)",
        "without mutants 40 tests pass (3 s); 1 of 3 not noticed (61 s)",
        "",
      ].join("\n"),
    );
  });

  it("names rooms by folder or file", () => {
    expect(["shared/worktime/meals/pay.ts", "shared/worktime/days.ts"].map(roomOf)).toEqual([
      "meals",
      "days",
    ]);
  });
});
