import { loadYamlConfig } from "@clockleaf/shared/lib/yaml-config.ts";
import { computeWorkdays } from "@clockleaf/shared/worktime/engine.ts";
import { explainChange, explainDay } from "@clockleaf/shared/worktime/explain/explain.ts";
import { type FactsFile, factsFileSchema } from "@clockleaf/shared/worktime/explain/facts-file.ts";
import type { Fact } from "@clockleaf/shared/worktime/facts.ts";
import { PRESETS } from "@clockleaf/shared/worktime/presets/catalogue.ts";
import { ruleBookSchema, rulesFor } from "@clockleaf/shared/worktime/rule-book.ts";
import {
  exceptionsTable,
  ruleBookTable,
  rulesTable,
} from "@clockleaf/shared/worktime/rules-table.ts";
import { emptyWorkday, type Workday } from "@clockleaf/shared/worktime/workday.ts";

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
  if (Number.isNaN(Date.parse(`${date}T00:00Z`)) || !/^\d{4}-\d\d-\d\d$/.test(date)) {
    throw new WorktimeUsage(`--date is a date such as 2026-10-25, not "${date}"`);
  }
  const { people } = loadYamlConfig(options.facts, factsFileSchema);
  const book = loadYamlConfig(options.rules, ruleBookSchema);
  const who = people[person];
  if (who === undefined) {
    const known = Object.keys(people).slice(0, 20).join(", ");
    throw new WorktimeUsage(`${options.facts} knows nobody "${person}"; it has: ${known}`);
  }
  const rules = rulesFor(book, { personId: person, sites: who.sites, groups: who.groups });
  const dayOf = (facts: readonly Fact[]): Workday =>
    computeWorkdays(facts, rules, { fromOn: date, toOn: date })[0] ?? emptyWorkday(date, "UTC");
  const posted = dayOf(who.facts);
  const now = who.later.length === 0 ? posted : dayOf([...who.facts, ...who.later]);
  if (options.json) return `${JSON.stringify(jsonOf(who, posted, now))}\n`;
  const heading = { personId: person, name: who.name };
  return who.later.length === 0 ? explainDay(now, heading) : explainChange(posted, now, heading);
}

const jsonOf = (who: FactsFile["people"][string], posted: Workday, now: Workday): object =>
  who.later.length === 0 ? { workday: now } : { posted, workday: now };

/** `worktime check`: reads a rule book; throws `config.invalid` with every fault, else says what is in it. */
export function checkRules(file: string): string {
  const { groups, assignments } = loadYamlConfig(file, ruleBookSchema);
  return `${file}: ${Object.keys(groups).length} policy groups, ${assignments.length} assignments, nothing contradicts itself\n`;
}

/** `worktime rules`: every rule with its unit, default and meaning, as Markdown. */
export const listRules = (): string =>
  `## Rule book\n\n${ruleBookTable()}\n## Rules of a policy group\n\n${rulesTable()}\n## Exceptions\n\n${exceptionsTable()}`;

/** `worktime presets`: what a policy group may extend, and where its figures come from. */
export function listPresets(): string {
  return [...PRESETS.values()]
    .map(
      ({ name, description, sources, extends: above }) =>
        `${name}${above.length === 0 ? "" : ` (on ${above.join(", ")})`}\n  ${description}\n${sources.map((source) => `  - ${source}\n`).join("")}`,
    )
    .join("\n");
}
