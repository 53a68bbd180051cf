import type { CountedPunch, CountedShift, Shift, Tile } from "../ledger.ts";

type AssumedOut = NonNullable<CountedShift["assumedOut"]>;

/** A check-out that nobody punched. */
export function assumedOutOf(_shift: Shift, _watermarkMs: number | null): AssumedOut | null {
  return null;
}

/** The work up to an assumed check-out. */
export function assumedTile(
  shift: Omit<Shift, "reads">,
  counted: readonly CountedPunch[],
  assumed: AssumedOut,
): Tile {
  const last = counted.at(-1);
  return {
    kind: "work",
    fromAt: last?.countsAt ?? assumed.at,
    toAt: assumed.at,
    isPaid: true,
    labels: shift.plan?.labels ?? {},
    punchIds: last === undefined ? [] : [last.punch.punchId],
    policy: assumed.policy,
    reason: assumed.detail,
    shiftId: counted[0]?.punch.punchId ?? "",
  };
}
