import type { Feedback } from "../driver.ts";
import type { Light } from "./commands.ts";
import type { ZfmConfig } from "./config.ts";

/** Colours of the aura light. Older R503 have the first three only. */
const COLOUR = { red: 1, blue: 2, purple: 3, green: 4, yellow: 5 } as const;

const RESULT_COLOURS = {
  rgb: { green: COLOUR.green, amber: COLOUR.yellow, red: COLOUR.red },
  "red-blue": { green: COLOUR.blue, amber: COLOUR.purple, red: COLOUR.red },
} as const;

/**
 * Every light is a number of cycles and then goes out by itself: an agent that dies right after a punch must not leave
 * green on for the next person. Speeds are in steps of the module's own, about 10 ms a cycle each on an R503.
 */
const RESULT_CYCLES = {
  green: { speed: 100, cycles: 2 },
  amber: { speed: 50, cycles: 4 },
  red: { speed: 25, cycles: 6 },
} as const;

/** What shows this outcome; undefined on modules without a light. */
export function resultLight(
  kind: ZfmConfig["light"],
  outcome: Feedback["light"],
): Light | undefined {
  if (kind === "none") return undefined;
  return { effect: "flash", colour: RESULT_COLOURS[kind][outcome], ...RESULT_CYCLES[outcome] };
}

/** Shows where the module is, or that it waits for a finger to learn: purple, which never means a stored punch. */
export const attentionLight = (seconds: number): Light => ({
  effect: "breathe",
  colour: COLOUR.purple,
  speed: 100,
  cycles: Math.min(255, Math.max(1, Math.ceil(seconds))),
});

export const DARK: Light = { effect: "off", colour: COLOUR.red, speed: 0, cycles: 0 };
