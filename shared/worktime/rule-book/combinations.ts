import { type AssignmentIndex, changeDays, holdsOn, type Placed, together } from "./assignments.ts";

/** More different ones are not checked: the book is refused instead. */
export const MOST_COMBINATIONS = 5000;
/** Looking for different ones is given up after this many that are alike. */
const MOST_LOOKS = 2_000_000;

type Layering = readonly Placed[];

/**
 * Every different way in which assignments can come to lie over each other on one date, for somebody at no site or one, in
 * up to two groups of people, with or without assignments of their own. Short ones first. Null if there are too many.
 */
export function combinationsOf(index: AssignmentIndex): readonly Layering[] | null {
  const found = new Distinct();
  let looks = 0;
  const own = ownLayerings(index);
  for (const [from, to] of epochsOf(index)) {
    const everyone = index.everyone.filter((placed) => holdsOn(placed, from));
    const sites = optionsOf(singles(index.sites, from));
    const groups = optionsOf(pairs(index.groups, from));
    const people = optionsOf(
      own.filter((one) => one.from <= to && from <= one.to).map(({ layering }) => layering),
    );
    for (const site of sites) {
      for (const group of groups) {
        for (const person of people) {
          found.add([...everyone, ...site, ...group, ...person]);
          looks += 1;
          if (found.size > MOST_COMBINATIONS || looks > MOST_LOOKS) return null;
        }
      }
    }
  }
  return found.all().toSorted((a, b) => a.length - b.length);
}

/** Layerings, one of those that use the same groups in the same order. */
class Distinct {
  readonly #byKey = new Map<string, Layering>();

  get size(): number {
    return this.#byKey.size;
  }

  add(layering: Layering): void {
    const key = keyOf(layering);
    if (!this.#byKey.has(key)) this.#byKey.set(key, layering);
  }

  all(): readonly Layering[] {
    return [...this.#byKey.values()];
  }
}

export const usedBy = (layering: Layering): readonly string[] => layering.flatMap(({ use }) => use);

const keyOf = (layering: Layering): string => usedBy(layering).join("+");

/** What is left out as well as what is there, alike ones once. */
function optionsOf(layerings: Iterable<Layering>): readonly Layering[] {
  const options = new Distinct();
  options.add([]);
  for (const layering of layerings) options.add(layering);
  return options.all();
}

const singles = (by: ReadonlyMap<string, readonly Placed[]>, day: number): readonly Layering[] =>
  [...by.values()].map((list) => list.filter((placed) => holdsOn(placed, day)));

function* pairs(by: ReadonlyMap<string, readonly Placed[]>, day: number): Generator<Layering> {
  const holding = new Map<string, Layering>();
  for (const [group, list] of by) {
    const now = list.filter((placed) => holdsOn(placed, day));
    if (now.length > 0) holding.set(group, now);
  }
  const names = [...holding.keys()];
  for (const [index, one] of names.entries()) {
    yield together(holding, [one]);
    for (const other of names.slice(index + 1)) yield together(holding, [one, other]);
  }
}

/** Runs of dates on which no assignment changes but people's own. */
function epochsOf({ everyone, sites, groups }: AssignmentIndex): ReadonlyArray<[number, number]> {
  const shared = [...everyone, ...[...sites.values(), ...groups.values()].flat()];
  const starts = [Number.NEGATIVE_INFINITY, ...changeDays(shared)];
  return starts.map((from, index) => [from, (starts[index + 1] ?? Number.POSITIVE_INFINITY) - 1]);
}

interface OwnLayering {
  readonly layering: Layering;
  readonly from: number;
  readonly to: number;
}

/** What holds for each person by assignments of their own, and from when to when. */
function ownLayerings({ people }: AssignmentIndex): readonly OwnLayering[] {
  const found = new Map<string, OwnLayering>();
  for (const list of people.values()) {
    const days = changeDays(list);
    for (const [index, from] of days.entries()) {
      const layering = list.filter((placed) => holdsOn(placed, from));
      const to = (days[index + 1] ?? Number.POSITIVE_INFINITY) - 1;
      found.set(`${from} ${to} ${keyOf(layering)}`, { layering, from, to });
    }
  }
  return [...found.values()];
}
