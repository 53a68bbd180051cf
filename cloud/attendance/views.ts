import { gatewayAlarmRaised, QUARANTINE_REASONS } from "@clockleaf/shared/events/attendance.ts";
import { tokenSchema } from "@clockleaf/shared/subjects.ts";
import { presenceSchema } from "@clockleaf/shared/wire/presence.ts";
import {
  badgeKeySchema,
  punchedAtMs,
  punchHintSchema,
  TIME_DOUBTS,
} from "@clockleaf/shared/wire/punch.ts";
import {
  claimSchema,
  creditSchema,
  dayStateSchema,
  interpretedPunchSchema,
  intervalSchema,
  meaningSchema,
  plannedSchema,
  premiumSchema,
  roundedTotalSchema,
  type Workday,
  workdayExceptionSchema,
} from "@clockleaf/shared/worktime/workday.ts";
import { z } from "@hono/zod-openapi";
import type { AlarmRecord, PresenceRecord, PunchRecord, Quarantined, Timesheet } from "./reads.ts";

// The API's shapes: instants are ISO 8601 in UTC, civil dates are dates, lengths of time are seconds.

const instant = z.iso.datetime().describe("ISO 8601, UTC");
const punchId = z.string().max(160).describe("gateway-epoch-row: names the journal row for ever");
const zone = z.string().describe("IANA time zone of the site");

export const presenceViewSchema = z
  .object({
    employeeId: tokenSchema,
    state: presenceSchema.shape.state,
    since: instant,
    site: tokenSchema,
    reader: tokenSchema,
    punchId,
  })
  .meta({ id: "Presence" });

/** A stretch of time as the API tells it. */
const stretch = <S extends z.ZodRawShape>(
  schema: z.ZodObject<S & { fromAt: z.ZodType; toAt: z.ZodType }>,
) => schema.omit({ fromAt: true, toAt: true }).extend({ from: instant, to: instant });

/** A day by itself, stored or not. */
export const dayViewSchema = z
  .object({
    employeeId: tokenSchema,
    workdayOn: z.iso.date(),
    zone,
    state: z
      .enum(["open", "overdue", "closed"])
      .describe("`overdue`: still open although no shift may last so long"),
    completeness: dayStateSchema.describe(
      "`complete`: every site concerned has told all of that day",
    ),
    workedSeconds: z.int().min(0),
    breakSeconds: z.int().min(0),
    paidSeconds: z.int().min(0),
    scheduledSeconds: z.int().min(0),
    holiday: z.string().nullable(),
    groups: z.array(z.string()).describe("The policy groups in force on the day"),
    planned: z.array(stretch(plannedSchema)),
    punches: z.array(
      interpretedPunchSchema
        .omit({ at: true, countsAt: true })
        .extend({ at: instant, countsAt: instant.describe("Where rounding put it") }),
    ),
    intervals: z.array(stretch(intervalSchema)),
    claims: z.array(stretch(claimSchema)).describe("What the paid time counts as"),
    premiums: z.array(stretch(premiumSchema)),
    credits: z.array(creditSchema).describe("Time that was not worked"),
    roundedTotals: z.array(roundedTotalSchema).describe("Totals that a rounding rule decided"),
    exceptions: z.array(workdayExceptionSchema),
  })
  .meta({ id: "Workday" });

export const timesheetSchema = z
  .object({
    ...dayViewSchema.shape,
    site: tokenSchema.nullable().describe("Where its first punch was made"),
    revision: z.int().min(1).describe("Grows with every change of the day"),
  })
  .meta({ id: "Timesheet" });

export const punchSchema = z
  .object({
    punchId,
    employeeId: tokenSchema,
    at: instant,
    zone,
    site: tokenSchema,
    gateway: tokenSchema.describe("`correction` for a punch that a correction added"),
    reader: tokenSchema,
    countsAt: instant.describe("Where a correction put it; `at` is when it was made"),
    meaning: meaningSchema
      .nullable()
      .describe("Null while no workday reads it, as of one that a correction voided"),
    reason: z.string().nullable(),
    workdayOn: z.iso.date().nullable(),
  })
  .meta({ id: "Punch" });

export const quarantinedSchema = z
  .object({
    punchId,
    reason: z.enum(QUARANTINE_REASONS),
    state: z.enum(["waiting", "assigned", "rejected"]),
    at: instant.describe(
      "When it was made, as far as is known; for impossible-time what the gateway's clock said when it took it, not to be believed",
    ),
    deviceLocal: z
      .string()
      .nullable()
      .describe("What the terminal's own clock said, local time; null = it has none, or said none"),
    doubt: z
      .enum(TIME_DOUBTS)
      .nullable()
      .describe(
        "Why the terminal's clock is not believed: no-date, ahead, too-old, unmeasured or no-zone. Null with impossible-time: the gateway itself did not know the time, and dates the punch once it does",
      ),
    uncertaintySeconds: z
      .number()
      .nullable()
      .describe("Error of `at`, ± seconds; null = `at` is not known"),
    zone,
    site: tokenSchema,
    gateway: tokenSchema,
    reader: tokenSchema,
    badge: badgeKeySchema,
    hint: punchHintSchema.nullable(),
    quarantinedAt: instant,
    employeeId: tokenSchema.nullable(),
    countsAt: instant.nullable().describe("The instant it counts at since it was assigned"),
    resolvedAt: instant.nullable(),
    resolvedBy: z.string().nullable(),
    note: z.string().nullable(),
  })
  .meta({ id: "QuarantinedPunch" });

