import type { Refusal } from "../../eventing/decider.ts";
import type { DayChange } from "../clock-writer.ts";
import { byPerson } from "../decisions.ts";
import {
  asDecidedNow,
  type CorrectionCommandsDeps,
  lockedRefusal,
  refusalOfItem,
  type Wish,
} from "./commands.ts";

/** What would become of one item of a request, and which days it would change together with the person's other items. */
export interface Weighed {
  readonly employeeId: string;
  /** Undefined = it can be asked for. */
  readonly refusal: Refusal | undefined;
}

export interface WeighedWish {
  /** As they were sent. */
  readonly items: readonly Weighed[];
  /** What those that can be asked for would change, by person and date. */
  readonly days: readonly DayChange[];
}

/**
 * A request item by item: what can be asked for is shown with its effect beside what cannot, so that a list made after an
 * outage is put right in one go. Nothing is stored.
 */
export async function weighCorrections(
  deps: CorrectionCommandsDeps,
  wish: Wish,
): Promise<WeighedWish> {
  const refusals = new Map<number, Refusal>();
  for (const [index, item] of wish.items.entries()) {
    const refusal = await refusalOfItem(deps, item);
    if (refusal !== undefined) refusals.set(index, refusal);
  }
  const corrections = asDecidedNow(deps, wish).flatMap(({ employeeId, correction }, index) =>
    refusals.has(index) ? [] : [{ employeeId, correction, index }],
  );
  const days: DayChange[] = [];
  for (const [employeeId, theirs] of byPerson(corrections)) {
    const facts = theirs.map(({ correction }) => correction);
    const changed = await deps.clocks.preview(employeeId, facts);
    const dates = changed.map(({ workdayOn }) => workdayOn);
    const locked = wish.overridesLock ? undefined : await deps.lockedOn(employeeId, dates);
    if (locked === undefined) {
      days.push(...changed);
      continue;
    }
    // Of one person's items the engine sees all together: they are refused together.
    const refusal = lockedRefusal(`${locked.on} in period ${locked.periodId}`);
    for (const { index } of theirs) refusals.set(index, refusal);
  }
  const items = wish.items.map(({ employeeId }, index) => ({
    employeeId,
    refusal: refusals.get(index),
  }));
  return { items, days };
}
