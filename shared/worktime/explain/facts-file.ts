import { z } from "zod";
import { tokenSchema } from "../../subjects.ts";
import {
  absenceFactSchema,
  approvalFactSchema,
  correctionFactSchema,
  type Fact,
  punchFactSchema,
  rosterFactSchema,
  verificationFactSchema,
  watermarkFactSchema,
} from "../facts.ts";

const strictFactSchema = z.discriminatedUnion("kind", [
  punchFactSchema.strict(),
  correctionFactSchema.strict(),
  rosterFactSchema.strict(),
  absenceFactSchema.strict(),
  approvalFactSchema.strict(),
  verificationFactSchema.strict(),
  watermarkFactSchema.strict(),
]);

/** What a person writing a file may leave out. */
const LEFT_OUT: Readonly<Record<string, object>> = {
  punch: { hint: null, zone: null, reader: "reader" },
  absence: { secondsADay: null },
};
const INSTANTS = ["at", "decidedAt", "completeTo"] as const;

/** Instants as ISO 8601 with an offset become UTC milliseconds; without one it is not known when they were. */
function asWritten(value: unknown, context: z.core.$RefinementCtx): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const fact: Record<string, unknown> = { ...value };
  const kind = String(fact["kind"]);
  const full = { ...LEFT_OUT[kind], ...withInstants(fact, [], context) };
  if (kind !== "correction" || !isRecord(fact["change"])) return full;
  const change = withInstants(fact["change"], ["change"], context);
  const zone = change["do"] === "add" ? { zone: null } : {};
  return { ...full, change: { ...zone, ...change } };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function withInstants(
  record: Readonly<Record<string, unknown>>,
  path: readonly string[],
  context: z.core.$RefinementCtx,
): Record<string, unknown> {
  const result = { ...record };
  for (const key of INSTANTS) {
    const text = record[key];
    if (typeof text !== "string") continue;
    const at = /(?:Z|[+-]\d\d:?\d\d)$/i.test(text) ? Date.parse(text) : Number.NaN;
    if (Number.isNaN(at)) {
      context.addIssue({
        code: "custom",
        path: [...path, key],
        message: `"${text}" is no instant: write it with its offset, such as 2026-10-25T02:10+01:00`,
        input: text,
      });
    } else result[key] = at;
  }
  return result;
}

const factsSchema = z
  .array(z.preprocess(asWritten, strictFactSchema))
  .max(100_000)
  .transform((facts): Fact[] => facts);

/** A file of facts about people, as `clockleaf worktime explain` reads it. */
export const factsFileSchema = z.strictObject({
  people: z
    .record(
      tokenSchema,
      z.strictObject({
        name: z.string().max(120).optional().describe("For the heading"),
        sites: z.array(tokenSchema).max(64).default([]).describe("Sites the person works at"),
        groups: z.array(tokenSchema).max(64).default([]).describe("Groups the person is in"),
        facts: factsSchema.describe("What was known when the day was posted"),
        later: factsSchema
          .default([])
          .describe("What arrived after that: the day is shown before and after"),
      }),
    )
    .describe("By employee id"),
});
export type FactsFile = z.output<typeof factsFileSchema>;
