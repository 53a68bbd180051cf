import { describe, expect, it } from "vitest";
import { encodeCursor } from "./router.ts";
import { app, bearer, bodyOf, problemOf } from "./things-rig.ts";

const json = { "content-type": "application/json" };
const goodThing = JSON.stringify({ name: "a", size: 1, tags: [] });

describe("the API", () => {
  it("points at every value that does not fit, inside nested bodies and at unknown keys", async () => {
    const response = await app.request("/api/v1/things/x", {
      method: "PUT",
      headers: { ...bearer("writer"), ...json },
      body: JSON.stringify({ name: "", size: 10, tags: [{ label: 3 }], "a/b~c": 1 }),
    });
    const body = await problemOf(response);
    expect(body).toMatchObject({ status: 422, code: "api.invalid" });
    const pointers = body["errors"].map((error: { pointer: string }) => error.pointer);
    expect(pointers.toSorted()).toEqual(["#/a~1b~0c", "#/name", "#/size", "#/tags/0/label"]);
    expect(body["errors"][0].in).toBe("json");
  });

  it("points at query parameters", async () => {
    const response = await app.request("/api/v1/things?limit=501", { headers: bearer("reader") });
    const body = await problemOf(response);
    expect(body).toMatchObject({ status: 422, code: "api.invalid" });
    expect(body["errors"]).toMatchObject([{ in: "query", pointer: "#/limit" }]);
  });

  it("takes larger bodies where files are sent, and there only", async () => {
    const large = { method: "POST", headers: bearer("writer"), body: "x".repeat(1_100_000) };
    const post = (path: string) => app.request(path, large);
    expect((await post("/api/v1/documents")).status).toBe(404);
    expect((await post("/api/v1/elsewhere")).status).toBe(413);
  });

  it.each([
    { what: "no JSON", body: "{", status: 400, code: "api.malformed" },
    { what: "no body", body: undefined, status: 400, code: "api.malformed" },
    { what: "text", body: "a=b", type: "text/plain", status: 415, code: "api.unsupported-media" },
    {
      what: "no type",
      body: new Uint8Array([1]),
      type: null,
      status: 415,
      code: "api.unsupported-media",
    },
    { what: "too much", body: `"${"x".repeat(1_100_000)}"`, status: 413, code: "api.too-large" },
    { what: "no If-Match", body: goodThing, status: 428, code: "api.precondition-required" },
    { what: "an old If-Match", body: goodThing, tag: '"6"', status: 412, code: "api.precondition" },
    {
      what: "a foreign If-Match",
      body: goodThing,
      tag: "*",
      status: 422,
      code: "api.invalid",
    },
  ])("answers $what with a problem", async ({ body, type, tag, status, code }) => {
    const headers = new Headers(bearer("writer"));
    if (type !== null) headers.set("content-type", type ?? "application/json");
    if (tag !== undefined) headers.set("if-match", tag);
    const init = { method: "PUT", headers, ...(body === undefined ? {} : { body }) };
    const response = await app.request("/api/v1/things/x", init);
    expect(await problemOf(response)).toMatchObject({ status, code });
  });

  it("takes a change that carries the version it was made on", async () => {
    const response = await app.request("/api/v1/things/x", {
      method: "PUT",
      headers: { ...bearer("writer"), ...json, "if-match": '"7"' },
      body: goodThing,
    });
    expect(response.status).toBe(200);
  });

  it("answers an unknown path with 404 and a wrong method with 405 and Allow", async () => {
    expect(
      await problemOf(await app.request("/api/v1/nothing", { headers: bearer("reader") })),
    ).toMatchObject({ status: 404, code: "api.not-found" });
    expect(await problemOf(await app.request("/nothing"))).toMatchObject({
      status: 404,
      code: "api.not-found",
    });
    const wrong = await app.request("/api/v1/things/x", {
      method: "PATCH",
      headers: bearer("writer"),
    });
    expect(await problemOf(wrong)).toMatchObject({ status: 405, code: "api.method-not-allowed" });
    expect(wrong.headers.get("allow")?.split(", ").toSorted()).toEqual([
      "DELETE",
      "GET",
      "HEAD",
      "PUT",
    ]);
  });

  it("keeps a record that is missing apart from a path that is", async () => {
    const response = await app.request("/api/v1/things/gone", { headers: bearer("reader") });
    expect(await problemOf(response)).toMatchObject({ status: 404, code: "command.not-found" });
  });

  it("answers a refusal with its own code and the page of refusals", async () => {
    const response = await app.request("/api/v1/things/no", { headers: bearer("reader") });
    const body = await problemOf(response);
    expect(body).toMatchObject({ status: 409, code: "thing.not-for-you" });
    expect(body).toMatchObject({ type: "/problems/command.refused", detail: "it is not for you" });
  });

  it("tells when to come back if the hub is out of reach", async () => {
    for (const thing of ["offline", "silent"]) {
      const response = await app.request(`/api/v1/things/${thing}`, { headers: bearer("reader") });
      const expected = { status: 503, code: "stream.not-connected" };
      expect(await problemOf(response)).toMatchObject(expected);
      expect(Number(response.headers.get("retry-after"))).toBeGreaterThan(0);
    }
  });

  it("keeps the text of an unexpected error to itself", async () => {
    const response = await app.request("/api/v1/things/broken", { headers: bearer("reader") });
    const body = await problemOf(response);
    expect(body).toMatchObject({ status: 500, code: "internal" });
    expect(JSON.stringify(body)).not.toContain("secret detail");
  });

  it("continues the caller's trace and names the request", async () => {
    const trace = "0af7651916cd43dd8448eb211c80319c";
    const response = await app.request("/nothing", {
      headers: { traceparent: `00-${trace}-b7ad6b7169203331-01`, "x-request-id": "r-1" },
    });
    expect(await response.json()).toMatchObject({ traceId: trace });
    expect(response.headers.get("traceparent")).toMatch(`00-${trace}-`);
    expect(response.headers.get("traceparent")).not.toContain("b7ad6b7169203331");
    expect(response.headers.get("x-request-id")).toBe("r-1");
    const odd = await app.request("/nothing", { headers: { "x-request-id": "a b" } });
    expect(odd.headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/u);
  });

  it("pages with an opaque cursor and a Link, and refuses a cursor that is not its own", async () => {
    const first = await app.request("/api/v1/things?limit=3", { headers: bearer("reader") });
    const link = /<(.+)>; rel="next"/u.exec(first.headers.get("link") ?? "")?.[1] ?? "";
    const second = await app.request(link, { headers: bearer("reader") });
    expect(await second.json()).toMatchObject({ items: [3, 4, 5] });
    const half = await app.request("/api/v1/things?limit=500", { headers: bearer("reader") });
    const { next } = await bodyOf(half);
    const last = await app.request(`/api/v1/things?cursor=${next}&limit=500`, {
      headers: bearer("reader"),
    });
    expect(await last.json()).toMatchObject({ next: null });
    expect(last.headers.get("link")).toBeNull();
    for (const cursor of ["x", encodeCursor(900), `${next}A`, next.replace(/^./u, "A")]) {
      const bad = await app.request(`/api/v1/things?cursor=${cursor}`, {
        headers: bearer("reader"),
      });
      expect(await problemOf(bad)).toMatchObject({
        status: 422,
        code: "api.invalid",
        errors: [{ in: "query", pointer: "#/cursor" }],
      });
    }
  });

  it("answers 304 to who has the version already", async () => {
    const init = { headers: { ...bearer("reader"), "if-none-match": '"7"' } };
    const response = await app.request("/api/v1/things/x", init);
    expect(response.status).toBe(304);
    expect(await response.text()).toBe("");
  });

  it("sends a strict content security policy and keeps answers about people out of caches", async () => {
    const response = await app.request("/api/v1/things/x", { headers: bearer("reader") });
    const policy = response.headers.get("content-security-policy") ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain("unsafe");
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
    expect(response.headers.get("cache-control")).toBe("no-store");
  });
});
