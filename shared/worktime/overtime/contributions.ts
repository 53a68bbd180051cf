import { type Day, secondsOf, type Tile } from "../ledger.ts";
import { isWhere } from "../rule-parts.ts";
import type { Credit } from "../workday.ts";
import type { OvertimePolicy } from "./rules.ts";

/** Paid time in one piece that is to be claimed. */
export interface Stretch {
  readonly tile: Tile;
  readonly seconds: number;
  /** False for what rounding of a total added: it has a length, but no place in time. */
  readonly isTimed: boolean;
}

/** What of a day is to be claimed, in order of time; what rounding of the total added comes last. */
export function stretchesOf(day: Day): Stretch[] {
  const stretches: Stretch[] = [];
  for (const tile of day.tiles) {
    if (tile.isPaid) stretches.push({ tile, seconds: secondsOf(tile), isTimed: true });
  }
  if (day.roundedUp !== null && day.roundedUp.seconds > 0) {
    const last = stretches.at(-1)?.tile ?? day.tiles.at(-1);
    stretches.push(rounding(day, day.roundedUp, last));
  }
  return stretches;
}

function rounding(
  { day }: Day,
  { seconds, policy, reason }: NonNullable<Day["roundedUp"]>,
  last: Tile | undefined,
): Stretch {
  const at = last?.toAt ?? day * 86_400_000;
  const { labels = {}, punchIds = [], shiftId = "" } = last ?? {};
  const place = { fromAt: at, toAt: at, labels, punchIds, shiftId };
  return {
    tile: { kind: "work", isPaid: true, policy, reason, ...place },
    seconds,
    isTimed: false,
  };
}

/** Whether a policy sees a tile: whether it raises the policy's count. */
export function isSeen({ contributes }: OvertimePolicy, tile: Tile): boolean {
  return (
    tile.isPaid && isKindSeen(contributes, tile.kind) && isWhere(contributes.where, tile.labels)
  );
}

function isKindSeen(contributes: OvertimePolicy["contributes"], kind: Tile["kind"]): boolean {
  switch (kind) {
    case "work":
      return contributes.work;
    case "break":
      return contributes.paidBreaks;
    case "lunch":
      return contributes.paidLunches;
    case "deduction":
      return false;
  }
}

/** Seconds of paid absence and holidays that raise the policy's count at the start of the day. */
export function creditSeconds({ contributes }: OvertimePolicy, credits: readonly Credit[]): number {
  if (credits.length === 0 || !contributes.credits || !isWhere(contributes.where, {})) return 0;
  let seconds = 0;
  for (const credit of credits) {
    if (credit.isPaid && credit.contributes === true) seconds += credit.seconds;
  }
  return seconds;
}

/** Whether a day counts as worked for a policy that counts days. Absence and holidays are no work. */
export function isWorked(
  policy: Extract<OvertimePolicy, { readonly minWorked: number }>,
  day: Day | undefined,
): boolean {
  if (day === undefined) return false;
  const needed = Math.max(policy.minWorked, 1);
  let seconds = 0;
  for (const { tile, seconds: length } of stretchesOf(day)) {
    if (isSeen(policy, tile)) seconds += length;
    if (seconds >= needed) return true;
  }
  return false;
}
