import { describe, expect, it } from "vitest";
import type { z } from "zod";
import { punch } from "../../test/support/worktime.ts";
import { computeWorkdays } from "./engine.ts";
import type { Fact } from "./facts.ts";
import { constantRules, ruleSetSchema } from "./rules.ts";
import type { Workday } from "./workday.ts";

// Which day time counts on, and what one shift may have of another. All in UTC.

const RANGE = { fromOn: "2026-01-01", toOn: "2026-01-31" };

const days = (input: z.input<typeof ruleSetSchema>, ...facts: (string | Fact)[]): Workday[] =>
  computeWorkdays(
    facts.map((fact) => (typeof fact === "string" ? punch(fact) : fact)),
    constantRules(ruleSetSchema.parse(input)),
    RANGE,
  );
const jan = (day: string, hint = ""): string => `2026-01-${day}Z ${hint}`.trim();
const worked = (list: readonly Workday[]): string[] =>
  list.map(({ workdayOn, workedSeconds }) => `${workdayOn.slice(-2)}: ${workedSeconds / 3600}`);
const kinds = (list: readonly Workday[]): string[] =>
  list.flatMap(({ exceptions }) => exceptions.map(({ kind }) => kind));
const told = (site: string, time: string): Fact => ({
  kind: "watermark",
  site,
  completeTo: Date.parse(`2026-01-${time}Z`),
});

const most = (tieGoesTo: "start" | "end", out: string): string[] =>
  worked(
    days(
      { shifts: { countsOn: "most-worked", tieGoesTo } },
      jan("12T22:00", "in"),
      jan(`13T${out}`, "out"),
    ),
  );
const approved = (on: string): Fact => ({
  kind: "approval",
  approvalId: on,
  decidedAt: 1,
  on,
  policy: "Daily",
  seconds: 3600,
  decision: "approved",
  by: "boss",
});

describe("the day a shift counts on", () => {
  const night = [jan("12T22:00", "in"), jan("13T08:00", "out")];

  it("is cut where a day begins, by the day start of the rules", () => {
    expect(worked(days({ shifts: { countsOn: "split" } }, ...night))).toEqual(["12: 2", "13: 8"]);
    const early = { shifts: { countsOn: "split", dayStart: "05:00" } } as const;
    expect(worked(days(early, ...night))).toEqual(["12: 7", "13: 3"]);
  });

  it("is the one with more work, and in a tie the one the rules name", () => {
    expect(most("start", "02:00")).toEqual(["12: 4"]);
    expect(most("end", "02:00")).toEqual(["13: 4"]);
    expect(most("start", "03:00")).toEqual(["13: 5"]);
    expect(most("end", "01:00")).toEqual(["12: 3"]);
  });

  it("is sought by work alone: lunch is none", () => {
    const found = days(
      { shifts: { countsOn: "most-worked" } },
      jan("12T20:00", "in"),
      jan("12T22:00", "lunch-start"),
      jan("13T00:00", "lunch-end"),
      jan("13T03:00", "out"),
    );
    expect(worked(found)).toEqual(["13: 5"]);
  });

  it("is the day it was planned for, when somebody comes before midnight", () => {
    const schedule: z.input<typeof ruleSetSchema>["schedule"] = {
      templates: [{ name: "night", start: "00:00", end: "08:00" }],
      rotas: [{ name: "all", kind: "cycle", anchor: "2026-01-01", days: ["night"] }],
    };
    const found = days({ schedule }, jan("12T23:50", "in"), jan("13T08:00", "out"));
    expect(found.map(({ workdayOn }) => workdayOn)).toEqual(["2026-01-13"]);
  });
});

