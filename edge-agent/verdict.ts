import type { PunchRow } from "@clockleaf/shared/wire/punch.ts";
import { z } from "zod";
import type { Feedback } from "./devices/driver.ts";
import type { Lookup } from "./directory/directory.ts";
import { greetingOf, type Told } from "./greeting/greeter.ts";

export const feedbackConfigSchema = z
  .strictObject({
    unknownBadge: z
      .enum(["amber", "red"])
      .default("red")
      .describe(
        "Light for a badge nobody holds. The punch is kept either way and waits in quarantine",
      ),
    withdrawnBadge: z.enum(["amber", "red"]).default("red").describe("Light for a withdrawn badge"),
  })
  .describe("What the person at the reader sees");
export type FeedbackConfig = z.output<typeof feedbackConfigSchema>;

export interface Verdict {
  readonly verdict: PunchRow["verdict"];
  /** Shown only once the punch is durable. */
  readonly feedback: Feedback;
}

/**
 * Greets or refuses, offline, from what the gateway knows; `told` is what the punch means to it. The punch is journaled
 * whatever the verdict: the cloud decides again with what it knows then.
 */
export function judge(
  lookup: Lookup,
  { pin, told }: { readonly pin: PunchRow["pin"]; readonly told: Told | null },
  config: FeedbackConfig,
): Verdict {
  if (lookup.kind === "known" && (pin === "wrong" || pin === "missing")) {
    return { verdict: "wrong-pin", feedback: { light: "red", text: "WRONG PIN" } };
  }
  switch (lookup.kind) {
    case "known":
      return {
        verdict: "known",
        feedback: { light: "green", text: greetingOf(lookup.entry.greeting, told) },
      };
    case "withdrawn":
      return {
        verdict: "withdrawn-badge",
        feedback: { light: config.withdrawnBadge, text: "BADGE WITHDRAWN" },
      };
    case "unknown":
      return {
        verdict: "unknown-badge",
        feedback: { light: config.unknownBadge, text: "UNKNOWN BADGE" },
      };
    case "not-loaded":
      return { verdict: "unknown-badge", feedback: { light: "amber", text: "RECORDED" } };
  }
}
