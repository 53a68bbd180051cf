import type { LeaveEvent } from "@clockleaf/shared/events/leave.ts";
import { civilDateOf } from "@clockleaf/shared/worktime/civil-time.ts";
import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import type { Kysely } from "kysely";
import { guardOf } from "../api/guard.ts";
import { problem, refused } from "../api/problem.ts";
import {
  type ApiEnv,
  type ApiRouter,
  causeOf,
  decodeCursor,
  encodeCursor,
  newIdFor,
  newRouter,
  page,
  setEtag,
} from "../api/router.ts";
import { notShownYet } from "../eventing/caught-up.ts";
import { decidedAs } from "../eventing/decided-as.ts";
import { isRefusal, type Refusal, refuse } from "../eventing/decider.ts";
import { deriveEventId } from "../eventing/event-id.ts";
import type { EventStore } from "../eventing/event-store.ts";
import { holidaysOf, siteOf } from "./calendar.ts";
import { type LeaveCommands, SOURCE } from "./commands.ts";
import type { LeaveConfig } from "./config.ts";
import { type PeopleDb, peopleOfSite, personOf } from "./people.ts";
import { policiesOf, siteOfPerson } from "./policies.ts";
import { accountOf, type Db, leaveBetween, leaveOf, leaves } from "./reads.ts";
import {
  accountRoute,
  adjustRoute,
  calendarRoute,
  cancelRoute,
  holidaysRoute,
  listRoute,
  requestRoute,
  showRoute,
} from "./route-definitions.ts";
import { type AccountView, accountView, holidayView, leaveView, previewView } from "./views.ts";

export interface LeaveRoutesDeps {
  readonly commands: LeaveCommands;
  readonly config: LeaveConfig;
  readonly db: Db;
  readonly people: Kysely<PeopleDb>;
  readonly eventStore: EventStore;
  readonly tenant: string;
  /** True once the read model shows LEAVE up to this sequence. */
  readonly waitFor: (seq: number, timeoutMs: number) => Promise<boolean>;
  readonly nowMs: () => number;
}

const READ_YOUR_WRITES_MS = 2_000;
const MOST_ABSENCES = 5_000;
const cursorSchema = z.tuple([z.iso.date(), z.string().max(64)]);

/** Leave, accounts and holidays, for `/api/v1`. The answer to a command shows its effect. */
export function createLeaveRoutes(deps: LeaveRoutesDeps): ApiRouter {
  const router = newRouter();
  // Before `/leave/{leaveId}`, which would take the word for an id.
  addCalendar(router, deps);
  addAccounts(router, deps);
  addLeave(router, deps);
  addCommands(router, deps);
  return router;
}

function addLeave(router: ApiRouter, { db, eventStore, tenant }: LeaveRoutesDeps): void {
  router.openapi(listRoute, async (c) => {
    const { cursor, limit, ...filters } = c.req.valid("query");
    const after = decodeCursor(cursor, cursorSchema);
    const visible = await guardOf(c).visible();
    const found = await leaves(db, { ...filters, visible, after, limit: limit + 1 });
    const shown = found.slice(0, limit);
    const last = found.length > limit ? shown.at(-1) : undefined;
    const next = last === undefined ? null : encodeCursor([last.from_on, last.leave_id]);
    return c.json(page(c, shown.map(leaveView), next), 200);
  });

  router.openapi(showRoute, async (c) => {
    const { leaveId } = c.req.valid("param");
    const row = await leaveOf(db, leaveId);
    if (row === undefined || !(await guardOf(c).coversPerson(row.employee_id))) {
      return problem(c, { code: "command.not-found" });
    }
    const aggregateId = row.employee_id;
    const { events } = await eventStore.load({ domain: "leave", tenant, aggregateId }, 0);
    // Not in the read model: it is personal, and only the event store has the person's key.
    const asked = events
      .map((stored) => decidedAs<LeaveEvent>(stored))
      .find(({ type, data }) => type === "leave.leave.requested" && data.leaveId === leaveId);
    const note = asked?.type === "leave.leave.requested" ? asked.data.note : "";
    const view = leaveView(row);
    setEtag(c, view.version);
    return c.json({ ...view, note }, 200);
  });
}

function addCommands(router: ApiRouter, deps: LeaveRoutesDeps): void {
  const { commands, db } = deps;
  router.openapi(requestRoute, async (c) => {
    const { key, preview, ...body } = c.req.valid("json");
    const asked = c.req.valid("query").preview;
    const principal = c.get("principal");
    const employeeId = body.employeeId ?? principal.employeeId;
    if (employeeId === undefined) return refused(c, nobody());
    if (!(await guardOf(c).coversPerson(employeeId))) {
      return problem(c, { code: "command.not-found" });
    }
    const leaveId =
      key === undefined ? newIdFor(c, "leave") : deriveEventId("leave", employeeId, key);
    const wish = { ...body, employeeId, leaveId, requestedBy: principal.name };
    if (preview || (asked !== undefined && asked !== "false")) {
      const found = await commands.preview(wish);
      return isRefusal(found) ? refused(c, found) : c.json(previewView(found), 200);
    }
    const { outcome, warnings } = await commands.request(wish, causeIn(c, deps));
    if (isRefusal(outcome)) return refused(c, outcome);
    const view = {
      ...(await leaveAfter(c, deps, { leaveId, seq: outcome.seq })),
      warnings: [...warnings],
    };
    if (outcome.events.length === 0) return c.json(view, 200);
    c.header("Location", `/api/v1/leave/${leaveId}`);
    return c.json(view, 201);
  });

  router.openapi(cancelRoute, async (c) => {
    const { leaveId } = c.req.valid("param");
    const { untilOn, reason } = c.req.valid("json");
    const row = await leaveOf(db, leaveId);
    if (row === undefined || !(await guardOf(c).coversPerson(row.employee_id))) {
      return problem(c, { code: "command.not-found" });
    }
    const wanted = { leaveId, untilOn, by: c.get("principal").name, reason };
    const outcome = await commands.cancel(row.employee_id, wanted, causeIn(c, deps));
    if (isRefusal(outcome)) return refused(c, outcome);
    return c.json(await leaveAfter(c, deps, { leaveId, seq: outcome.seq }), 200);
  });
}

