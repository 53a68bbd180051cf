import type { ruleSetSchema } from "@clockleaf/shared/worktime/rules.ts";
import type { z } from "zod";

type Input = z.input<typeof ruleSetSchema>;

// Rule sets that use every room of the engine, for tests that hold whatever the rules are, and for the benchmark.

const SCHEDULE: Input["schedule"] = {
  templates: [
    {
      name: "early",
      start: "06:00",
      end: "14:00",
      breaks: [{ kind: "lunch", start: "10:00", length: "30min" }],
    },
    { name: "late", start: "14:00", end: "22:00" },
    { name: "night", start: "22:00", end: "06:00", site: "plant" },
    {
      name: "flex",
      kind: "flexible",
      start: "06:00",
      end: "20:00",
      paid: "7h 45min",
      core: { start: "10:00", end: "15:00" },
    },
    { name: "extra", kind: "open", start: "08:00", end: "12:00" },
  ],
  rotas: [
    {
      name: "three-shifts",
      kind: "cycle",
      anchor: "2026-01-05",
      days: [["early"], ["early"], ["late"], ["late"], ["night"], ["night"], [], []],
    },
  ],
  holidays: [
    { name: "New Year", kind: "yearly", on: "01-01" },
    { name: "Easter Monday", kind: "easter", offset: 1 },
    { name: "Unity", kind: "dates", on: ["2026-10-26"] },
  ],
  handOver: "earlier",
};

/** By what they exercise most. */
export const RICH_RULES = {
  neutral: {},
  daily: {
    shifts: { countsOn: "split" },
    overtime: {
      policies: [
        {
          name: "Daily",
          kind: "daily",
          tiers: [
            { after: "8h", code: "OT1", rate: 1.5 },
            { after: "12h", code: "OT2", rate: 2 },
          ],
          scope: "shift",
          needsApproval: true,
        },
        { name: "Weekly", kind: "weekly", tiers: [{ after: "40h", code: "WOT", rate: 1.5 }] },
      ],
    },
    premiums: {
      policies: [
        { name: "Night", kind: "night", code: "NIGHT", factor: 0.25 },
        { name: "Weekend", kind: "weekend", code: "WE", factor: 0.5, exclusive: "unsocial" },
        { name: "Holiday", kind: "holiday", code: "HOL", factor: 1, exclusive: "unsocial" },
      ],
    },
    meals: {
      policies: [
        { name: "Lunch", kind: "auto-deduct", amount: "30min", activeAfter: "6h" },
        { name: "Rest", kind: "auto-add", for: "break", amount: "15min", per: "each" },
      ],
    },
    exceptions: { limits: { minRest: "11h", daily: "10h", weekly: "48h", consecutiveDays: 6 } },
  },
  rostered: {
    schedule: SCHEDULE,
    punches: { detect: ["schedule", "reader", "key"] },
    shifts: { assumedOut: { by: "planned-end", tolerance: "30min" }, splitShifts: "join" },
    rounding: {
      punches: [
        { name: "On time", types: ["in"], mode: "snap", near: { before: "10min", after: "5min" } },
        { name: "Quarter", types: ["in", "out"], mode: "nearest", interval: "15min" },
      ],
      totals: [{ name: "Day", total: "day", mode: "nearest", interval: "6min" }],
    },
    absences: {
      codes: [{ name: "Vacation", code: "VAC", paid: true, contributesToOvertime: true }],
      holidays: [
        {
          name: "Public holiday",
          code: "PH",
          amount: { kind: "average-weeks", weeks: 2, dividedBy: 10 },
          workedBefore: true,
          within: 5,
        },
      ],
      undertime: { per: "day" },
    },
    overtime: {
      policies: [
        {
          name: "Over plan",
          kind: "over-schedule",
          measure: "day",
          tiers: [{ code: "OP", rate: 1.25 }],
        },
        {
          name: "Sixth day",
          kind: "consecutive-days",
          nth: 6,
          tiers: [{ code: "D6", rate: 2 }],
        },
      ],
    },
    exceptions: {
      kinds: {
        "in-late": { isOn: true, grace: "3min" },
        "in-early": { isOn: true },
        "out-early": { isOn: true },
        "out-late": { isOn: true },
        "under-schedule": { isOn: true },
        absent: { isOn: true },
        "not-yet-in": { isOn: true },
        unscheduled: { isOn: true },
      },
      verification: { anchor: "2026-01-05", days: 14 },
    },
  },
  averaging: {
    shifts: { countsOn: "most-worked", dayStart: "05:00", maxShift: "18h" },
    punches: {
      lunches: { by: "length", min: "20min", max: "90min" },
      breaks: { by: "length", min: 0, max: "20min" },
      doubleIn: "first",
      doubleOut: "last",
    },
    overtime: {
      weekStart: "sun",
      policies: [
        {
          name: "Three weeks",
          kind: "n-weekly",
          weeks: 3,
          anchor: "2026-01-04",
          tiers: [{ after: "110h", code: "W3", rate: 1.5 }],
        },
        {
          name: "Sunday",
          kind: "day-of-week",
          days: ["sun"],
          tiers: [{ code: "SUN", rate: 1.75 }],
        },
        {
          name: "Holiday",
          kind: "holiday",
          tiers: [{ code: "HOT", rate: 2.5 }],
        },
      ],
    },
    schedule: { holidays: SCHEDULE.holidays },
    meals: {
      policies: [{ name: "By the fourth hour", kind: "normal", amount: "30min", dueWithin: "4h" }],
    },
    premiums: {
      policies: [
        { name: "Called back", kind: "callback", code: "CB", minimum: "3h", outsidePlan: false },
        { name: "Short day", kind: "minimum-shift", code: "MIN", minimum: "4h" },
        { name: "Split", kind: "split-shift", code: "SPLIT" },
        {
          name: "Late in the week",
          kind: "window",
          code: "LW",
          factor: 0.1,
          from: "18:00",
          to: "23:00",
          onlyAfter: { weekly: "20h" },
        },
      ],
    },
    exceptions: { limits: { averageWeek: { weeks: 4, limit: "48h" } } },
  },
  "first-last": {
    shifts: { countsOn: "end", maxShift: "14h" },
    punches: { pairing: "first-last" },
    overtime: {
      policies: [
        {
          name: "Fortnight",
          kind: "bi-weekly",
          anchor: "2026-01-05",
          tiers: [{ after: "80h", code: "BW", rate: 1.5 }],
        },
        {
          name: "Fifth day",
          kind: "weekly-days",
          nth: 5,
          tiers: [{ code: "D5", rate: 1.3 }],
          minimum: "2h",
        },
      ],
    },
    meals: {
      policies: [
        {
          name: "Half hour",
          kind: "auto-deduct",
          amount: "30min",
          activeAfter: "5h",
          allocation: "proportional",
        },
        { name: "Due", kind: "normal", amount: "30min", dueWithin: "5h" },
      ],
    },
    premiums: { policies: [{ name: "No meal", kind: "meal-penalty", code: "MP" }] },
  },
} as const satisfies Record<string, Input>;
