import { z } from "zod";
import { tokenSchema } from "../subjects.ts";
import { punchHintSchema } from "../wire/punch.ts";
import { storyOf } from "./alike.ts";
import { LAST_INSTANT } from "./civil-time.ts";

const instant = z.int().min(0).max(LAST_INSTANT).describe("UTC milliseconds");
const factId = z.string().min(1).max(160);
const label = z.string().min(1).max(64);
const decidedAt = instant.describe("When it was decided; of two that contradict, the later holds");
const civilDate = z.iso.date();

/** What time is booked on. */
export const labelsSchema = z.strictObject({
  branch: label.optional().describe("The branch"),
  department: label.optional().describe("The department"),
  job: label.optional().describe("The job"),
  task: label.optional().describe("The task"),
});
export type Labels = z.output<typeof labelsSchema>;

/** What was wrong when a punch was made, as the gateway or the cloud saw it. */
export const punchFlagSchema = z.enum([
  "outside-geofence",
  "biometric-override",
  "clock-skew",
  "unknown-direction",
  // held back by the cloud at first
  "impossible-time",
  "unknown-badge",
]);
export type PunchFlag = z.output<typeof punchFlagSchema>;

/** Somebody punched. What the reader or the key claimed is kept as `hint`; what it means is the engine's to say. */
export const punchFactSchema = z.object({
  kind: z.literal("punch"),
  punchId: factId,
  at: instant,
  hint: punchHintSchema.nullable(),
  site: tokenSchema,
  reader: tokenSchema,
  zone: z.string().max(64).nullable().describe("IANA zone of the site; null = the rules' zone"),
  labels: labelsSchema.optional().describe("What the time from here on is booked on"),
  flags: z.array(punchFlagSchema).max(8).optional(),
});
export type PunchFact = z.output<typeof punchFactSchema>;

/**
 * An approved correction. The punch itself is never changed: several corrections of one punch hold one over the other in
 * the order they were decided. `withdraw` takes another correction back.
 */
export const correctionFactSchema = z.object({
  kind: z.literal("correction"),
  correctionId: factId,
  decidedAt,
  reason: z.string().min(1).max(300),
  by: z.string().min(1).max(120),
  change: z.discriminatedUnion("do", [
    z.object({
      do: z.literal("add"),
      at: instant,
      meaning: punchHintSchema,
      site: tokenSchema,
      zone: z.string().max(64).nullable(),
      labels: labelsSchema.optional(),
    }),
    z.object({
      do: z.literal("change"),
      punchId: factId,
      at: instant.optional(),
      meaning: punchHintSchema.optional(),
      labels: labelsSchema.optional(),
    }),
    z.object({ do: z.literal("void"), punchId: factId }),
    z.object({ do: z.literal("withdraw"), correctionId: factId }),
  ]),
});
export type CorrectionFact = z.output<typeof correctionFactSchema>;

/** One planned shift of a roster: a template of the rules, or times on the wall clock. */
export const rosterShiftSchema = z.object({
  template: z.string().min(1).max(64).optional().describe("Name of a template in the rules"),
  start: z.string().max(8).optional().describe("HH:MM on the wall clock, over the template's"),
  end: z.string().max(8).optional().describe("HH:MM; not after `start` = on the next day"),
  site: tokenSchema.optional(),
  labels: labelsSchema.optional(),
});

/** What is planned for one date, in place of what the rota says; no shifts = free. */
export const rosterFactSchema = z.object({
  kind: z.literal("roster"),
  rosterId: factId,
  decidedAt,
  on: civilDate,
  shifts: z.array(rosterShiftSchema).max(8),
});
export type RosterFact = z.output<typeof rosterFactSchema>;

/** Approved leave, sickness and the like. */
export const absenceFactSchema = z.object({
  kind: z.literal("absence"),
  absenceId: factId,
  decidedAt,
  fromOn: civilDate,
  toOn: civilDate.describe("Last day, included"),
  code: z.string().min(1).max(32).describe("An absence code of the rules"),
  secondsADay: z
    .int()
    .min(0)
    .max(86_400)
    .nullable()
    .describe("Null = what was planned for each day"),
  isCancelled: z.boolean().optional(),
});
export type AbsenceFact = z.output<typeof absenceFactSchema>;

/** Somebody's word on the overtime of a policy on a day. It stands for exactly these seconds and lapses when they change. */
export const approvalFactSchema = z.object({
  kind: z.literal("approval"),
  approvalId: factId,
  decidedAt,
  on: civilDate,
  policy: z.string().min(1).max(64),
  seconds: z.int().min(0).max(172_800),
  decision: z.enum(["approved", "rejected"]),
  by: z.string().min(1).max(120),
});
export type ApprovalFact = z.output<typeof approvalFactSchema>;