function addAccounts(router: ApiRouter, deps: LeaveRoutesDeps): void {
  const { commands, people, config, nowMs } = deps;
  router.openapi(accountRoute, async (c) => {
    const { employeeId } = c.req.valid("param");
    const view = await accountIn(deps, employeeId);
    if (view === undefined) return problem(c, { code: "command.not-found" });
    setEtag(c, view.version);
    return c.json(view, 200);
  });

  router.openapi(adjustRoute, async (c) => {
    const { employeeId } = c.req.valid("param");
    const { key, on, ...line } = c.req.valid("json");
    // Whatever one may do for others: nobody gives themselves leave.
    if (c.get("principal").employeeId === employeeId) return refused(c, notYours());
    const person = await personOf(people, employeeId);
    const zone = person === undefined ? "UTC" : siteOfPerson(config, person).zone;
    const id =
      key === undefined ? newIdFor(c, "adjustment") : deriveEventId("adjustment", employeeId, key);
    const entry = {
      ...line,
      entryId: `${line.kind}-${id}`,
      on: on ?? civilDateOf(nowMs(), zone),
      leaveId: null,
      reason: line.reason,
    };
    const outcome = await commands.adjust(employeeId, entry, causeIn(c, deps));
    if (isRefusal(outcome)) return refused(c, outcome);
    await deps.waitFor(outcome.seq, READ_YOUR_WRITES_MS);
    const view = await accountIn(deps, employeeId);
    if (view === undefined) throw notShownYet();
    setEtag(c, view.version);
    return c.json(view, 200);
  });
}

function addCalendar(router: ApiRouter, { db, people, config, nowMs }: LeaveRoutesDeps): void {
  router.openapi(calendarRoute, async (c) => {
    const { site, from, to } = c.req.valid("query");
    const { zone } = siteOf(config, site);
    const visible = await guardOf(c).visible();
    const found = await leaveBetween(db, { from, to, visible }, MOST_ABSENCES + 1);
    const those = await peopleOfSite(people, site, [
      ...new Set(found.map((row) => row.employee_id)),
    ]);
    const absences = found
      .slice(0, MOST_ABSENCES)
      .filter((row) => those.has(row.employee_id))
      .map((row) => ({
        employeeId: row.employee_id,
        fromOn: row.from_on,
        toOn: row.last_on ?? row.to_on,
        secondsADay: row.seconds_a_day,
        code: row.code,
      }));
    const years = [...new Set([Number(from.slice(0, 4)), Number(to.slice(0, 4))])];
    const holidays = years
      .flatMap((year) => holidaysOf(siteOf(config, site), year))
      .filter(({ on }) => on >= from && on <= to)
      .map(holidayView);
    const isComplete = found.length <= MOST_ABSENCES;
    return c.json({ site, zone, from, to, holidays, absences, isComplete }, 200);
  });

  router.openapi(holidaysRoute, (c) => {
    const { site } = c.req.valid("param");
    const place = siteOf(config, site);
    const { zone } = place;
    const year = c.req.valid("query").year ?? Number(civilDateOf(nowMs(), zone).slice(0, 4));
    return c.json({ site, year, zone, holidays: holidaysOf(place, year).map(holidayView) }, 200);
  });
}

const causeIn = (c: Context<ApiEnv>, { nowMs }: LeaveRoutesDeps) => causeOf(c, SOURCE, nowMs());

/** The leave as it is after a command that left the stream at `seq`; sets the ETag. */
async function leaveAfter(
  c: Context<ApiEnv>,
  { db, waitFor }: LeaveRoutesDeps,
  { leaveId, seq }: { readonly leaveId: string; readonly seq: number },
): Promise<ReturnType<typeof leaveView>> {
  await waitFor(seq, READ_YOUR_WRITES_MS);
  const row = await leaveOf(db, leaveId);
  if (row === undefined) throw notShownYet();
  const view = leaveView(row);
  setEtag(c, view.version);
  return view;
}

async function accountIn(
  { db, people, config, nowMs }: LeaveRoutesDeps,
  employeeId: string,
): Promise<AccountView | undefined> {
  const account = await accountOf(db, employeeId);
  if (account === undefined) return undefined;
  const person = await personOf(people, employeeId);
  const policies = person === undefined ? new Map() : policiesOf(config, person);
  const withAccount = [...policies].filter(([, { hasAccount }]) => hasAccount);
  const zone = person === undefined ? account.zone : siteOfPerson(config, person).zone;
  return accountView(account, new Map(withAccount), civilDateOf(nowMs(), zone));
}

/** It is stored, but the read model is far behind. */
const nobody = (): Refusal =>
  refuse("leave.no-person", "name an employeeId: this API key acts for nobody");
const notYours = (): Refusal => refuse("leave.not-yours", "nobody adjusts their own account");
