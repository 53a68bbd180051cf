import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import type { Log } from "@clockleaf/shared/lib/log.ts";
import { tokenSchema } from "@clockleaf/shared/subjects.ts";
import { z } from "zod";
import { isRefusal } from "../../eventing/decider.ts";
import { deriveEventId } from "../../eventing/event-id.ts";
import { type AccessCommands, SOURCE } from "../accounts/commands.ts";
import type { Account } from "../accounts/state.ts";
import type { AccountTable } from "../accounts/table.ts";
import type { OidcConfig } from "../config.ts";
import { type Identified, identifiedByAccount } from "../identified.ts";
import { ROLES } from "../permissions.ts";
import type { Grant } from "../rights.ts";
import type { Claims } from "./verify.ts";

export interface PeopleOptions {
  readonly config: Pick<OidcConfig, "issuer" | "claims" | "autoProvision" | "areEmailsVerified">;
  readonly table: AccountTable;
  readonly commands: AccessCommands;
  readonly waitFor: (seq: number, timeoutMs: number) => Promise<boolean>;
  readonly hasConfiguredAdmin: boolean;
  readonly nowMs: () => number;
  readonly log: Log;
}

export interface Entering {
  readonly account: Account;
  /** What the token grants besides the account. */
  readonly grants: readonly Grant[];
}

export interface People {
  /**
   * The account behind a verified token; at the first login it is bound, or made if the configuration says so. Rejects with
   * `identity.no-account` if there is none that may enter.
   */
  enter(claims: Claims): Promise<Entering>;
  identified(entering: Entering): Identified;
}

const SHOWN_MS = 2_000;
const emailSchema = z.email().max(254);

export function createPeople(options: PeopleOptions): People {
  const { config, table } = options;
  return {
    async enter(claims) {
      const known = table.accountByLogin(config.issuer, claims.sub);
      const account =
        known ?? (await bound(options, claims)) ?? (await provisioned(options, claims));
      if (account === undefined) throw noAccount("no account belongs to this login");
      if (account.status !== "active") throw noAccount("the account is disabled");
      return { account, grants: grantsIn(claims, config.claims.roles) };
    },
    identified: ({ account, grants }) => identifiedByAccount(account, grants),
  };
}

const noAccount = (message: string): PlatformError =>
  new PlatformError("identity.no-account", message);

/** First login: an account waits for this verified address. */
async function bound(options: PeopleOptions, claims: Claims): Promise<Account | undefined> {
  const { config, table, commands, nowMs, log } = options;
  const email = verifiedEmail(claims, config.areEmailsVerified);
  const waiting = email === undefined ? undefined : table.unboundByEmail(email);
  if (waiting === undefined) return undefined;
  // Asked before anything is stored: a disabled account must not be taken by whoever tries first.
  if (waiting.status !== "active") throw noAccount("the account is disabled");
  const { userId } = waiting;
  const at = nowMs();
  const login = { issuer: config.issuer, subject: claims.sub };
  const outcome = await commands.handle(
    { type: "bind-account", userId, ...login, at },
    causeOf(at, userId),
  );
  if (isRefusal(outcome)) throw noAccount(outcome.message);
  log.info({ userId }, "account bound to its login");
  return await shown(options, { seq: outcome.seq, userId });
}

async function provisioned(options: PeopleOptions, claims: Claims): Promise<Account | undefined> {
  const { config, commands, nowMs, hasConfiguredAdmin, log } = options;
  const named =
    config.claims.employeeId === undefined ? undefined : claims[config.claims.employeeId];
  const employeeId = tokenSchema.safeParse(named);
  if (!config.autoProvision || !employeeId.success) return undefined;
  const at = nowMs();
  // The same for the same login, so that two first requests at one moment make one account.
  const userId = deriveEventId("identity", config.issuer, claims.sub);
  const displayName = z.string().min(1).max(120).safeParse(claims["name"]).data ?? null;
  const account = {
    userId,
    employeeId: employeeId.data,
    displayName,
    email: verifiedEmail(claims, config.areEmailsVerified) ?? null,
    issuer: config.issuer,
    subject: claims.sub,
    grants: [{ role: "employee" }],
  } as const;
  const asked = { by: "oidc", at, hasConfiguredAdmin, isFirst: false };
  const outcome = await commands.handle(
    { type: "create-account", account, ...asked },
    causeOf(at, userId),
  );
  if (isRefusal(outcome)) throw noAccount(outcome.message);
  log.info({ userId }, "account made at the first login");
  return await shown(options, { seq: outcome.seq, userId });
}

async function shown(
  { table, waitFor }: PeopleOptions,
  { seq, userId }: { readonly seq: number; readonly userId: string },
): Promise<Account> {
  await waitFor(seq, SHOWN_MS);
  const account = table.account(userId);
  if (account !== undefined) return account;
  throw new PlatformError("read-model.behind", "the account is not readable yet; ask again", {
    retriable: true,
  });
}

const causeOf = (atMs: number, userId: string) => ({
  source: SOURCE,
  atMs,
  correlationId: null,
  causationId: `login-${userId}`,
  traceparent: undefined,
});

function verifiedEmail(claims: Claims, areAllVerified: boolean): string | undefined {
  if (claims["email_verified"] !== true && !areAllVerified) return undefined;
  return emailSchema.safeParse(claims["email"]).data?.toLowerCase();
}

/** Whoever sets the claim at the provider says who has which role here; places it cannot name. */
function grantsIn(claims: Claims, name: string | undefined): Grant[] {
  const value = name === undefined ? undefined : claims[name];
  const words = typeof value === "string" ? value.split(/[ ,]+/u) : value;
  return Array.isArray(words)
    ? ROLES.filter((role) => words.includes(role)).map((role) => ({ role }))
    : [];
}
