import { emailInput } from "@clockleaf/shared/lib/email-input.ts";
import { createRoute, z } from "@hono/zod-openapi";
import { needs } from "../../api/needs.ts";
import { problem, problemSchema, refused } from "../../api/problem.ts";
import {
  type ApiRouter,
  causeOf,
  jsonBody,
  jsonResponse,
  newRouter,
  refusalResponses,
  tooManyResponse,
} from "../../api/router.ts";
import { isRefusal, refuse } from "../../eventing/decider.ts";
import { newEventId } from "../../eventing/event-id.ts";
import type { NewAccount } from "../accounts/account-rules.ts";
import { setUpAlready } from "../accounts/asked.ts";
import { type AccessCommands, SOURCE } from "../accounts/commands.ts";
import type { AccessCommand } from "../accounts/decider.ts";
import type { NewKey } from "../accounts/key-rules.ts";
import { hasAdmin } from "../accounts/state.ts";
import type { AccountTable } from "../accounts/table.ts";
import { newSecret, sha256Of } from "../secret.ts";
import { KEY_PREFIX } from "../sources.ts";
import type { SetupTokens } from "./setup-token.ts";

export interface SetupRoutesDeps {
  readonly tokens: SetupTokens;
  readonly table: AccountTable;
  readonly commands: AccessCommands;
  readonly waitFor: (seq: number, timeoutMs: number) => Promise<boolean>;
  readonly hasConfiguredAdmin: boolean;
  /** Whether anybody can log in to an account at all. */
  readonly hasProvider: boolean;
  readonly configuredNames: ReadonlySet<string>;
  readonly nowMs: () => number;
}

const setupSchema = z
  .strictObject({
    token: z.string().min(1).max(128).describe("From the log, or `clockleaf admin setup-link`"),
    apiKey: z
      .strictObject({ name: z.string().regex(/^[A-Za-z0-9_.-]{1,64}$/) })
      .optional()
      .describe("Make an API key with the scope admin"),
    account: z
      .strictObject({
        email: emailInput.toLowerCase().describe("Verified by the login provider"),
        displayName: z.string().trim().min(1).max(120).nullable().default(null),
      })
      .optional()
      .describe("Or an account with the role admin, to log in to"),
  })
  .refine(({ apiKey, account }) => (apiKey === undefined) !== (account === undefined), {
    message: "send either apiKey or account",
    path: ["apiKey"],
  })
  .meta({ id: "Setup", oneOf: [needs("apiKey"), needs("account")] });

const setupRoute = createRoute({
  method: "post",
  path: "/setup",
  operationId: "setUp",
  summary: "Make the first admin, once, with the setup token",
  tags: ["setup"],
  security: [],
  request: { body: jsonBody(setupSchema) },
  responses: {
    201: jsonResponse(
      z.object({
        key: z.string().nullable().describe("Shown this once"),
        userId: z.string().nullable(),
      }),
      "The first admin is made",
    ),
    401: {
      description: "Not the setup token, or no more",
      content: { "application/problem+json": { schema: problemSchema } },
    },
    ...refusalResponses,
    ...tooManyResponse,
  },
});

const SHOWN_MS = 2_000;
const BY_SETUP = "setup";

/** The first admin. Mounted outside `/api/v1`: there is nobody yet who could ask. */
export function createSetupRoutes(deps: SetupRoutesDeps): ApiRouter {
  const { tokens, commands, hasConfiguredAdmin, nowMs } = deps;
  const router = newRouter();
  router.openapi(setupRoute, async (c) => {
    const { token, apiKey, account } = c.req.valid("json");
    if (hasConfiguredAdmin || hasAdmin(deps.table.access(), nowMs()))
      return refused(c, setUpAlready());
    if (!(await tokens.isValid(token))) {
      return problem(c, { code: "api.unauthorised", detail: "the setup token is not valid" });
    }
    if (account !== undefined && !deps.hasProvider) {
      return refused(c, refuse("setup.no-provider", "no login provider is configured"));
    }
    if (apiKey !== undefined && deps.configuredNames.has(apiKey.name)) {
      return refused(c, refuse("api-key.name-taken", "a configured key has this name"));
    }
    const at = nowMs();
    const key = newSecret(KEY_PREFIX);
    const asked = { by: BY_SETUP, at, hasConfiguredAdmin, isFirst: true } as const;
    const id = newEventId();
    const command: AccessCommand =
      account === undefined
        ? { type: "issue-key", key: firstKey(id, apiKey?.name ?? "admin", key), ...asked }
        : { type: "create-account", account: firstAccount(id, account), ...asked };
    // The decider says no if there is an admin by now: a token that is used twice at one moment makes one.
    const outcome = await commands.handle(command, causeOf(c, SOURCE, at));
    if (isRefusal(outcome)) return refused(c, outcome);
    await tokens.spend();
    await deps.waitFor(outcome.seq, SHOWN_MS);
    c.header("Cache-Control", "no-store");
    const made = account === undefined ? { key, userId: null } : { key: null, userId: id };
    return c.json(made, 201);
  });
  return router;
}

const firstKey = (keyId: string, name: string, key: string): NewKey => ({
  keyId,
  name,
  sha256: sha256Of(key),
  scopes: ["admin"],
  grants: [],
  employeeId: null,
  expiresAt: null,
});

const firstAccount = (
  userId: string,
  { email, displayName }: { readonly email: string; readonly displayName: string | null },
): NewAccount => ({
  userId,
  email,
  displayName,
  issuer: null,
  subject: null,
  employeeId: null,
  grants: [{ role: "admin" }],
});
