import { z } from "@hono/zod-openapi";
import { guardOf } from "../../api/guard.ts";
import { problem } from "../../api/problem.ts";
import { type ApiRouter, decodeCursor, encodeCursor, page } from "../../api/router.ts";
import type { Db } from "../reads.ts";
import { holdings } from "./reads.ts";
import { listBadgesRoute, showBadgeRoute } from "./route-definitions.ts";
import { holdingView } from "./views.ts";

/** More hands than any badge has gone through. */
const MOST_HOLDINGS = 1_000;

export function mountBadges(router: ApiRouter, { db }: { readonly db: Db }): void {
  router.openapi(listBadgesRoute, async (c) => {
    const { cursor, limit, state, ...filters } = c.req.valid("query");
    const after = decodeCursor(cursor, z.tuple([z.string().max(160), z.int()]));
    const isHeld = state === "all" ? undefined : state === "held";
    const visible = await guardOf(c).visible();
    const rows = await holdings(db, { visible, ...filters, isHeld, after, limit: limit + 1 });
    const items = rows.slice(0, limit);
    const last = rows.length > limit ? items.at(-1) : undefined;
    const next = last === undefined ? null : encodeCursor([last.badge, last.id]);
    return c.json(page(c, items.map(holdingView), next), 200);
  });
  router.openapi(showBadgeRoute, async (c) => {
    const { badge } = c.req.valid("param");
    const all = await holdings(db, {
      badge,
      visible: await guardOf(c).visible(),
      limit: MOST_HOLDINGS,
    });
    if (all.length === 0) return problem(c, { code: "command.not-found" });
    const held = all.findLast(({ valid_to }) => valid_to === null);
    const views = all.map(holdingView);
    return c.json({ badge, employeeId: held?.employee_id ?? null, holdings: views }, 200);
  });
}