/** The timesheet of some days was confirmed. */
export const verificationFactSchema = z.object({
  kind: z.literal("verification"),
  verificationId: factId,
  decidedAt,
  fromOn: civilDate,
  toOn: civilDate,
  level: z.enum(["employee", "superior"]),
});
export type VerificationFact = z.output<typeof verificationFactSchema>;

/** Everything a site's readers recorded before `completeTo` is known to have arrived. The highest one of a site holds. */
export const watermarkFactSchema = z.object({
  kind: z.literal("watermark"),
  site: tokenSchema,
  completeTo: instant,
});
export type WatermarkFact = z.output<typeof watermarkFactSchema>;

/** Everything the engine knows about one person is a set of these. */
export const factSchema = z.discriminatedUnion("kind", [
  punchFactSchema,
  correctionFactSchema,
  rosterFactSchema,
  absenceFactSchema,
  approvalFactSchema,
  verificationFactSchema,
  watermarkFactSchema,
]);
export type Fact = z.output<typeof factSchema>;

/** What tells a fact from all others; two under one id are copies. */
export function factIdOf(fact: Fact): string {
  switch (fact.kind) {
    case "punch":
      return `punch ${fact.punchId}`;
    case "correction":
      return `correction ${fact.correctionId}`;
    case "roster":
      return `roster ${fact.rosterId}`;
    case "absence":
      return `absence ${fact.absenceId} ${fact.decidedAt}`;
    case "approval":
      return `approval ${fact.approvalId}`;
    case "verification":
      return `verification ${fact.verificationId}`;
    case "watermark":
      return `watermark ${fact.site} ${fact.completeTo}`;
  }
}

/** The set of facts in one order, by instant and then by id, however they came. */
export interface FactSet {
  /** By instant, then id; raw, before any correction. */
  readonly punches: readonly PunchFact[];
  /** In the order they were decided. */
  readonly corrections: readonly CorrectionFact[];
  readonly rosters: readonly RosterFact[];
  /** As last decided, without cancelled ones. */
  readonly absences: readonly AbsenceFact[];
  /** All that was ever decided of absences, in that order. */
  readonly absenceDecisions: readonly AbsenceFact[];
  readonly approvals: readonly ApprovalFact[];
  readonly verifications: readonly VerificationFact[];
  /** By site. */
  readonly watermarks: ReadonlyMap<string, number>;
}

/**
 * Facts as a set: one per id. Should two tell different stories under one id, the same one wins whatever order they came
 * in: the earlier or, at one instant, the one whose text sorts first.
 */
export function factSetOf(facts: Iterable<Fact>): FactSet {
  const byId = new Map<string, Fact>();
  for (const fact of facts) {
    const id = factIdOf(fact);
    const known = byId.get(id);
    if (known === undefined || compare(fact, known) < 0) byId.set(id, fact);
  }
  const all = [...byId.values()].toSorted(compare);
  const absenceDecisions = all.filter(is("absence"));
  const watermarks = new Map<string, number>();
  for (const { site, completeTo } of all.filter(is("watermark"))) {
    watermarks.set(site, Math.max(completeTo, watermarks.get(site) ?? 0));
  }
  return {
    punches: all.filter(is("punch")),
    corrections: all.filter(is("correction")),
    rosters: all.filter(is("roster")),
    absences: standing(absenceDecisions),
    absenceDecisions,
    approvals: all.filter(is("approval")),
    verifications: all.filter(is("verification")),
    watermarks,
  };
}

/** Each absence as it was last decided, without those that were cancelled. */
function standing(absences: readonly AbsenceFact[]): AbsenceFact[] {
  const last = new Map(absences.map((absence) => [absence.absenceId, absence]));
  return [...last.values()].filter(({ isCancelled }) => isCancelled !== true).toSorted(compare);
}

const is =
  <K extends Fact["kind"]>(kind: K) =>
  (fact: Fact): fact is Extract<Fact, { kind: K }> =>
    fact.kind === kind;

/** A total order of facts that says nothing of how they arrived. */
function compare(a: Fact, b: Fact): number {
  return (
    instantOfFact(a) - instantOfFact(b) ||
    text(factIdOf(a), factIdOf(b)) ||
    text(storyOf(a), storyOf(b))
  );
}

function instantOfFact(fact: Fact): number {
  if (fact.kind === "punch") return fact.at;
  return fact.kind === "watermark" ? fact.completeTo : fact.decidedAt;
}

const text = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
