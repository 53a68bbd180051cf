import { randomUUID } from "node:crypto";
import { silentLog } from "@clockleaf/shared/lib/log.ts";
import { newTraceparent } from "@clockleaf/shared/wire/trace-context.ts";
import { createApiApp } from "../../cloud/api/app.ts";
import { type ApiKey, createKeyring, createSessions } from "../../cloud/api/auth.ts";
import type { Conventions } from "../../cloud/api/conventions.ts";
import { problemOfError } from "../../cloud/api/problem.ts";
import { type ApiRouter, newRouter } from "../../cloud/api/router.ts";
import { type Access, accessToNobody } from "../../cloud/identity/access.ts";
import { createMetrics } from "../../cloud/metrics.ts";
import { type Caller, principalOf } from "./access.ts";

export const ADMIN: Caller = { name: "admin", scopes: ["read", "write", "admin"], roles: [] };

/** A context's routes as the API app mounts them, for whoever `principal` names at each request. */
export function contextApi(
  routes: ApiRouter,
  principal: () => Caller = () => ADMIN,
  access: Access = accessToNobody(),
): ApiRouter {
  const router = newRouter();
  router.onError((error, c) => problemOfError(c, error));
  router.use(async (c, next) => {
    c.set("traceparent", newTraceparent());
    c.set("requestId", randomUUID());
    c.set("principal", principalOf(principal()));
    c.set("access", access);
    await next();
  });
  router.route("/", routes);
  return router;
}

/** The whole API app, signing in and all, with these contexts behind it. */
export const apiAppOf = (
  contexts: readonly ApiRouter[],
  keys: readonly ApiKey[],
  more: Partial<AppParts> = {},
): ApiRouter => apiAppWith({ contexts, keys, ...more });

interface AppParts {
  readonly contexts: readonly ApiRouter[];
  readonly keys: readonly ApiKey[];
  readonly nowMs?: () => number;
  /** Left out: nobody is known, so that only who reaches everybody sees people. */
  readonly access?: Access;
  /** Left out: they work within this one app. */
  readonly conventions?: Conventions;
}

export const apiAppWith = ({
  contexts,
  keys,
  nowMs = () => Date.now(),
  access = accessToNobody(),
  ...more
}: AppParts): ApiRouter =>
  createApiApp({
    ...more,
    log: silentLog(),
    keyring: createKeyring(keys),
    sessions: createSessions(nowMs),
    metrics: createMetrics(),
    access,
    contexts,
    checks: () => [],
    startedAtMs: nowMs(),
    isSecure: false,
    areMetricsOpen: false,
  });
