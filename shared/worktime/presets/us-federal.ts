import type { Preset } from "./preset.ts";

/** Fair Labor Standards Act: hours worked and weekly overtime. */
export const usFederal: Preset = {
  name: "us-federal",
  description:
    "FLSA: 1.5 beyond 40 h worked in a fixed workweek of seven days from Sunday 00:00; the law knows no overtime of the day. Absences up to 20 min are paid rest, longer ones up to an hour unpaid meals; pay for time not worked does not count towards the 40 h. Shifts are cut at midnight, so that each hour lies in its own workweek. Set overtime.weekStart and shifts.dayStart to the employer's workweek.",
  extends: [],
  sources: [
    "29 USC 207(a)(1); 29 CFR 778.101: 40 hours in a workweek, not less than one and one-half times the regular rate",
    "29 CFR 778.105: a workweek is 168 hours, seven times 24 h in a row, beginning at any fixed day and hour",
    "29 CFR 778.102, 778.218: overtime rests on hours actually worked; idle holidays and leave are none",
    "29 CFR 785.18: rest of 5 to about 20 minutes is working time",
    "29 CFR 785.19: a bona fide meal is not; ordinarily 30 minutes or more",
    "own reasoning: an absence beyond an hour is no meal but the gap between two parts of a split shift",
  ],
  rules: {
    shifts: { countsOn: "split" },
    punches: {
      // lunches are looked for first, so that between them no length is left out
      lunches: { by: "length", min: "20min 1s", max: "60min" },
      breaks: { by: "length", min: 0, max: "20min" },
    },
    meals: {
      policies: [
        {
          kind: "auto-add",
          name: "Short rest is paid",
          for: "break",
          amount: "20min",
          per: "each",
          times: 24,
          ifLonger: "pay-nothing",
        },
      ],
    },
    overtime: {
      weekStart: "sun",
      policies: [
        {
          kind: "weekly",
          name: "Weekly",
          tiers: [{ after: "40h", code: "OT15", rate: 1.5 }],
          contributes: { credits: false },
        },
      ],
    },
  },
};
