import { silentLog } from "@clockleaf/shared/lib/log.ts";
import { createApiApp } from "../../cloud/api/app.ts";
import {
  type ApiKey,
  createKeyring,
  createSessions,
  SESSION_COOKIE,
} from "../../cloud/api/auth.ts";
import type { FailureLimits } from "../../cloud/api/failures.ts";
import { createFailures } from "../../cloud/api/failures.ts";
import type { ApiRouter } from "../../cloud/api/router.ts";
import { openJsEventStore } from "../../cloud/eventing/js-event-store.ts";
import { heldHere } from "../../cloud/eventing/leases.ts";
import type { PersonalVault } from "../../cloud/eventing/vault.ts";
import { accessToNobody } from "../../cloud/identity/access.ts";
import { type IdentityConfig, identityConfigSchema } from "../../cloud/identity/config.ts";
import { type IdentityContext, startIdentity } from "../../cloud/identity/identity.ts";
import { createKeyRoutes } from "../../cloud/identity/keys/routes.ts";
import { createLoginRoutes } from "../../cloud/identity/login/routes.ts";
import { createSetupRoutes } from "../../cloud/identity/setup/routes.ts";
import { createUserRoutes } from "../../cloud/identity/users/routes.ts";
import { createMetrics } from "../../cloud/metrics.ts";
import type { CloudHub } from "./cloud-hub.ts";

export const PUBLIC_URL = "http://clockleaf.test";

export interface IdentityProcessOptions {
  readonly cloud: CloudHub;
  readonly vault: PersonalVault;
  readonly nowMs: () => number;
  readonly dir: string;
  readonly keys?: readonly ApiKey[];
  readonly config?: object;
  readonly limits?: FailureLimits;
  readonly more?: readonly ApiRouter[];
  readonly isWorking?: boolean;
}

/** The identity context and the API before it, as one process runs them. */
export interface IdentityProcess extends AsyncDisposable {
  readonly context: IdentityContext;
  readonly app: ApiRouter;
  /** A request with whatever headers; `json` becomes the body. */
  call(method: string, path: string, ask?: Ask): Promise<Response>;
}

export interface Ask {
  readonly key?: string;
  readonly json?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export async function startIdentityProcess(
  options: IdentityProcessOptions,
): Promise<IdentityProcess> {
  const { cloud, vault, nowMs, dir, keys = [], more = [] } = options;
  const { nc } = cloud;
  const config: IdentityConfig = identityConfigSchema.parse(options.config ?? {});
  const context = await startIdentity({
    nc,
    eventStore: await openJsEventStore({ nc, vault }),
    vault,
    tenant: "acme",
    dataDir: dir,
    nowMs,
    log: silentLog(),
    leases: heldHere(),
    isWorking: options.isWorking ?? false,
    config,
    publicUrl: PUBLIC_URL,
    isSecure: false,
    cookieName: SESSION_COOKIE,
    configured: keys,
    cooldownMs: 0,
  });
  const app = createApiApp({
    log: silentLog(),
    keyring: createKeyring(keys),
    sessions: createSessions(nowMs),
    sources: context.sources,
    ...(options.limits === undefined ? {} : { failures: createFailures(options.limits, nowMs) }),
    trustedProxies: 1,
    publicUrl: PUBLIC_URL,
    metrics: createMetrics(),
    access: accessToNobody(),
    contexts: [createUserRoutes(context.users), createKeyRoutes(context.keys), ...more],
    entrances: [createLoginRoutes(context.login), createSetupRoutes(context.setup)],
    checks: () => [],
    startedAtMs: nowMs(),
    isSecure: false,
    areMetricsOpen: true,
  });
  return {
    context,
    app,
    call: async (method, path, { key, json, headers = {} } = {}) =>
      await app.request(`${PUBLIC_URL}${path}`, {
        method,
        headers: {
          ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
          ...(json === undefined ? {} : { "content-type": "application/json" }),
          ...headers,
        },
        ...(json === undefined ? {} : { body: JSON.stringify(json) }),
      }),
    [Symbol.asyncDispose]: () => context.close(),
  };
}
