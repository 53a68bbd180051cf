import { hashPin } from "@clockleaf/shared/lib/pin-hash.ts";
import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { guardOf, lacking } from "../api/guard.ts";
import { problem, refused } from "../api/problem.ts";
import {
  type ApiEnv,
  type ApiRouter,
  causeOf,
  decodeCursor,
  encodeCursor,
  ifMatch,
  newIdFor,
  newRouter,
  page,
  setEtag,
} from "../api/router.ts";
import { isRefusal, type Refusal, refuse } from "../eventing/decider.ts";
import type { PersonalVault } from "../eventing/vault.ts";
import type { Rights } from "../identity/access.ts";
import { badgeKeyOf } from "./badges/printed-card.ts";
import { mountBadges } from "./badges/routes.ts";
import { type EmployeeCommands, SOURCE } from "./commands.ts";
import type { PersonCommand } from "./decider.ts";
import { departments, isBelow, orgMembers } from "./org.ts";
import {
  badgePeriodsOf,
  type Db,
  type EmployeeQuery,
  type EmployeeRecord,
  employee,
  employees,
} from "./reads.ts";
import {
  activateRoute,
  assignRoute,
  completeProbationRoute,
  createEmployeeRoute,
  deactivateRoute,
  departmentsRoute,
  eraseRoute,
  listRoute,
  orgRoute,
  patchRoute,
  reactivateRoute,
  reportsRoute,
  showRoute,
  startProbationRoute,
  suspendRoute,
  terminateRoute,
  withdrawRoute,
} from "./route-definitions.ts";
import { subjectOf } from "./subjects.ts";
import { departmentView, type EmployeeView, employeeView, orgMemberView } from "./views.ts";

export interface EmployeeRoutesDeps {
  readonly commands: EmployeeCommands;
  readonly vault: PersonalVault;
  readonly tenant: string;
  /** Where days begin for people without a zone of their own. */
  readonly zone: string;
  readonly db: Db;
  /** True once the read model shows EMPLOYEE up to this sequence. */
  readonly waitFor: (seq: number, timeoutMs: number) => Promise<boolean>;
  readonly nowMs: () => number;
}

const READ_YOUR_WRITES_MS = 2_000;
const cursorSchema = z.tuple([z.string().max(512), z.string().max(64)]);
const orgCursorSchema = z.tuple([z.string().max(64), z.string().max(512), z.string().max(64)]);
const departmentCursorSchema = z.string().max(64);

/** People and their badges, for `/api/v1`. The answer to a command shows its effect. */
export function createEmployeeRoutes(deps: EmployeeRoutesDeps): ApiRouter {
  const router = newRouter();
  addReads(router, deps);
  addOrgReads(router, deps);
  addPersonCommands(router, deps);
  addStateCommands(router, deps);
  addErasure(router, deps);
  addBadgeCommands(router, deps);
  mountBadges(router, deps);
  return router;
}

