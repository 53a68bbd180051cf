import { z } from "zod";
import { weekdaySchema } from "../civil-time.ts";
import { noTwins } from "../rule-parts.ts";
import { contradictionsOf } from "./contradictions.ts";
import { type OccurrencePremium, occurrencePremiumSchemas } from "./occurrence-rules.ts";
import { type TimePremium, timePremiumSchemas } from "./time-rules.ts";

export type PremiumPolicy = TimePremium | OccurrencePremium;

export const isTimePremium = (policy: PremiumPolicy): policy is TimePremium => "during" in policy;

const policySchema = z.discriminatedUnion("kind", [
  ...timePremiumSchemas,
  ...occurrencePremiumSchemas,
]);

/** What is added to the time of a day without changing how much was worked. */
export const premiumRulesSchema = z.strictObject({
  weekStartsOn: weekdaySchema
    .default("mon")
    .describe("Weekday on which the week of weekly limits and conditions begins"),
  policies: z
    .array(policySchema)
    .max(64)
    .superRefine((policies, context) => {
      noTwins(policies, context);
      for (const [index, policy] of policies.entries()) {
        for (const [key, message] of contradictionsOf(policy)) {
          context.addIssue({ code: "custom", path: [index, key], message });
        }
      }
    })
    .default([])
    .describe("Premium policies"),
});
export type PremiumRules = z.output<typeof premiumRulesSchema>;
