import type { Feedback } from "../driver.ts";
import type { Shown } from "./commands.ts";

const BLINK_MS = 400;

/** What the LED is to show, by the time; whoever owns the reader makes it so. Pure. */
export interface Lights {
  /** What became of a punch, for a while. */
  result(light: Feedback["light"], nowMs: number): void;
  /** The next punch begins: what became of the one before must not be taken for it. */
  clear(): void;
  /** Blinks red for so long: a steady red is a refusal, and green and amber mean a stored punch. */
  locate(seconds: number, nowMs: number): void;
  wanted(nowMs: number): Shown;
}

export function createLights(lightMs: number): Lights {
  let result: { readonly light: Feedback["light"]; readonly untilMs: number } | undefined;
  let search: { readonly fromMs: number; readonly untilMs: number } | undefined;
  return {
    result(light, nowMs) {
      result = { light, untilMs: nowMs + lightMs };
    },
    clear() {
      result = undefined;
    },
    locate(seconds, nowMs) {
      search = { fromMs: nowMs, untilMs: nowMs + seconds * 1_000 };
    },
    wanted(nowMs) {
      if (result !== undefined && nowMs < result.untilMs) return result.light;
      if (search === undefined || nowMs >= search.untilMs) return "dark";
      return Math.floor((nowMs - search.fromMs) / BLINK_MS) % 2 === 0 ? "red" : "dark";
    },
  };
}
