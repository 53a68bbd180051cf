import { constantRules, type Rules, ruleSetSchema } from "@clockleaf/shared/worktime/rules.ts";
import { ZONE } from "./worktime-month.ts";

/**
 * Policies like those of a plant under collective agreement: daily and weekly overtime, night and Sunday premiums, a
 * legal break that is deducted where it was not taken, rounding, rest and hours limits.
 */
export const BENCH_POLICIES = {
  zone: ZONE,
  punches: { breaks: { by: "length", max: "60min" } },
  rounding: {
    punches: [{ name: "Five minutes", types: ["in", "out"], mode: "nearest", interval: "5min" }],
  },
  meals: {
    policies: [
      {
        name: "Legal break",
        kind: "auto-deduct",
        for: "any",
        amount: "30min",
        activeAfter: "6h",
      },
      {
        name: "Second break",
        kind: "auto-deduct",
        for: "any",
        amount: "15min",
        activeAfter: "9h",
      },
    ],
  },
  overtime: {
    policies: [
      {
        name: "Daily",
        kind: "daily",
        tiers: [
          { after: "8h", code: "OT25", rate: 1.25 },
          { after: "10h", code: "OT50", rate: 1.5 },
        ],
      },
      { name: "Weekly", kind: "weekly", tiers: [{ after: "40h", code: "WOT", rate: 1.5 }] },
    ],
  },
  premiums: {
    policies: [
      { name: "Night", kind: "night", code: "NIGHT", factor: 0.25, from: "23:00", to: "06:00" },
      { name: "Sunday", kind: "weekend", code: "SUN", factor: 0.5, startsOn: "sun" },
    ],
  },
  exceptions: { limits: { daily: "10h", weekly: "48h", minRest: "11h" } },
};

export const benchRules = (): Rules => constantRules(ruleSetSchema.parse(BENCH_POLICIES));
