import type { Preset } from "./preset.ts";

/** Two on, two off, three on, two off, two on, three off. */
const TWO_TWO_THREE = [
  true,
  true,
  false,
  false,
  true,
  true,
  true,
  false,
  false,
  true,
  true,
  false,
  false,
  false,
];

const on = (template: string): readonly (string | null)[] =>
  TWO_TWO_THREE.map((isOn) => (isOn ? template : null));

/** Round the clock in shifts of twelve hours. It says nothing of pay: lay it over the rules of the country. */
export const rota12h: Preset = {
  name: "rota-12h-24-7",
  description:
    "Day shift 06:00 to 18:00 and night shift 18:00 to 06:00, each with two paid breaks of 30 min, at least 11 h of rest between them. People stay until they are relieved: a way out up to an hour after the end belongs to the old shift, a way in up to an hour before the start to the new one. A shift counts on the day it begins. Each crew has its own preset, rota-12h-24-7-crew-a to -d: use one of them.",
  extends: [],
  sources: [
    "own reasoning: hours, breaks and hand-over are an example to change",
    "Directive 2003/88/EC, article 3: 11 hours of rest, which shifts of twelve hours leave",
    "HSE, HSG256 Managing shift work: at most 12 hours a shift, at most two or three nights in a row",
  ],
  rules: {
    shifts: { countsOn: "start" },
    schedule: {
      templates: [
        {
          name: "Day",
          start: "06:00",
          end: "18:00",
          breaks: [
            { kind: "break", start: "10:00", length: "30min", isPaid: true },
            { kind: "break", start: "14:00", length: "30min", isPaid: true },
          ],
        },
        {
          name: "Night",
          start: "18:00",
          end: "06:00",
          breaks: [
            { kind: "break", start: "22:00", length: "30min", isPaid: true },
            { kind: "break", start: "02:00", length: "30min", isPaid: true },
          ],
        },
      ],
      windows: { startBefore: "1h", stopAfter: "1h" },
      handOver: "earlier",
      onHoliday: "works",
    },
    meals: {
      policies: [
        {
          kind: "auto-add",
          name: "Paid breaks",
          for: "break",
          amount: "30min",
          per: "each",
          times: 2,
        },
      ],
    },
    exceptions: { limits: { minRest: "11h" } },
  },
};

/** Weeks between crews: with four of them a week apart one is on days and one on nights, always. */
const CREWS = [
  ["a", "2026-01-05"],
  ["b", "2026-01-12"],
  ["c", "2026-01-19"],
  ["d", "2026-01-26"],
] as const;

export const rota12hCrews: readonly Preset[] = CREWS.map(([crew, anchor]) => ({
  name: `rota-12h-24-7-crew-${crew}`,
  description: `Crew ${crew.toUpperCase()} of rota-12h-24-7: two weeks of days, two weeks of nights, in each two on, two off, three on, two off, two on, three off; 42 h a week on average. The other crews begin a week earlier or later.`,
  extends: ["rota-12h-24-7"],
  sources: [
    "own reasoning: the pattern is widely known as 2-2-3, Panama or Pitman; the anchor is an example to change, the same for all crews",
  ],
  rules: {
    schedule: {
      rotas: [
        {
          kind: "cycle",
          name: `Crew ${crew.toUpperCase()}`,
          anchor,
          days: [...on("Day"), ...on("Night")],
        },
      ],
    },
  },
}));
