import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { problem, refused } from "../api/problem.ts";
import { type ApiRouter, decodeCursor, encodeCursor, newRouter, page } from "../api/router.ts";
import { isRefusal, refuse } from "../eventing/decider.ts";
import { differencesOf } from "./change.ts";
import { type HistoryOptions, readHistory } from "./history.ts";
import { consistencyProof, inclusionProof, leafHash, rootHash } from "./merkle.ts";
import { type Db, entries, entry, logState, subtreesIn } from "./reads.ts";
import {
  changeRoute,
  consistencyRoute,
  headRoute,
  inclusionRoute,
  listRoute,
  showRoute,
} from "./route-definitions.ts";
import { entryView } from "./views.ts";

export interface AuditRoutesDeps {
  readonly db: Db;
  readonly history: HistoryOptions;
}

const cursorSchema = z.int().min(1);
const hex = (hash: Buffer): string => hash.toString("hex");

/** The audit log and the proofs about it, for `/api/v1`. */
export function createAuditRoutes(deps: AuditRoutesDeps): ApiRouter {
  const router = newRouter();
  addEntries(router, deps);
  addChanges(router, deps);
  addProofs(router, deps);
  return router;
}

function addEntries(router: ApiRouter, { db }: AuditRoutesDeps): void {
  router.openapi(listRoute, async (c) => {
    const { cursor, limit, from, to, ...filters } = c.req.valid("query");
    const found = await entries(db, {
      ...filters,
      fromMs: from === undefined ? undefined : Date.parse(from),
      toMs: to === undefined ? undefined : Date.parse(to),
      before: decodeCursor(cursor, cursorSchema),
      limit: limit + 1,
    });
    const shown = found.slice(0, limit);
    const last = found.length > limit ? shown.at(-1) : undefined;
    const next = last === undefined ? null : encodeCursor(last.entry);
    return c.json(page(c, shown.map(entryView), next), 200);
  });

  router.openapi(showRoute, async (c) => {
    const found = await entry(db, c.req.valid("param").entry);
    if (found === undefined) return problem(c, { code: "command.not-found" });
    return c.json(entryView(found), 200);
  });
}

function addChanges(router: ApiRouter, { db, history: options }: AuditRoutesDeps): void {
  router.openapi(changeRoute, async (c) => {
    const found = await entry(db, c.req.valid("param").entry);
    if (found === undefined) return problem(c, { code: "command.not-found" });
    const history = await readHistory(options, found);
    if (isRefusal(history)) return refused(c, history);
    const { aggregate, replay, event, isErased } = history;
    const before = replay.show(event);
    replay.apply(event);
    const after = replay.show(event);
    return c.json(
      {
        entry: found.entry,
        at: new Date(found.at).toISOString(),
        actor: found.actor ?? null,
        eventType: found.eventType,
        eventId: found.eventId,
        aggregateId: found.aggregateId,
        aggregateKind: aggregate.kind,
        says: event.event.data,
        before,
        after,
        changes: differencesOf(before, after),
        isErased,
      },
      200,
    );
  });
}

function addProofs(router: ApiRouter, { db }: AuditRoutesDeps): void {
  const subtree = subtreesIn(db);

  router.openapi(headRoute, async (c) => {
    const { size, newestAt, strangers } = await logState(db);
    return c.json(
      {
        size,
        rootHash: hex(await rootHash(size, subtree)),
        newestAt: newestAt === null ? null : new Date(newestAt).toISOString(),
        strangers,
      },
      200,
    );
  });

  router.openapi(inclusionRoute, async (c) => {
    const { entry: number } = c.req.valid("param");
    const { size: asked } = c.req.valid("query");
    const size = await sizeWithin(db, asked);
    if (size === undefined) return shorter(c, asked);
    const found = number > size ? undefined : await entry(db, number);
    if (found === undefined) return problem(c, { code: "command.not-found" });
    const proof = await inclusionProof(number - 1, size, subtree);
    return c.json(
      {
        entry: number,
        leafIndex: number - 1,
        size,
        leafHash: hex(leafHash(found.hash)),
        path: proof.map(hex),
        rootHash: hex(await rootHash(size, subtree)),
      },
      200,
    );
  });

  router.openapi(consistencyRoute, async (c) => {
    const { first, second: asked } = c.req.valid("query");
    const second = await sizeWithin(db, asked);
    if (second === undefined) return shorter(c, asked);
    if (first > second) return shorter(c, first);
    const proof = await consistencyProof(first, second, subtree);
    return c.json(
      {
        first,
        second,
        firstRootHash: hex(await rootHash(first, subtree)),
        secondRootHash: hex(await rootHash(second, subtree)),
        path: proof.map(hex),
      },
      200,
    );
  });
}

/** Undefined where the log is not that long. */
async function sizeWithin(db: Db, asked: number | undefined): Promise<number | undefined> {
  const { size } = await logState(db);
  if (asked === undefined) return size;
  return asked > size ? undefined : asked;
}

const shorter = (c: Context, asked = 0) =>
  refused(c, refuse("audit.log-shorter", `the log has no ${asked} entries`));
