import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createApiKey } from "../../cloud/api/auth.ts";
import { openJsEventStore } from "../../cloud/eventing/js-event-store.ts";
import { createMemoryVault } from "../../cloud/eventing/vault.ts";
import { type CloudHub, startCloudHub } from "../support/cloud-hub.ts";
import { teller } from "../support/domain-events.ts";
import { eventually } from "../support/eventually.ts";
import { type IdentityProcess, startIdentityProcess } from "../support/identity-process.ts";
import { findNatsServer } from "../support/nats.ts";
import { available } from "../support/parts.ts";
import { type TempDir, tempDir } from "../support/temp.ts";

interface User {
  readonly userId: string;
  readonly email: string | null;
  readonly status: string;
  readonly version: number;
  readonly grants: ReadonlyArray<{ readonly role: string }>;
}
interface Shown {
  readonly key: string;
  readonly apiKey: { readonly keyId: string; readonly lastUsedAt: string | null };
}
const body = async <T>(response: Response): Promise<T> => (await response.json()) as T;
const from = (address: string) => ({ "x-forwarded-for": `6.6.6.6, ${address}` });
const setUpWith = (where: IdentityProcess, token: string): Promise<Response> =>
  where.call("POST", "/setup", { json: { token, apiKey: { name: "first" } } });
const codeOf = async (response: Response): Promise<string> =>
  (await body<{ code: string }>(response)).code;
const statusAt = async (where: IdentityProcess, key: string): Promise<number> =>
  (await where.call("GET", "/api/v1/me", { key })).status;

