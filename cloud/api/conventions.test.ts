import { describe, expect, it } from "vitest";
import { get, keys, newApp, now, post } from "./conventions-rig.ts";
import { openApiDocument } from "./openapi.ts";

describe("a cursor", () => {
  it("is good in every process that shares the secret, for its own list and filters only", async () => {
    now.total = 10;
    const { next } = (await (await get("/things?limit=4")).json()) as { next: string };
    const elsewhere = await get(`/things?limit=2&cursor=${next}`, {}, newApp());
    expect(await elsewhere.json()).toMatchObject({ items: [{ id: 4 }, { id: 5 }] });
    const stranger = newApp({ secret: new Uint8Array(32).fill(1) });
    const since = encodeURIComponent("2026-01-01T00:00:00Z");
    const refused = [
      await get(`/things?cursor=${next}`, {}, stranger),
      await get(`/things?cursor=${next}&since=${since}`),
      await get(`/things?cursor=${next.split(".")[0]}`),
      await get(`/things?cursor=${next}.x`),
    ];
    for (const answer of refused) {
      expect([answer.status, await answer.json()]).toMatchObject([
        422,
        { code: "api.invalid", errors: [{ in: "query", pointer: "#/cursor" }] },
      ]);
    }
  });
});

describe("a query", () => {
  it("with parameters nobody knows is refused, everything wrong with it at once", async () => {
    const answer = await get("/things?limit=0&sort=name&Limit=3&since=2026-11-30T08:00:00");
    expect(answer.status).toBe(422);
    const { errors } = (await answer.json()) as {
      errors: Array<{ pointer: string; detail: string }>;
    };
    expect(errors.map(({ pointer }) => pointer).toSorted()).toEqual([
      "#/Limit",
      "#/limit",
      "#/since",
      "#/sort",
    ]);
    expect(errors.find(({ pointer }) => pointer === "#/since")?.detail).toBe(
      "needs an offset such as +02:00 or Z",
    );
  });
});

describe("a body that must be there", () => {
  it("is missed, whatever would do as an empty object", async () => {
    const headers = { authorization: `Bearer ${keys[0].key}` };
    const ask = async (init: RequestInit) => {
      const answer = await newApp().request("/api/v1/notes", { method: "POST", headers, ...init });
      return [answer.status, await answer.json()];
    };
    const missed = [400, { code: "api.malformed", detail: "there is no body" }];
    expect(await ask({})).toMatchObject(missed);
    expect(await ask({ body: "" })).toMatchObject(missed);
    const json = { ...headers, "content-type": "application/json" };
    expect(await ask({ headers: json })).toMatchObject(missed);
    expect(await ask({ headers: json, body: "{}" })).toMatchObject([200, {}]);
  });
});

describe("what runs on", () => {
  it("is answered with where to follow it, until it has ended", async () => {
    const started = await post("/jobs", undefined);
    expect(started.status).toBe(202);
    expect(started.headers.get("content-location")).toBe("/api/v1/jobs/1");
    const at = (started.headers.get("location") ?? "").replace("/api/v1", "");
    const running = await get(at);
    expect(running.headers.get("retry-after")).toBe("1");
    expect(await running.json()).toMatchObject({ status: "running", progress: 0.5, error: null });
    const failure = { code: "report.broken", detail: "no paper" };
    now.state = { ...now.state, status: "failed", failure };
    const failed = await get(at);
    expect(failed.headers.get("retry-after")).toBeNull();
    expect(await failed.json()).toMatchObject({ progress: 1, error: { ...failure, status: 500 } });
    expect((await get("/operations/job.2")).status).toBe(404);
    expect((await get("/operations/nonsense")).status).toBe(422);
  });
});

const preflight = (origin: string) =>
  now.app.request("/api/v1/things", {
    method: "OPTIONS",
    headers: { origin, "access-control-request-method": "POST" },
  });

describe("limits and notices", () => {
  it("tells every caller what is left, and holds off who asks too much", async () => {
    const limited = newApp({ rateLimit: { requests: 2, windowSeconds: 10 } });
    const first = await get("/things", {}, limited);
    expect(first.headers.get("ratelimit-policy")).toBe('"default";q=2;w=10');
    expect(first.headers.get("ratelimit")).toBe('"default";r=1;t=5');
    // A file is one request, whatever it is made of.
    now.total = 1_200;
    expect((await get("/things?format=csv", {}, limited)).status).toBe(200);
    const held = await get("/things", {}, limited);
    expect([held.status, await held.json()]).toMatchObject([429, { code: "api.rate-limited" }]);
    expect(held.headers.get("retry-after")).toBe("5");
    now.ms += 5_000;
    expect((await get("/things", {}, limited)).status).toBe(200);
  });

  it("says of what is to go since when, until when, and what instead", async () => {
    const answer = await get("/old");
    expect(answer.headers.get("deprecation")).toBe("@1767225600");
    expect(answer.headers.get("sunset")).toBe("Fri, 01 Jan 2027 00:00:00 GMT");
    expect(answer.headers.get("link")).toBe(
      '<https://example.org/old>; rel="deprecation", <https://example.org/old>; rel="sunset"',
    );
  });

  it("lets pages of other sites in only where they are listed", async () => {
    const known = await preflight("https://hr.example.org");
    expect(known.headers.get("access-control-allow-origin")).toBe("https://hr.example.org");
    expect(known.headers.get("access-control-allow-credentials")).toBeNull();
    const unknown = await preflight("https://evil.example.org");
    expect(unknown.headers.get("access-control-allow-origin")).toBeNull();
  });
});

describe("the document", () => {
  it("shows what the conventions add", () => {
    const { paths } = openApiDocument(now.app);
    const make = paths?.["/api/v1/things"]?.post;
    expect(make?.parameters).toContainEqual(
      expect.objectContaining({ name: "Idempotency-Key", in: "header", required: true }),
    );
    expect(Object.keys(make?.responses ?? {})).toEqual(
      expect.arrayContaining(["201", "400", "409", "422", "429"]),
    );
    const list = paths?.["/api/v1/things"]?.get;
    const names = list?.parameters?.map((parameter) => Reflect.get(parameter, "name"));
    expect(names).toEqual(expect.arrayContaining(["minVersion", "format", "Prefer", "cursor"]));
    expect(list?.responses?.["200"]).toMatchObject({
      content: { "text/csv": {}, "application/pdf": {}, "application/json": {} },
    });
    expect(paths?.["/api/v1/old"]?.get?.deprecated).toBe(true);
    expect(paths?.["/api/v1/jobs"]?.post?.responses?.["202"]).toMatchObject({
      headers: { Location: {}, "Retry-After": {} },
    });
  });
});
