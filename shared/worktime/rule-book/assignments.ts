import { dayOfDate } from "../civil-time.ts";
import type { Assignment, BookParts } from "./parts.ts";

/** Who rules are asked for: what the directory knows of one person. */
export interface Who {
  readonly personId: string;
  readonly sites: readonly string[];
  /** Groups of people, not of policies. */
  readonly groups: readonly string[];
}

/** An assignment with its place in the book. */
export interface Placed extends Pick<Assignment, "to" | "use"> {
  readonly index: number;
  /** Epoch day. */
  readonly from: number;
  /** Epoch day, included; undefined = for good. */
  readonly until: number | undefined;
}

/** Assignments by whom they are for, each list in the order of the book. */
export interface AssignmentIndex {
  readonly everyone: readonly Placed[];
  readonly sites: ReadonlyMap<string, readonly Placed[]>;
  readonly groups: ReadonlyMap<string, readonly Placed[]>;
  readonly people: ReadonlyMap<string, readonly Placed[]>;
}

export function indexOf(assignments: BookParts["assignments"]): AssignmentIndex {
  const everyone: Placed[] = [];
  const sites = new Map<string, Placed[]>();
  const groups = new Map<string, Placed[]>();
  const people = new Map<string, Placed[]>();
  const add = (to: Map<string, Placed[]>, key: string, placed: Placed): void => {
    const list = to.get(key);
    if (list === undefined) to.set(key, [placed]);
    else list.push(placed);
  };
  for (const [index, assignment] of assignments.entries()) {
    const { to, use, from, until } = assignment;
    const placed: Placed = {
      to,
      use,
      index,
      from: dayOfDate(from),
      until: until === undefined ? undefined : dayOfDate(until),
    };
    if (to === "everyone") everyone.push(placed);
    else if ("site" in to) add(sites, to.site, placed);
    else if ("group" in to) add(groups, to.group, placed);
    else add(people, to.person, placed);
  }
  return { everyone, sites, groups, people };
}

/** All assignments that ever hold for a person: the weaker first, those of one strength in the order of the book. */
export function assignmentsOf(index: AssignmentIndex, who: Who): readonly Placed[] {
  return [
    ...index.everyone,
    ...together(index.sites, who.sites),
    ...together(index.groups, who.groups),
    ...(index.people.get(who.personId) ?? []),
  ];
}

export function together(
  by: ReadonlyMap<string, readonly Placed[]>,
  keys: readonly string[],
): readonly Placed[] {
  const [first, ...rest] = [...new Set(keys)].flatMap((key) => {
    const list = by.get(key);
    return list === undefined ? [] : [list];
  });
  if (first === undefined) return [];
  return rest.length === 0 ? first : [first, ...rest].flat().toSorted((a, b) => a.index - b.index);
}

export const holdsOn = ({ from, until }: Placed, day: number): boolean =>
  from <= day && (until === undefined || day <= until);

/** The epoch days on which what holds may change, ascending, each once. */
export function changeDays(assignments: readonly Placed[]): readonly number[] {
  const days = new Set<number>();
  for (const { from, until } of assignments) {
    days.add(from);
    if (until !== undefined) days.add(until + 1);
  }
  return [...days].toSorted((a, b) => a - b);
}
