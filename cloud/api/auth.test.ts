import { describe, expect, it } from "vitest";
import { createSessions } from "./auth.ts";
import { app, bearer, keys, now, problemOf } from "./things-rig.ts";

const json = { "content-type": "application/json" };

const signIn = (apiKey: string) => ({
  method: "POST",
  headers: json,
  body: JSON.stringify({ apiKey }),
});

async function statusFor(name: keyof typeof keys, method: string): Promise<number> {
  const response = await app.request("/api/v1/things/x", {
    method,
    headers: { ...bearer(name), ...json, "if-match": '"7"' },
    ...(method === "PUT" ? { body: JSON.stringify({ name: "a", size: 1, tags: [] }) } : {}),
  });
  return response.status;
}

describe("authentication", () => {
  it("turns away who has no key, a wrong key or another scheme", async () => {
    const basic = `Basic ${Buffer.from("a:b").toString("base64")}`;
    for (const authorization of [
      undefined,
      `${bearer("reader").authorization}x`,
      basic,
      "Bearer ",
      "Bearer clk_live_",
    ]) {
      const response = await app.request("/api/v1/things", {
        headers: authorization === undefined ? {} : { authorization },
      });
      expect(await problemOf(response)).toMatchObject({ status: 401, code: "api.unauthorised" });
      expect(response.headers.get("www-authenticate")).toMatch(/^Bearer realm=/u);
    }
  });

  it("gives each scope what it holds and no more", async () => {
    expect([
      await statusFor("reader", "GET"),
      await statusFor("reader", "PUT"),
      await statusFor("reader", "DELETE"),
    ]).toEqual([200, 403, 403]);
    expect([
      await statusFor("writer", "GET"),
      await statusFor("writer", "PUT"),
      await statusFor("writer", "DELETE"),
    ]).toEqual([200, 200, 403]);
    expect([
      await statusFor("admin", "GET"),
      await statusFor("admin", "PUT"),
      await statusFor("admin", "DELETE"),
    ]).toEqual([200, 200, 204]);
  });

  it("asks for the key on /metrics, and counts by route pattern, never by path", async () => {
    expect((await app.request("/metrics")).status).toBe(401);
    await app.request("/api/v1/things/person-42", { headers: bearer("reader") });
    const text = await (await app.request("/metrics", { headers: bearer("reader") })).text();
    expect(text).toContain(
      'clockleaf_http_requests_total{method="GET",route="/api/v1/things/:id",status="200"}',
    );
    expect(text).not.toContain("person-42");
    expect(text).toContain("clockleaf_process_cpu_seconds_total");
  });

  it("opens a read-only session for a page, with a cookie no script and no other site gets", async () => {
    const opened = await app.request("/session", signIn(keys.admin.key));
    expect(await opened.json()).toEqual({ name: "admin" });
    const setCookie = opened.headers.get("set-cookie") ?? "";
    for (const flag of ["HttpOnly", "SameSite=Strict", "Secure", "Path=/"])
      expect(setCookie).toContain(flag);
    const cookie = setCookie.split(";")[0] ?? "";
    const get = (path: string, method = "GET") =>
      app.request(path, { method, headers: { cookie } });
    expect((await get("/api/v1/things")).status).toBe(200);
    expect((await get("/session")).status).toBe(200);
    expect((await get("/api/v1/things/x", "DELETE")).status).toBe(403);

    now.ms += 13 * 3_600_000;
    expect((await get("/api/v1/things")).status).toBe(401);
  });

  it("ends a session at once when it is closed, and opens none for a wrong key", async () => {
    expect((await app.request("/session", signIn("clk_live_wrong"))).status).toBe(401);
    const opened = await app.request("/session", signIn(keys.reader.key));
    const cookie = (opened.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
    await app.request("/session", { method: "DELETE", headers: { cookie } });
    expect((await app.request("/session", { headers: { cookie } })).status).toBe(401);
  });

  it("keeps a bounded number of sessions: the oldest go first", () => {
    const sessions = createSessions(() => 0);
    const first = sessions.open({ name: "a", scopes: ["read"], roles: [], grants: [] });
    for (let i = 0; i < 1000; i += 1)
      sessions.open({ name: "a", scopes: ["read"], roles: [], grants: [] });
    expect(sessions.holderOf(first)).toBeUndefined();
  });
});
