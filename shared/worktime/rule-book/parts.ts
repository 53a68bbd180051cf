import { z } from "zod";
import { policyNameSchema } from "../rule-parts.ts";

const groupNameSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,63}$/, "name a group in lower case, such as night-crew");

/** Stays text, so that a parsed book can be sent on and parsed again; such dates sort as they read. */
const civilDate = z.iso.date({ abort: true }).meta({ unit: "date" });

/** Its other keys are sections of the rules; they are checked as a whole, together with what the group extends. */
export const policyGroupSchema = z
  .strictObject({
    description: z.string().max(1000).optional().describe("What it is for"),
    extends: z
      .array(groupNameSchema)
      .max(16)
      .default([])
      .describe("Presets and groups it builds on; the later ones over the earlier"),
    remove: z
      .record(z.string().max(64), z.array(policyNameSchema).max(200))
      .default({})
      .describe("Inherited policies to take out, by section or list: {overtime: [Daily]}"),
  })
  .catchall(z.unknown());
export type PolicyGroup = z.output<typeof policyGroupSchema>;

const token = z.string().min(1).max(160);
export const assigneeSchema = z.union([
  z.literal("everyone"),
  z.strictObject({ site: token.describe("All who belong to this site") }),
  z.strictObject({ group: token.describe("All in this group of people") }),
  z.strictObject({ person: token.describe("One person, by id") }),
]);
export type Assignee = z.output<typeof assigneeSchema>;

export const assignmentSchema = z
  .strictObject({
    to: assigneeSchema.describe("Whom it is for"),
    use: z
      .array(groupNameSchema)
      .min(1)
      .max(16)
      .describe("Presets and groups; the later ones over the earlier"),
    from: civilDate.describe("First date it holds"),
    until: civilDate.optional().describe("Last date it holds, included; absent = for good"),
  })
  .superRefine(({ use, from, until }, context) => {
    if (until !== undefined && from > until) {
      context.addIssue({ code: "custom", path: ["until"], message: "until lies before from" });
    }
    for (const [index, name] of use.entries()) {
      if (use.indexOf(name) === index) continue;
      const message = `"${name}" is used twice`;
      context.addIssue({ code: "custom", path: ["use", index], message });
    }
  });
export type Assignment = z.output<typeof assignmentSchema>;

/** What a rule book is made of, before its parts are held against each other. */
export const bookPartsSchema = z.strictObject({
  groups: z.record(groupNameSchema, policyGroupSchema).default({}).describe("Policy groups"),
  assignments: z
    .array(assignmentSchema)
    .max(50_000)
    .default([])
    .describe(
      "Who uses which groups, when. Everyone's lie below a site's, below a people group's, below a person's",
    ),
});
export type BookParts = z.output<typeof bookPartsSchema>;

export function levelOf(to: Assignee): "everyone" | "site" | "group" | "person" {
  if (to === "everyone") return "everyone";
  if ("site" in to) return "site";
  return "group" in to ? "group" : "person";
}

/** Same for assignments to the same people. */
export function spellAssignee(to: Assignee): string {
  if (to === "everyone") return to;
  if ("site" in to) return `site ${to.site}`;
  return "group" in to ? `group ${to.group}` : `person ${to.person}`;
}
