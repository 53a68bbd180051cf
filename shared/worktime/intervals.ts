import { spell } from "./civil-time.ts";
import { isArrival, type ReadPunch } from "./meaning.ts";
import type { Interval } from "./workday.ts";

/**
 * The stretches between the punches of one shift. A stretch is counted only between two punches that belong together:
 * an arrival and the departure after it is work, a break start and the break end after it is a break. Everything else
 * (an absence, a missing punch) is no interval at all.
 */
export function intervalsOf(reads: readonly ReadPunch[]): Interval[] {
  const counted = reads.filter((read) => read.meaning !== "repeat");
  return counted.slice(1).flatMap((to, index) => {
    const from = counted[index];
    return from === undefined ? [] : between(from, to);
  });
}

function between(from: ReadPunch, to: ReadPunch): Interval[] {
  const length = spell(to.punch.at - from.punch.at);
  if (isArrival(from.meaning) && !isArrival(to.meaning)) {
    const reason = `${length} between ${from.meaning} and ${to.meaning}`;
    return [interval(from, to, { kind: "work", policy: "every-pair", reason })];
  }
  if (from.meaning === "break-start" && to.meaning === "break-end") {
    return [interval(from, to, { kind: "break", policy: "break", reason: to.reason })];
  }
  return [];
}

function interval(
  from: ReadPunch,
  to: ReadPunch,
  what: Pick<Interval, "kind" | "policy" | "reason">,
): Interval {
  return {
    ...what,
    fromAt: from.punch.at,
    toAt: to.punch.at,
    seconds: wholeSecond(to.punch.at) - wholeSecond(from.punch.at),
    punchIds: [from.punch.punchId, to.punch.punchId],
  };
}

/** Both ends are cut to the second, so that neighbouring intervals add up to the second whatever the milliseconds were. */
const wholeSecond = (at: number): number => Math.floor(at / 1000);
