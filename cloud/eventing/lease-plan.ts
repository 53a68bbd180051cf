/** What one process knows when it decides which of the work it takes on or gives back. */
export interface SharingView {
  readonly me: string;
  /** Processes that share the work, this one among them. */
  readonly members: readonly string[];
  /** What is to be shared evenly. */
  readonly units: readonly string[];
  /** Who holds a unit; a unit that is missing is free. */
  readonly holders: ReadonlyMap<string, string>;
  /** Units free for so long that whoever they would fall to seems not to want them: anybody may take them. */
  readonly abandoned: ReadonlySet<string>;
}

export interface SharingStep {
  readonly claim: readonly string[];
  readonly release: string | undefined;
}

/**
 * The next step towards an even sharing: nobody holds two units more than another. Processes that see the same step on
 * different feet: each free unit falls to whoever has least, so two of them never claim the same; the richest gives back
 * one unit at a time, and only while nothing is free. A sharing that is even stays as it is.
 */
export function planSharing(view: SharingView): SharingStep {
  const { me, units, holders, abandoned } = view;
  const members = [...new Set([...view.members, me])].toSorted();
  const held = new Map(members.map((member) => [member, 0]));
  for (const unit of units) {
    const holder = holders.get(unit);
    const count = holder === undefined ? undefined : held.get(holder);
    if (holder !== undefined && count !== undefined) held.set(holder, count + 1);
  }
  const free = units.filter((unit) => !holders.has(unit)).toSorted();
  const claim = free.filter((unit) => {
    const poorest = poorestOf(members, held);
    held.set(poorest, (held.get(poorest) ?? 0) + 1);
    return poorest === me || abandoned.has(unit);
  });
  return { claim, release: free.length > 0 ? undefined : surplusOf(view, members, held) };
}

function poorestOf(members: readonly string[], held: ReadonlyMap<string, number>): string {
  return members.reduce((a, b) => ((held.get(b) ?? 0) < (held.get(a) ?? 0) ? b : a));
}

/** One of my units, if I am the one of all that has most, and has it two ahead of another. */
function surplusOf(
  { me, units, holders }: SharingView,
  members: readonly string[],
  held: ReadonlyMap<string, number>,
): string | undefined {
  const richest = members.reduce((a, b) => ((held.get(b) ?? 0) > (held.get(a) ?? 0) ? b : a));
  const least = Math.min(...held.values());
  if (richest !== me || (held.get(me) ?? 0) - least < 2) return undefined;
  return units
    .filter((unit) => holders.get(unit) === me)
    .toSorted()
    .at(-1);
}
