import { z } from "zod";

export const exceptionRulesSchema = z
  .strictObject({})
  .describe("What a person must look at, from which length on, and how grave it is");
export type ExceptionRules = z.output<typeof exceptionRulesSchema>;
