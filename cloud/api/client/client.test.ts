import { describe, expect, it } from "vitest";
import { dataOf, itemsOf, versionedOf } from "./answers.ts";
import { type ClockleafClient, createClockleafClient } from "./client.ts";
import { ClockleafProblem, isClockleafProblem } from "./problem.ts";
import type { RetryOptions } from "./retry.ts";

const PROBLEM = "application/problem+json";
const problem = (status: number, code: string, headers: Record<string, string> = {}): Response =>
  Response.json(
    { type: `/problems/${code}`, title: "A title", status, code, traceId: "t-1" },
    { status, headers: { "content-type": PROBLEM, ...headers } },
  );
const later = (code: string, seconds = "2"): Response =>
  problem(503, code, { "retry-after": seconds });
const page = (items: readonly object[], next: string | null): Response =>
  Response.json({ items, next });

/** A client whose requests get these answers, one after the other; and what it asked, and how long it waited. */
function clientOf(answers: readonly Response[], more: RetryOptions = {}) {
  const left = [...answers];
  const asked: Array<{ method: string; url: string; headers: Headers; body: string }> = [];
  const waitedMs: number[] = [];
  const client = createClockleafClient({
    baseUrl: "http://clockleaf.test",
    apiKey: "clk_live_x",
    fetch: async (request) => {
      const { method, url, headers } = request;
      asked.push({ method, url, headers, body: await request.text() });
      return left.shift() ?? Response.error();
    },
    sleep: async (ms) => void waitedMs.push(ms),
    ...more,
  });
  return { client, asked, waitedMs };
}

const params = { path: { employeeId: "e-1" } };

const read = (client: ClockleafClient) => client.GET("/api/v1/employees/{employeeId}", { params });
const change = (client: ClockleafClient, headers: object = {}) =>
  client.POST("/api/v1/employees/{employeeId}/activate", { params, headers: { ...headers } });

describe("a call", () => {
  it("carries the key, and resolves with the data and the version", async () => {
    const headers = { etag: '"7"' };
    const { client, asked } = clientOf([Response.json({ employeeId: "e-1" }, { headers })]);
    const call = client.GET("/api/v1/employees/{employeeId}", { params });
    const { data, etag } = await versionedOf(call);
    expect([data.employeeId, etag]).toEqual(["e-1", '"7"']);
    expect(asked[0]?.url).toBe("http://clockleaf.test/api/v1/employees/e-1");
    expect(asked[0]?.headers.get("authorization")).toBe("Bearer clk_live_x");
  });

  it("is an exception with the problem's code, trace and status when it fails", async () => {
    const { client } = clientOf([problem(404, "command.not-found")]);
    const failed = dataOf(client.GET("/api/v1/employees/{employeeId}", { params }));
    const error: unknown = await failed.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ClockleafProblem);
    expect(error).toMatchObject({ status: 404, code: "command.not-found", traceId: "t-1" });
    expect(isClockleafProblem(error, "command.not-found")).toBe(true);
    expect(isClockleafProblem(error, "api.invalid")).toBe(false);
    expect(isClockleafProblem(new Error("x"))).toBe(false);
  });

  it("tells what is no problem of Clockleaf's apart", async () => {
    const { client } = clientOf([new Response("<html>", { status: 502 })]);
    const failed = dataOf(client.GET("/api/v1/employees/{employeeId}", { params }));
    await expect(failed).rejects.toMatchObject({ status: 502, code: "unknown", errors: [] });
  });

  it("resolves without data where there is none", async () => {
    const { client } = clientOf([new Response(null, { status: 204 })]);
    await expect(dataOf(client.DELETE("/session"))).resolves.toBeUndefined();
  });
});

