import { tokenSchema } from "@clockleaf/shared/subjects.ts";
import { badgeKeySchema } from "@clockleaf/shared/wire/punch.ts";
import { createRoute, z } from "@hono/zod-openapi";
import { guarded } from "../../api/guard.ts";
import {
  invalidResponse,
  jsonResponse,
  notFoundResponse,
  pageQuerySchema,
  pageSchema,
} from "../../api/router.ts";
import { badgeHolderSchema, badgeHoldingSchema } from "./views.ts";

const tags = ["employees"];

export const listBadgesRoute = createRoute({
  ...guarded({ permission: "people.read", about: "each" }),
  method: "get",
  path: "/badges",
  operationId: "listBadges",
  summary: "Badges and who holds them, by badge; the returned ones too if asked for",
  tags,
  request: {
    query: pageQuerySchema.extend({
      search: z
        .string()
        .regex(/^[A-Za-z0-9-]{1,64}$/, "use A-Z a-z 0-9 -")
        .optional()
        .describe("The badge's key begins so"),
      employeeId: tokenSchema.optional(),
      state: z.enum(["held", "returned", "all"]).default("held"),
    }),
  },
  responses: { 200: jsonResponse(pageSchema(badgeHoldingSchema), "One page"), ...invalidResponse },
});

export const showBadgeRoute = createRoute({
  ...guarded({ permission: "people.read", about: "each" }),
  method: "get",
  path: "/badges/{badge}",
  operationId: "showBadge",
  summary: "Who holds a badge, and who held it before",
  tags,
  request: { params: z.object({ badge: badgeKeySchema }) },
  responses: {
    200: jsonResponse(badgeHolderSchema, "The badge"),
    ...notFoundResponse,
    ...invalidResponse,
  },
});
