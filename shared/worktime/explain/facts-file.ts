import { Temporal } from "temporal-polyfill";
import { z } from "zod";
import { tokenSchema } from "../../subjects.ts";
import { storyOf } from "../alike.ts";
import { LAST_INSTANT, zoneSchema } from "../civil-time.ts";
import {
  absenceFactSchema,
  approvalFactSchema,
  correctionFactSchema,
  type Fact,
  factIdOf,
  punchFactSchema,
  rosterFactSchema,
  rosterShiftSchema,
  verificationFactSchema,
  watermarkFactSchema,
} from "../facts.ts";
import { durationSchema } from "../rule-parts.ts";

// The facts of facts.ts as a person writes them: instants and lengths as text, nothing unknown beside them.

const EXAMPLE = "such as 2026-10-25T02:10+01:00";
const OFFSET = /(?:Z|[+-]\d\d(?::?\d\d)?)$/i;

/** ISO 8601 with an offset, or UTC milliseconds. Without an offset nobody knows when it was. */
const instantSchema = z.unknown().transform((value, context): number => {
  const [at, problem] = instantOf(value);
  if (at !== null) return at;
  context.addIssue(problem);
  return z.NEVER;
});

function instantOf(value: unknown): readonly [at: number, null] | readonly [null, string] {
  if (value === undefined) return [null, `missing: write an instant, ${EXAMPLE}`];
  if (typeof value !== "string" && typeof value !== "number")
    return [null, `no instant: write one as text, ${EXAMPLE}`];
  if (typeof value === "string" && !OFFSET.test(value))
    return [null, `"${value}" has no offset: write it behind the time, ${EXAMPLE}`];
  const at = typeof value === "number" ? value : millisecondsOf(value);
  if (Number.isInteger(at) && at >= 0 && at <= LAST_INSTANT) return [at, null];
  return [null, `"${value}" is no instant since 1970: check date and time, ${EXAMPLE}`];
}

/** Date.parse would take the 30th of February for the 2nd of March. */
function millisecondsOf(text: string): number {
  try {
    return Temporal.Instant.from(text).epochMilliseconds;
  } catch {
    return Number.NaN;
  }
}

const dateSchema = z.iso.date({ error: "write a date as YYYY-MM-DD, such as 2026-10-25" });
const siteZoneSchema = zoneSchema.nullable().default(null);
const decidedAt = instantSchema;

const punchSchema = punchFactSchema
  .extend({
    at: instantSchema,
    hint: punchFactSchema.shape.hint.default(null),
    reader: tokenSchema.default("reader"),
    zone: siteZoneSchema,
  })
  .strict();

const [addSchema, changeSchema, voidSchema, withdrawSchema] =
  correctionFactSchema.shape.change.options;

const correctionSchema = correctionFactSchema
  .extend({
    decidedAt,
    change: z.discriminatedUnion(
      "do",
      [
        addSchema.extend({ at: instantSchema, zone: siteZoneSchema }).strict(),
        changeSchema.extend({ at: instantSchema.optional() }).strict(),
        voidSchema.strict(),
        withdrawSchema.strict(),
      ],
      { error: "say what it does to a punch: do: add, change, void or withdraw" },
    ),
  })
  .strict();

const rosterSchema = rosterFactSchema
  .extend({ decidedAt, on: dateSchema, shifts: z.array(rosterShiftSchema.strict()).max(8) })
  .strict();

const absenceSchema = absenceFactSchema
  .extend({
    decidedAt,
    fromOn: dateSchema,
    toOn: dateSchema,
    secondsADay: durationSchema.pipe(z.int().max(86_400)).nullable().default(null),
  })
  .strict();

const approvalSchema = approvalFactSchema
  .extend({ decidedAt, on: dateSchema, seconds: durationSchema.pipe(z.int().max(172_800)) })
  .strict();

const verificationSchema = verificationFactSchema
  .extend({ decidedAt, fromOn: dateSchema, toOn: dateSchema })
  .strict();

const watermarkSchema = watermarkFactSchema.extend({ completeTo: instantSchema }).strict();

const writtenFactSchema = z.discriminatedUnion(
  "kind",
  [
    punchSchema,
    correctionSchema,
    rosterSchema,
    absenceSchema,
    approvalSchema,
    verificationSchema,
    watermarkSchema,
  ],
  {
    error:
      "no fact: write its kind, which is punch, correction, roster, absence, approval, verification or watermark",
  },
);

const factsSchema = z
  .array(writtenFactSchema)
  .max(100_000)
  .transform((facts): Fact[] => facts);

const personSchema = z
  .strictObject({
    name: z.string().max(120).optional().describe("For the heading"),
    sites: z.array(tokenSchema).max(64).default([]).describe("Sites the person works at"),
    groups: z.array(tokenSchema).max(64).default([]).describe("Groups the person is in"),
    facts: factsSchema.describe("What was known when the day was posted"),
    later: factsSchema
      .default([])
      .describe("What arrived after that: the day is shown before and after"),
  })
  .superRefine(({ facts, later }, context) => {
    const stories = new Map<string, string>();
    for (const [list, all] of [["facts", facts] as const, ["later", later] as const]) {
      for (const [index, fact] of all.entries()) {
        const id = factIdOf(fact);
        const story = storyOf(fact);
        const known = stories.get(id) ?? story;
        stories.set(id, known);
        if (known === story) continue;
        const message = `another fact is "${id}" already: give each an id of its own`;
        context.addIssue({ code: "custom", path: [list, index], message });
      }
    }
  });
export type PersonFacts = z.output<typeof personSchema>;

/** A file of facts about people, as `clockleaf worktime explain` reads it. */
export const factsFileSchema = z.strictObject({
  people: z.record(tokenSchema, personSchema).describe("By employee id"),
});
