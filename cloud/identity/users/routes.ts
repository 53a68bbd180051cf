import type { IdentityEvent } from "@clockleaf/shared/events/identity.ts";
import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { problem, refused } from "../../api/problem.ts";
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
} from "../../api/router.ts";
import type { Outcome } from "../../eventing/aggregate-runner.ts";
import { notShownYet } from "../../eventing/caught-up.ts";
import { isRefusal } from "../../eventing/decider.ts";
import { newEventId } from "../../eventing/event-id.ts";
import type { AccountCommand } from "../accounts/account-rules.ts";
import { type AccessCommands, SOURCE } from "../accounts/commands.ts";
import { accountsOf } from "../accounts/state.ts";
import type { AccountTable } from "../accounts/table.ts";
import {
  createUserRoute,
  disableUserRoute,
  enableUserRoute,
  listUsersRoute,
  meRoute,
  patchUserRoute,
  setGrantsRoute,
  showUserRoute,
} from "../route-definitions.ts";
import { grantView, permissionsView, userView } from "../views.ts";

export interface UserRoutesDeps {
  readonly table: AccountTable;
  readonly commands: AccessCommands;
  /** True once the table shows IDENTITY up to this sequence. */
  readonly waitFor: (seq: number, timeoutMs: number) => Promise<boolean>;
  readonly hasConfiguredAdmin: boolean;
  readonly nowMs: () => number;
}

const READ_YOUR_WRITES_MS = 2_000;

/** Accounts, for `/api/v1`. The answer to a command shows its effect. */
export function createUserRoutes(deps: UserRoutesDeps): ApiRouter {
  const router = newRouter();
  addReads(router, deps);
  addChanges(router, deps);
  addMe(router, deps);
  return router;
}

function addReads(router: ApiRouter, { table }: UserRoutesDeps): void {
  router.openapi(listUsersRoute, (c) => {
    const { cursor, limit, status, role, email, employeeId } = c.req.valid("query");
    const after = decodeCursor(cursor, z.string().max(64)) ?? "";
    const found = [...accountsOf(table.access())]
      .filter(
        (each) =>
          each.userId > after &&
          (status === undefined || each.status === status) &&
          (role === undefined || each.grants.some((grant) => grant.role === role)) &&
          (email === undefined || each.email === email) &&
          (employeeId === undefined || each.employeeId === employeeId),
      )
      .toSorted((a, b) => (a.userId < b.userId ? -1 : 1));
    const shown = found.slice(0, limit);
    const last = found.length > limit ? shown.at(-1) : undefined;
    const next = last === undefined ? null : encodeCursor(last.userId);
    return c.json(page(c, shown.map(userView), next), 200);
  });

  router.openapi(showUserRoute, (c) => {
    const found = table.account(c.req.valid("param").userId);
    if (found === undefined) return problem(c, { code: "command.not-found" });
    setEtag(c, found.version);
    return c.json(userView(found), 200);
  });
}

function addChanges(router: ApiRouter, deps: UserRoutesDeps): void {
  router.openapi(createUserRoute, async (c) => {
    const { userId = newEventId(), ...wanted } = c.req.valid("json");
    const account = { userId, ...wanted };
    const outcome = await carryOut(c, deps, { type: "create-account", account, isFirst: false });
    if (isRefusal(outcome)) return refused(c, outcome);
    const view = await afterwards(c, deps, { seq: outcome.seq, userId });
    if (outcome.events.length === 0) return c.json(view, 200);
    c.header("Location", `/api/v1/users/${userId}`);
    return c.json(view, 201);
  });

  router.openapi(patchUserRoute, async (c) => {
    const { userId } = c.req.valid("param");
    const changes = given(c.req.valid("json"));
    const ifVersion = ifMatch(c);
    const outcome = await carryOut(c, deps, { type: "change-account", userId, changes, ifVersion });
    if (isRefusal(outcome)) {
      if (outcome.code === "aggregate.changed") return problem(c, { code: "api.precondition" });
      return refused(c, outcome);
    }
    return c.json(await afterwards(c, deps, { seq: outcome.seq, userId }), 200);
  });

  router.openapi(setGrantsRoute, async (c) => {
    const { userId } = c.req.valid("param");
    const { grants } = c.req.valid("json");
    const ifVersion = ifMatch(c);
    const outcome = await carryOut(c, deps, { type: "set-grants", userId, grants, ifVersion });
    if (isRefusal(outcome)) {
      if (outcome.code === "aggregate.changed") return problem(c, { code: "api.precondition" });
      return refused(c, outcome);
    }
    return c.json(await afterwards(c, deps, { seq: outcome.seq, userId }), 200);
  });

  router.openapi(disableUserRoute, async (c) => {
    const { userId } = c.req.valid("param");
    const outcome = await carryOut(c, deps, { type: "disable-account", userId });
    if (isRefusal(outcome)) return refused(c, outcome);
    return c.json(await afterwards(c, deps, { seq: outcome.seq, userId }), 200);
  });

  router.openapi(enableUserRoute, async (c) => {
    const { userId } = c.req.valid("param");
    const outcome = await carryOut(c, deps, { type: "enable-account", userId });
    if (isRefusal(outcome)) return refused(c, outcome);
    return c.json(await afterwards(c, deps, { seq: outcome.seq, userId }), 200);
  });
}

/** What a merge patch says: a field that is left out says nothing. */
function given<T extends object>(patch: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const said = Object.entries(patch).filter(([, value]) => value !== undefined);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return Object.fromEntries(said) as { [K in keyof T]: Exclude<T[K], undefined> };
}

type Without<C, K extends string> = C extends unknown ? Omit<C, K> : never;
type AskedCommand = Without<
  Exclude<AccountCommand, { type: "bind-account" }>,
  "by" | "at" | "hasConfiguredAdmin"
>;

async function carryOut(
  c: Context<ApiEnv>,
  { commands, nowMs, hasConfiguredAdmin }: UserRoutesDeps,
  command: AskedCommand,
): Promise<Outcome<IdentityEvent>> {
  const at = nowMs();
  const asked = { by: c.get("principal").name, at, hasConfiguredAdmin };
  return await commands.handle({ ...command, ...asked }, causeOf(c, SOURCE, at));
}

async function afterwards(
  c: Context<ApiEnv>,
  { table, waitFor }: UserRoutesDeps,
  { seq, userId }: { readonly seq: number; readonly userId: string },
): Promise<ReturnType<typeof userView>> {
  const isShown = await waitFor(seq, READ_YOUR_WRITES_MS);
  const account = table.account(userId);
  if (!isShown || account === undefined) throw notShownYet();
  setEtag(c, account.version);
  return userView(account);
}

function addMe(router: ApiRouter, { table }: UserRoutesDeps): void {
  router.openapi(meRoute, (c) => {
    const principal = c.get("principal");
    const { name, employeeId, scopes, grants } = principal;
    const account = table.accountOfPrincipal(name);
    return c.json(
      {
        name,
        displayName: account?.displayName ?? null,
        employeeId: employeeId ?? null,
        scopes: [...scopes],
        grants: grants.map(grantView),
        permissions: permissionsView({ grants, employeeId }),
      },
      200,
    );
  });
}
