import { loadYamlConfig } from "@clockleaf/shared/lib/yaml-config.ts";
import { dayOfDate } from "@clockleaf/shared/worktime/civil-time.ts";
import { computeWorkdays, recompute } from "@clockleaf/shared/worktime/engine.ts";
import { explainDay } from "@clockleaf/shared/worktime/explain/explain.ts";
import { explainChange } from "@clockleaf/shared/worktime/explain/explain-change.ts";
import {
  factsFileSchema,
  type PersonFacts,
} from "@clockleaf/shared/worktime/explain/facts-file.ts";
import { hanging } from "@clockleaf/shared/worktime/explain/layout.ts";
import type { Fact } from "@clockleaf/shared/worktime/facts.ts";
import { PRESETS } from "@clockleaf/shared/worktime/presets/catalogue.ts";
import { ruleBookSchema, rulesFor } from "@clockleaf/shared/worktime/rule-book.ts";
import { type Rules, rulesOn } from "@clockleaf/shared/worktime/rules.ts";
import {
  exceptionsTable,
  parametersOfWhere,
  ruleBookTable,
  rulesTable,
} from "@clockleaf/shared/worktime/rules-table.ts";
import { emptyWorkday, type Workday } from "@clockleaf/shared/worktime/workday.ts";
import { z } from "zod";

/** Words on the command line that do not fit the files they go with. */
export class WorktimeUsage extends Error {}

export interface ExplainOptions {
  /** YAML or JSON: what is known of people. */
  readonly facts: string;
  /** YAML or JSON: a rule book. */
  readonly rules: string;
  readonly person: string;
  /** Civil date, YYYY-MM-DD. */
  readonly date: string;
  readonly json: boolean;
}

/**
 * `worktime explain`: one computed day of one person, as text or JSON. Facts under `later` are shown as what they change.
 * Throws `config.*` with line and column for files that do not fit, `WorktimeUsage` for a person or date they do not have.
 */
export function explain(options: ExplainOptions): string {
  const { person, date } = options;
  if (!z.iso.date().safeParse(date).success) {
    throw new WorktimeUsage(`--date is a date such as 2026-10-25, not "${date}"`);
  }
  const { people } = loadYamlConfig(options.facts, factsFileSchema);
  const book = loadYamlConfig(options.rules, ruleBookSchema);
  const who = Object.hasOwn(people, person) ? people[person] : undefined;
  if (who === undefined) {
    const known = Object.keys(people).slice(0, 20).join(", ");
    const has = known === "" ? "nobody is in it" : `it has: ${known}`;
    throw new WorktimeUsage(`--person: ${options.facts} knows nobody "${person}"; ${has}`);
  }
  const rules = rulesFor(book, { personId: person, sites: who.sites, groups: who.groups });
  const change = changeOf(who, rules, date);
  const { posted, now, otherDates } = change;
  const isChanged = who.later.length > 0;
  if (options.json) {
    const all = isChanged ? { personId: person, posted, workday: now, otherDates } : null;
    return `${JSON.stringify(all ?? { personId: person, workday: now })}\n`;
  }
  const heading = { personId: person, name: who.name };
  return isChanged ? explainChange(change, heading) : explainDay(now, heading);
}

function changeOf({ facts, later }: PersonFacts, rules: Rules, on: string) {
  const dayOf = (known: readonly Fact[]): Workday =>
    computeWorkdays(known, rules, { fromOn: on, toOn: on })[0] ??
    emptyWorkday(on, rulesOn(rules, dayOfDate(on)).set.zone);
  const posted = dayOf(facts);
  if (later.length === 0) return { posted, now: posted, arrived: later, otherDates: [] };
  const changed = recompute(facts, later, rules).map(({ workdayOn }) => workdayOn);
  return {
    posted,
    now: dayOf([...facts, ...later]),
    arrived: later,
    otherDates: changed.filter((date) => date !== on),
  };
}

/** `worktime check`: reads a rule book; throws `config.invalid` with every fault, else says what is in it. */
export function checkRules(file: string): string {
  const { groups, assignments } = loadYamlConfig(file, ruleBookSchema);
  const names = Object.keys(groups);
  const list = names.length === 0 ? "" : ` (${names.join(", ")})`;
  // one line, however long the path is: scripts read it
  return `${file}: ${count(names.length, "policy group")}${list}, ${count(assignments.length, "assignment")}; nothing contradicts itself\n`;
}

const count = (number: number, what: string): string =>
  `${number} ${what}${number === 1 ? "" : "s"}`;

/** `worktime rules`: every rule with its unit, default and meaning, as Markdown. */
export function listRules(): string {
  const where = parametersOfWhere().map(({ path, meaning }) => `- \`${path}\`: ${meaning}`);
  return `${[
    "## Rule book",
    ruleBookTable(),
    "## Rules of a policy group",
    rulesTable(),
    "## Where",
    "Wherever a rule has `where`:",
    where.join("\n"),
    "## Exceptions",
    exceptionsTable(),
  ].join("\n\n")}\n`;
}

/** `worktime presets`: what a policy group may extend, and where its figures come from. */
export function listPresets(): string {
  return [...PRESETS.values()]
    .map(({ name, description, sources, extends: above }) => {
      const title = above.length === 0 ? name : `${name} (on ${above.join(", ")})`;
      const lines = [
        title,
        hanging("  ", description),
        ...sources.map((source) => hanging("  - ", source)),
      ];
      return `${lines.join("\n")}\n`;
    })
    .join("\n");
}