describe("a list", () => {
  it("is read page by page, and no further than it is used", async () => {
    const pages = [page([{ employeeId: "a" }, { employeeId: "b" }], "c1"), page([], null)];
    const { client, asked } = clientOf(pages);
    const list = () => itemsOf((query) => client.GET("/api/v1/employees", { params: { query } }));
    const found: string[] = [];
    for await (const { employeeId } of list()) found.push(employeeId);
    expect(found).toEqual(["a", "b"]);
    expect(asked.map(({ url }) => new URL(url).search)).toEqual(["", "?cursor=c1"]);

    const first = clientOf([page([{ employeeId: "a" }, { employeeId: "b" }], "c1")]);
    for await (const { employeeId } of itemsOf((query) =>
      first.client.GET("/api/v1/employees", { params: { query } }),
    )) {
      expect(employeeId).toBe("a");
      break;
    }
    expect(first.asked).toHaveLength(1);
  });

  it("that fails in the middle is an exception there", async () => {
    const { client } = clientOf([page([{ employeeId: "a" }], "c1"), problem(422, "api.invalid")]);
    const found: string[] = [];
    const reading = async (): Promise<void> => {
      for await (const { employeeId } of itemsOf((query) =>
        client.GET("/api/v1/employees", { params: { query } }),
      )) {
        found.push(employeeId);
      }
    };
    await expect(reading()).rejects.toMatchObject({ code: "api.invalid" });
    expect(found).toEqual(["a"]);
  });
});

describe("an answer of 503", () => {
  it("is repeated after the time it names, with the same body", async () => {
    const { client, asked, waitedMs } = clientOf([
      later("stream.not-connected"),
      later("api.busy", "10"),
      Response.json({ employeeId: "e-1" }),
    ]);
    const body = { email: "ada@example.org" };
    const header = { "If-Match": '"1"' };
    const call = client.PATCH("/api/v1/employees/{employeeId}", {
      params: { ...params, header },
      body,
    });
    expect((await dataOf(call)).employeeId).toBe("e-1");
    expect(waitedMs).toEqual([2_000, 10_000]);
    expect(asked.map((each) => each.body)).toEqual(Array(3).fill(JSON.stringify(body)));
  });

  it("is handed on after the last attempt, without Retry-After, and for too long a time", async () => {
    const often = clientOf(
      Array.from({ length: 3 }, () => later("api.busy")),
      { attempts: 3 },
    );
    expect((await read(often.client)).response.status).toBe(503);
    expect(often.asked).toHaveLength(3);
    const silent = clientOf([problem(503, "api.busy")]);
    expect((await read(silent.client)).response.status).toBe(503);
    const long = clientOf([later("api.busy", "31")]);
    expect((await read(long.client)).response.status).toBe(503);
    expect([...silent.waitedMs, ...long.waitedMs]).toEqual([]);
  });

  it.each(["stream.ambiguous", "read-model.behind"])(
    "of %s repeats no change, but what is read",
    async (code) => {
      const changing = clientOf([later(code)]);
      expect((await change(changing.client)).response.status).toBe(503);
      const reading = clientOf([later(code), Response.json({})]);
      expect((await read(reading.client)).response.status).toBe(200);
      const keyed = clientOf([later(code), Response.json({})]);
      const answer = await change(keyed.client, { "idempotency-key": "k-1" });
      expect(answer.response.status).toBe(200);
    },
  );

  it("that is not Clockleaf's own repeats no change", async () => {
    const headers = { "retry-after": "1" };
    const { client, asked } = clientOf([new Response("", { status: 503, headers })]);
    expect((await change(client)).response.status).toBe(503);
    expect(asked).toHaveLength(1);
  });

  it("as one of 429, is waited for only as long as the caller does", async () => {
    const stop = new AbortController();
    const { client, asked } = clientOf([problem(429, "api.busy", { "retry-after": "20" })], {
      sleep: async (_, signal) => {
        stop.abort(new Error("enough"));
        signal.throwIfAborted();
      },
    });
    const call = client.GET("/api/v1/employees", { signal: stop.signal });
    await expect(call).rejects.toThrow("enough");
    expect(asked).toHaveLength(1);
  });
});
