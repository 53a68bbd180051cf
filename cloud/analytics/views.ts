import { tokenSchema } from "@clockleaf/shared/subjects.ts";
import { z } from "@hono/zod-openapi";
import type { ArrivalWindow, DayOfArrivals, WeekOfOvertime } from "./reads.ts";
import { windowEnd } from "./windows.ts";

const instant = z.iso.datetime().describe("ISO 8601, UTC");
const seconds = z.int().min(0);
const people = z.int().min(0);

export const arrivalWindowSchema = z
  .object({
    windowFrom: instant,
    windowTo: instant.describe("Excluded"),
    site: tokenSchema,
    arrivals: z.int().min(1).describe("Check-ins that stand now, by the instant they count at"),
  })
  .meta({ id: "ArrivalWindow" });

export const weekOfOvertimeSchema = z
  .object({
    week: z.string().describe("ISO 8601, such as 2026-W03"),
    fromOn: z.iso.date().describe("Its Monday"),
    toOn: z.iso.date().describe("Its Sunday"),
    departmentId: tokenSchema.nullable().describe("As of each day; null = not known"),
    totalSeconds: seconds.describe("Of the five below"),
    notNeededSeconds: seconds.describe("Of rules that need nobody's word"),
    pendingSeconds: seconds,
    approvedSeconds: seconds,
    rejectedSeconds: seconds,
    lapsedSeconds: seconds.describe("Decided once, but the day has changed since"),
  })
  .meta({ id: "WeekOfOvertime" });

export const lateRateSchema = z
  .object({
    on: z.iso.date(),
    key: tokenSchema.nullable().describe("The site or department; null = not known"),
    due: people.describe("People planned to work and not on leave, whether or not they came"),
    late: people.describe("Of them, who came later than the rules tolerate"),
    absent: people.describe("Of them, who did not come"),
    provisional: people.describe("Of them, whose day may still change by itself"),
    lateRate: z.number().min(0).max(1).describe("late / due"),
  })
  .meta({ id: "LateRate" });

const iso = (ms: number): string => new Date(ms).toISOString();

export const arrivalWindowView = ({
  windowAt,
  site,
  arrivals,
}: ArrivalWindow): z.output<typeof arrivalWindowSchema> => ({
  windowFrom: iso(windowAt),
  windowTo: iso(windowEnd(windowAt)),
  site,
  arrivals,
});

export const weekOfOvertimeView = ({
  seconds: of,
  ...week
}: WeekOfOvertime): z.output<typeof weekOfOvertimeSchema> => ({
  ...week,
  totalSeconds: Object.values(of).reduce((sum, each) => sum + each, 0),
  notNeededSeconds: of["not-needed"],
  pendingSeconds: of.pending,
  approvedSeconds: of.approved,
  rejectedSeconds: of.rejected,
  lapsedSeconds: of.lapsed,
});

/** There is a row only where somebody was due. */
export const lateRateView = (day: DayOfArrivals): z.output<typeof lateRateSchema> => ({
  ...day,
  lateRate: day.late / day.due,
});
