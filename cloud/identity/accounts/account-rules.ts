import { type Refusal, refuse } from "../../eventing/decider.ts";
import type { Grant } from "../rights.ts";
import {
  type Asked,
  type Decision,
  type Guarded,
  isStale,
  setUpAlready,
  stale,
  storedGrants,
} from "./asked.ts";
import { staysGoverned } from "./last-admin.ts";
import { isSameValue } from "./same.ts";
import { type Access, type Account, accountIn, accountsOf, hasAdmin, type Login } from "./state.ts";

export type NewAccount = Login & Pick<Account, "userId" | "employeeId" | "grants">;

export type AccountCommand =
  | ({
      readonly type: "create-account";
      readonly account: NewAccount;
      readonly isFirst: boolean;
    } & Asked)
  | ({
      readonly type: "change-account";
      readonly userId: string;
      readonly changes: Partial<Login & Pick<Account, "employeeId">>;
    } & Asked &
      Guarded)
  | {
      readonly type: "bind-account";
      readonly userId: string;
      readonly issuer: string;
      readonly subject: string;
      readonly at: number;
    }
  | ({
      readonly type: "set-grants";
      readonly userId: string;
      readonly grants: readonly Grant[];
    } & Asked &
      Guarded)
  | ({ readonly type: "disable-account"; readonly userId: string } & Asked)
  | ({ readonly type: "enable-account"; readonly userId: string } & Asked)
  | ({ readonly type: "erase-account"; readonly userId: string } & Asked);

export function decideAccount(access: Access, command: AccountCommand): Decision {
  if (command.type === "create-account") return create(access, command);
  const account = accountIn(access, command.userId);
  if (account === undefined) return refuse("account.not-found", "there is no such account");
  switch (command.type) {
    case "change-account":
      return change(access, account, command);
    case "bind-account":
      return bind(access, account, command);
    case "set-grants":
      return setGrants(access, account, command);
    case "disable-account":
      if (account.status !== "active") return [];
      return staysGoverned(access, command, [
        { type: "identity.account.disabled", data: told(command) },
      ]);
    case "enable-account":
      if (account.status === "erased") return erased();
      return account.status === "active"
        ? []
        : [{ type: "identity.account.enabled", data: told(command) }];
    case "erase-account":
      return account.status === "erased"
        ? []
        : [{ type: "identity.account.erased", data: told(command) }];
  }
}

const told = ({ userId, by, at }: { userId: string } & Asked) => ({ userId, by, at });
const erased = (): Refusal => refuse("account.erased", "the person of the account was erased");
function create(
  access: Access,
  command: Extract<AccountCommand, { type: "create-account" }>,
): Decision {
  const { account, by, at, isFirst } = command;
  if (isFirst && hasAdmin(access, at)) return setUpAlready();
  const { userId } = account;
  const before = accountIn(access, userId);
  // Asked for again, because the answer did not arrive.
  if (before !== undefined && isSame(before, account)) return [];
  if (before !== undefined) return refuse("account.exists", "the id belongs to another account");
  return (
    faultOf(access, account) ?? [
      {
        type: "identity.account.created",
        data: { ...account, grants: storedGrants(account.grants), by, at },
      },
    ]
  );
}

function isSame(before: Account, { userId: _id, ...wanted }: NewAccount): boolean {
  const { userId: _same, status, version: _version, ...known } = before;
  return status === "active" && isSameValue(known, wanted);
}

function change(
  access: Access,
  account: Account,
  { changes, ifVersion, by, at }: Extract<AccountCommand, { type: "change-account" }>,
): Decision {
  if (account.status === "erased") return erased();
  if (isStale(account, { ifVersion })) return stale();
  const { userId, employeeId, displayName, email, issuer, subject } = account;
  const before = { userId, employeeId, displayName, email, issuer, subject };
  const after = { ...before, ...changes };
  if (isSameValue(before, after)) return [];
  return (
    faultOf(access, after) ?? [{ type: "identity.account.changed", data: { ...after, by, at } }]
  );
}

/** The first login of somebody whose verified address has an account; from then on the address opens nothing any more. */
function bind(
  access: Access,
  account: Account,
  { issuer, subject, at }: Extract<AccountCommand, { type: "bind-account" }>,
): Decision {
  if (account.status !== "active") return refuse("account.disabled", "the account is disabled");
  if (account.issuer === issuer && account.subject === subject) return [];
  if (account.subject !== null || account.issuer !== null) {
    return refuse("account.bound", "the account belongs to another login");
  }
  const { userId, employeeId } = account;
  return (
    faultOf(access, { ...account, issuer, subject }) ?? [
      { type: "identity.account.bound", data: { userId, employeeId, issuer, subject, at } },
    ]
  );
}

function setGrants(
  access: Access,
  account: Account,
  command: Extract<AccountCommand, { type: "set-grants" }>,
): Decision {
  const { userId, grants, by, at } = command;
  if (account.status === "erased") return erased();
  if (isStale(account, command)) return stale();
  if (isSameValue(account.grants, grants)) return [];
  const data = { userId, grants: storedGrants(grants), by, at };
  return staysGoverned(access, command, [{ type: "identity.account.grants-set", data }]);
}

/** One account per login, address and person; and one must be able to log in. */
function faultOf(
  access: Access,
  wanted: Login & Pick<Account, "userId" | "employeeId">,
): Refusal | undefined {
  const { userId, email, issuer, subject, employeeId } = wanted;
  if ((issuer === null) !== (subject === null)) {
    return refuse("account.half-a-login", "issuer and subject belong together");
  }
  if (email === null && subject === null) {
    return refuse("account.no-login", "an e-mail address, or issuer and subject, must be given");
  }
  for (const other of accountsOf(access)) {
    if (other.userId === userId || other.status === "erased") continue;
    if (email !== null && other.email === email) {
      return refuse("account.email-taken", "another account has this e-mail address");
    }
    if (subject !== null && other.subject === subject && other.issuer === issuer) {
      return refuse("account.login-taken", "another account belongs to this login");
    }
    if (employeeId !== null && other.employeeId === employeeId) {
      return refuse("account.employee-taken", "another account belongs to this person");
    }
  }
  return undefined;
}
