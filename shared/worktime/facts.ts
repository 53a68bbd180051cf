import { z } from "zod";
import { tokenSchema } from "../subjects.ts";
import { punchHintSchema } from "../wire/punch.ts";
import { LAST_INSTANT } from "./civil-time.ts";

/** Somebody punched. What the reader or the key claimed is kept as `hint`; what it means is the engine's to say. */
export const punchFactSchema = z.object({
  kind: z.literal("punch"),
  punchId: z.string().min(1).max(160),
  at: z.int().min(0).max(LAST_INSTANT).describe("UTC milliseconds"),
  hint: punchHintSchema.nullable(),
  site: tokenSchema,
  reader: tokenSchema,
  zone: z.string().max(64).nullable().describe("IANA zone of the site; null = the rules' zone"),
});
export type PunchFact = z.output<typeof punchFactSchema>;

/** Everything the engine knows about a person is a set of these; corrections and schedules become kinds of their own. */
export type Fact = PunchFact;

/**
 * The punches of a set in the one order they are read in: by instant, then by id. One punch per id; should two tell
 * different stories under one id, the same one wins whatever order they came in.
 */
export function punchesInOrder(facts: Iterable<Fact>): PunchFact[] {
  const byId = new Map<string, PunchFact>();
  for (const fact of facts) {
    const known = byId.get(fact.punchId);
    if (known === undefined || compare(fact, known) < 0) byId.set(fact.punchId, fact);
  }
  return [...byId.values()].toSorted(compare);
}

function compare(a: PunchFact, b: PunchFact): number {
  return a.at - b.at || text(a.punchId, b.punchId) || text(storyOf(a), storyOf(b));
}

const text = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const storyOf = (fact: PunchFact): string =>
  JSON.stringify([fact.hint, fact.zone, fact.site, fact.reader]);
