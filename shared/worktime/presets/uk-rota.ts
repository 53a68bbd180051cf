import type { Preset } from "./preset.ts";

/** Working Time Regulations 1998, and a rota of eight-hour shifts as an example to change. */
export const ukRota: Preset = {
  name: "uk-rota",
  description:
    "Limits of the Working Time Regulations: 48 h a week on average over 17 weeks, 11 h of rest between days, 35 h in one piece each week, a break of 20 min on days of more than 6 h, 8 h on average for night workers. Example rota: two early, two late, two nights, four days off. Pay is a matter of the contract: there is no statutory overtime. Who opted out of the 48 h has uk-48h-opt-out as well.",
  extends: [],
  sources: [
    "Working Time Regulations 1998 (SI 1998/1833), regulation 4(1), (3): 48 hours for each seven days, over 17 weeks",
    "Working Time Regulations 1998, regulation 10(1): 11 consecutive hours in each 24",
    "Working Time Regulations 1998, regulation 11(1), (7): 24 hours in each seven days, besides the daily rest",
    "Working Time Regulations 1998, regulation 12(1), (3): 20 minutes where the working time is more than six hours",
    "Working Time Regulations 1998, regulation 2(1) and 6(1): night from 23:00 to 06:00, night workers from three hours of it, eight hours on average over 17 weeks",
    "HSE, HSG256 Managing shift work: forward rotation, few nights in a row; the rota itself is own reasoning",
  ],
  rules: {
    zone: "Europe/London",
    schedule: {
      templates: [
        {
          name: "Early",
          start: "06:00",
          end: "14:00",
          breaks: [{ kind: "lunch", start: "10:00", length: "30min" }],
        },
        {
          name: "Late",
          start: "14:00",
          end: "22:00",
          breaks: [{ kind: "lunch", start: "18:00", length: "30min" }],
        },
        {
          name: "Night",
          start: "22:00",
          end: "06:00",
          breaks: [{ kind: "lunch", start: "02:00", length: "30min" }],
        },
      ],
      rotas: [
        {
          kind: "cycle",
          name: "Two, two, two",
          anchor: "2026-01-05",
          days: ["Early", "Early", "Late", "Late", "Night", "Night", null, null, null, null],
        },
      ],
    },
    meals: {
      policies: [
        {
          kind: "normal",
          name: "Rest break",
          for: "any",
          activeAfter: "6h",
          amount: "20min",
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

export const uk48hOptOut: Preset = {
  name: "uk-48h-opt-out",
  description:
    "For who agreed in writing to work more than 48 h a week on average. Rest, breaks and night work are as before: nobody can opt out of them. Assign it to the person, for the dates of the agreement.",
  extends: [],
  sources: [
    "Working Time Regulations 1998, regulations 4(1) and 5: agreement to exclude the maximum",
  ],
  rules: { exceptions: { limits: { averageWeek: null } } },
};