describe.skipIf(!available("nats-server", findNatsServer()))("accounts and issued keys", () => {
  let cloud: CloudHub;
  let dir: TempDir;
  let one: IdentityProcess;
  let two: IdentityProcess;
  let now = Date.parse("2026-11-30T08:00:00Z");
  const vault = createMemoryVault();
  const { key: admin, entry } = createApiKey("boss", ["admin"]);
  const { key: reader, entry: readerEntry } = createApiKey("reader", ["read"]);

  const start = (isWorking: boolean) =>
    startIdentityProcess({
      cloud,
      vault,
      nowMs: () => now,
      dir: dir.path,
      keys: [entry, readerEntry],
      limits: { perAddress: 3, perAccount: 100, windowSeconds: 60 },
      isWorking,
    });
  beforeAll(async () => {
    cloud = await startCloudHub();
    dir = tempDir("identity");
    one = await start(true);
    two = await start(false);
  });
  afterAll(async () => {
    await one[Symbol.asyncDispose]();
    await two[Symbol.asyncDispose]();
    await cloud[Symbol.asyncDispose]();
    dir.remove();
  });

  const create = async (json: object): Promise<User> => {
    const response = await one.call("POST", "/api/v1/users", { key: admin, json });
    expect(response.status).toBe(201);
    return await body<User>(response);
  };
  const issue = async (json: object): Promise<Shown> => {
    const response = await one.call("POST", "/api/v1/api-keys", { key: admin, json });
    expect(response.status).toBe(201);
    return await body<Shown>(response);
  };

  const askFrom = (key: string, address: string) =>
    one.call("GET", "/api/v1/me", { key, headers: from(address) });

  test("an account is made, read, changed as it was read, and listed", async () => {
    const ada = await create({ email: "Ada@Example.org", employeeId: "e-ada" });
    expect(ada).toMatchObject({ email: "ada@example.org", status: "active", grants: [] });
    const path = `/api/v1/users/${ada.userId}`;
    const shown = await one.call("GET", path, { key: admin });
    const etag = shown.headers.get("etag") ?? "";
    const patch = { key: admin, json: { displayName: "Ada" } };
    expect((await one.call("PATCH", path, patch)).status).toBe(428);
    const ok = await one.call("PATCH", path, { ...patch, headers: { "if-match": etag } });
    expect(await body<User>(ok)).toMatchObject({ displayName: "Ada", email: "ada@example.org" });
    const stale = { ...patch, json: { displayName: "Eva" }, headers: { "if-match": etag } };
    expect((await one.call("PATCH", path, stale)).status).toBe(412);
    const double = { key: admin, json: { email: "ada@example.org" } };
    expect(await codeOf(await one.call("POST", "/api/v1/users", double))).toBe(
      "account.email-taken",
    );
    const found = await one.call("GET", "/api/v1/users?email=ada@example.org", { key: admin });
    expect((await body<{ items: User[] }>(found)).items).toHaveLength(1);
  });

  test("only admins see or change who may do what", async () => {
    expect((await one.call("GET", "/api/v1/users", { key: reader })).status).toBe(403);
    const { key } = await issue({ name: "writer", scopes: ["write"] });
    expect((await one.call("POST", "/api/v1/api-keys", { key, json: {} })).status).toBe(403);
  });

  test("a key opens every process at once, says who it is, and no more after its end", async () => {
    const shown = await issue({ name: "sync", scopes: ["read"], employeeId: "e-1" });
    const { key, apiKey } = shown;
    await eventually(async () => (await statusAt(two, key)) === 200);
    const me = await one.call("GET", "/api/v1/me", { key });
    expect(await me.json()).toMatchObject({ name: "sync", employeeId: "e-1", scopes: ["read"] });
    const listed = await one.call("GET", `/api/v1/api-keys/${apiKey.keyId}`, { key: admin });
    const text = await listed.text();
    expect(text).not.toContain(key);
    expect(text).toContain(new Date(now).toISOString());

    const path = `/api/v1/api-keys/${apiKey.keyId}`;
    const ask = { key: admin, json: { graceSeconds: 60 } };
    const rotated = await body<Shown>(await one.call("POST", `${path}/rotate`, ask));
    await eventually(async () => (await statusAt(two, rotated.key)) === 200);
    expect(await statusAt(two, key)).toBe(200);
    now += 61_000;
    expect(await statusAt(two, key)).toBe(401);

    await one.call("POST", `${path}/revoke`, { key: admin });
    expect(await statusAt(one, rotated.key)).toBe(401);
    await eventually(async () => (await statusAt(two, rotated.key)) === 401);
    now += 120_000;
  });

  test("a session of the page that was opened with an issued key ends with it", async () => {
    const { key, apiKey } = await issue({ name: "page", scopes: ["write"] });
    const opened = await one.call("POST", "/session", { json: { apiKey: key } });
    expect(opened.status).toBe(200);
    const cookie = (opened.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
    const me = () => one.call("GET", "/api/v1/me", { headers: { cookie } });
    expect(await (await me()).json()).toMatchObject({ name: "page", scopes: ["read"] });
    const write = { headers: { cookie, "sec-fetch-site": "same-origin" }, json: {} };
    expect((await one.call("POST", "/api/v1/api-keys", write)).status).toBe(403);
    await one.call("POST", `/api/v1/api-keys/${apiKey.keyId}/revoke`, { key: admin });
    expect((await me()).status).toBe(401);
  });

  test("whoever guesses waits; others, and keys that were valid from there, do not", async () => {
    expect((await askFrom(reader, "192.0.2.1")).status).toBe(200);
    for (let i = 0; i < 3; i += 1) {
      expect((await askFrom(`clk_live_${"x".repeat(43)}`, "192.0.2.1")).status).toBe(401);
    }
    const limited = await askFrom(admin, "192.0.2.1");
    expect(limited.status).toBe(429);
    expect(await codeOf(limited)).toBe("api.too-many-failures");
    expect(limited.headers.get("retry-after")).toBe("20");
    expect(limited.headers.get("ratelimit")).toBe('"failed-logins";r=0;t=20');
    expect((await askFrom(reader, "192.0.2.1")).status).toBe(200);
    expect((await askFrom(admin, "192.0.2.2")).status).toBe(200);
    now += 20_000;
    expect((await askFrom(admin, "192.0.2.1")).status).toBe(200);
  });

  test("roles of accounts are known to approvals and messages, in every process", async () => {
    const { userId } = await create({
      email: "hr@example.org",
      employeeId: "e-hr",
      grants: [{ role: "hr" }],
    });
    await eventually(() => two.context.table.employeesOfRole("hr", now).includes("e-hr"));
    expect(two.context.table.employeeOf(`user:${userId}`)).toBe("e-hr");
    const disabled = await one.call("POST", `/api/v1/users/${userId}/disable`, { key: admin });
    expect(await disabled.json()).toMatchObject({ status: "disabled" });
    await eventually(() => !two.context.table.employeesOfRole("hr", now).includes("e-hr"));
  });

  test("an address of a person is stored sealed, and goes with the person", async () => {
    const { userId } = await create({ email: "eve@example.org", employeeId: "e-eve" });
    const jsm = await (await import("@nats-io/jetstream")).jetstreamManager(cloud.nc);
    const last = await jsm.streams.getMessage("IDENTITY", { last_by_subj: "evt.v1.identity.>" });
    expect(new TextDecoder().decode(last?.data)).not.toContain("eve@example.org");

    const tell = teller(await openJsEventStore({ nc: cloud.nc, vault }), "acme");
    const data = { employeeId: "e-eve", requestedBy: "hr", at: now };
    await tell("employee", "e-eve", { type: "employee.person.erased", data });
    await vault.erase({ tenant: "acme", personId: "e-eve" });
    const shown = await eventually(async () => {
      const user = await body<User>(
        await two.call("GET", `/api/v1/users/${userId}`, { key: admin }),
      );
      return user.status === "erased" ? user : undefined;
    });
    expect(shown).toMatchObject({ email: null, grants: [] });
  });
});

describe.skipIf(!available("nats-server", findNatsServer()))("the first setup", () => {
  test("makes one admin with a token that works once", async () => {
    await using cloud = await startCloudHub();
    const dir = tempDir("identity-setup");
    let now = Date.parse("2026-11-30T08:00:00Z");
    const open = () =>
      startIdentityProcess({
        cloud,
        vault: createMemoryVault(),
        nowMs: () => now,
        dir: dir.path,
        limits: { perAddress: 3, perAccount: 100, windowSeconds: 60 },
      });
    await using one = await open();
    await using two = await open();
    const { tokens } = one.context.setup;
    const issued = await tokens.issueIfNone();
    expect(await two.context.setup.tokens.issueIfNone()).toBeUndefined();
    const token = issued?.token ?? "";

    expect((await setUpWith(one, "clk_setup_wrong")).status).toBe(401);
    now += 3_600_001;
    expect((await setUpWith(one, token)).status).toBe(401);
    const { token: another } = await tokens.issue();
    // Both at one moment: the second one finds an admin.
    const answers = await Promise.all([setUpWith(one, another), setUpWith(two, another)]);
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 409]);
    const made = answers.find(({ status }) => status === 201);
    const { key } = await body<{ key: string }>(made ?? new Response("{}"));
    await eventually(async () => (await two.call("GET", "/api/v1/users", { key })).status === 200);
    expect(await codeOf(await setUpWith(one, another))).toBe("setup.done");
    const { token: late } = await tokens.issue();
    expect(await codeOf(await setUpWith(two, late))).toBe("setup.done");
    dir.remove();
  });
});
