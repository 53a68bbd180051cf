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
  newRouter,
  page,
  setEtag,
} from "../../api/router.ts";
import type { Outcome } from "../../eventing/aggregate-runner.ts";
import { notShownYet } from "../../eventing/caught-up.ts";
import { isRefusal, refuse } from "../../eventing/decider.ts";
import { newEventId } from "../../eventing/event-id.ts";
import { type AccessCommands, SOURCE } from "../accounts/commands.ts";
import type { KeyCommand } from "../accounts/key-rules.ts";
import { keyIn, keysOf } from "../accounts/state.ts";
import type { AccountTable } from "../accounts/table.ts";
import {
  issueKeyRoute,
  listKeysRoute,
  revokeKeyRoute,
  rotateKeyRoute,
  showKeyRoute,
} from "../route-definitions.ts";
import { newSecret, sha256Of } from "../secret.ts";
import { KEY_PREFIX } from "../sources.ts";
import { keyView } from "../views.ts";
import type { KeyUse } from "./key-use.ts";

export interface KeyRoutesDeps {
  readonly table: AccountTable;
  readonly commands: AccessCommands;
  readonly use: KeyUse;
  readonly waitFor: (seq: number, timeoutMs: number) => Promise<boolean>;
  readonly hasConfiguredAdmin: boolean;
  /** Names of the configuration's keys: they are taken. */
  readonly configuredNames: ReadonlySet<string>;
  readonly nowMs: () => number;
}

const READ_YOUR_WRITES_MS = 2_000;

/** API keys that are issued over the API, for `/api/v1`. */
export function createKeyRoutes(deps: KeyRoutesDeps): ApiRouter {
  const router = newRouter();
  addReads(router, deps);
  addChanges(router, deps);
  return router;
}

type KeyView = ReturnType<typeof keyView>;

function addReads(router: ApiRouter, { table, use }: KeyRoutesDeps): void {
  router.openapi(listKeysRoute, async (c) => {
    const { cursor, limit } = c.req.valid("query");
    const after = decodeCursor(cursor, z.string().max(64)) ?? "";
    const found = [...keysOf(table.access())]
      .filter(({ keyId }) => keyId > after)
      .toSorted((a, b) => (a.keyId < b.keyId ? -1 : 1));
    const shown = found.slice(0, limit);
    const last = found.length > limit ? shown.at(-1) : undefined;
    const next = last === undefined ? null : encodeCursor(last.keyId);
    const views = await Promise.all(
      shown.map(async (key) => keyView(key, await use.lastUsedAt(key.keyId))),
    );
    return c.json(page(c, views, next), 200);
  });

  router.openapi(showKeyRoute, async (c) => {
    const found = keyIn(table.access(), c.req.valid("param").keyId);
    if (found === undefined) return problem(c, { code: "command.not-found" });
    setEtag(c, found.version);
    return c.json(keyView(found, await use.lastUsedAt(found.keyId)), 200);
  });
}

function addChanges(router: ApiRouter, deps: KeyRoutesDeps): void {
  router.openapi(issueKeyRoute, async (c) => {
    const { name, scopes, grants, employeeId, expiresAt: until } = c.req.valid("json");
    if (deps.configuredNames.has(name)) {
      return refused(c, refuse("api-key.name-taken", "a key of the configuration has this name"));
    }
    const expiresAt = until === null ? null : Date.parse(until);
    if (expiresAt !== null && expiresAt <= deps.nowMs()) {
      return refused(c, refuse("api-key.ended-already", "expiresAt has passed already"));
    }
    const key = newSecret(KEY_PREFIX);
    const keyId = newEventId();
    const fields = { keyId, name, sha256: sha256Of(key), scopes, grants, employeeId, expiresAt };
    const outcome = await carryOut(c, deps, { type: "issue-key", key: fields, isFirst: false });
    if (isRefusal(outcome)) return refused(c, outcome);
    const apiKey = await afterwards(c, deps, { seq: outcome.seq, keyId });
    c.header("Location", `/api/v1/api-keys/${keyId}`);
    return c.json({ key, apiKey }, 201);
  });

  router.openapi(rotateKeyRoute, async (c) => {
    const { keyId } = c.req.valid("param");
    const { graceSeconds } = c.req.valid("json");
    const key = newSecret(KEY_PREFIX);
    const formerUntil = deps.nowMs() + graceSeconds * 1000;
    const command = { type: "rotate-key", keyId, sha256: sha256Of(key), formerUntil } as const;
    const outcome = await carryOut(c, deps, command);
    if (isRefusal(outcome)) return refused(c, outcome);
    return c.json({ key, apiKey: await afterwards(c, deps, { seq: outcome.seq, keyId }) }, 200);
  });

  router.openapi(revokeKeyRoute, async (c) => {
    const { keyId } = c.req.valid("param");
    const outcome = await carryOut(c, deps, { type: "revoke-key", keyId });
    if (isRefusal(outcome)) return refused(c, outcome);
    return c.json(await afterwards(c, deps, { seq: outcome.seq, keyId }), 200);
  });
}

type Without<C, K extends string> = C extends unknown ? Omit<C, K> : never;

async function carryOut(
  c: Context<ApiEnv>,
  { commands, nowMs, hasConfiguredAdmin }: KeyRoutesDeps,
  command: Without<KeyCommand, "by" | "at" | "hasConfiguredAdmin">,
): Promise<Outcome<IdentityEvent>> {
  const at = nowMs();
  const asked = { by: c.get("principal").name, at, hasConfiguredAdmin };
  return await commands.handle({ ...command, ...asked }, causeOf(c, SOURCE, at));
}

async function afterwards(
  c: Context<ApiEnv>,
  { table, use, waitFor }: KeyRoutesDeps,
  { seq, keyId }: { readonly seq: number; readonly keyId: string },
): Promise<KeyView> {
  const isShown = await waitFor(seq, READ_YOUR_WRITES_MS);
  const key = keyIn(table.access(), keyId);
  if (!isShown || key === undefined) throw notShownYet();
  setEtag(c, key.version);
  return keyView(key, await use.lastUsedAt(keyId));
}
