import type { z } from "zod";
import type { ruleSetSchema } from "../rules.ts";

/** A policy group that ships with the engine: something to start from, with the source of each of its figures. */
export interface Preset {
  readonly name: string;
  /** What it holds and what it leaves out, for the person who chooses it. */
  readonly description: string;
  /** Presets it builds on. */
  readonly extends: readonly string[];
  /** Where its figures come from: law and section, manual, or "own reasoning: …". */
  readonly sources: readonly string[];
  readonly rules: z.input<typeof ruleSetSchema>;
}
