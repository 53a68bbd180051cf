import { codeOf } from "@clockleaf/shared/lib/errors.ts";
import { BUCKETS } from "@clockleaf/shared/subjects.ts";
import type { ContextOptions, RunningContext } from "../eventing/context.ts";
import { createReaction } from "../eventing/reaction.ts";
import { createAccessCommands } from "./accounts/commands.ts";
import { type FollowStatus, followAccounts } from "./accounts/follow.ts";
import { hasAdmin } from "./accounts/state.ts";
import { type AccountTable, createAccountTable } from "./accounts/table.ts";
import { openRecords } from "./bucket.ts";
import type { IdentityConfig } from "./config.ts";
import { createKeyUse, keyUseSchema } from "./keys/key-use.ts";
import type { KeyRoutesDeps } from "./keys/routes.ts";
import type { LoginRoutesDeps } from "./login/routes.ts";
import { createLoginSessions, sessionSchema } from "./login/sessions.ts";
import { createCodeFlow } from "./oidc/code-flow.ts";
import { createPeople } from "./oidc/people.ts";
import { createProvider } from "./oidc/provider.ts";
import { identityReactions } from "./reactions.ts";
import type { SetupRoutesDeps } from "./setup/routes.ts";
import { createSetupTokens, SETUP_TOKEN_MS, setupTokenSchema } from "./setup/setup-token.ts";
import { bearerTokens, type IdentifiedSource, issuedKeys, loginCookies } from "./sources.ts";
import type { UserRoutesDeps } from "./users/routes.ts";

export interface IdentityOptions extends ContextOptions {
  readonly config: IdentityConfig;
  /** Where people reach the API. */
  readonly publicUrl: string | undefined;
  readonly isSecure: boolean;
  readonly cookieName: string;
  /** Keys of the configuration. */
  readonly configured: readonly ConfiguredKey[];
  /** How long the provider is not asked again for an unknown key; only tests change it. */
  readonly cooldownMs?: number;
}

interface ConfiguredKey {
  readonly name: string;
  readonly scopes: readonly string[];
}

export interface IdentityContext extends RunningContext {
  readonly table: AccountTable;
  /** Whom the API asks who holds a credential, one after the other. */
  readonly sources: readonly IdentifiedSource[];
  readonly users: UserRoutesDeps;
  readonly keys: KeyRoutesDeps;
  readonly login: LoginRoutesDeps;
  readonly setup: SetupRoutesDeps;
  status(): FollowStatus;
  /** Tells the log how the first admin is made, if there is none; once, whoever of several processes is first. */
  tellSetup(): Promise<void>;
}

const CATCH_UP_MS = 10_000;

/** Starts the whole context. Resolves once everybody who may enter is known: nobody is turned away for a slow start. */
export async function startIdentity(options: IdentityOptions): Promise<IdentityContext> {
  const { nc, tenant, eventStore, nowMs, config, configured } = options;
  const log = options.log.child({ context: "identity" });
  const table = createAccountTable();
  const commands = createAccessCommands(eventStore, tenant);
  const following = followAccounts({ ...options, table, log });
  const waitFor = (seq: number, timeoutMs: number) => following.waitFor(seq, timeoutMs);
  const hasConfiguredAdmin = configured.some(({ scopes }) => scopes.includes("admin"));
  const configuredNames = new Set(configured.map(({ name }) => name));
  try {
    const [sessionRecords, useRecords, setupRecords] = await Promise.all([
      openRecords(nc, BUCKETS.sessions, sessionSchema),
      openRecords(nc, BUCKETS.identity, keyUseSchema),
      openRecords(nc, BUCKETS.identity, setupTokenSchema),
      following.readToTheEnd(CATCH_UP_MS),
    ]);
    const use = createKeyUse({ records: useRecords, tenant, nowMs, log });
    const sessions = createLoginSessions({ records: sessionRecords, tenant, nowMs, log });
    const tokens = createSetupTokens(setupRecords, tenant, nowMs);
    const shared = { table, commands, waitFor, hasConfiguredAdmin, configuredNames, nowMs };
    const oidc = openOidc(options, { ...shared, log });
    const consumers = options.isWorking
      ? identityReactions({ commands, nowMs }).map((reaction) =>
          createReaction({ ...options, context: "identity" }, reaction),
        )
      : [];
    for (const consumer of consumers) consumer.start();
    const { cookieName, isSecure } = options;
    return {
      table,
      sources: [
        issuedKeys(table, use, nowMs),
        ...(oidc === undefined ? [] : [oidc.bearer]),
        loginCookies(table, sessions),
      ],
      users: shared,
      keys: { ...shared, use },
      login: { login: oidc?.login, sessions, cookieName, isSecure },
      setup: { ...shared, tokens, hasProvider: config.oidc !== undefined },
      projections: [],
      consumers,
      status: () => following.status(),
      async tellSetup() {
        if (hasConfiguredAdmin || hasAdmin(table.access(), nowMs())) return;
        try {
          const issued = await tokens.issueIfNone();
          if (issued === undefined) return;
          // The one secret that is logged, on purpose: whoever reads the log of a new installation may set it up, within the
          // hour, once. From then on it opens nothing.
          log.warn(
            { setupWith: issued.token, validMinutes: SETUP_TOKEN_MS / 60_000 },
            "no admin yet: make one by POST /setup with this token",
          );
        } catch (error) {
          log.warn({ err: error, code: codeOf(error) }, "no setup token made");
        }
      },
      async close() {
        await Promise.all(consumers.map((each) => each.close()));
        await use.close();
        await following.close();
      },
    };
  } catch (error) {
    await following.close();
    throw error;
  }
}

/** What the provider of logins is for, if one is configured. */
function openOidc(
  { config, publicUrl, cooldownMs }: IdentityOptions,
  { log, ...shared }: UserRoutesDeps & { readonly log: IdentityOptions["log"] },
) {
  const { oidc } = config;
  if (oidc === undefined) return undefined;
  const { nowMs } = shared;
  const cooldown = cooldownMs === undefined ? {} : { cooldownMs };
  const provider = createProvider({ issuer: oidc.issuer, nowMs, log, ...cooldown });
  const people = createPeople({ ...shared, config: oidc, log });
  const audience = typeof oidc.audience === "string" ? oidc.audience : [...oidc.audience];
  const bearer = bearerTokens(people, { provider, config: oidc, audience, nowMs });
  const { clientId } = oidc;
  if (clientId === undefined || publicUrl === undefined) return { bearer, login: undefined };
  const client = { ...oidc, clientId };
  const flow = createCodeFlow({ config: client, publicUrl, provider, nowMs, log });
  return { bearer, login: { flow, people } };
}