function addReads(router: ApiRouter, { db }: EmployeeRoutesDeps): void {
  router.openapi(listRoute, async (c) => {
    const { cursor, limit, ...filters } = c.req.valid("query");
    const visible = await guardOf(c).visible();
    const { views, next } = await listed(db, { cursor, limit, filters: { ...filters, visible } });
    return c.json(page(c, views, next), 200);
  });

  router.openapi(reportsRoute, async (c) => {
    const { employeeId } = c.req.valid("param");
    const { cursor, limit } = c.req.valid("query");
    if ((await employee(db, employeeId)) === undefined) {
      return problem(c, { code: "command.not-found" });
    }
    const filters = { manager: employeeId, visible: await guardOf(c).visible() };
    const { views, next } = await listed(db, { cursor, limit, filters });
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

const placeOf = ({ sortName, person }: EmployeeRecord) => [sortName, person.data.employeeId];

async function listed(
  db: Db,
  asked: {
    readonly cursor: string | undefined;
    readonly limit: number;
    readonly filters: Omit<EmployeeQuery, "after" | "limit">;
  },
): Promise<{ views: EmployeeView[]; next: string | null }> {
  const after = decodeCursor(asked.cursor, cursorSchema);
  const found = await employees(db, { ...asked.filters, after, limit: asked.limit + 1 });
  const { shown, next } = cut(found, asked.limit, placeOf);
  const ids = shown.map(({ person }) => person.data.employeeId);
  const periods = await badgePeriodsOf(db, ids);
  return { views: shown.map((each) => employeeView(each, periods)), next };
}

/** What was read one beyond the limit, as a page and the cursor of the next. */
function cut<T>(
  found: readonly T[],
  limit: number,
  cursorOf: (last: T) => unknown,
): { shown: readonly T[]; next: string | null } {
  const shown = found.slice(0, limit);
  const last = found.length > limit ? shown.at(-1) : undefined;
  return { shown, next: last === undefined ? null : encodeCursor(cursorOf(last)) };
}

function addOrgReads(router: ApiRouter, { db }: EmployeeRoutesDeps): void {
  router.openapi(orgRoute, async (c) => {
    const { cursor, limit, department } = c.req.valid("query");
    const after = decodeCursor(cursor, orgCursorSchema);
    const visible = await guardOf(c).visible();
    const found = await orgMembers(db, { department, visible, after, limit: limit + 1 });
    const { shown, next } = cut(found, limit, ({ person: { data }, sortName }) => [
      data.departmentId,
      sortName,
      data.employeeId,
    ]);
    return c.json(page(c, shown.map(orgMemberView), next), 200);
  });

  router.openapi(departmentsRoute, async (c) => {
    const { cursor, limit } = c.req.valid("query");
    const after = decodeCursor(cursor, departmentCursorSchema);
    const visible = await guardOf(c).visible();
    const found = await departments(db, { visible, after, limit: limit + 1 });
    const { shown, next } = cut(found, limit, ({ departmentId }) => departmentId);
    return c.json(page(c, shown.map(departmentView), next), 200);
  });
}

function addPersonCommands(router: ApiRouter, deps: EmployeeRoutesDeps): void {
  const { commands, db, zone, nowMs } = deps;
  const { people } = commands;

  router.openapi(createEmployeeRoute, async (c) => {
    const { draft: isDraft, probationUntil, ...body } = c.req.valid("json");
    const data = { ...body, employeeId: body.employeeId ?? newIdFor(c, "employee") };
    if (!mayPlace(guardOf(c), data, [])) return lacking(c, ["people.write"]);
    const ring = await ringOf(db, data.employeeId, data.managerId);
    if (ring !== undefined) return refused(c, ring);
    const at = nowMs();
    const probationUntilOn = probationUntil ?? null;
    const command = { type: "create", data, isDraft, probationUntilOn, zone, at } as const;
    const outcome = await people.handle(data.employeeId, command, causeOf(c, SOURCE, at));
    if (isRefusal(outcome)) return refused(c, outcome);
    const view = await afterwards(c, deps, { employeeId: data.employeeId, seq: outcome.seq });
    if (outcome.events.length === 0) return c.json(view, 200);
    c.header("Location", `/api/v1/employees/${data.employeeId}`);
    return c.json(view, 201);
  });

  router.openapi(patchRoute, async (c) => {
    const { employeeId } = c.req.valid("param");
    const changes = c.req.valid("json");
    const ifSeq = ifMatch(c);
    const before = (await employee(db, employeeId))?.person.data;
    const { departmentId, managerId, siteIds } = changes;
    const after = before && {
      employeeId,
      departmentId: departmentId ?? before.departmentId,
      managerId: managerId === undefined ? before.managerId : managerId,
      siteIds: siteIds ?? before.siteIds,
    };
    if (after !== undefined && !mayPlace(guardOf(c), after, before?.siteIds ?? [])) {
      return lacking(c, ["people.write"]);
    }
    const ring = await ringOf(db, employeeId, changes.managerId ?? null);
    if (ring !== undefined) return refused(c, ring);
    const at = nowMs();
    const command = { type: "update", changes, at } as const;
    const guarded = { aggregateId: employeeId, command, ifSeq };
    const [outcome] = await people.handleMany([guarded], causeOf(c, SOURCE, at));
    if (outcome === undefined) throw new Error("one command has one outcome");
    if (isRefusal(outcome)) {
      if (outcome.code !== "aggregate.changed") return refused(c, outcome);
      const isThere = (await people.state(employeeId)).seq > 0;
      return problem(c, { code: isThere ? "api.precondition" : "command.not-found" });
    }
    return c.json(await afterwards(c, deps, { employeeId, seq: outcome.seq }), 200);
  });
}

/** Nobody is put where the caller has no say: neither beyond their reach, nor at one of its sites and another. */
function mayPlace(
  rights: Rights,
  data: Parameters<typeof subjectOf>[0],
  sitesBefore: readonly string[],
): boolean {
  const added = data.siteIds.filter((site) => !sitesBefore.includes(site));
  if (!rights.coversSubject(subjectOf(data))) return false;
  return (
    rights.coversDepartment(data.departmentId) || added.every((site) => rights.coversSite(site))
  );
}

/** By what the read model shows now; what two changes at one moment make together is taken back by `follow-up.ts`. */
async function ringOf(
  db: Db,
  employeeId: string,
  managerId: string | null,
): Promise<Refusal | undefined> {
  // The decider says no to somebody who manages themselves.
  if (managerId === null || managerId === employeeId) return undefined;
  if (!(await isBelow(db, managerId, employeeId))) return undefined;
  return refuse("employee.manager-ring", "this manager reports to the employee");
}

function addStateCommands(router: ApiRouter, deps: EmployeeRoutesDeps): void {
  const { zone } = deps;
  router.openapi(activateRoute, (c) => carryOut(c, deps, (at) => ({ type: "activate", at })));
  router.openapi(suspendRoute, (c) =>
    carryOut(c, deps, (at) => ({ type: "suspend", ...c.req.valid("json"), at })),
  );
  router.openapi(reactivateRoute, (c) =>
    carryOut(c, deps, (at) => ({ type: "reactivate", ...c.req.valid("json"), at })),
  );
  router.openapi(terminateRoute, (c) =>
    carryOut(c, deps, (at) => ({ type: "terminate", ...c.req.valid("json"), zone, at })),
  );
  router.openapi(deactivateRoute, (c) =>
    carryOut(c, deps, (at) => ({ type: "deactivate", ...c.req.valid("json"), at })),
  );
  router.openapi(startProbationRoute, (c) =>
    carryOut(c, deps, (at) => ({ type: "start-probation", ...c.req.valid("json"), zone, at })),
  );
  router.openapi(completeProbationRoute, (c) =>
    carryOut(c, deps, (at) => ({ type: "complete-probation", at })),
  );
}

/** The event is stored first: a process that dies before the key is destroyed leaves that to `follow-up.ts`. */
function addErasure(router: ApiRouter, deps: EmployeeRoutesDeps): void {
  const { commands, vault, tenant, nowMs } = deps;
  router.openapi(eraseRoute, async (c) => {
    const { employeeId } = c.req.valid("param");
    const { reason, force: isForced } = c.req.valid("json");
    const requestedBy = c.get("principal").name;
    const at = nowMs();
    const command = { type: "erase", requestedBy, reason, isForced, at } as const;
    const outcome = await commands.people.handle(employeeId, command, causeOf(c, SOURCE, at));
    if (isRefusal(outcome)) return refused(c, outcome);
    await vault.erase({ tenant, personId: employeeId });
    return c.json(await afterwards(c, deps, { employeeId, seq: outcome.seq }), 200);
  });
}

/** A command without a precondition: its state machine is one. */
async function carryOut(
  c: Context<ApiEnv, string, { out: { param: { employeeId: string } } }>,
  deps: EmployeeRoutesDeps,
  commandAt: (at: number) => PersonCommand,
) {
  const { employeeId } = c.req.valid("param");
  const at = deps.nowMs();
  const cause = causeOf(c, SOURCE, at);
  const outcome = await deps.commands.people.handle(employeeId, commandAt(at), cause);
  if (isRefusal(outcome)) return refused(c, outcome);
  return c.json(await afterwards(c, deps, { employeeId, seq: outcome.seq }), 200);
}

function addBadgeCommands(router: ApiRouter, deps: EmployeeRoutesDeps): void {
  const { commands, nowMs } = deps;

  router.openapi(assignRoute, async (c) => {
    const { employeeId } = c.req.valid("param");
    const { badge, validFrom, pin } = c.req.valid("json");
    const assignment = {
      badge: badgeKeyOf(badge),
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
  return employeeView({ person: state, version }, await badgePeriodsOf(db, [employeeId]));
}
