import type { Preset } from "./preset.ts";

/** Directive 2003/88/EC: what no member state may go below. It limits hours and says nothing of pay. */
export const euWorkingTime: Preset = {
  name: "eu-working-time",
  description:
    "Limits, no pay: 11 h of rest between days, 35 h in one piece each week, 48 h a week on average over 17 weeks, a break on days of more than 6 h, 8 h a day on average for night workers. National law says more: lay it over this, as germany-arbzg does.",
  extends: [],
  sources: [
    "Directive 2003/88/EC, article 3: 11 consecutive hours in 24 hours",
    "Directive 2003/88/EC, article 4: a break where the working day is longer than six hours; its length is left to national law: 15 minutes here, as in article 34(4) of Spain's workers' statute, the shortest we know",
    "Directive 2003/88/EC, article 5: 24 hours plus the 11 of article 3 in each seven days",
    "Directive 2003/88/EC, articles 6(b) and 16(b): 48 hours on average over at most four months, which are 17 weeks",
    "Directive 2003/88/EC, article 2(3), (4): night time of at least seven hours around 00:00 to 05:00, night workers from three hours in it",
    "Directive 2003/88/EC, article 8(a): eight hours on average in 24 hours; the period is left to national law: 17 weeks here",
  ],
  rules: {
    meals: {
      policies: [
        {
          kind: "normal",
          name: "Statutory break",
          for: "any",
          activeAfter: "6h",
          amount: "15min",
          countsGaps: true,
        },
      ],
    },
    exceptions: {
      limits: {
        minRest: "11h",
        weeklyRest: { rest: "35h", weeks: 1 },
        averageWeek: { weeks: 17, limit: "48h" },
        nightWork: { from: "23:00", to: "06:00", least: "3h", limit: "8h", weeks: 17 },
      },
    },
  },
};

/** Arbeitszeitgesetz, with the customary deduction of breaks that nobody punched. */
export const germanyArbzg: Preset = {
  name: "germany-arbzg",
  description:
    "Over eu-working-time: what is missing of 30 min beyond 6 h and of 45 min beyond 9 h is taken off, but never so much that the day falls below 6 h or 9 h; pieces below 15 min are no break. At most 10 h a day, 48 h a week on average over 24 weeks, no stretch beyond 6 h. Sundays and holidays are not planned here.",
  extends: ["eu-working-time"],
  sources: [
    "ArbZG § 3: eight hours a working day, up to ten if it averages out over 24 weeks; six working days make 48 h a week",
    "ArbZG § 4: 30 min beyond six hours, 45 min beyond nine, in pieces of at least 15 min, no more than six hours in a row",
    "ArbZG § 5(1): eleven hours of rest; § 11(4): with Sunday's rest 35 hours",
    "ArbZG § 2(3), (4): night from 23:00 to 06:00, night work of more than two hours of it; § 6(2): eight hours on average over four weeks",
    "own reasoning: deducting breaks that were due is custom, not law; who worked through them must be paid",
  ],
  rules: {
    zone: "Europe/Berlin",
    meals: {
      policies: [
        {
          kind: "auto-deduct",
          name: "Break of 30 min",
          for: "any",
          activeAfter: "6h",
          amount: "30min",
          minLength: "15min",
          countsGaps: true,
          neverBelow: true,
        },
        {
          kind: "auto-deduct",
          name: "Break of 45 min",
          for: "any",
          measuredBy: "remaining",
          activeAfter: "9h",
          amount: "15min",
          minLength: "15min",
          countsGaps: true,
          neverBelow: true,
        },
        {
          kind: "normal",
          name: "Statutory break",
          for: "any",
          activeAfter: "6h",
          amount: "30min",
          inTotal: true,
          minLength: "15min",
          maxStretch: "6h",
          countsGaps: true,
        },
      ],
    },
    exceptions: {
      limits: {
        daily: "10h",
        averageWeek: { weeks: 24, limit: "48h" },
        nightWork: { from: "23:00", to: "06:00", least: "2h 1s", limit: "8h", weeks: 4 },
      },
    },
  },
};
