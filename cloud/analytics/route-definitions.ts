import { instantInput } from "@clockleaf/shared/lib/instant-input.ts";
import { tokenSchema } from "@clockleaf/shared/subjects.ts";
import { createRoute, z } from "@hono/zod-openapi";
import { guarded } from "../api/guard.ts";
import { invalidResponse, jsonResponse, pageQuerySchema, pageSchema } from "../api/router.ts";
import { LATE_RATE_KEYS } from "./reads.ts";
import { arrivalWindowSchema, lateRateSchema, weekOfOvertimeSchema } from "./views.ts";

const tags = ["analytics"];
const DAY_MS = 86_400_000;
const MOST_DAYS_OF_WINDOWS = 31;
const MOST_DAYS_OF_WEEKS = 371;
const MOST_DAYS_OF_RATES = 62;

/** Weeks have whole four-digit dates between these. */
const date = z.iso
  .date()
  .refine((on) => on >= "1970-01-05" && on <= "9999-12-26", "from 1970-01-05 to 9999-12-26");

interface Span {
  readonly from: string;
  readonly to: string;
}
const lengthOf = ({ from, to }: Span): number => Date.parse(to) - Date.parse(from);
const isInOrder = (span: Span): boolean => lengthOf(span) >= 0;
const backwards = { message: "must not lie before from", path: ["to"] };
const atMost = (days: number) => (span: Span) => lengthOf(span) <= days * DAY_MS;
const tooFar = (days: number) => ({ message: `at most ${days} days after from`, path: ["to"] });

export const arrivalsRoute = createRoute({
  method: "get",
  path: "/analytics/arrivals",
  operationId: "listArrivalWindows",
  ...guarded({ permission: "time.read", about: "each" }),
  summary:
    "Arrivals per five minutes and site, by beginning and site; windows without any are left out",
  description:
    "Tumbling windows by the instant at which a check-in counts. One that comes late, is corrected or withdrawn changes the count of its window.",
  tags,
  request: {
    query: pageQuerySchema
      .extend({
        site: tokenSchema.optional(),
        from: instantInput.describe("ISO 8601 with offset; the window it lies in is the first"),
        to: instantInput.describe("Excluded: the last window begins before it; at most 31 days on"),
      })
      .refine(isInOrder, backwards)
      .refine(atMost(MOST_DAYS_OF_WINDOWS), tooFar(MOST_DAYS_OF_WINDOWS)),
  },
  responses: {
    200: jsonResponse(pageSchema(arrivalWindowSchema), "One page"),
    ...invalidResponse,
  },
});

export const overtimeRoute = createRoute({
  method: "get",
  path: "/analytics/overtime",
  operationId: "listOvertimeByWeek",
  ...guarded({ permission: "time.read", about: "each" }),
  summary: "Overtime per department and ISO week, by week and department",
  description: "Always whole weeks: those that `from` and `to` lie in are the first and the last.",
  tags,
  request: {
    query: z
      .object({
        departmentId: tokenSchema.optional(),
        from: date,
        to: date.describe("Included; at most 371 days after `from`"),
      })
      .refine(isInOrder, backwards)
      .refine(atMost(MOST_DAYS_OF_WEEKS), tooFar(MOST_DAYS_OF_WEEKS)),
  },
  responses: {
    200: jsonResponse(z.object({ items: z.array(weekOfOvertimeSchema) }), "The weeks"),
    ...invalidResponse,
  },
});

export const lateRateRoute = createRoute({
  method: "get",
  path: "/analytics/late-rate",
  operationId: "listLateRates",
  ...guarded({ permission: "time.read", about: "each" }),
  summary: "Who came late among those due, per day and site or department",
  tags,
  request: {
    query: z
      .object({
        by: z.enum(LATE_RATE_KEYS).default("site"),
        site: tokenSchema
          .optional()
          .describe("Where the day's first check-in was, or else where the person belongs"),
        departmentId: tokenSchema.optional().describe("As of the day"),
        from: date,
        to: date.describe("Included; at most 62 days after `from`"),
      })
      .refine(isInOrder, backwards)
      .refine(atMost(MOST_DAYS_OF_RATES), tooFar(MOST_DAYS_OF_RATES)),
  },
  responses: {
    200: jsonResponse(
      z.object({ by: z.enum(LATE_RATE_KEYS), items: z.array(lateRateSchema) }),
      "The days on which somebody was due",
    ),
    ...invalidResponse,
  },
});
