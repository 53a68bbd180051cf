import { LEDGER_KINDS } from "@clockleaf/shared/events/leave.ts";
import { tokenSchema } from "@clockleaf/shared/subjects.ts";
import { z } from "@hono/zod-openapi";
import type { SiteHoliday } from "./calendar.ts";
import type { Preview } from "./commands.ts";
import { LEAVE_STATUSES } from "./projection.ts";
import type { AccountRecord, LeaveRow } from "./reads.ts";

const instant = z.iso.datetime().describe("ISO 8601, UTC");
const on = z.iso.date();
const minutes = z.int().describe("Minutes");

export const leaveSchema = z
  .object({
    leaveId: tokenSchema,
    employeeId: tokenSchema,
    code: z.string().describe("Absence code of the rules"),
    policy: z.string().nullable().describe("The account it takes from; null = none"),
    fromOn: on,
    toOn: on.describe("Last day as asked for, included"),
    lastOn: on.nullable().describe("Last day that counts; null = none does"),
    secondsADay: z.int().nullable().describe("Null = whole days"),
    workingDays: z.int(),
    minutes: minutes.describe("What it takes from the account; cut short, some was returned"),
    status: z.enum(LEAVE_STATUSES),
    hasBegun: z.boolean(),
    hasFinished: z.boolean(),
    requestedBy: z.string(),
    requestedAt: instant,
    departmentId: tokenSchema.nullable().describe("When it was asked for"),
    managerId: tokenSchema.nullable().describe("When it was asked for"),
    decidedBy: z.string().nullable(),
    decidedAt: instant.nullable(),
    reason: z.string().nullable().describe("Why it was rejected or cancelled"),
    note: z
      .string()
      .optional()
      .describe("What was said with the request; only for one leave alone"),
    warnings: z
      .array(z.string())
      .optional()
      .describe("Rules that it breaks and that do not refuse; only in the answer to the request"),
    version: z.int().describe("Changes with every change; the ETag, too"),
  })
  .meta({ id: "Leave" });
export type LeaveView = z.output<typeof leaveSchema>;

export const previewSchema = z
  .object({
    code: z.string(),
    policy: z.string().nullable(),
    fromOn: on,
    toOn: on,
    workingDays: z.array(z.object({ on, minutes })).describe("Days it would take, and how much"),
    minutes: minutes.describe("What it would take from the account"),
    balanceMinutes: minutes
      .nullable()
      .describe("Posted up to the day before; null without account"),
    lowestBalance: z
      .object({ on, minutes })
      .nullable()
      .describe("The lowest from the first day on, with it and all that is booked and earned"),
    refusal: z.object({ code: z.string(), message: z.string() }).nullable(),
    warnings: z.array(z.string()),
  })
  .meta({ id: "LeavePreview", description: "What a request would come to; nothing was stored" });
export type PreviewView = z.output<typeof previewSchema>;

const lineSchema = z.object({
  entryId: z.string(),
  kind: z.enum(LEDGER_KINDS),
  minutes,
  on: on.describe("The date it counts from"),
  leaveId: tokenSchema.nullable(),
  reason: z.string(),
  balanceMinutes: minutes.describe("Sum up to and with this line"),
});

export const accountSchema = z
  .object({
    employeeId: tokenSchema,
    openedOn: on,
    zone: z.string(),
    accounts: z.array(
      z.object({
        policy: z.string(),
        dayMinutes: minutes.describe("What a day is"),
        balanceMinutes: minutes.describe("Sum of all lines, also of those that lie ahead"),
        balanceTodayMinutes: minutes.describe("Sum of the lines up to today"),
        requestedMinutes: minutes.describe("What waits for approval; not taken off yet"),
        ledger: z.array(lineSchema).describe("By date, then in the order of posting"),
      }),
    ),
    version: z.int().describe("Changes with every line and leave; the ETag, too"),
  })
  .meta({ id: "LeaveAccount" });
export type AccountView = z.output<typeof accountSchema>;

export const holidaySchema = z
  .object({
    on,
    name: z.string(),
    kind: z.enum(["public", "own"]).describe("By the law of the region, or by the configuration"),
  })
  .meta({ id: "SiteHoliday" });

