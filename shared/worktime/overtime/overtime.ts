import { type Day, type Reach, type Sheet, secondsOf } from "../ledger.ts";
import type { RuleSet } from "../rules.ts";
import type { Claim, Credit } from "../workday.ts";

/** Decides what the paid time of a day counts as. To be called once for each day of the sheet, in order. */
export function createOvertime(_sheet: Sheet): (day: Day, credits: readonly Credit[]) => Claim[] {
  return (day) =>
    day.tiles
      .filter((tile) => tile.isPaid)
      .map(({ fromAt, toAt, labels, punchIds, ...tile }) => ({
        class: "regular",
        code: "REG",
        rate: 1,
        fromAt,
        toAt,
        seconds: secondsOf({ fromAt, toAt }),
        approval: "not-needed",
        labels,
        punchIds: [...punchIds],
        policy: tile.policy,
        reason: tile.reason,
      }));
}

export function overtimeReach(_rules: RuleSet): Reach {
  return { back: 0, ahead: 0 };
}
