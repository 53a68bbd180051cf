import { z } from "zod";

// What of the API's answers the graph shows, in its words.

/** A page of the API; `end` is the cursor of the next one, null on the last. */
export function pageOf<S extends z.ZodType>(
  item: S,
): z.ZodType<{ items: Array<z.output<S>>; end: string | null }> {
  return z
    .object({ items: z.array(item), next: z.string().nullable() })
    .transform(({ items, next }) => ({ items, end: next }));
}

export const personSchema = z.object({
  employeeId: z.string(),
  firstName: z.string(),
  lastName: z.string(),
  email: z.string(),
  jobTitle: z.string(),
  departmentId: z.string(),
  managerId: z.string().nullable(),
  siteIds: z.array(z.string()),
  startDate: z.string(),
  employmentType: z.string(),
  status: z.string(),
  version: z.int(),
});
export type Person = z.output<typeof personSchema>;

const findingsSchema = z.array(
  z.object({ kind: z.string(), severity: z.string(), detail: z.string() }),
);

export const workdaySchema = z
  .object({
    employeeId: z.string(),
    workdayOn: z.string(),
    site: z.string().nullable(),
    zone: z.string(),
    state: z.string(),
    completeness: z.string(),
    workedSeconds: z.int(),
    breakSeconds: z.int(),
    paidSeconds: z.int(),
    scheduledSeconds: z.int(),
    holiday: z.string().nullable(),
    revision: z.int(),
    punches: z.array(
      z.object({
        punchId: z.string(),
        at: z.string(),
        countsAt: z.string().nullish(),
        meaning: z.string(),
        reason: z.string(),
      }),
    ),
    exceptions: findingsSchema,
  })
  .transform(({ workdayOn, exceptions, ...day }) => ({
    ...day,
    date: workdayOn,
    findings: exceptions,
  }));

export const exceptionSchema = z
  .object({
    employeeId: z.string(),
    workdayOn: z.string(),
    kind: z.string(),
    severity: z.string(),
    state: z.string(),
    findings: findingsSchema,
  })
  .transform(({ workdayOn, ...exception }) => ({ ...exception, date: workdayOn }));

export const leaveSchema = z.object({
  leaveId: z.string(),
  code: z.string(),
  fromOn: z.string(),
  toOn: z.string(),
  status: z.string(),
  minutes: z.int(),
  workingDays: z.int(),
});

export const payslipSchema = z.object({
  employeeId: z.string(),
  runId: z.string(),
  fromOn: z.string(),
  toOn: z.string(),
  payOn: z.string(),
  net: z.string(),
  currency: z.string(),
  documentId: z.string(),
});

export const presenceSchema = z.object({
  employeeId: z.string(),
  state: z.string(),
  since: z.string(),
  site: z.string(),
});

export const meaningEventSchema = z.object({
  metadata: z.object({ eventType: z.string() }),
  data: z.object({ employeeId: z.string(), at: z.number(), site: z.string() }),
});
