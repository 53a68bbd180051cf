import type { Log } from "@clockleaf/shared/lib/log.ts";
import type { DirectoryEntry } from "@clockleaf/shared/wire/directory.ts";
import type { SiteRules } from "@clockleaf/shared/wire/roster.ts";
import { zoneSchema } from "@clockleaf/shared/worktime/civil-time.ts";
import type { PunchFact } from "@clockleaf/shared/worktime/facts.ts";
import { nextPunchMeaning } from "@clockleaf/shared/worktime/punches/next-punch.ts";
import { receivedBookSchema, rulesFor } from "@clockleaf/shared/worktime/rule-book.ts";
import type { Meaning } from "@clockleaf/shared/worktime/workday.ts";
import { z } from "zod";
import { createRecentPunches, type PunchHere, type RememberedPunch } from "./recent-punches.ts";

const PRUNE_EVERY_MS = 24 * 3_600_000;

export interface GreeterOptions {
  readonly site: string;
  /** As last heard from the cloud; undefined before that. */
  readonly siteRules: () => SiteRules | undefined;
  readonly log: Log;
}

export interface Told {
  readonly meaning: Meaning;
  readonly reason: string;
}

/**
 * Says at the reader what a punch means, with the engine and the rules of the cloud, from what was punched at this gateway
 * in the last week. What was punched at other gateways it does not know; the cloud's word is the last.
 */
export interface Greeter {
  /**
   * Null where it cannot be said: no rules yet, or rules that this release cannot read. Never throws. A punch that is
   * remembered already is left out of account by its name, `storedAs`.
   */
  tell(holder: DirectoryEntry, punch: PunchHere, storedAs?: string): Told | null;
  /** A punch that is in the journal. `punchId` names it as the cloud will. */
  remember(employeeId: string, punchId: string, punch: PunchHere): void;
}

export function createGreeter({ site, siteRules, log }: GreeterOptions): Greeter {
  const recent = createRecentPunches();
  let prunedAt = Number.NEGATIVE_INFINITY;
  let read: ReadRules | undefined;

  const rulesHere = (): ReadRules | undefined => {
    const current = siteRules();
    if (current !== undefined && current.revision !== read?.revision) read = readOnce(current, log);
    return read;
  };

  return {
    tell(holder, punch, storedAs) {
      try {
        const rules = rulesHere()?.rules;
        if (rules === undefined) return null;
        const { zone, book } = rules;
        const { employeeId, sites, groups } = holder;
        const known = recent
          .of(employeeId)
          .filter(({ punchId }) => punchId !== storedAs)
          .map((each) => factOf(each, { site, zone }));
        const own = rulesFor(book, { personId: employeeId, sites, groups });
        return nextPunchMeaning(known, own, { ...punch, site, zone });
      } catch (error) {
        log.error({ err: error }, "what a punch means cannot be said; people are greeted by name");
        return null;
      }
    },
    remember(employeeId, punchId, punch) {
      recent.add(employeeId, { ...punch, punchId });
      if (Math.abs(punch.at - prunedAt) < PRUNE_EVERY_MS) return;
      prunedAt = punch.at;
      recent.prune(prunedAt);
    },
  };
}

const factOf = (
  { punchId, at, hint, reader }: RememberedPunch,
  { site, zone }: { readonly site: string; readonly zone: string },
): PunchFact => ({ kind: "punch", punchId, at, hint, site, reader, zone });

/** The rules of one revision, as this release reads them. */
interface ReadRules {
  readonly revision: string;
  /** Absent if it cannot. */
  readonly rules?: z.output<typeof rulesSchema>;
}

const rulesSchema = z.object({ zone: zoneSchema, book: receivedBookSchema });

/** Called once for each revision, so what cannot be read is told once. */
function readOnce({ revision, zone, book }: SiteRules, log: Log): ReadRules {
  if (book === null) {
    log.warn(
      { revision },
      "the cloud's rules are too large to be sent; people are greeted by name",
    );
    return { revision };
  }
  const parsed = rulesSchema.safeParse({ zone, book });
  if (parsed.success) return { revision, rules: parsed.data };
  const [issue] = parsed.error.issues;
  const why = `${issue?.path.join(".")}: ${issue?.message}`;
  log.warn({ revision, why }, "the cloud's rules cannot be read here; people are greeted by name");
  return { revision };
}

const WORDS = {
  in: "IN",
  out: "OUT",
  "lunch-start": "LUNCH",
  "lunch-end": "BACK",
  "break-start": "BREAK",
  "break-end": "BACK",
  transfer: "MOVED",
  between: "SEEN",
  repeat: "AGAIN",
} as const satisfies Record<Meaning, string>;

/** One line of the commonest readers. */
const MOST_CHARACTERS = 16;

/** `IN Ada L.`, cut between characters to what one display line takes. */
export function greetingOf(name: string, told: Told | null): string {
  if (told === null) return name;
  let line = `${WORDS[told.meaning]} `;
  for (const character of name) {
    if (line.length + character.length > MOST_CHARACTERS) break;
    line += character;
  }
  return line.trimEnd();
}