describe("what one shift has of another", () => {
  it("is no second: rounding never counts one for both", () => {
    const rounding: z.input<typeof ruleSetSchema>["rounding"] = {
      punches: [
        { name: "Out", types: ["out"], mode: "up", interval: "15min" },
        { name: "In", types: ["in"], mode: "down", interval: "15min" },
      ],
    };
    const [day] = days(
      { rounding, shifts: { newShiftGap: "1min" }, punches: { breaks: { by: "claim" } } },
      jan("12T06:00", "in"),
      jan("12T13:53", "out"),
      jan("12T13:55", "in"),
      jan("12T22:00", "out"),
    );
    const spans = day?.intervals.map(({ fromAt, toAt }) =>
      [fromAt, toAt].map((at) => new Date(at).toISOString().slice(11, 16)).join("-"),
    );
    expect(spans).toEqual(["06:00-14:00", "14:00-22:00"]);
    expect(day?.workedSeconds).toBe(16 * 3600);
  });

  it("is found once: a lunch that was missed is told on the day the shift began", () => {
    const meals: z.input<typeof ruleSetSchema>["meals"] = {
      policies: [{ name: "Lunch", kind: "normal", amount: "30min", activeAfter: "6h" }],
    };
    const found = days(
      { shifts: { countsOn: "split" }, meals },
      jan("12T20:00", "in"),
      jan("13T04:00", "out"),
    );
    expect(kinds(found)).toEqual(["lunch-missed"]);
    expect(found[0]?.exceptions).toHaveLength(1);
  });
});

describe("a check-out that is assumed", () => {
  const rules: z.input<typeof ruleSetSchema> = {
    shifts: { assumedOut: { by: "expected-hours", hours: "8h" } },
  };
  const atPlant = punch(jan("12T10:30", "in"), { site: "plant" });
  const facts = [jan("12T08:00", "in"), jan("12T10:00", "out"), atPlant];
  const late = told("hq", "14T00:00");

  it("waits for every site of the shift, also one that never told anything", () => {
    expect(kinds(days(rules, ...facts, late))).not.toContain("assumed-out");
    expect(kinds(days(rules, ...facts, late, told("plant", "12T11:00")))).not.toContain(
      "assumed-out",
    );
    expect(kinds(days(rules, ...facts, late, told("plant", "14T00:00")))).toContain("assumed-out");
  });
});

describe("a day", () => {
  it("has no open shift that nobody took", () => {
    const schedule: z.input<typeof ruleSetSchema>["schedule"] = {
      templates: [{ name: "extra", kind: "open", start: "08:00", end: "12:00" }],
      rotas: [{ name: "all", kind: "cycle", anchor: "2026-01-01", days: ["extra"] }],
    };
    const elsewhere = [jan("12T14:00", "in"), jan("12T18:00", "out"), told("hq", "14T00:00")];
    const [day] = days({ schedule }, ...elsewhere);
    expect([day?.planned, day?.scheduledSeconds]).toEqual([[], 0]);
    const [taken] = days({ schedule }, jan("12T08:00", "in"), jan("12T12:00", "out"));
    expect(taken?.planned.map(({ name }) => name)).toEqual(["extra"]);
  });

  it("has the leave of every date it was granted for, the last one too", () => {
    const absences: z.input<typeof ruleSetSchema>["absences"] = {
      codes: [{ name: "Vacation", code: "VAC", dayLength: "8h" }],
    };
    const leave: Fact = {
      kind: "absence",
      absenceId: "v1",
      decidedAt: 1,
      fromOn: "2026-01-12",
      toOn: "2026-01-13",
      code: "VAC",
      secondsADay: null,
    };
    const found = days({ absences }, leave).map(({ workdayOn, credits }) => [
      workdayOn.slice(-2),
      credits.map(({ seconds }) => seconds),
    ]);
    expect(found).toEqual([
      ["12", [28_800]],
      ["13", [28_800]],
    ]);
  });

  it("has the approvals of its own date only", () => {
    const overtime: z.input<typeof ruleSetSchema>["overtime"] = {
      policies: [
        {
          name: "Daily",
          kind: "daily",
          tiers: [{ after: "8h", code: "OT", rate: 1.5 }],
          needsApproval: true,
        },
      ],
    };
    const said = (on: string): string[] =>
      days({ overtime }, jan("12T08:00", "in"), jan("12T17:00", "out"), approved(on))
        .flatMap(({ claims }) => claims)
        .map(({ approval }) => approval);
    expect(said("2026-01-12")).toEqual(["not-needed", "approved"]);
    expect(said("2026-01-13")).toEqual(["not-needed", "pending"]);
  });
});
