import type { Decided } from "@clockleaf/shared/events/envelope.ts";
import type { IdentityEvent } from "@clockleaf/shared/events/identity.ts";
import { describe, expect, it } from "vitest";
import { given, refused } from "../../eventing/decider-spec.ts";
import type { NewAccount } from "./account-rules.ts";
import { accessDecider } from "./decider.ts";
import { accountIn } from "./state.ts";

const ADMIN = [{ role: "admin" }] as const;
const account = (userId: string, more: Partial<NewAccount> = {}): NewAccount => ({
  userId,
  displayName: null,
  email: `${userId}@example.org`,
  issuer: null,
  subject: null,
  employeeId: null,
  grants: [],
  ...more,
});
const created = (userId: string, more: Partial<NewAccount> = {}): Decided<IdentityEvent> => {
  const { grants, ...rest } = account(userId, more);
  const data = { ...rest, grants: grants.map(({ role }) => ({ role })), by: "test", at: 1 };
  return { type: "identity.account.created", data };
};
const issued = (keyId: string, more: object = {}): Decided<IdentityEvent> => ({
  type: "identity.key.issued",
  data: {
    keyId,
    name: keyId,
    sha256: "a".repeat(64),
    scopes: ["admin"],
    grants: [],
    actsFor: null,
    expiresAt: null,
    by: "test",
    at: 1,
    ...more,
  },
});
const asked = { by: "key", at: 10, hasConfiguredAdmin: false };
const create = (userId: string, more: Partial<NewAccount> = {}) =>
  ({ type: "create-account", account: account(userId, more), isFirst: false, ...asked }) as const;

describe("accounts", () => {
  it("are made once, however often that is asked for", () => {
    expect(given(accessDecider).when(create("ada"))).toMatchObject([
      { type: "identity.account.created", data: { userId: "ada", by: "key" } },
    ]);
    expect(given(accessDecider, [created("ada")]).when(create("ada"))).toEqual([]);
  });

  it.each([
    ["an address", { email: "ada@example.org" }, "account.email-taken"],
    ["a login", { issuer: "https://id", subject: "s-1" }, "account.login-taken"],
    ["a person", { employeeId: "e-1" }, "account.employee-taken"],
    ["no way to log in", { email: null }, "account.no-login"],
    ["half a login", { issuer: "https://id" }, "account.half-a-login"],
  ])("are one for %s", (_what, more, code) => {
    const login = { issuer: "https://id", subject: "s-1", employeeId: "e-1" };
    const known = given(accessDecider, [created("ada", login)]);
    expect(known.when(create("bob", more))).toMatchObject(refused(code));
  });

  it("are bound to the first login and to no other after it", () => {
    const bind = { type: "bind-account", userId: "ada", issuer: "https://id", at: 2 } as const;
    const known = given(accessDecider, [created("ada")]);
    const events = known.when({ ...bind, subject: "s-1" });
    expect(events).toMatchObject([{ type: "identity.account.bound", data: { subject: "s-1" } }]);
    const bound = given(accessDecider, [
      created("ada"),
      ...(events as ReadonlyArray<Decided<IdentityEvent>>),
    ]);
    expect(bound.when({ ...bind, subject: "s-1" })).toEqual([]);
    expect(bound.when({ ...bind, subject: "s-2" })).toMatchObject(refused("account.bound"));
  });

  it("are not bound while they are disabled", () => {
    const off = { type: "identity.account.disabled", data: { userId: "ada", by: "x", at: 2 } };
    const known = given(accessDecider, [created("ada"), off as Decided<IdentityEvent>]);
    const bind = { type: "bind-account", userId: "ada", issuer: "https://id", at: 2 } as const;
    expect(known.when({ ...bind, subject: "s-1" })).toMatchObject(refused("account.disabled"));
  });

  it("are changed only as they were read", () => {
    const known = given(accessDecider, [created("ada")]);
    const change = { type: "change-account", userId: "ada", changes: { displayName: "Ada" } };
    const command = { ...change, ...asked } as const;
    expect(known.when({ ...command, type: "change-account", ifVersion: 7 })).toMatchObject(
      refused("aggregate.changed"),
    );
    expect(known.when({ ...command, type: "change-account", ifVersion: 1 })).toMatchObject([
      { type: "identity.account.changed", data: { displayName: "Ada" } },
    ]);
  });

  it("forget whose they were once the person is erased, and stay so", () => {
    const erase = { type: "erase-account", userId: "ada", ...asked } as const;
    const events = given(accessDecider, [created("ada", { grants: ADMIN })]).when(erase);
    const known = given(accessDecider, [
      created("ada", { grants: ADMIN }),
      ...(events as ReadonlyArray<Decided<IdentityEvent>>),
    ]);
    const { email, grants, status } = accountIn(known.state, "ada") ?? {};
    expect({ email, grants, status }).toEqual({ email: null, grants: [], status: "erased" });
    expect(known.when({ type: "enable-account", userId: "ada", ...asked })).toMatchObject(
      refused("account.erased"),
    );
  });
});

