import { tokenSchema } from "@clockleaf/shared/subjects.ts";
import { dateOf } from "@clockleaf/shared/worktime/civil-time.ts";
import { appliedRules } from "@clockleaf/shared/worktime/explain/applied-rules.ts";
import { spellFact } from "@clockleaf/shared/worktime/explain/spell-fact.ts";
import { totalsOf } from "@clockleaf/shared/worktime/explain/totals.ts";
import { type Fact, factIdOf } from "@clockleaf/shared/worktime/facts.ts";
import type { RuleVersion } from "@clockleaf/shared/worktime/rules.ts";
import type { Workday } from "@clockleaf/shared/worktime/workday.ts";
import { z } from "@hono/zod-openapi";
import { dayView, dayViewSchema } from "../views.ts";

const seconds = z.int().min(0);

export const rulesInForceSchema = z.object({
  from: z.iso.date().nullable().describe("Since when; null = always"),
  groups: z
    .array(z.string())
    .describe("Policy groups they are made of, the later over the earlier"),
  problem: z
    .string()
    .nullable()
    .describe("What of the assigned groups had to be left out, and why; null = nothing"),
});

export const explanationSchema = z
  .object({
    employeeId: tokenSchema,
    workdayOn: z.iso.date(),
    stored: z
      .object({
        revision: z.int().min(1),
        isSame: z.boolean().describe("Whether it says what facts and rules come to now"),
      })
      .nullable()
      .describe("The day as it was told last; null = none was"),
    day: dayViewSchema.describe("Computed now, from the facts and rules below"),
    rules: rulesInForceSchema,
    applied: z
      .array(z.object({ rule: z.string(), made: z.string(), seconds: seconds.nullable() }))
      .describe("What each rule made of the day, in the order they are applied"),
    totals: z
      .array(z.object({ code: z.string(), what: z.string(), rate: z.string(), seconds }))
      .describe("What payroll gets, by code and rate"),
    facts: z
      .array(
        z.object({
          id: z.string(),
          kind: z.string(),
          text: z.string().describe("For people, on the clock of the day"),
          fact: z.record(z.string(), z.unknown()).describe("Instants are UTC milliseconds"),
        }),
      )
      .describe("Everything known that bears on the day"),
    text: z.string().describe("The whole story as `clockleaf worktime explain` prints it"),
  })
  .meta({ id: "WorkdayExplanation" });

export interface Explanation {
  readonly employeeId: string;
  readonly day: Workday;
  readonly stored: { readonly revision: number; readonly isSame: boolean } | null;
  readonly version: RuleVersion;
  readonly facts: readonly Fact[];
  readonly text: string;
}

export function explanationView(
  { employeeId, day, stored, version, facts, text }: Explanation,
  nowMs: number,
): z.output<typeof explanationSchema> {
  return {
    employeeId,
    workdayOn: day.workdayOn,
    stored,
    day: dayView({ employeeId, workday: day }, nowMs),
    rules: rulesInForceView(version),
    applied: appliedRules(day),
    totals: [...totalsOf(day).values()],
    facts: facts.map((fact) => ({
      id: factIdOf(fact),
      kind: fact.kind,
      text: spellFact(fact, day.zone),
      fact: { ...fact },
    })),
    text,
  };
}

export const rulesInForceView = (version: RuleVersion): z.output<typeof rulesInForceSchema> => ({
  from: version.from <= 0 ? null : dateOf(version.from),
  groups: [...version.groups],
  problem: version.problem ?? null,
});
