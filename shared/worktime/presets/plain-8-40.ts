import type { Preset } from "./preset.ts";

/** Eight hours a day, forty a week, nothing else. */
export const plain840: Preset = {
  name: "plain-8-40",
  description:
    "Overtime at 1.5 beyond 8 h on a day and beyond 40 h in a week from Monday; an hour that is overtime of the day does not count towards the week. No breaks, no rounding, no limits.",
  extends: [],
  sources: [
    "own reasoning: the smallest set that most employers recognise; the eight-hour day and the 40-hour week are those of ILO conventions 1 and 47",
  ],
  rules: {
    overtime: {
      weekStart: "mon",
      policies: [
        { kind: "daily", name: "Daily", tiers: [{ after: "8h", code: "OT15", rate: 1.5 }] },
        { kind: "weekly", name: "Weekly", tiers: [{ after: "40h", code: "OT15", rate: 1.5 }] },
      ],
    },
  },
};
