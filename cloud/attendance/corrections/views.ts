import { CORRECTION_REASONS } from "@clockleaf/shared/events/attendance.ts";
import { instantInput } from "@clockleaf/shared/lib/instant-input.ts";
import { tokenSchema } from "@clockleaf/shared/subjects.ts";
import { punchHintSchema } from "@clockleaf/shared/wire/punch.ts";
import { labelsSchema } from "@clockleaf/shared/worktime/facts.ts";
import { z } from "@hono/zod-openapi";
import type { DayChange } from "../clock-writer.ts";
import { dayView, dayViewSchema, iso } from "../views.ts";
import { type CorrectionRequest, correctionIdOf } from "./decider.ts";
import type { CorrectionRecord } from "./reads.ts";
import type { WeighedWish } from "./weigh.ts";

type Change = CorrectionRequest["items"][number]["change"];

const factId = z.string().min(1).max(160);
const changeSchema = z.discriminatedUnion("do", [
  z.strictObject({
    do: z.literal("add"),
    at: instantInput,
    meaning: punchHintSchema,
    site: tokenSchema,
    zone: z.string().max(64).optional().describe("IANA zone of the site; left out: of the rules"),
    labels: labelsSchema.optional(),
  }),
  z.strictObject({
    do: z.literal("change"),
    punchId: factId,
    at: instantInput.optional(),
    meaning: punchHintSchema.optional(),
    labels: labelsSchema.optional(),
  }),
  z.strictObject({ do: z.literal("void"), punchId: factId }),
  z.strictObject({
    do: z.literal("withdraw"),
    correctionId: factId.describe("The correction to take back"),
  }),
]);

export const newCorrectionSchema = z
  .strictObject({
    requestId: tokenSchema
      .optional()
      .describe("Left out: one is made. The same request under the same id is stored once"),
    items: z
      .array(z.strictObject({ employeeId: tokenSchema, change: changeSchema }))
      .min(1)
      .max(500),
    reasonCode: z.enum(CORRECTION_REASONS),
    reason: z.string().trim().min(1).max(300),
    outageId: tokenSchema.optional().describe("The outage that made it necessary"),
    overridesLock: z
      .boolean()
      .default(false)
      .describe("Also where days are paid and locked; needs the scope admin"),
    preview: z
      .boolean()
      .default(false)
      .describe("Only say what it would change; nothing is stored"),
  })
  .meta({ id: "NewCorrection" });
export type NewCorrection = z.output<typeof newCorrectionSchema>;

export const previewSchema = z
  .object({
    days: z.array(
      z.object({
        employeeId: tokenSchema,
        workdayOn: z.iso.date(),
        before: dayViewSchema.nullable().describe("Null = nothing stands there now"),
        after: dayViewSchema,
      }),
    ),
  })
  .meta({ id: "CorrectionPreview", description: "Every day that would change" });

const totalsSchema = z.object({
  workedSeconds: z.int().min(0),
  breakSeconds: z.int().min(0),
  paidSeconds: z.int().min(0),
});

export const weighedSchema = z
  .object({
    isAcceptable: z.boolean().describe("Whether the request could be asked for as it stands"),
    items: z
      .array(
        z.object({
          index: z.int().min(0).describe("In the request, from 0"),
          employeeId: tokenSchema,
          code: z.string().describe("`ok`, or the code of the rule that says no"),
          detail: z.string(),
        }),
      )
      .describe("As they were sent, each with its result"),
    people: z
      .array(z.object({ employeeId: tokenSchema, before: totalsSchema, after: totalsSchema }))
      .describe("Totals of the days that would change, by person"),
    days: previewSchema.shape.days,
  })
  .meta({ id: "CorrectionWeighed", description: "What a request would do; nothing is stored" });

export const correctionSchema = z
  .object({
    requestId: tokenSchema,
    state: z.enum(["pending", "approved", "rejected"]),
    reasonCode: z.enum(CORRECTION_REASONS),
    reason: z.string(),
    outageId: tokenSchema.nullable(),
    overridesLock: z.boolean(),
    requestedAt: z.iso.datetime(),
    requestedBy: z.string(),
    decidedAt: z.iso.datetime().nullable(),
    decidedBy: z.string().nullable(),
    note: z.string().nullable(),
    items: z.array(
      z.object({
        correctionId: z.string(),
        employeeId: tokenSchema,
        change: z.record(z.string(), z.unknown()).describe("As asked for; see NewCorrection"),
        isApplied: z.boolean().describe("Whether it counts on the person's days"),
      }),
    ),
  })
  .meta({ id: "Correction" });

/** A change as its event has it. */
export function changeOf(change: NewCorrection["items"][number]["change"]): Change {
  switch (change.do) {
    case "add": {
      const { at, zone = null, ...rest } = change;
      return { ...rest, zone, at: Date.parse(at) };
    }
    case "change": {
      const { at, ...rest } = change;
      return at === undefined ? rest : { ...rest, at: Date.parse(at) };
    }
    case "void":
    case "withdraw":
      return change;
  }
}

export function correctionView(record: CorrectionRecord): z.output<typeof correctionSchema> {
  const { request, applied } = record;
  const { requestId, reasonCode, reason, outageId, overridesLock } = request;
  return {
    requestId,
    state: record.state,
    reasonCode,
    reason,
    outageId,
    overridesLock,
    requestedAt: iso(record.requested_at),
    requestedBy: record.requested_by,
    decidedAt: record.decided_at === null ? null : iso(record.decided_at),
    decidedBy: record.decided_by,
    note: record.note,
    items: request.items.map(({ employeeId, change }, index) => {
      const correctionId = correctionIdOf(requestId, index);
      const isApplied = applied.has(correctionId);
      return { correctionId, employeeId, change: changeView(change), isApplied };
    }),
  };
}

export function weighedView(
  { items, days }: WeighedWish,
  nowMs: number,
): z.output<typeof weighedSchema> {
  const views = previewView(days, nowMs).days;
  return {
    isAcceptable: items.every(({ refusal }) => refusal === undefined),
    items: items.map(({ employeeId, refusal }, index) => ({
      index,
      employeeId,
      code: refusal?.code ?? "ok",
      detail: refusal?.message ?? "",
    })),
    people: [...Map.groupBy(views, ({ employeeId }) => employeeId)].map(([employeeId, theirs]) => ({
      employeeId,
      before: totalsOf(theirs.map(({ before }) => before)),
      after: totalsOf(theirs.map(({ after }) => after)),
    })),
    days: views,
  };
}

function totalsOf(
  days: ReadonlyArray<z.output<typeof dayViewSchema> | null>,
): z.output<typeof totalsSchema> {
  const totals = { workedSeconds: 0, breakSeconds: 0, paidSeconds: 0 };
  for (const day of days) {
    totals.workedSeconds += day?.workedSeconds ?? 0;
    totals.breakSeconds += day?.breakSeconds ?? 0;
    totals.paidSeconds += day?.paidSeconds ?? 0;
  }
  return totals;
}

const changeView = (change: Change): Record<string, unknown> =>
  "at" in change && change.at !== undefined ? { ...change, at: iso(change.at) } : { ...change };

export function previewView(
  days: readonly DayChange[],
  nowMs: number,
): z.output<typeof previewSchema> {
  return {
    days: days.map(({ employeeId, workdayOn, before, after }) => ({
      employeeId,
      workdayOn,
      before: before === null ? null : dayView({ employeeId, workday: before }, nowMs),
      after: dayView({ employeeId, workday: after }, nowMs),
    })),
  };
}
