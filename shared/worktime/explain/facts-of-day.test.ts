import { describe, expect, it } from "vitest";
import { punch, ruleSet } from "../../../test/support/worktime.ts";
import { computeWorkdays } from "../engine.ts";
import { type CorrectionFact, type Fact, factIdOf } from "../facts.ts";
import { constantRules } from "../rules.ts";
import { emptyWorkday } from "../workday.ts";
import { appliedRules } from "./applied-rules.ts";
import { factsOfDay } from "./facts-of-day.ts";

const ON = "2026-03-02";
const decidedAt = Date.parse("2026-03-04T09:00Z");
const rules = constantRules(ruleSet({ absences: { codes: [{ code: "VAC", name: "Vacation" }] } }));
const correction = (correctionId: string, change: CorrectionFact["change"]): Fact => ({
  kind: "correction",
  correctionId,
  decidedAt,
  reason: "forgot",
  by: "hr",
  change,
});
const FACTS: readonly Fact[] = [
  punch("2026-03-01T08:00Z in", { punchId: "before-1" }),
  punch("2026-03-01T16:00Z out", { punchId: "before-2" }),
  punch("2026-03-02T08:00Z in", { punchId: "p1" }),
  punch("2026-03-02T12:00Z out", { punchId: "stray" }),
  punch("2026-03-02T16:00Z out", { punchId: "p2" }),
  correction("c-void", { do: "void", punchId: "stray" }),
  correction("c-add", {
    do: "add",
    at: Date.parse("2026-03-02T18:00Z"),
    meaning: "in",
    site: "hq",
    zone: null,
  }),
  correction("c-back", { do: "withdraw", correctionId: "c-add" }),
  correction("c-other", { do: "void", punchId: "before-1" }),
  {
    kind: "absence",
    absenceId: "a1",
    decidedAt,
    fromOn: "2026-03-02",
    toOn: "2026-03-03",
    code: "VAC",
    secondsADay: 0,
  },
  {
    kind: "approval",
    approvalId: "o1",
    decidedAt,
    on: "2026-03-01",
    policy: "Daily",
    seconds: 60,
    decision: "approved",
    by: "boss",
  },
  { kind: "watermark", site: "hq", completeTo: decidedAt },
  { kind: "watermark", site: "elsewhere", completeTo: decidedAt },
];

const dayFrom = (facts: readonly Fact[]) =>
  computeWorkdays(facts, rules, { fromOn: ON, toOn: ON })[0] ?? emptyWorkday(ON, "UTC");

describe("the facts of a day", () => {
  it("are what it was made of, what was taken from it, and what took that back", () => {
    const site = FACTS.find((fact) => fact.kind === "punch")?.site ?? "";
    const known = FACTS.map((fact) =>
      fact.kind === "watermark" && fact.site === "hq" ? { ...fact, site } : fact,
    );
    expect(factsOfDay(dayFrom(known), known).map(factIdOf)).toEqual([
      "punch p1",
      "punch stray",
      "punch p2",
      "correction c-void",
      "correction c-add",
      "correction c-back",
      `absence a1 ${decidedAt}`,
      `watermark ${site} ${decidedAt}`,
    ]);
  });

  it("give the same day alone, and nothing for a day on which nothing is", () => {
    const day = dayFrom(FACTS);
    expect(dayFrom(factsOfDay(day, FACTS))).toEqual(day);
    expect(factsOfDay(emptyWorkday("2025-01-01", "UTC"), FACTS).map(({ kind }) => kind)).toEqual([
      "watermark",
      "watermark",
    ]);
  });

  it("come with what each rule made of them, in seconds that add up", () => {
    const day = dayFrom(FACTS);
    const regular = appliedRules(day).find(({ made }) => made.startsWith("regular"));
    expect(regular?.seconds).toBe(day.claims.reduce((sum, { seconds }) => sum + seconds, 0));
  });
});
