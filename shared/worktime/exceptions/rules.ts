import { z } from "zod";
import { tokenSchema } from "../../subjects.ts";

/** When a day is known to be over. */
const completenessRulesSchema = z
  .strictObject({
    sites: z
      .array(tokenSchema)
      .max(64)
      .default([])
      .describe(
        "Sites that must have told all of a day before it is complete, besides those where it was planned or punched. Names of sites.",
      ),
    everySite: z
      .boolean()
      .default(false)
      .describe(
        "Wait for every site that tells how far it is complete: for people who may punch anywhere. Yes or no.",
      ),
  })
  .describe("When all of a day is known, so that absence can be decided");

export const exceptionRulesSchema = z
  .strictObject({ completeness: completenessRulesSchema.prefault({}) })
  .describe("What a person must look at, from which length on, and how grave it is");
export type ExceptionRules = z.output<typeof exceptionRulesSchema>;
