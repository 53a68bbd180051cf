import type { z } from "zod";
import { dayOfDate } from "./civil-time.ts";
import { indexOf, type Placed, type Who } from "./rule-book/assignments.ts";
import { combinationsOf, MOST_COMBINATIONS, usedBy } from "./rule-book/combinations.ts";
import { type BookFault, faultsOfGroups, layersOf, unknownName } from "./rule-book/groups.ts";
import {
  type Assignment,
  type BookParts,
  bookPartsSchema,
  spellAssignee,
} from "./rule-book/parts.ts";
import { Resolver } from "./rule-book/resolve.ts";
import type { Rules } from "./rules.ts";

/** Of a book with many faults this many are told. */
const MOST_FAULTS = 50;

/**
 * What an administrator writes: named groups of policies, and who uses which of them from when to when. Refused with path
 * and reason: a group that contradicts itself, extends itself, or uses a name nobody has; two assignments that say the same;
 * and groups that contradict each other where assignments can bring them together (somebody at one site, in up to two
 * groups of people, with assignments of their own).
 */
export const ruleBookSchema = bookPartsSchema.superRefine((book, context) => {
  for (const { path, message } of faultsOf(book).slice(0, MOST_FAULTS)) {
    context.addIssue({ code: "custom", path: [...path], message });
  }
});
export type RuleBook = z.output<typeof ruleBookSchema>;
export type RuleBookInput = z.input<typeof ruleBookSchema>;

/**
 * A book that was checked in full elsewhere, as a gateway gets it from the cloud. Checked again is what this release may know
 * less of, names and groups, but not every way in which groups can meet: that takes seconds on a small box.
 */
export const receivedBookSchema = bookPartsSchema.superRefine((book, context) => {
  for (const { path, message } of faultsOfParts(book).slice(0, MOST_FAULTS)) {
    context.addIssue({ code: "custom", path: [...path], message });
  }
});

/** Throws ZodError: each issue says where in the book and why. */
export const parseRuleBook = (input: unknown): RuleBook => ruleBookSchema.parse(input);

const RESOLVERS = new WeakMap<RuleBook, Resolver>();

/**
 * The rules of one person through time. Never throws: should assignments meet in a way that was not checked when the book
 * was loaded and contradict each other, the stronger ones are left out and the version carries the `problem`. People with
 * the same assignments get the same objects.
 */
export function rulesFor(book: RuleBook, who: Who): Rules {
  let resolver = RESOLVERS.get(book);
  if (resolver === undefined) {
    resolver = new Resolver(book);
    RESOLVERS.set(book, resolver);
  }
  return resolver.rulesFor(who);
}

/** Names first: what is made of groups can only be judged when every group is known and holds by itself. */
function faultsOf(book: BookParts): readonly BookFault[] {
  const faults = [...faultsOfParts(book), ...faultsOfTwins(book.assignments)];
  return faults.length > 0 ? faults : faultsOfCombinations(book);
}

const faultsOfParts = (book: BookParts): readonly BookFault[] => [
  ...faultsOfGroups(book.groups),
  ...faultsOfNames(book),
];

function faultsOfNames({ groups, assignments }: BookParts): readonly BookFault[] {
  const layers = layersOf(groups);
  return assignments.flatMap(({ use }, index) =>
    use.flatMap((name, at) =>
      layers.has(name)
        ? []
        : [{ path: ["assignments", index, "use", at], message: unknownName(name) }],
    ),
  );
}

const FOR_GOOD = "9999-12-31";

/** The same group for the same people on the same date twice. */
function faultsOfTwins(assignments: readonly Assignment[]): readonly BookFault[] {
  const byUse = new Map<string, Array<Assignment & { index: number }>>();
  for (const [index, assignment] of assignments.entries()) {
    for (const name of new Set(assignment.use)) {
      const key = `${name} ${spellAssignee(assignment.to)}`;
      const list = byUse.get(key) ?? [];
      list.push({ ...assignment, index });
      byUse.set(key, list);
    }
  }
  return [...byUse].flatMap(([key, list]) => {
    const sorted = list.toSorted((a, b) => dayOfDate(a.from) - dayOfDate(b.from));
    return sorted.flatMap((later, place): readonly BookFault[] => {
      const earlier = sorted[place - 1];
      if (earlier === undefined || (earlier.until ?? FOR_GOOD) < later.from) {
        return [];
      }
      const [name = ""] = key.split(" ");
      const message = `"${name}" is assigned there already by assignments.${earlier.index} on some of these dates`;
      return [{ path: ["assignments", later.index], message }];
    });
  });
}

function faultsOfCombinations(book: BookParts): readonly BookFault[] {
  const index = indexOf(book.assignments);
  const combinations = combinationsOf(index);
  if (combinations === null) {
    const message = `make more than ${MOST_COMBINATIONS} different combinations of policy groups (${index.sites.size} sites, ${index.groups.size} groups of people, ${index.people.size} people): too many to check; let policy groups extend each other, and assign fewer of them`;
    return [{ path: ["assignments"], message }];
  }
  const resolver = new Resolver(book);
  const refused: (readonly Placed[])[] = [];
  const faults: BookFault[] = [];
  for (const combination of combinations) {
    // what holds a refused combination is refused for the same reason
    const isKnown = refused.some((part) => part.every((placed) => combination.includes(placed)));
    const { problem } = isKnown ? { problem: null } : resolver.composed(usedBy(combination));
    const last = combination.at(-1);
    if (problem === null || last === undefined) continue;
    refused.push(combination);
    const message = `${spellCombination(combination)} contradict each other: ${problem}`;
    faults.push({ path: ["assignments", last.index, "use"], message });
    if (faults.length === MOST_FAULTS) break;
  }
  return faults;
}

const spellCombination = (combination: readonly Placed[]): string =>
  combination.map(({ to, use }) => `${use.join(" + ")} (${spellAssignee(to)})`).join(" and ");
