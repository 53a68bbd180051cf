import { z } from "@hono/zod-openapi";
import { guardOf } from "../../api/guard.ts";
import { type ApiRouter, causeOf, decodeCursor, encodeCursor, page } from "../../api/router.ts";
import { isRefusal } from "../../eventing/decider.ts";
import type { ClockWriter } from "../clock-writer.ts";
import { noSuchException } from "../decider.ts";
import type { Db } from "../reads.ts";
import { SOURCE } from "../runners.ts";
import type { ExceptionState } from "./projection.ts";
import { countExceptions, exception, exceptions } from "./reads.ts";
import { listRoute, reviewRoute, summaryRoute } from "./route-definitions.ts";
import { exceptionView, summaryView } from "./views.ts";

export interface ExceptionRoutesDeps {
  readonly db: Db;
  readonly clocks: Pick<ClockWriter, "review">;
  readonly waitFor: (seq: number, timeoutMs: number) => Promise<boolean>;
  readonly nowMs: () => number;
}

const READ_YOUR_WRITES_MS = 2_000;

export function mountExceptions(router: ApiRouter, deps: ExceptionRoutesDeps): void {
  const { db, clocks, waitFor, nowMs } = deps;
  router.openapi(listRoute, async (c) => {
    const { cursor, limit, state, ...filter } = c.req.valid("query");
    const after = decodeCursor(cursor, z.tuple([z.string(), z.string(), z.string()]));
    const visible = await guardOf(c).visible();
    const query = { ...filter, states: statesOf(state), visible, after, limit: limit + 1 };
    const rows = await exceptions(db, query);
    const items = rows.slice(0, limit);
    const last = rows.length > limit ? items.at(-1) : undefined;
    const key = last === undefined ? null : [last.workday_on, last.employee_id, last.kind];
    return c.json(page(c, items.map(exceptionView), key === null ? null : encodeCursor(key)), 200);
  });
  router.openapi(summaryRoute, async (c) => {
    const { state, ...filter } = c.req.valid("query");
    const visible = await guardOf(c).visible();
    const counts = await countExceptions(db, { ...filter, visible, states: statesOf(state) });
    return c.json(summaryView(counts), 200);
  });
  router.openapi(reviewRoute, async (c) => {
    const { outcome, note, items } = c.req.valid("json");
    const by = c.get("principal").name;
    const cause = causeOf(c, SOURCE, nowMs());
    const results = [];
    for (const { employeeId, workdayOn, kind, revision = null } of items) {
      const said = { employeeId, workdayOn, kind, outcome, revision, by, note };
      const done = (await guardOf(c).coversPerson(employeeId))
        ? await clocks.review({ type: "review-exception", ...said }, cause)
        : noSuchException({ kind, workdayOn });
      const which = { employeeId, workdayOn, kind };
      if (isRefusal(done)) {
        results.push({ ...which, code: done.code, detail: done.message, exception: null });
        continue;
      }
      await waitFor(done.seq, READ_YOUR_WRITES_MS);
      const row = await exception(db, { employee_id: employeeId, workday_on: workdayOn, kind });
      const view = row === undefined ? null : exceptionView(row);
      results.push({ ...which, code: "done", detail: outcome, exception: view });
    }
    return c.json({ items: results }, 200);
  });
}

function statesOf(state: ExceptionState | "open" | "all"): readonly ExceptionState[] | undefined {
  if (state === "all") return undefined;
  return state === "open" ? ["premature", "active"] : [state];
}
