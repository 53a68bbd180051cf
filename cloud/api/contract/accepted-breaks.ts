import { readFileSync } from "node:fs";
import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { z } from "zod";

const acceptedSchema = z.array(
  z.strictObject({
    break: z.string().min(1).describe("The sentence, as `check` says it"),
    reason: z.string().min(10).describe("Why callers are made to change, for the release notes"),
  }),
);
export type AcceptedBreak = z.output<typeof acceptedSchema>[number];

/** Breaks that were decided on since the last release. Throws `config.invalid` for a file that is no such list. */
export function readAccepted(file: string): AcceptedBreak[] {
  try {
    return acceptedSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch (error) {
    throw new PlatformError("config.invalid", `${file} is no list of breaks with their reasons`, {
      cause: error,
    });
  }
}

/** What keeps a set of breaks from being written down; empty if each was accepted and nothing else was. */
export function objections(
  breaks: readonly string[],
  accepted: readonly AcceptedBreak[],
): string[] {
  const known = new Set(accepted.map((each) => each.break));
  const refused = breaks.filter((text) => !known.has(text));
  const stale = [...known].filter((text) => !breaks.includes(text));
  return [
    ...refused.map((text) => `breaks callers: ${text}`),
    ...stale.map((text) => `accepted-breaks.json: no such break (any more): ${text}`),
  ];
}
