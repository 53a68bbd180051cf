import { instantInput } from "@clockleaf/shared/lib/instant-input.ts";
import { tokenSchema } from "@clockleaf/shared/subjects.ts";
import { createRoute, z } from "@hono/zod-openapi";
import { guarded } from "../api/guard.ts";
import { invalidResponse, jsonResponse, pageQuerySchema, pageSchema } from "../api/router.ts";
import { spanOf } from "../api/span.ts";
import { LATE_RATE_KEYS } from "./reads.ts";
import { arrivalWindowSchema, lateRateSchema, weekOfOvertimeSchema } from "./views.ts";

const tags = ["analytics"];
const date = z.iso.date();
/** Weeks have whole four-digit dates between these. */
const WITHIN = ["1970-01-05", "9999-12-26"] as const;
const spanOfWindows = spanOf({ first: "from", last: "to", mostDays: 31 });
const spanOfWeeks = spanOf({ first: "from", last: "to", mostDays: 371, within: WITHIN });
const spanOfRates = spanOf({ first: "from", last: "to", mostDays: 62, within: WITHIN });

export const arrivalsRoute = createRoute({
  method: "get",
  path: "/analytics/arrivals",
  operationId: "listArrivalWindows",
  ...spanOfWindows.document,
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
      .superRefine(spanOfWindows.check),
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
  ...spanOfWeeks.document,
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
      .superRefine(spanOfWeeks.check),
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
  ...spanOfRates.document,
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
      .superRefine(spanOfRates.check),
  },
  responses: {
    200: jsonResponse(
      z.object({ by: z.enum(LATE_RATE_KEYS), items: z.array(lateRateSchema) }),
      "The days on which somebody was due",
    ),
    ...invalidResponse,
  },
});
