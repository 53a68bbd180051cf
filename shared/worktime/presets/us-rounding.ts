import type { Preset } from "./preset.ts";

const SOURCES = [
  "29 CFR 785.48(b): starting and stopping times to the nearest 5 minutes, tenth or quarter of an hour, if it averages out",
  "US Department of Labor, fact sheet 53: of a quarter of an hour 1 to 7 minutes are rounded down, 8 to 14 up",
] as const;

const toNearest = (minutes: number, name: string): Preset => ({
  name: `us-rounding-${minutes}`,
  description: `Ways in and out count at the nearest ${name}, seconds dropped first, the same both ways. Lay it over us-federal or california; California's courts ask for more (see the rounding report).`,
  extends: [],
  sources: SOURCES,
  rules: {
    rounding: {
      punches: [
        {
          name: `Nearest ${minutes} min`,
          types: ["in", "out", "lunch-start", "lunch-end"],
          mode: "nearest",
          interval: `${minutes}min`,
          wholeMinutes: true,
        },
      ],
    },
  },
});

/** The three ways of rounding that the Department of Labor accepts. */
export const usRounding: readonly Preset[] = [
  toNearest(5, "5 minutes"),
  toNearest(6, "tenth of an hour"),
  toNearest(15, "quarter of an hour"),
];