export const alarmSchema = z
  .object({
    id: z.int().min(1),
    raisedAt: instant,
    site: tokenSchema,
    gateway: tokenSchema,
    kind: gatewayAlarmRaised.data.shape.kind,
    epoch: z.string().nullable(),
    first: z.int().nullable().describe("First journal row concerned"),
    last: z.int().nullable(),
    streamSeq: z.int().describe("Sequence in CLOCK of the message; 0 = none"),
    isOpen: z.boolean().describe("For a gap: whether rows of it are still missing"),
    detail: z.string(),
  })
  .meta({ id: "GatewayAlarm" });

export function presenceView(row: PresenceRecord): z.output<typeof presenceViewSchema> {
  const { employee_id: employeeId, state, since, site, reader, punch_id } = row;
  return { employeeId, state, since: iso(since), site, reader, punchId: punch_id };
}

export function timesheetView(
  { site, revision, ...day }: Timesheet,
  nowMs: number,
): z.output<typeof timesheetSchema> {
  return { ...dayView(day, nowMs), site, revision };
}

export function dayView(
  { employeeId, workday }: Pick<Timesheet, "employeeId" | "workday">,
  nowMs: number,
): z.output<typeof dayViewSchema> {
  const { workdayOn, workedSeconds, breakSeconds, holiday, groups, credits, exceptions } = workday;
  return {
    employeeId,
    workdayOn,
    zone: workday.zone,
    state: stateOf(workday, nowMs),
    completeness: workday.state,
    workedSeconds,
    breakSeconds,
    paidSeconds: workday.paidSeconds ?? workedSeconds,
    scheduledSeconds: workday.scheduledSeconds ?? 0,
    holiday,
    groups,
    planned: workday.planned.map(stretchView),
    punches: workday.punches.map(({ at, countsAt, ...punch }) => ({
      ...punch,
      at: iso(at),
      countsAt: iso(countsAt ?? at),
    })),
    intervals: workday.intervals.map(stretchView),
    claims: workday.claims.map(stretchView),
    premiums: workday.premiums.map(stretchView),
    credits,
    roundedTotals: workday.roundedTotals ?? [],
    exceptions,
  };
}

/** A day stays open in the facts until a later punch proves otherwise; the clock on the wall knows earlier. */
function stateOf(
  { isOpen, openUntil }: Workday,
  nowMs: number,
): z.output<typeof timesheetSchema>["state"] {
  if (!isOpen) return "closed";
  return nowMs > (openUntil ?? 0) ? "overdue" : "open";
}

const stretchView = <T extends { readonly fromAt: number; readonly toAt: number }>({
  fromAt,
  toAt,
  ...rest
}: T): Omit<T, "fromAt" | "toAt"> & { from: string; to: string } => ({
  ...rest,
  from: iso(fromAt),
  to: iso(toAt),
});

export function punchView(row: PunchRecord): z.output<typeof punchSchema> {
  const { punch_id, employee_id, at, site, gateway, reader, reason, workday_on } = row;
  return {
    punchId: punch_id,
    employeeId: employee_id,
    at: iso(at),
    zone: row.zone,
    site,
    gateway,
    reader,
    countsAt: iso(row.counts_at),
    meaning: row.meaning === null ? null : meaningSchema.parse(row.meaning),
    reason,
    workdayOn: workday_on,
  };
}

export function quarantinedView(row: Quarantined): z.output<typeof quarantinedSchema> {
  const { punch, state, reason, note } = row;
  return {
    punchId: punch.punchId,
    reason,
    state,
    at: iso(punchedAtMs(punch.time)),
    deviceLocal: punch.time.deviceLocal,
    doubt: punch.time.doubt ?? null,
    uncertaintySeconds: punch.time.uncertaintyMs === null ? null : punch.time.uncertaintyMs / 1000,
    zone: row.zone,
    site: punch.site,
    gateway: punch.gateway,
    reader: punch.reader,
    badge: punch.badge,
    hint: punch.hint,
    quarantinedAt: iso(row.quarantined_at),
    employeeId: row.employee_id,
    countsAt: state === "assigned" ? isoOrNull(row.counts_at) : null,
    resolvedAt: isoOrNull(row.resolved_at),
    resolvedBy: row.resolved_by,
    note,
  };
}

export function alarmView(row: AlarmRecord, isOpen: boolean): z.output<typeof alarmSchema> {
  const { seq, site, gateway, kind, epoch, first, last, detail } = row;
  const [raisedAt, streamSeq] = [iso(row.raised_at), row.stream_seq];
  return { id: seq, raisedAt, site, gateway, kind, epoch, first, last, streamSeq, isOpen, detail };
}

export const iso = (ms: number): string => new Date(ms).toISOString();
const isoOrNull = (ms: number | null): string | null => (ms === null ? null : iso(ms));
