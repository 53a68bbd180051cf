import { z } from "zod";

/** What a worker says when it has computed its share of the people. */
export const shareSchema = z.object({
  days: z.int(),
  workedSeconds: z.number(),
  overtimeSeconds: z.number(),
  premiumSeconds: z.number(),
  ms: z.number(),
});
export type Share = z.output<typeof shareSchema>;
