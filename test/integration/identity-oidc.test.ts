import { createPublicKey } from "node:crypto";
import { base64url, importJWK, SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createApiKey, SESSION_COOKIE } from "../../cloud/api/auth.ts";
import { createMemoryVault } from "../../cloud/eventing/vault.ts";
import { CALLBACK_PATH } from "../../cloud/identity/oidc/code-flow.ts";
import { type CloudHub, startCloudHub } from "../support/cloud-hub.ts";
import { eventually } from "../support/eventually.ts";
import {
  type IdentityProcess,
  PUBLIC_URL,
  startIdentityProcess,
} from "../support/identity-process.ts";
import { findNatsServer } from "../support/nats.ts";
import {
  AUDIENCE,
  Browser,
  CLIENT,
  MACHINE,
  OTHER_CLIENT,
  startProvider,
  type TestProvider,
} from "../support/oidc.ts";
import { available } from "../support/parts.ts";
import { writeSecret } from "../support/secret-file.ts";
import { type TempDir, tempDir } from "../support/temp.ts";

const OWN = new URL(PUBLIC_URL);
const CALLBACK = `${PUBLIC_URL}${CALLBACK_PATH}`;
const begin = (returnTo = "/"): URL =>
  new URL(`/session/login?returnTo=${encodeURIComponent(returnTo)}`, OWN);
const codeOf = async (response: Response): Promise<string> =>
  ((await response.json()) as { code: string }).code;

