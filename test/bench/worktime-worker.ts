import { parentPort, workerData } from "node:worker_threads";
import { computeWorkdays } from "@clockleaf/shared/worktime/engine.ts";
import { z } from "zod";
import { MONTH, monthOf } from "./worktime-month.ts";
import { benchRules } from "./worktime-rules.ts";

/** What a worker says when it has computed its share of the people. */
export const shareSchema = z.object({
  days: z.int(),
  workedSeconds: z.number(),
  overtimeSeconds: z.number(),
  premiumSeconds: z.number(),
  ms: z.number(),
});
export type Share = z.output<typeof shareSchema>;

const { from, to } = z.object({ from: z.int(), to: z.int() }).parse(workerData);
parentPort?.postMessage(share(from, to));

/** Facts are made before the clock starts: what is measured is the engine. */
function share(first: number, last: number): Share {
  const rules = benchRules();
  const sums = { days: 0, workedSeconds: 0, overtimeSeconds: 0, premiumSeconds: 0, ms: 0 };
  for (let person = first; person < last; person += 1) {
    const facts = monthOf(person);
    const startedAt = performance.now();
    const days = computeWorkdays(facts, rules, MONTH);
    sums.ms += performance.now() - startedAt;
    sums.days += days.length;
    for (const day of days) {
      sums.workedSeconds += day.workedSeconds;
      for (const claim of day.claims)
        if (claim.class === "overtime") sums.overtimeSeconds += claim.seconds;
      for (const premium of day.premiums) sums.premiumSeconds += premium.seconds;
    }
  }
  return sums;
}
