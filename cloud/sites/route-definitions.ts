import { tokenSchema } from "@clockleaf/shared/subjects.ts";
import { createRoute, z } from "@hono/zod-openapi";
import { guarded } from "../api/guard.ts";
import {
  invalidResponse,
  jsonResponse,
  notFoundResponse,
  pageQuerySchema,
  pageSchema,
} from "../api/router.ts";
import { tableResponse } from "../api/tables.ts";
import { MUSTER_STATES } from "./muster.ts";
import { MUSTER_COLUMNS } from "./route-tables.ts";
import { musterSchema, siteSchema } from "./views.ts";

const tags = ["sites"];
const params = z.object({ site: tokenSchema });

export const listSitesRoute = createRoute({
  ...guarded({ permission: "fleet.read", about: "each" }),
  method: "get",
  path: "/sites",
  operationId: "listSites",
  summary: "Every site: zone, calendar, gateways, people, and up to when all of it has arrived",
  tags,
  request: { query: pageQuerySchema },
  responses: { 200: jsonResponse(pageSchema(siteSchema), "One page, by name"), ...invalidResponse },
});

export const showSiteRoute = createRoute({
  ...guarded({ permission: "fleet.read", about: "site" }),
  method: "get",
  path: "/sites/{site}",
  operationId: "showSite",
  summary: "One site",
  tags,
  request: { params },
  responses: {
    200: jsonResponse(siteSchema, "The site"),
    ...notFoundResponse,
    ...invalidResponse,
  },
});

const longAfterHours = z.coerce
  .number()
  .min(1)
  .max(168)
  .default(16)
  .describe("In for longer than this is marked: a punch may be missing");

export const musterRoute = createRoute({
  ...guarded({ permission: "time.read", about: "site" }),
  method: "get",
  path: "/sites/{site}/muster",
  operationId: "showMuster",
  summary: "Who is at a site by the latest punch of each person, and how far that can be believed",
  description:
    "Everybody who works there and whoever is there besides. While a gateway of the site is silent or still holds punches, nobody's place is certain: the answer says since when.",
  tags,
  request: {
    params,
    query: pageQuerySchema.extend({
      state: z
        .enum([...MUSTER_STATES, "present", "all"])
        .default("all")
        .describe("`present`: in or on a break"),
      longAfterHours,
    }),
  },
  responses: {
    200: tableResponse(musterSchema, "The list", {
      name: "muster",
      formats: ["csv", "xlsx", "pdf"],
      rows: ({ items }) => items,
      columns: MUSTER_COLUMNS,
    }),
    ...notFoundResponse,
    ...invalidResponse,
  },
});

export const musterFileRoute = createRoute({
  ...guarded({ permission: "time.read", about: "site" }),
  method: "get",
  path: "/sites/{site}/muster.csv",
  operationId: "downloadMuster",
  summary: "The whole muster list as CSV, to be printed",
  description:
    "The same as `/sites/{site}/muster` with `Accept: text/csv`, for what can only follow a link.",
  tags,
  request: { params, query: z.object({ longAfterHours }) },
  responses: {
    200: {
      description: "The list",
      content: { "text/csv": { schema: z.string().meta({ format: "binary" }) } },
    },
    ...notFoundResponse,
    ...invalidResponse,
  },
});