describe.skipIf(!available("nats-server", findNatsServer()))("logins by OpenID Connect", () => {
  let cloud: CloudHub;
  let dir: TempDir;
  let provider: TestProvider;
  let api: IdentityProcess;
  let second: IdentityProcess;
  /** Ahead of the machine's clock by as much as a test has let pass. */
  let aheadMs = 0;
  const nowMs = (): number => Date.now() + aheadMs;
  const seconds = (): number => Math.floor(nowMs() / 1000);
  const vault = createMemoryVault();
  const { key: admin, entry } = createApiKey("boss", ["admin"]);

  const start = (more: object = {}): Promise<IdentityProcess> =>
    startIdentityProcess({
      cloud,
      vault,
      nowMs,
      dir: dir.path,
      keys: [entry],
      config: {
        oidc: {
          issuer: provider.issuer,
          audience: AUDIENCE,
          clientId: CLIENT.id,
          clientSecretFile: writeSecret(dir.path, CLIENT.secret),
          ...more,
        },
      },
    });

  beforeAll(async () => {
    cloud = await startCloudHub();
    dir = tempDir("identity-oidc");
    provider = await startProvider(CALLBACK);
    api = await start();
    second = await start();
  });
  afterAll(async () => {
    await api[Symbol.asyncDispose]();
    await second[Symbol.asyncDispose]();
    await provider[Symbol.asyncDispose]();
    await cloud[Symbol.asyncDispose]();
    dir.remove();
  });

  const browserAt = (where: IdentityProcess = api): Browser =>
    new Browser(async (url, init) =>
      url.host === OWN.host ? await where.app.request(url.href, init) : await fetch(url, init),
    );
  const createUser = async (json: object): Promise<string> => {
    const response = await api.call("POST", "/api/v1/users", { key: admin, json });
    expect(response.status).toBe(201);
    const { userId } = (await response.json()) as { userId: string };
    await eventually(() => second.context.table.account(userId));
    return userId;
  };
  const me = (token: string, where = api): Promise<Response> =>
    where.call("GET", "/api/v1/me", { key: token });
  const claims = (more: object = {}) => ({
    iss: provider.issuer,
    aud: AUDIENCE,
    sub: "s-token",
    iat: seconds(),
    exp: seconds() + 300,
    ...more,
  });

  test("a person logs in by code flow, is bound by address, and works in any process", async () => {
    const userId = await createUser({
      email: "ada@example.org",
      employeeId: "e-ada",
      grants: [{ role: "admin" }],
    });
    const browser = browserAt();
    const answer = await browser.signIn(begin("/reports?x=1"), "ada");
    const landed = await browser.go(answer);
    expect(landed.status).toBe(302);
    expect(landed.headers.get("location")).toBe("/reports?x=1");
    const cookie = landed.headers.getSetCookie().find((line) => line.startsWith(SESSION_COOKIE));
    expect(cookie).toMatch(/HttpOnly/);
    expect(cookie).toMatch(/SameSite=Lax/);

    const shown = await browser.go(new URL("/api/v1/me", OWN));
    expect(await shown.json()).toMatchObject({
      name: `user:${userId}`,
      employeeId: "e-ada",
      permissions: { "identity.manage": { kind: "all" } },
    });
    const elsewhere = browserAt(second);
    elsewhere.setCookie(OWN, SESSION_COOKIE, browser.cookie(OWN, SESSION_COOKIE) ?? "");
    expect((await elsewhere.go(new URL("/api/v1/me", OWN))).status).toBe(200);

    const write = (headers: Record<string, string>): Promise<Response> =>
      browser.go(new URL("/api/v1/users", OWN), {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body: JSON.stringify({ email: "made@example.org" }),
      });
    const forged = await write({ "sec-fetch-site": "cross-site" });
    expect(await codeOf(forged)).toBe("api.cross-site");
    expect(await codeOf(await write({ origin: "https://evil.example" }))).toBe("api.cross-site");
    expect(await codeOf(await write({}))).toBe("api.cross-site");
    expect((await write({ "sec-fetch-site": "same-origin" })).status).toBe(201);

    const token = browser.cookie(OWN, SESSION_COOKIE) ?? "";
    const out = await browser.go(new URL("/session/logout", OWN), {
      method: "POST",
      headers: { "sec-fetch-site": "same-origin" },
    });
    const { location } = (await out.json()) as { location: string };
    expect(location).toContain(`${provider.issuer}/session/end?`);
    expect((await browser.go(new URL(location))).status).toBe(200);
    elsewhere.setCookie(OWN, SESSION_COOKIE, token);
    aheadMs += 1_001;
    expect((await elsewhere.go(new URL("/api/v1/me", OWN))).status).toBe(401);
  });

  test("a session ends with its account, when nobody uses it, and after a day", async () => {
    const userId = await createUser({ email: "bob@example.org", grants: [{ role: "hr" }] });
    const browser = browserAt();
    const signIn = async (): Promise<void> => {
      const landed = await browser.go(await browser.signIn(begin(), "bob"));
      expect(landed.status).toBe(302);
    };
    const status = async (): Promise<number> =>
      (await browser.go(new URL("/api/v1/me", OWN))).status;
    await signIn();
    expect(await status()).toBe(200);
    await api.call("POST", `/api/v1/users/${userId}/disable`, { key: admin });
    expect(await status()).toBe(401);
    const again = await browserAt().signIn(begin(), "bob");
    expect(again.searchParams.has("code")).toBe(true);
    await api.call("POST", `/api/v1/users/${userId}/enable`, { key: admin });
    expect(await status()).toBe(200);
    aheadMs += 13 * 3_600_000;
    expect(await status()).toBe(401);
    aheadMs = 0;
    await signIn();
    for (const hours of [11, 22]) {
      aheadMs = hours * 3_600_000;
      expect(await status()).toBe(200);
    }
    aheadMs = 24 * 3_600_000 + 60_000;
    expect(await status()).toBe(401);
    aheadMs = 0;
  });

  test("an answer that does not belong to this browser's login is refused", async () => {
    await createUser({ email: "cleo@example.org" });
    const mallory = browserAt();
    const stolen = await mallory.signIn(begin(), "mallory");
    const victim = browserAt();
    expect(await codeOf(await victim.go(stolen))).toBe("identity.login-failed");
    await victim.go(begin());
    // Its own login is under way, and mallory's answer is pushed in: the state is another.
    expect(await codeOf(await victim.go(stolen))).toBe("identity.login-failed");

    const changed = async (field: "state" | "nonce" | "verifier"): Promise<string> => {
      const browser = browserAt();
      const answer = await browser.signIn(begin(), "cleo");
      const kept = browser.cookie(OWN, "clockleaf_login") ?? "";
      const begun = JSON.parse(Buffer.from(kept, "base64url").toString()) as object;
      const other = { ...begun, [field]: "x".repeat(43) };
      const cookie = Buffer.from(JSON.stringify(other)).toString("base64url");
      browser.setCookie(OWN, "clockleaf_login", cookie);
      return await codeOf(await browser.go(answer));
    };
    for (const field of ["state", "nonce", "verifier"] as const) {
      expect(await changed(field)).toBe("identity.login-failed");
    }
    const browser = browserAt();
    const answer = await browser.signIn(begin(), "cleo");
    expect((await browser.go(answer)).status).toBe(302);
    // A code is good for one login.
    expect(await codeOf(await browser.go(answer))).toBe("identity.login-failed");
  });

  test("who is unknown, unverified or sent to another site gets no further", async () => {
    const unknown = browserAt();
    const refused = await unknown.go(await unknown.signIn(begin(), "stranger"));
    expect(refused.status).toBe(403);
    expect(await codeOf(refused)).toBe("identity.no-account");

    await createUser({ email: "dora@example.org", grants: [{ role: "admin" }] });
    provider.claims.set("faker", { email: "dora@example.org", email_verified: false });
    const faker = browserAt();
    const answer = await faker.signIn(begin(), "faker");
    expect(await codeOf(await faker.go(answer))).toBe("identity.no-account");

    await createUser({ email: "finn@example.org" });
    const finn = browserAt();
    const landed = await finn.go(await finn.signIn(begin("//evil.example/x"), "finn"));
    expect(landed.headers.get("location")).toBe("/");
  });

  test("a machine's token opens, with the account of its subject", async () => {
    const token = await provider.machineToken();
    expect((await me(token)).status).toBe(403);
    await createUser({
      issuer: provider.issuer,
      subject: MACHINE.id,
      grants: [{ role: "payroll" }],
    });
    const response = await me(token);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ grants: [{ role: "payroll" }] });
  });

  test("tokens that are not for us, not from there, or not any more, open nothing", async () => {
    await createUser({ issuer: provider.issuer, subject: "s-token", grants: [{ role: "admin" }] });
    const good = await provider.sign(claims());
    expect((await me(good)).status).toBe(200);

    const [jwk] = provider.keys().jwks;
    if (jwk === undefined) throw new Error("the provider has a key");
    const publicPem = createPublicKey({
      key: { kty: "RSA", n: jwk.n ?? "", e: jwk.e ?? "" },
      format: "jwk",
    }).export({ type: "spki", format: "pem" });
    const header = (alg: string) => base64url.encode(JSON.stringify({ alg, kid: jwk.kid }));
    const payload = base64url.encode(JSON.stringify(claims()));
    const [head = "", , signature = ""] = good.split(".");
    const strangers = { ...jwk, alg: "PS256" };
    const bad: Record<string, string> = {
      "no signature": `${header("none")}.${payload}.`,
      "HS256 with the public key": await new SignJWT(claims())
        .setProtectedHeader({ alg: "HS256", kid: jwk.kid ?? "" })
        .sign(new TextEncoder().encode(publicPem.toString())),
      "an algorithm that is not allowed": await new SignJWT(claims())
        .setProtectedHeader({ alg: "PS256", kid: jwk.kid ?? "" })
        .sign(await importJWK(strangers, "PS256")),
      "another content under the signature": `${head}.${base64url.encode(JSON.stringify(claims({ sub: "ada" })))}.${signature}`,
      expired: await provider.sign(claims({ iat: seconds() - 600, exp: seconds() - 60 })),
      "not valid yet": await provider.sign(claims({ nbf: seconds() + 600 })),
      "from the future": await provider.sign(
        claims({ iat: seconds() + 600, exp: seconds() + 900 }),
      ),
      "too old, whatever it says": await provider.sign(
        claims({ iat: seconds() - 90_000, exp: seconds() + 300 }),
      ),
      "another issuer": await provider.sign(claims({ iss: "https://other.example" })),
      "another audience": await provider.sign(claims({ aud: "https://other.example" })),
      "another client's login": await provider.sign(claims({ aud: OTHER_CLIENT.id })),
      "no expiry": await provider.sign(claims({ exp: undefined })),
      "no subject": await provider.sign(claims({ sub: undefined })),
      "a logout token": await provider.sign(claims(), { typ: "logout+jwt" }),
      "an unknown key": await provider.sign(claims(), { kid: "nobody" }),
    };
    for (const [what, token] of Object.entries(bad)) {
      expect({ what, status: (await me(token)).status }).toEqual({ what, status: 401 });
    }
  });

  test("keys that change are fetched, and what was known serves while the provider is away", async () => {
    await createUser({ issuer: provider.issuer, subject: "s-key", grants: [{ role: "hr" }] });
    const before = await provider.sign(claims({ sub: "s-key" }));
    expect((await me(before)).status).toBe(200);
    await provider.rotate();
    const after = await provider.sign(claims({ sub: "s-key" }));
    expect((await me(after)).status).toBe(200);
    expect((await me(before)).status).toBe(401);

    provider.setAway(true);
    expect((await me(after)).status).toBe(200);
    const fresh = await start();
    try {
      const response = await me(after, fresh);
      expect(response.status).toBe(503);
      expect(response.headers.get("retry-after")).not.toBeNull();
      expect(await codeOf(response)).toBe("identity.provider-away");
      const login = await fresh.call("GET", "/session/login");
      expect(await codeOf(login)).toBe("identity.provider-away");
      provider.setAway(false);
      aheadMs += 6_000;
      expect((await me(after, fresh)).status).toBe(200);
    } finally {
      provider.setAway(false);
      aheadMs = 0;
      await fresh[Symbol.asyncDispose]();
    }
  });

  test("whom the provider vouches for gets an account, if the configuration says so", async () => {
    const open = await start({
      autoProvision: true,
      claims: { employeeId: "staff_no", roles: "our_roles" },
    });
    try {
      const token = (more: object) => provider.sign(claims({ sub: "s-new", ...more }));
      expect((await me(await token({}), open)).status).toBe(403);
      const vouched = { staff_no: "e-new", our_roles: ["supervisor", "nonsense"], name: "New" };
      const response = await me(await token(vouched), open);
      expect(await response.json()).toMatchObject({
        displayName: "New",
        employeeId: "e-new",
        grants: [{ role: "employee" }, { role: "supervisor" }],
      });
      expect((await me(await token({ ...vouched, sub: "s-thief" }), open)).status).toBe(403);
    } finally {
      await open[Symbol.asyncDispose]();
    }
  });
});
