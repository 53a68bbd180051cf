import type { Preset } from "./preset.ts";

const SOURCES = [
  "UAE Federal Decree-Law 33/2021, article 17(1): 8 hours a day or 48 a week",
  "UAE Federal Decree-Law 33/2021, article 18: no more than five hours in a row without breaks of at least one hour in all, which are no working time",
  "UAE Federal Decree-Law 33/2021, article 19(1): at most two more hours a day, 144 hours in three weeks",
  "UAE Federal Decree-Law 33/2021, article 19(2), (3): 25 % more for overtime, 50 % more for overtime between 22:00 and 04:00 except for who works in shifts",
  "UAE Federal Decree-Law 33/2021, article 19(4), 21 and 28: a rest day each week; work on it or on a holiday earns a substitute day or 50 % more",
] as const;

/** United Arab Emirates, six days of eight hours. Other Gulf states differ in rates and weeks, not in kind. */
export const gulf6Day: Preset = {
  name: "gulf-6-day",
  description:
    "Saturday to Thursday, eight hours and an hour's break; 1.25 beyond 8 h on a day and 48 h in a week, another 0.25 for overtime from 22:00 to 04:00 (take the policy out for who works in shifts), 1.5 on the rest day and on holidays where no substitute day is given. Friday is the rest day: change it with the contract. List the holidays in schedule.holidays. In Ramadan, lay gulf-ramadan over it for its dates.",
  extends: [],
  sources: [...SOURCES, "own reasoning: Friday as rest day and 08:00 to 17:00 are an example"],
  rules: {
    zone: "Asia/Dubai",
    schedule: {
      weekend: ["fri"],
      templates: [
        {
          name: "Day",
          start: "08:00",
          end: "17:00",
          breaks: [{ kind: "lunch", start: "12:00", length: "1h" }],
        },
      ],
      rotas: [
        {
          kind: "weekdays",
          name: "Six days",
          every: ["sat", "sun", "mon", "tue", "wed", "thu"],
          shifts: ["Day"],
          weekStart: "sat",
        },
      ],
    },
    meals: {
      policies: [
        {
          kind: "normal",
          name: "Hour of rest",
          for: "any",
          activeAfter: "5h",
          amount: "1h",
          inTotal: true,
          maxStretch: "5h",
          countsGaps: true,
        },
      ],
    },
    overtime: {
      weekStart: "sat",
      policies: [
        { kind: "daily", name: "Daily", tiers: [{ after: "8h", code: "OT125", rate: 1.25 }] },
        { kind: "weekly", name: "Weekly", tiers: [{ after: "48h", code: "OT125", rate: 1.25 }] },
        {
          kind: "day-of-week",
          name: "Rest day",
          days: ["fri"],
          tiers: [{ after: 0, code: "REST150", rate: 1.5 }],
        },
        { kind: "holiday", name: "Holiday", tiers: [{ after: 0, code: "HOL150", rate: 1.5 }] },
      ],
    },
    premiums: {
      weekStartsOn: "sat",
      policies: [
        {
          kind: "night",
          name: "Overtime at night",
          code: "OTNIGHT",
          factor: 0.25,
          during: "overtime",
          // the rest day and holidays earn 50 % already
          weekdays: ["sat", "sun", "mon", "tue", "wed", "thu"],
          from: "22:00",
          to: "04:00",
        },
      ],
    },
    exceptions: {
      limits: {
        daily: "10h",
        averageWeek: { weeks: 3, limit: "48h" },
        weeklyRest: { rest: "24h", weeks: 1 },
      },
    },
  },
};

export const gulfRamadan: Preset = {
  name: "gulf-ramadan",
  description:
    "Over gulf-6-day in Ramadan: two hours less a day, so that overtime begins after 6 h on a day and 36 h in a week, and 8 h are the most. Assign it from the first to the last day of Ramadan of each year.",
  extends: ["gulf-6-day"],
  sources: [
    "UAE Cabinet Resolution 1/2022, article 15(2): normal working hours are reduced by two in Ramadan",
    "own reasoning: six days of six hours make 36 h a week; 08:00 to 15:00 with an hour's break is an example",
  ],
  rules: {
    schedule: {
      templates: [
        {
          name: "Day",
          start: "08:00",
          end: "15:00",
          breaks: [{ kind: "lunch", start: "12:00", length: "1h" }],
        },
      ],
    },
    overtime: {
      policies: [
        { kind: "daily", name: "Daily", tiers: [{ after: "6h", code: "OT125", rate: 1.25 }] },
        { kind: "weekly", name: "Weekly", tiers: [{ after: "36h", code: "OT125", rate: 1.25 }] },
      ],
    },
    exceptions: { limits: { daily: "8h" } },
  },
};