describe("somebody who can manage accounts", () => {
  const two = [created("ada", { grants: ADMIN }), created("bob", { grants: ADMIN })];
  const strip = (userId: string, by: string) =>
    ({ type: "set-grants", userId, grants: [], ...asked, by }) as const;

  it("does not take that away from themselves", () => {
    const known = given(accessDecider, two);
    expect(known.when(strip("ada", "user:ada"))).toMatchObject(refused("identity.own-admin"));
    const disable = { type: "disable-account", userId: "ada", ...asked, by: "user:ada" } as const;
    expect(known.when(disable)).toMatchObject(refused("identity.own-admin"));
    expect(known.when(strip("ada", "user:bob"))).toMatchObject([
      { type: "identity.account.grants-set" },
    ]);
  });

  it.each([
    ["stripped", strip("ada", "key")],
    ["disabled", { type: "disable-account", userId: "ada", ...asked } as const],
  ])("is not %s if nobody else is left", (_what, command) => {
    const known = given(accessDecider, [created("ada", { grants: ADMIN }), created("bob")]);
    expect(known.when(command)).toMatchObject(refused("identity.last-admin"));
    expect(known.when({ ...command, hasConfiguredAdmin: true })).toHaveLength(1);
  });

  it("may be a key, as long as it opens", () => {
    const admin = created("ada", { grants: ADMIN });
    const withKey = given(accessDecider, [admin, issued("k-1")]);
    expect(withKey.when(strip("ada", "k-1"))).toHaveLength(1);
    const expired = given(accessDecider, [admin, issued("k-1", { expiresAt: 5 })]);
    expect(expired.when(strip("ada", "other"))).toMatchObject(refused("identity.last-admin"));
    const only = given(accessDecider, [issued("k-1")]);
    const revoke = { type: "revoke-key", keyId: "k-1", ...asked, by: "other" } as const;
    expect(only.when(revoke)).toMatchObject(refused("identity.last-admin"));
  });

  it("is made by the setup once", () => {
    const first = { ...create("ada", { grants: ADMIN }), isFirst: true };
    expect(given(accessDecider).when(first)).toHaveLength(1);
    expect(given(accessDecider, two).when(first)).toMatchObject(refused("setup.done"));
    expect(given(accessDecider, [issued("k-1")]).when(first)).toMatchObject(refused("setup.done"));
  });
});

describe("keys", () => {
  const key = { keyId: "k-2", name: "k-1", sha256: "b".repeat(64), scopes: ["read"] } as const;
  const issue = {
    type: "issue-key",
    key: { ...key, grants: [], employeeId: null, expiresAt: null },
    isFirst: false,
    ...asked,
  } as const;

  it("share no name while they open", () => {
    expect(given(accessDecider, [issued("k-1")]).when(issue)).toMatchObject(
      refused("api-key.name-taken"),
    );
    expect(given(accessDecider, [issued("k-1", { expiresAt: 9 })]).when(issue)).toHaveLength(1);
  });

  it("are not rotated once they have ended", () => {
    const rotate = {
      type: "rotate-key",
      keyId: "k-1",
      sha256: "c".repeat(64),
      formerUntil: 0,
      ...asked,
    } as const;
    expect(given(accessDecider, [issued("k-1")]).when(rotate)).toHaveLength(1);
    expect(given(accessDecider, [issued("k-1", { expiresAt: 9 })]).when(rotate)).toMatchObject(
      refused("api-key.ended"),
    );
  });
});
