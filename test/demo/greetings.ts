import type { Site } from "@clockleaf/hardware-sim/site/site.ts";
import { computeWorkdays } from "@clockleaf/shared/worktime/engine.ts";
import type { PunchFact } from "@clockleaf/shared/worktime/facts.ts";
import type { Rules } from "@clockleaf/shared/worktime/rules.ts";
import type { Meaning } from "@clockleaf/shared/worktime/workday.ts";
import type { Accepted } from "../../edge-agent/accept.ts";
import { greetingOf } from "../../edge-agent/greeting/greeter.ts";

/** What people could read when they tapped. */
export interface Displays {
  /** By tap: the line on the reader's own display. */
  readonly byTap: ReadonlyMap<number, string>;
  /** By journal row: the line on the display beside a reader that has none. */
  readonly byRow: ReadonlyMap<number, string>;
  /** To be told of every punch the agent has stored. */
  show(accepted: Accepted): void;
}

/** A controller sends the text that answers a tap before it asks for the next one. */
export function watchDisplays(site: Pick<Site, "readers" | "osdpReader">): Displays {
  const byTap = new Map<number, string>();
  const byRow = new Map<number, string>();
  for (const { kind, id } of site.readers) {
    if (kind !== "osdp") continue;
    let answering: number | undefined;
    site.osdpReader(id).onEvent((event) => {
      if (event.kind === "offered") answering = Number(event.tap);
      if (event.kind === "text" && answering !== undefined) byTap.set(answering, event.text);
    });
  }
  const withoutDisplay = new Set(
    site.readers.filter(({ kind }) => kind === "hid").map(({ id }) => id),
  );
  return {
    byTap,
    byRow,
    show({ row, punch, feedback }) {
      if (withoutDisplay.has(punch.reader)) byRow.set(row, feedback.text ?? "");
    },
  };
}

/** A green tap that the cloud counts for somebody. */
export interface GreetedPunch {
  readonly employeeId: string;
  readonly fact: PunchFact;
  /** What the reader showed; undefined where nobody saw it, as when the agent was killed just then. */
  readonly text: string | undefined;
}

export interface Greetings {
  /** Green taps that the cloud counts for somebody. */
  readonly greeted: number;
  /** Of them, how many were told what their punch means, and not just greeted by name. */
  readonly told: number;
  /** Of those, how many were told what the cloud says of the punch when it is the newest. */
  readonly agreed: number;
}

/** The few that are left out: somebody tapped before the rules were there, or the agent was killed between light and text. */
const FEWEST_TOLD = 0.9;

/**
 * Holds what readers said against what the cloud's engine makes of the same person's punches up to that one: `all` are the
 * punches that the cloud counts for people, whatever light they got.
 */
export function compareGreetings(
  greeted: readonly GreetedPunch[],
  all: ReadonlyMap<string, readonly PunchFact[]>,
  rules: Rules,
): { readonly greetings: Greetings; readonly faults: readonly string[] } {
  const faults: string[] = [];
  let told = 0;
  let agreed = 0;
  for (const { employeeId, fact, text } of greeted) {
    const word = wordOf(text);
    if (word === undefined) continue;
    told += 1;
    const expected = meaningWhenNew(fact, all.get(employeeId) ?? [], rules);
    if (expected !== undefined && word === wordFor(expected)) agreed += 1;
    else
      faults.push(`greeting: ${fact.punchId} at ${fact.reader} showed "${text}" for ${expected}`);
  }
  if (told < greeted.length * FEWEST_TOLD) {
    faults.push(`greeting: only ${told} of ${greeted.length} were told what their punch means`);
  }
  return { greetings: { greeted: greeted.length, told, agreed }, faults };
}

const MEANINGS: readonly Meaning[] = [
  "in",
  "out",
  "lunch-start",
  "lunch-end",
  "break-start",
  "break-end",
  "transfer",
  "between",
  "repeat",
];
const wordFor = (meaning: Meaning): string => greetingOf("", { meaning, reason: "" });
const WORDS = new Set(MEANINGS.map(wordFor));

function wordOf(text: string | undefined): string | undefined {
  const [word = ""] = (text ?? "").split(" ");
  return WORDS.has(word) ? word : undefined;
}

const DAY_MS = 86_400_000;
const dateOf = (atMs: number): string => new Date(atMs).toISOString().slice(0, 10);

/** What the cloud says of a punch when it is the newest of the person's: some are read otherwise in hindsight. */
function meaningWhenNew(
  fact: PunchFact,
  theirs: readonly PunchFact[],
  rules: Rules,
): Meaning | undefined {
  const known = theirs.filter(({ at }) => at < fact.at);
  const range = { fromOn: dateOf(fact.at - 2 * DAY_MS), toOn: dateOf(fact.at + DAY_MS) };
  return computeWorkdays([...known, fact], rules, range)
    .flatMap(({ punches }) => punches)
    .find(({ punchId }) => punchId === fact.punchId)?.meaning;
}
