import { hashPin } from "@clockleaf/shared/lib/pin-hash.ts";
import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { problem, refused } from "../api/problem.ts";
import {
  type ApiEnv,
  type ApiRouter,
  causeOf,
  decodeCursor,
  encodeCursor,
  ifMatch,
  newRouter,
  page,
  setEtag,
} from "../api/router.ts";
import { isRefusal } from "../eventing/decider.ts";
import { newEventId } from "../eventing/event-id.ts";
import { type EmployeeCommands, SOURCE } from "./commands.ts";
import { badgePeriodsOf, type Db, employee, employees } from "./reads.ts";
import {
  assignRoute,
  createEmployeeRoute,
  deactivateRoute,
  listRoute,
  patchRoute,
  showRoute,
  withdrawRoute,
} from "./route-definitions.ts";
import { type EmployeeView, employeeView } from "./views.ts";

export interface EmployeeRoutesDeps {
  readonly commands: EmployeeCommands;
  readonly db: Db;
  /** True once the read model shows EMPLOYEE up to this sequence. */
  readonly waitFor: (seq: number, timeoutMs: number) => Promise<boolean>;
  readonly nowMs: () => number;
}

const READ_YOUR_WRITES_MS = 2_000;
const cursorSchema = z.tuple([z.string().max(512), z.string().max(64)]);

/** People and their badges, for `/api/v1`. The answer to a command shows its effect. */
export function createEmployeeRoutes(deps: EmployeeRoutesDeps): ApiRouter {
  const router = newRouter();
  addReads(router, deps);
  addPersonCommands(router, deps);
  addBadgeCommands(router, deps);
  return router;
}

function addReads(router: ApiRouter, { db }: EmployeeRoutesDeps): void {
  router.openapi(listRoute, async (c) => {
    const { cursor, limit, ...filters } = c.req.valid("query");
    const after = decodeCursor(cursor, cursorSchema);
    const found = await employees(db, { ...filters, after, limit: limit + 1 });
    const shown = found.slice(0, limit);
    const last = found.length > limit ? shown.at(-1) : undefined;
    const next = last === undefined ? null : encodeCursor([last.sortName, last.data.employeeId]);
    const ids = shown.map((each) => each.data.employeeId);
    const periods = await badgePeriodsOf(db, ids);
    const views = shown.map((each) => employeeView(each, periods));
    return c.json(page(c, views, next), 200);
  });

  router.openapi(showRoute, async (c) => {
    const { employeeId } = c.req.valid("param");
    const found = await employee(db, employeeId);
    if (found === undefined) return problem(c, { code: "command.not-found" });
    setEtag(c, found.version);
    return c.json(employeeView(found, await badgePeriodsOf(db, [employeeId])), 200);
  });
}

function addPersonCommands(router: ApiRouter, deps: EmployeeRoutesDeps): void {
  const { commands, nowMs } = deps;
  const { people } = commands;

  router.openapi(createEmployeeRoute, async (c) => {
    const body = c.req.valid("json");
    const data = { ...body, employeeId: body.employeeId ?? newEventId() };
    const outcome = await people.handle(
      data.employeeId,
      { type: "create", data },
      causeIn(c, deps),
    );
    if (isRefusal(outcome)) return refused(c, outcome);
    const view = await afterwards(c, deps, { employeeId: data.employeeId, seq: outcome.seq });
    if (outcome.events.length === 0) return c.json(view, 200);
    c.header("Location", `/api/v1/employees/${data.employeeId}`);
    return c.json(view, 201);
  });

  router.openapi(patchRoute, async (c) => {
    const { employeeId } = c.req.valid("param");
    const command = { type: "update", changes: c.req.valid("json") } as const;
    const guarded = { aggregateId: employeeId, command, ifSeq: ifMatch(c) };
    const [outcome] = await people.handleMany([guarded], causeIn(c, deps));
    if (outcome === undefined) throw new Error("one command has one outcome");
    if (isRefusal(outcome)) {
      if (outcome.code !== "aggregate.changed") return refused(c, outcome);
      const isThere = (await people.state(employeeId)).seq > 0;
      return problem(c, { code: isThere ? "api.precondition" : "command.not-found" });
    }
    return c.json(await afterwards(c, deps, { employeeId, seq: outcome.seq }), 200);
  });

  router.openapi(deactivateRoute, async (c) => {
    const { employeeId } = c.req.valid("param");
    const { reason } = c.req.valid("json");
    const command = { type: "deactivate", reason, at: nowMs() } as const;
    const outcome = await people.handle(employeeId, command, causeIn(c, deps));
    if (isRefusal(outcome)) return refused(c, outcome);
    return c.json(await afterwards(c, deps, { employeeId, seq: outcome.seq }), 200);
  });
}

function addBadgeCommands(router: ApiRouter, deps: EmployeeRoutesDeps): void {
  const { commands, nowMs } = deps;

  router.openapi(assignRoute, async (c) => {
    const { employeeId } = c.req.valid("param");
    const { badge, validFrom, pin } = c.req.valid("json");
    const assignment = {
      badge,
      employeeId,
      validFrom: validFrom === undefined ? nowMs() : Date.parse(validFrom),
      pin: pin === undefined ? null : await hashPin(pin),
    };
    const outcome = await commands.assignBadge(assignment, causeIn(c, deps));
    if (isRefusal(outcome)) return refused(c, outcome);
    const view = await afterwards(c, deps, { employeeId, seq: outcome.seq });
    return outcome.events.length === 0 ? c.json(view, 200) : c.json(view, 201);
  });

  router.openapi(withdrawRoute, async (c) => {
    const { employeeId, badge } = c.req.valid("param");
    const { validTo, reason } = c.req.valid("json");
    const command = {
      type: "withdraw",
      badge,
      employeeId,
      validTo: validTo === undefined ? null : Date.parse(validTo),
      reason,
      at: nowMs(),
    } as const;
    const outcome = await commands.badges.handle(badge, command, causeIn(c, deps));
    if (isRefusal(outcome)) return refused(c, outcome);
    return c.json(await afterwards(c, deps, { employeeId, seq: outcome.seq }), 200);
  });
}

const causeIn = (c: Context<ApiEnv>, { nowMs }: EmployeeRoutesDeps) => causeOf(c, SOURCE, nowMs());

/** The person as they are after a command that left the stream at `seq`; sets the ETag. */
async function afterwards(
  c: Context<ApiEnv>,
  { commands, db, waitFor }: EmployeeRoutesDeps,
  { employeeId, seq }: { readonly employeeId: string; readonly seq: number },
): Promise<EmployeeView> {
  await waitFor(seq, READ_YOUR_WRITES_MS);
  const { state, seq: version } = await commands.people.state(employeeId);
  if (state === null) throw new Error("whose command went through is there");
  setEtag(c, version);
  return employeeView({ data: state, version }, await badgePeriodsOf(db, [employeeId]));
}
