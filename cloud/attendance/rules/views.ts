import { tokenSchema } from "@clockleaf/shared/subjects.ts";
import { dateOf } from "@clockleaf/shared/worktime/civil-time.ts";
import type { PlannedShift } from "@clockleaf/shared/worktime/ledger.ts";
import type { DescribedGroup } from "@clockleaf/shared/worktime/rule-book/describe.ts";
import {
  type Assignment,
  assigneeSchema,
  levelOf,
} from "@clockleaf/shared/worktime/rule-book/parts.ts";
import { z } from "@hono/zod-openapi";
import { rulesInForceSchema } from "../explain/views.ts";
import { dayViewSchema, iso } from "../views.ts";

const on = z.iso.date();
const instant = z.iso.datetime();
const anything = z.record(z.string(), z.unknown());

export const groupSummarySchema = z
  .object({
    name: z.string(),
    kind: z.enum(["group", "preset"]),
    description: z.string(),
    extends: z.array(z.string()).describe("As they are laid over each other, the lowest first"),
    sections: z.array(z.string()).describe("Sections of the rules that it speaks of itself"),
  })
  .meta({ id: "PolicyGroupSummary" });

export const groupSchema = groupSummarySchema
  .extend({
    sources: z.array(z.string()).describe("Of a preset: where its figures come from"),
    written: anything.describe("What it says itself, as in the configuration"),
    rules: anything.describe("What holds where it alone is used; lengths of time in seconds"),
  })
  .meta({ id: "PolicyGroup" });

export const summaryOf = (group: DescribedGroup): z.output<typeof groupSummarySchema> => ({
  name: group.name,
  kind: group.kind,
  description: group.description,
  extends: [...group.extends],
  sections: Object.keys(group.written).filter((key) => key !== "remove"),
});

export const groupView = (group: DescribedGroup): z.output<typeof groupSchema> => ({
  ...summaryOf(group),
  sources: [...group.sources],
  written: { ...group.written },
  rules: { ...group.rules },
});

export const assignmentSchema = z
  .object({
    index: z.int().min(0).describe("Place in the book, from 0"),
    to: assigneeSchema,
    level: z
      .enum(["everyone", "site", "group", "person"])
      .describe("The later lies over the earlier"),
    use: z.array(z.string()),
    from: on,
    until: on.nullable().describe("Last date, included; null = for good"),
  })
  .meta({ id: "RuleAssignment" });

export const assignmentView = (
  { to, use, from, until }: Assignment,
  index: number,
): z.output<typeof assignmentSchema> => ({
  index,
  to,
  level: levelOf(to),
  use,
  from,
  until: until ?? null,
});

export const personRulesSchema = z
  .object({
    employeeId: tokenSchema,
    on,
    inForce: rulesInForceSchema,
    until: on.nullable().describe("Last date before other rules; null = none are known"),
    belongs: z
      .object({ sites: z.array(z.string()), groups: z.array(z.string()) })
      .describe("By what rules are assigned: sites, department, kind of contract, on that day"),
    assignments: z.array(assignmentSchema).describe("Why: those that hold, the weaker first"),
    rules: anything.describe("All of them; lengths of time in seconds"),
  })
  .meta({ id: "PersonRules" });

export const scheduleSchema = z
  .object({
    group: z.string(),
    zone: z.string(),
    templates: z.array(anything),
    rotas: z.array(anything),
    holidays: z.array(anything),
  })
  .meta({ id: "Schedule", description: "What a policy group plans, with all it extends" });

export const scheduleView = ({
  name,
  rules: { zone, schedule },
}: DescribedGroup): z.output<typeof scheduleSchema> => ({
  group: name,
  zone,
  templates: [...schedule.templates],
  rotas: [...schedule.rotas],
  holidays: [...schedule.holidays],
});

export const plannedShiftSchema = z
  .object({
    planId: z.string(),
    on,
    name: z.string(),
    kind: z.enum(["fixed", "flexible", "open"]),
    isRostered: z.boolean(),
    from: instant,
    to: instant,
    zone: z.string(),
    seconds: z.int().describe("Working time due"),
    site: z.string().nullable(),
    breaks: z.array(
      z.object({
        kind: z.enum(["lunch", "break"]),
        from: instant,
        to: instant,
        isPaid: z.boolean(),
      }),
    ),
  })
  .meta({ id: "PlannedShift" });

export const personScheduleSchema = z
  .object({
    employeeId: tokenSchema,
    from: on,
    to: on,
    days: z.array(
      z.object({
        on,
        holiday: z.string().nullable(),
        shifts: z.array(plannedShiftSchema),
        freed: z.array(z.string()).describe("Shifts that the holiday cancels, by name"),
      }),
    ),
  })
  .meta({ id: "PersonSchedule" });

export const shiftView = (plan: PlannedShift): z.output<typeof plannedShiftSchema> => ({
  planId: plan.planId,
  on: dateOf(plan.day),
  name: plan.name,
  kind: plan.kind,
  isRostered: plan.isRostered ?? false,
  from: iso(plan.startAt),
  to: iso(plan.endAt),
  zone: plan.zone,
  seconds: plan.seconds,
  site: plan.site,
  breaks: plan.breaks.map(({ kind, fromAt, toAt, isPaid }) => ({
    kind,
    from: iso(fromAt),
    to: iso(toAt),
    isPaid,
  })),
});

export const checkedSchema = z
  .object({
    isValid: z.boolean(),
    groups: z.int(),
    assignments: z.int(),
    errors: z.array(
      z.object({
        pointer: z.string().describe("JSON Pointer into the rule book, as a URI fragment"),
        detail: z.string(),
        code: z.string(),
      }),
    ),
  })
  .meta({ id: "RuleBookCheck" });

const totalsSchema = z.object({
  workedSeconds: z.int(),
  breakSeconds: z.int(),
  paidSeconds: z.int(),
});

export const rulesPreviewSchema = z
  .object({
    employeeId: tokenSchema,
    from: on,
    to: on,
    changed: z.int().describe("How many days are others under the book"),
    before: totalsSchema.describe("Under the rules in force"),
    after: totalsSchema,
    days: z.array(
      z.object({
        workdayOn: on,
        isSame: z.boolean(),
        before: dayViewSchema.nullable().describe("Null: nothing is on the day"),
        after: dayViewSchema.nullable(),
      }),
    ),
  })
  .meta({ id: "RulesPreview" });