export const calendarSchema = z
  .object({
    site: tokenSchema,
    zone: z.string(),
    from: on,
    to: on,
    holidays: z.array(holidaySchema),
    absences: z.array(
      z.object({
        employeeId: tokenSchema,
        fromOn: on,
        toOn: on.describe("Last day that counts"),
        secondsADay: z.int().nullable(),
        code: z.string().nullable().describe("Null where the caller may not know the reason"),
      }),
    ),
    isComplete: z.boolean().describe("False = there is more than fits; ask for fewer days"),
  })
  .meta({ id: "LeaveCalendar" });

export const holidaysSchema = z
  .object({ site: tokenSchema, year: z.int(), zone: z.string(), holidays: z.array(holidaySchema) })
  .meta({ id: "SiteHolidays" });

const iso = (atMs: number | null): string | null =>
  atMs === null ? null : new Date(atMs).toISOString();

export function leaveView(row: LeaveRow): LeaveView {
  return {
    leaveId: row.leave_id,
    employeeId: row.employee_id,
    code: row.code,
    policy: row.policy,
    fromOn: row.from_on,
    toOn: row.to_on,
    lastOn: row.last_on,
    secondsADay: row.seconds_a_day,
    workingDays: row.working_days,
    minutes: row.minutes,
    status: row.status,
    hasBegun: row.has_begun === 1,
    hasFinished: row.has_finished === 1,
    requestedBy: row.requested_by,
    requestedAt: new Date(row.requested_at).toISOString(),
    departmentId: row.department_id,
    managerId: row.manager_id,
    decidedBy: row.decided_by,
    decidedAt: iso(row.decided_at),
    reason: row.reason,
    version: row.version,
  };
}

export function previewView(preview: Preview): PreviewView {
  const { leave, lowest, balanceMinutes, refusal, warnings } = preview;
  return {
    code: leave.code,
    policy: leave.policy,
    fromOn: leave.fromOn,
    toOn: leave.toOn,
    workingDays: [...(leave.days ?? [])],
    minutes: leave.minutes,
    balanceMinutes,
    lowestBalance: lowest,
    refusal: refusal === null ? null : { code: refusal.code, message: refusal.message },
    warnings: [...warnings],
  };
}

/** The accounts with their lines; those of `policies` also where there is no line yet. */
export function accountView(
  account: AccountRecord,
  policies: ReadonlyMap<string, { readonly dayMinutes: number }>,
  todayOn: string,
): AccountView {
  const { employeeId, openedOn, zone, version, lines } = account;
  const names = new Set([...policies.keys(), ...lines.map((line) => line.policy)]);
  const accounts = [...names]
    .toSorted()
    .map((policy) =>
      accountOfPolicy(account, { policy, todayOn, dayMinutes: policies.get(policy)?.dayMinutes }),
    );
  return { employeeId, openedOn, zone, accounts, version };
}

function accountOfPolicy(
  { lines, requested }: AccountRecord,
  asked: {
    readonly policy: string;
    readonly todayOn: string;
    readonly dayMinutes: number | undefined;
  },
): AccountView["accounts"][number] {
  const { policy, todayOn, dayMinutes = USUAL_DAY } = asked;
  const own = lines.filter((line) => line.policy === policy);
  let balanceMinutes = 0;
  const ledger: AccountView["accounts"][number]["ledger"] = [];
  for (const { entry_id: entryId, kind, minutes: of, on_date, leave_id, reason } of own) {
    balanceMinutes += of;
    ledger.push({
      entryId,
      kind,
      minutes: of,
      on: on_date,
      leaveId: leave_id,
      reason,
      balanceMinutes,
    });
  }
  const waiting = requested.filter((leave) => leave.policy === policy);
  return {
    policy,
    dayMinutes,
    balanceMinutes,
    balanceTodayMinutes: ledger.findLast((line) => line.on <= todayOn)?.balanceMinutes ?? 0,
    requestedMinutes: waiting.reduce((sum, leave) => sum + leave.minutes, 0),
    ledger,
  };
}

/** Of a policy that is no longer configured. */
const USUAL_DAY = 480;

export const holidayView = ({
  on: day,
  name,
  kind,
}: SiteHoliday): z.output<typeof holidaySchema> => ({
  on: day,
  name,
  kind,
});
