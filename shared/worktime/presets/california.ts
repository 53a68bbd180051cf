import type { Preset } from "./preset.ts";

/** California Labor Code and the Industrial Welfare Commission's wage orders. */
export const california: Preset = {
  name: "california",
  description:
    "Over us-federal: 1.5 beyond 8 h on a workday, 2 beyond 12 h; 1.5 for the first 8 h on the seventh day worked in a row of a workweek, 2 beyond. A 30-minute meal before the end of the fifth hour, a second before the end of the tenth, one hour of pay a day if not; reporting time pay; split shift premium at an amount payroll knows. Meals that may be waived (up to 6 h, the second up to 12 h) are a matter of activeAfter. Rest breaks need not be punched: california-rest-breaks checks them where they are.",
  extends: ["us-federal"],
  sources: [
    "California Labor Code 510(a): 8 and 12 hours of a workday, 40 of a workweek, the seventh day, no pyramiding",
    "California Labor Code 500: a workday is any 24 h in a row beginning at the same time each day",
    "California Labor Code 512(a): meals of 30 minutes in more than five and more than ten hours; Brinker v. Superior Court (2012): begun before the end of the fifth and the tenth hour of work",
    "California Labor Code 226.7(c): one additional hour of pay for each workday without a compliant meal",
    "IWC wage orders, section 5(A), (B): half of the scheduled day's work, at least 2 h and at most 4 h; 2 h for a second reporting",
    "IWC wage orders, section 2 and 4(C): split shift, one hour at the minimum wage",
    "own reasoning: a pause beyond an hour is no bona fide meal and makes a split shift",
  ],
  rules: {
    zone: "America/Los_Angeles",
    meals: {
      policies: [
        {
          kind: "normal",
          name: "Meal period",
          for: "lunch",
          activeAfter: "5h",
          every: "5h",
          times: 2,
          amount: "30min",
          dueWithin: "5h",
          countsGaps: true,
        },
      ],
    },
    overtime: {
      policies: [
        {
          kind: "daily",
          name: "Daily",
          // the thirteenth hour is double time although the week claimed the twelve before it
          counts: "all",
          tiers: [
            { after: "8h", code: "OT15", rate: 1.5 },
            { after: "12h", code: "OT20", rate: 2 },
          ],
          contributes: { credits: false },
        },
        {
          kind: "consecutive-days",
          name: "Seventh day",
          nth: 7,
          reset: "week",
          counts: "all",
          tiers: [
            { after: 0, code: "OT15", rate: 1.5 },
            { after: "8h", code: "OT20", rate: 2 },
          ],
          contributes: { credits: false },
        },
      ],
    },
    premiums: {
      weekStartsOn: "sun",
      policies: [
        { kind: "meal-penalty", name: "Meal premium", code: "MEALP", rules: ["Meal period"] },
        {
          kind: "minimum-shift",
          name: "Reporting time",
          code: "REPORT",
          per: "day",
          counts: "paid",
          shareOfPlan: 0.5,
          least: "2h",
          most: "4h",
        },
        {
          kind: "minimum-shift",
          name: "Second reporting",
          code: "REPORT",
          per: "shift",
          turn: "later",
          counts: "paid",
          minimum: "2h",
        },
        { kind: "split-shift", name: "Split shift", code: "SPLIT", factor: null, gap: "1h" },
      ],
    },
  },
};

export const californiaRestBreaks: Preset = {
  name: "california-rest-breaks",
  description:
    "Over california, where people punch their rest breaks: one of 10 minutes from 3.5 h of work on, a second beyond 6 h, a third beyond 10 h, and one hour of pay a day if one is missing.",
  extends: ["california"],
  sources: [
    "IWC wage orders, section 12(A): 10 minutes net for 4 h or major fraction, none below 3.5 h, counted as hours worked; Brinker v. Superior Court (2012): one from 3.5 to 6 h, two up to 10 h, three up to 14 h",
    "California Labor Code 226.7(c): one additional hour of pay for each workday; United Parcel Service v. Superior Court (2011): besides that for meals",
  ],
  rules: {
    meals: {
      policies: [
        {
          kind: "normal",
          name: "First rest break",
          for: "break",
          // due from 3.5 h on, exactly
          activeAfter: "3h 29min 59s",
          amount: "10min",
        },
        {
          kind: "normal",
          name: "More rest breaks",
          for: "break",
          first: 2,
          activeAfter: "6h",
          every: "4h",
          times: 3,
          amount: "10min",
        },
      ],
    },
    premiums: {
      policies: [
        {
          kind: "break-penalty",
          name: "Rest break premium",
          code: "RESTP",
          rules: ["First rest break", "More rest breaks"],
        },
      ],
    },
  },
};
