import type { Preset } from "./preset.ts";

/** Factories Act 1948, adult workers. The codes that are to replace it keep its structure. */
export const indiaFactories: Preset = {
  name: "india-factories",
  description:
    "Twice the ordinary rate beyond 9 h on a day and beyond 48 h in a week from Sunday; an interval of 30 min after at most 5 h; a mark without pay on days spread over more than 10.5 h; a whole day off each week, never more than ten days in a row; 10 h a day and 60 h a week at the very most. A shift over midnight belongs to the day it began. Quarterly limits of overtime and the states' own rules are left out.",
  extends: [],
  sources: [
    "Factories Act 1948, section 51 and 54: 48 hours a week, nine hours a day",
    "Factories Act 1948, section 52(1): a weekly holiday, at most ten days in a row without one; section 2(f): the week begins at midnight on Saturday night",
    "Factories Act 1948, section 55(1): an interval of half an hour before more than five hours of work",
    "Factories Act 1948, section 56: spread over at most ten and a half hours, intervals included",
    "Factories Act 1948, section 57: a night shift counts on the day it begins",
    "Factories Act 1948, section 59(1): twice the ordinary rate beyond nine hours a day or 48 a week",
    "Factories Act 1948, section 64(4): at most ten hours a day and 60 a week, overtime included, where exempted",
  ],
  rules: {
    zone: "Asia/Kolkata",
    shifts: { countsOn: "start" },
    meals: {
      policies: [
        {
          kind: "normal",
          name: "Interval for rest",
          for: "any",
          activeAfter: "5h",
          amount: "30min",
          maxStretch: "5h",
          countsGaps: true,
        },
      ],
    },
    overtime: {
      weekStart: "sun",
      policies: [
        { kind: "daily", name: "Daily", tiers: [{ after: "9h", code: "OT200", rate: 2 }] },
        { kind: "weekly", name: "Weekly", tiers: [{ after: "48h", code: "OT200", rate: 2 }] },
      ],
    },
    premiums: {
      weekStartsOn: "sun",
      policies: [
        {
          kind: "split-shift",
          name: "Spread over",
          code: "SPREAD",
          factor: null,
          credits: 0,
          gap: null,
          spread: "10h 30min",
        },
      ],
    },
    exceptions: {
      limits: {
        daily: "10h",
        weekly: "60h",
        weeklyRest: { rest: "24h", weeks: 1 },
        consecutiveDays: 10,
      },
    },
  },
};
