import type { PunchHint } from "@clockleaf/shared/wire/punch.ts";

/**
 * The keys of ZKTeco terminals, over every protocol they speak: 0 in, 1 out, 2 break begins, 3 break ends, 4 overtime
 * begins, 5 overtime ends. Anything else, 255 above all, is no claim.
 */
const CLAIMS: readonly PunchHint[] = ["in", "out", "break-start", "break-end", "in", "out"];

export interface ClaimConfig {
  readonly direction: "in" | "out" | "none";
  readonly stateKeys: "ignore" | "use";
}

/** What a punch claims to be: by the key that was pressed where those are used, else by where the terminal hangs. */
export function claimOf(
  state: number | null,
  { direction, stateKeys }: ClaimConfig,
): PunchHint | null {
  const byPlace = direction === "none" ? null : direction;
  if (stateKeys === "ignore" || state === null) return byPlace;
  return CLAIMS[state] ?? byPlace;
}
