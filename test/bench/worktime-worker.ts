import { parentPort, workerData } from "node:worker_threads";
import { computeWorkdays } from "@clockleaf/shared/worktime/engine.ts";
import { z } from "zod";
import { MONTH, monthOf } from "./worktime-month.ts";
import { benchRules } from "./worktime-rules.ts";
import type { Share } from "./worktime-share.ts";

const { from, to } = z.object({ from: z.int(), to: z.int() }).parse(workerData);
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port of this process, not a window
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
