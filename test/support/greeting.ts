import { ruleGroupsOf } from "@clockleaf/shared/events/employee.ts";
import type { DirectoryEntry } from "@clockleaf/shared/wire/directory.ts";
import { parseRuleBook, type RuleBook } from "@clockleaf/shared/worktime/rule-book.ts";
import { person } from "./people.ts";

/** A book of these rules for everybody. */
export const everyoneUses = (house: Record<string, unknown>): RuleBook =>
  parseRuleBook({
    groups: { house },
    assignments: [{ to: "everyone", use: ["house"], from: "2026-01-01" }],
  });

/** Somebody whose badge is good at every time, as a gateway's directory has them. */
export const entryOf = (employeeId: string, greeting: string): DirectoryEntry => {
  const data = person(employeeId);
  const { siteIds: sites } = data;
  const groups = ruleGroupsOf(data);
  return {
    employeeId,
    greeting,
    state: "valid",
    validFromMs: 0,
    pin: null,
    sites,
    groups,
  };
};
