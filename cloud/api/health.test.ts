import { describe, expect, it } from "vitest";
import { app, bodyOf, now } from "./things-rig.ts";

describe("health", () => {
  it("is live whatever is wrong, and ready only when every check is right", async () => {
    now.checks = [
      { name: "nats", isOk: true, detail: "connected" },
      { name: "projection people", isOk: false, detail: "not running" },
    ];
    expect((await app.request("/livez")).status).toBe(200);
    const brief = await app.request("/readyz");
    expect([brief.status, await brief.text()]).toEqual([
      503,
      "[-] projection people: not running\nnot ready\n",
    ]);
    expect(await (await app.request("/readyz?verbose")).text()).toContain("[+] nats: connected");
    const healthz = await app.request("/healthz");
    expect([healthz.status, (await bodyOf(healthz))["status"]]).toEqual([503, "unavailable"]);
    now.checks = now.checks.slice(0, 1);
    expect((await app.request("/readyz")).status).toBe(200);
    expect((await app.request("/healthz")).status).toBe(200);
  });
});
