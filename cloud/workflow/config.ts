import { tokenSchema } from "@clockleaf/shared/subjects.ts";
import { durationSchema } from "@clockleaf/shared/worktime/rule-parts.ts";
import { z } from "zod";

const approverRuleSchema = z.union([
  z.enum(["manager", "manager-of-manager"]).describe("Of the person it is about"),
  z.strictObject({ role: tokenSchema.describe("Anybody whose API key has this role") }),
  z.strictObject({ employee: tokenSchema.describe("This person") }),
]);
export type ApproverRule = z.output<typeof approverRuleSchema>;

const approverRules = z
  .union([approverRuleSchema, z.array(approverRuleSchema).min(1).max(8)])
  .transform((rules) => (Array.isArray(rules) ? rules : [rules]));

const stepRuleSchema = z.strictObject({
  approvers: approverRules.describe("Any one of them decides the step"),
  dueAfter: durationSchema
    .optional()
    .describe("Time to decide before it is escalated, such as 72h; left out = never escalated"),
  escalateTo: approverRules
    .optional()
    .describe("May decide as well once the time is over; default the fallback role"),
  whenMoreThan: z
    .number()
    .min(0)
    .optional()
    .describe("The step is there only for requests larger than this; see the chain for the unit"),
});

const chainSchema = z.strictObject({
  approveUpTo: z
    .number()
    .min(0)
    .default(0)
    .describe("Requests of at most this size are approved at once; 0 = none"),
  steps: z.array(stepRuleSchema).min(1).max(8).describe("Decided one after the other"),
});
export type Chain = z.output<typeof chainSchema>;

const byManager = {
  steps: [
    { approvers: "manager" as const, dueAfter: "72h", escalateTo: "manager-of-manager" as const },
  ],
};

/** Who must approve what. Sizes: minutes of overtime, minutes of leave, items of a correction, people of a pay run. */
export const workflowConfigSchema = z.strictObject({
  chains: z
    .strictObject({
      overtime: chainSchema.prefault(byManager).describe("Size: minutes"),
      leave: chainSchema.prefault(byManager).describe("Size: minutes taken from the account"),
      correction: chainSchema.prefault(byManager).describe("Size: punches added, changed, voided"),
      "pay-run": chainSchema
        .prefault({
          steps: [
            { approvers: { role: "payroll" }, dueAfter: "24h", escalateTo: { role: "admin" } },
          ],
        })
        .describe("Size: people paid"),
    })
    .prefault({})
    .describe("Steps of approval by what is asked"),
  fallbackRole: tokenSchema
    .default("hr")
    .describe("Who decides where nobody else may, such as for a person without a manager"),
});
export type WorkflowConfig = z.output<typeof workflowConfigSchema>;
