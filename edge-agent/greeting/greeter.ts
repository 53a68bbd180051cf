import type { Log } from "@clockleaf/shared/lib/log.ts";
import type { DirectoryEntry } from "@clockleaf/shared/wire/directory.ts";
import type { PunchHint } from "@clockleaf/shared/wire/punch.ts";
import type { SiteRules } from "@clockleaf/shared/wire/roster.ts";
import type { PunchFact } from "@clockleaf/shared/worktime/facts.ts";
import { nextPunchMeaning } from "@clockleaf/shared/worktime/punches/next-punch.ts";
import { type RuleBook, ruleBookSchema, rulesFor } from "@clockleaf/shared/worktime/rule-book.ts";
import type { Meaning } from "@clockleaf/shared/worktime/workday.ts";
import { createRecentPunches, RECENT_MS } from "./recent-punches.ts";

export interface GreeterOptions {
  readonly site: string;
  /** As last heard from the cloud; undefined before that. */
  readonly siteRules: () => SiteRules | undefined;
  readonly log: Log;
}

/** A punch that is being made, or was made here. */
export interface PunchHere {
  /** UTC milliseconds. */
  readonly at: number;
  readonly hint: PunchHint | null;
  readonly reader: string;
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
  /** Null where it cannot be said: no rules yet, or rules that this release cannot read. Never throws. */
  tell(holder: DirectoryEntry, punch: PunchHere): Told | null;
  /** A punch that is in the journal. `punchId` names it as the cloud will. */
  remember(employeeId: string, punchId: string, punch: PunchHere): void;
}

export function createGreeter({ site, siteRules, log }: GreeterOptions): Greeter {
  const recent = createRecentPunches();
  let newestAt = 0;
  let read: ReadRules | undefined;

  /** A book is parsed once; one that cannot be read is told once. */
  const rulesHere = (): ReadRules | undefined => {
    const current = siteRules();
    if (current === undefined || current.revision === read?.revision) return read;
    const { revision, zone } = current;
    const parsed = ruleBookSchema.safeParse(current.book);
    if (!parsed.success) {
      const why = parsed.error.issues[0]?.message;
      log.warn(
        { revision, why },
        "the cloud's rules cannot be read here; people are greeted by name",
      );
    }
    read = { revision, zone, book: parsed.success ? parsed.data : null };
    return read;
  };

  const factOf = (punchId: string, { at, hint, reader }: PunchHere): PunchFact => ({
    kind: "punch",
    punchId,
    at,
    hint,
    site,
    reader,
    zone: null,
  });

  return {
    tell(holder, punch) {
      try {
        const rules = rulesHere();
        if (rules === undefined || rules.book === null) return null;
        const { zone, book } = rules;
        const { employeeId, sites, groups } = holder;
        const known = recent.of(employeeId).map((fact) => ({ ...fact, zone }));
        const own = rulesFor(book, { personId: employeeId, sites, groups });
        return nextPunchMeaning(known, own, { ...punch, site, zone });
      } catch (error) {
        log.error({ err: error }, "what a punch means cannot be said; people are greeted by name");
        return null;
      }
    },
    remember(employeeId, punchId, punch) {
      recent.add(employeeId, factOf(punchId, punch));
      if (punch.at < newestAt + RECENT_MS / 8) return;
      newestAt = punch.at;
      recent.prune(punch.at);
    },
  };
}

interface ReadRules {
  readonly revision: string;
  readonly zone: string;
  readonly book: RuleBook | null;
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
