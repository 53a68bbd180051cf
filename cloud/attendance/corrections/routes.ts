import { z } from "@hono/zod-openapi";
import { guardOf } from "../../api/guard.ts";
import { problem, refused } from "../../api/problem.ts";
import {
  type ApiRouter,
  causeOf,
  decodeCursor,
  encodeCursor,
  mayUse,
  newIdFor,
  type Principal,
  page,
} from "../../api/router.ts";
import { isRefusal, type Refusal, refuse } from "../../eventing/decider.ts";
import type { Rights } from "../../identity/access.ts";
import { correctionsId } from "../ids.ts";
import type { Db } from "../reads.ts";
import { SOURCE } from "../runners.ts";
import {
  type CorrectionCommandsDeps,
  effectOf,
  previewCorrections,
  requestCorrections,
  type Wish,
} from "./commands.ts";
import { type CorrectionRecord, correctionRequest, correctionRequests } from "./reads.ts";
import {
  effectRoute,
  listRoute,
  previewRoute,
  requestRoute,
  showRoute,
  withdrawRoute,
} from "./route-definitions.ts";
import { changeOf, correctionView, type NewCorrection, previewView, weighedView } from "./views.ts";
import { weighCorrections } from "./weigh.ts";

export interface CorrectionRoutesDeps extends CorrectionCommandsDeps {
  readonly db: Db;
  readonly waitFor: (seq: number, timeoutMs: number) => Promise<boolean>;
}

const READ_YOUR_WRITES_MS = 2_000;

export function mountCorrections(router: ApiRouter, deps: CorrectionRoutesDeps): void {
  addReads(router, deps);
  addCommands(router, deps);
}

function addReads(router: ApiRouter, deps: CorrectionRoutesDeps): void {
  const { db, nowMs } = deps;
  router.openapi(listRoute, async (c) => {
    const { cursor, limit, ...filter } = c.req.valid("query");
    const before = decodeCursor(cursor, z.tuple([z.int(), z.string()]));
    const visible = await guardOf(c).visible();
    const rows = await correctionRequests(db, { ...filter, visible, before, limit: limit + 1 });
    const items = rows.slice(0, limit);
    const last = rows.length > limit ? items.at(-1) : undefined;
    const next = last === undefined ? null : encodeCursor([last.requested_at, last.request_id]);
    return c.json(page(c, items.map(correctionView), next), 200);
  });
  router.openapi(showRoute, async (c) => {
    const found = await visibleRequest(guardOf(c), db, c.req.valid("param").requestId);
    if (found === undefined) return problem(c, { code: "command.not-found" });
    return c.json(correctionView(found), 200);
  });
  router.openapi(effectRoute, async (c) => {
    const found = await visibleRequest(guardOf(c), db, c.req.valid("param").requestId);
    if (found === undefined) return problem(c, { code: "command.not-found" });
    const days = found.state === "rejected" ? [] : await effectOf(deps, found.request);
    return c.json(previewView(days, nowMs()), 200);
  });
}

/** A request shows all of its items, so all of its people are within reach or it is not there. */
async function visibleRequest(
  rights: Rights,
  db: Db,
  requestId: string,
): Promise<CorrectionRecord | undefined> {
  const found = await correctionRequest(db, requestId);
  const people = found?.request.items.map(({ employeeId }) => employeeId) ?? [];
  return (await rights.coversPeople(people)) ? found : undefined;
}

function addCommands(router: ApiRouter, deps: CorrectionRoutesDeps): void {
  const { db, runners, waitFor, nowMs } = deps;
  const shown = async (requestId: string, seq: number) => {
    await waitFor(seq, READ_YOUR_WRITES_MS);
    const found = await correctionRequest(db, requestId);
    return found === undefined
      ? refuse("correction.not-found", "no such request")
      : correctionView(found);
  };
  router.openapi(requestRoute, async (c) => {
    const body = c.req.valid("json");
    const principal = c.get("principal");
    const requestId = body.requestId ?? newIdFor(c, "correction");
    const wish = wishOf({ ...body, requestId }, principal);
    const people = wish.items.map(({ employeeId }) => employeeId);
    if (!(await guardOf(c).coversPeople(people))) {
      return problem(c, { code: "command.not-found" });
    }
    const no = refusalFor(guardOf(c, "time.override"), principal, wish);
    if (no !== undefined) return refused(c, no);
    if (body.preview) {
      const days = await previewCorrections(deps, wish);
      return isRefusal(days) ? refused(c, days) : c.json(previewView(days, nowMs()), 200);
    }
    const outcome = await requestCorrections(deps, wish, causeOf(c, SOURCE, nowMs()));
    if (isRefusal(outcome)) return refused(c, outcome);
    const view = await shown(wish.requestId, outcome.seq);
    if (isRefusal(view)) return refused(c, view);
    c.header("Location", `/api/v1/corrections/${wish.requestId}`);
    return c.json(view, 201);
  });
  router.openapi(previewRoute, async (c) => {
    const principal = c.get("principal");
    // Nothing is asked for, so it needs no id that anybody could find again.
    const { requestId = "preview", ...body } = c.req.valid("json");
    const wish = wishOf({ requestId, ...body }, principal);
    const people = wish.items.map(({ employeeId }) => employeeId);
    if (!(await guardOf(c).coversPeople(people))) {
      return problem(c, { code: "command.not-found" });
    }
    const no = refusalFor(guardOf(c, "time.override"), principal, wish);
    if (no !== undefined) return refused(c, no);
    return c.json(weighedView(await weighCorrections(deps, wish), nowMs()), 200);
  });
  router.openapi(withdrawRoute, async (c) => {
    const { requestId } = c.req.valid("param");
    const principal = c.get("principal");
    const { state } = await runners.corrections.state(correctionsId(requestId));
    const people = state?.request.items.map(({ employeeId }) => employeeId) ?? [];
    if (!(await guardOf(c).coversPeople(people))) {
      return problem(c, { code: "command.not-found" });
    }
    const isOwn = principal.name === state?.request.requestedBy;
    if (!isOwn && !mayOverride(guardOf(c, "time.override"), principal)) {
      return refused(c, refuse("correction.not-yours", "somebody else asked for it"));
    }
    const note = `withdrawn: ${c.req.valid("json").note}`;
    const command = { type: "withdraw", by: principal.name, note } as const;
    const cause = causeOf(c, SOURCE, nowMs());
    const outcome = await runners.corrections.handle(correctionsId(requestId), command, cause);
    if (isRefusal(outcome)) return refused(c, outcome);
    const view = await shown(requestId, outcome.seq);
    return isRefusal(view) ? refused(c, view) : c.json(view, 200);
  });
}

function wishOf(body: NewCorrection & { readonly requestId: string }, { name }: Principal): Wish {
  const { requestId, items, reasonCode, reason, outageId = null } = body;
  return {
    requestId,
    items: items.map(({ employeeId, change }) => ({ employeeId, change: changeOf(change) })),
    reasonCode,
    reason,
    outageId,
    requestedBy: name,
    overridesLock: body.overridesLock,
  };
}

/** For whom somebody may ask is their guard's business; into what is locked, only who may override it. */
function refusalFor(
  override: Rights,
  principal: Principal,
  { overridesLock }: Wish,
): Refusal | undefined {
  if (!overridesLock || mayOverride(override, principal)) return undefined;
  return refuse("correction.lock-override", 'overriding a lock needs the scope "admin"');
}

const mayOverride = (override: Rights, principal: Principal): boolean =>
  override.coversCompany() && mayUse(principal, "admin");
