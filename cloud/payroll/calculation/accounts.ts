import { dayBefore } from "./calendar.ts";
import type { AccountSpan, AccountVersion } from "./facts.ts";

/** The account as it holds on a day: the latest beginning counts, and of two from one day the later version. */
export function accountOn(
  versions: readonly AccountVersion[],
  on: string,
): AccountVersion | undefined {
  return inOrder(versions).findLast(({ account }) => account.fromOn <= on);
}

/** The stretches of a span in which one version holds. Days before the first account are in none. */
export function accountSpans(
  versions: readonly AccountVersion[],
  fromOn: string,
  toOn: string,
): AccountSpan[] {
  const begins = inOrder(versions)
    .map(({ account }) => account.fromOn)
    .filter((on) => on > fromOn && on <= toOn);
  const starts = [...new Set([fromOn, ...begins])];
  return starts.flatMap((start, index) => {
    const held = accountOn(versions, start);
    const next = starts[index + 1];
    const end = next === undefined ? toOn : dayBefore(next);
    return held === undefined || start > end ? [] : [{ fromOn: start, toOn: end, held }];
  });
}

function inOrder(versions: readonly AccountVersion[]): AccountVersion[] {
  return versions.toSorted((a, b) =>
    a.account.fromOn === b.account.fromOn
      ? a.version - b.version
      : a.account.fromOn < b.account.fromOn
        ? -1
        : 1,
  );
}
