import { type Weekday } from "../civil-time.ts";
import type { Day, Sheet } from "../ledger.ts";
import type { Credit } from "../workday.ts";
import { creditSeconds, isSeen } from "./contributions.ts";
import { periodStart, weeksOf } from "./periods.ts";
import type { OvertimePolicy } from "./rules.ts";
import { isSkipped } from "./standing.ts";
import { type Contender, isOvertime, type Piece } from "./walk.ts";

/** A day that was decided. */
export interface DecidedDay {
  readonly day: Day;
  readonly credits: readonly Credit[];
  readonly pieces: readonly Piece[];
  readonly contenders: readonly Contender[];
}

/** What policies over periods have counted so far. */
export interface Counters {
  /** What a policy has counted in the running period before `day`. */
  before(policy: OvertimePolicy, day: number, startsOn: Weekday): number;
  /** Takes over what a day brought. Nothing of a day that fails is taken over. */
  commit(decided: DecidedDay, startsOn: Weekday): void;
}

/**
 * Counts are carried from day to day. Where the rules change within a sheet, the policies of the new ones find out what they
 * would have counted from the days of the period as those were decided; one of the same name is the same policy.
 */
export function createCounters({ days }: Sheet): Counters {
  const carried = new Map<OvertimePolicy, { readonly start: number; readonly count: number }>();
  const rules = days[0]?.rules.overtime;
  const log: DecidedDay[] | null = days.some((day) => day.rules.overtime !== rules) ? [] : null;

  return {
    before(policy, day, startsOn) {
      const start = periodStart(policy, day, startsOn);
      const known = carried.get(policy);
      if (known?.start === start) return known.count;
      const earlier = log?.filter((decided) => decided.day.day >= start) ?? [];
      return earlier.reduce((sum, decided) => sum + counted(policy, decided), 0);
    },

    commit(decided, startsOn) {
      log?.push(decided);
      for (const { policy, count } of decided.contenders) {
        if (weeksOf(policy) === null) continue;
        carried.set(policy, { start: periodStart(policy, decided.day.day, startsOn), count });
      }
    },
  };
}

/** What a day brings a policy, whatever rules it was decided by. */
function counted(policy: OvertimePolicy, { day, credits, pieces }: DecidedDay): number {
  if (isSkipped(policy, day)) return 0;
  let seconds = creditSeconds(policy, credits);
  for (const { stretch, by, seconds: length } of pieces) {
    const isFree =
      policy.counts === "all" ||
      by === null ||
      by.policy.name === policy.name ||
      !isOvertime(by.policy);
    if (isFree && isSeen(policy, stretch.tile)) seconds += length;
  }
  return seconds;
}
