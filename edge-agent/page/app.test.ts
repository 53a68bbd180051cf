import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { silentLog } from "@clockleaf/shared/lib/log.ts";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type TempDir, tempDir } from "../../test/support/temp.ts";
import type { IdleStatus } from "../health/status.ts";
import { createPageApp } from "./app.ts";
import type { PageDeps } from "./deps.ts";
import { createVisits, type Visits } from "./visits.ts";

const HOST = "127.0.0.1:8480";
const OWN = { host: HOST, origin: `http://${HOST}`, "content-type": "application/json" };

let temp: TempDir;
let file: string;
let visits: Visits;
let status: IdleStatus;
let reloads: string[];
let nowMs: number;
let app: ReturnType<typeof createPageApp>;

beforeEach(() => {
  temp = tempDir("page");
  file = join(temp.path, "gateway.yaml");
  writeFileSync(file, "# mine\nname: one\n", { mode: 0o640 });
  reloads = [];
  nowMs = 1_000_000;
  visits = createVisits(() => nowMs);
  status = {
    version: "1",
    state: "degraded",
    problems: [],
    startedAtMs: 0,
    configuration: { file, runsWith: "file", sinceMs: 0, problem: null, reads: 1 },
  };
  const deps: PageDeps = {
    file,
    status: () => status,
    backlog: () => Promise.resolve(undefined),
    follow: () => () => undefined,
    scan: () => Promise.resolve({ devices: [], problems: [] }),
    drivers: [],
    schema: () => ({
      type: "object",
      properties: { name: { type: "string" }, commKey: { type: "string" } },
      required: ["name"],
    }),
    check(text) {
      if (!text.includes("name:")) throw new PlatformError("config.invalid", "name: missing");
    },
    reload(reason) {
      reloads.push(reason);
      return Promise.resolve();
    },
    log: silentLog(),
  };
  app = createPageApp(deps, visits, new AbortController().signal);
});
afterEach(() => temp.remove());

const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  Promise.resolve(app.request(path, { headers: { host: HOST, ...headers } }));

const send = (
  path: string,
  {
    method = "POST",
    headers = {},
    body = {},
  }: { method?: string; headers?: Record<string, string>; body?: unknown } = {},
): Promise<Response> =>
  Promise.resolve(
    app.request(path, { method, headers: { ...OWN, ...headers }, body: JSON.stringify(body) }),
  );

/** The headers of somebody who has logged in by a link. */
async function logIn(): Promise<Record<string, string>> {
  const answer = await send("/login", { body: { token: visits.issueLogin() } });
  const cookie = (answer.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
  const page = await (await get("/config", { cookie })).text();
  const token = /name="write-token" content="([\w-]+)"/u.exec(page)?.[1] ?? "";
  return { cookie, "x-clockleaf-token": token };
}

const codeOf = async (answer: Response): Promise<unknown> =>
  ((await answer.json()) as { code?: unknown }).code;

describe("who gets to see the page", () => {
  it("shows nobody anything without a login but whether all is well", async () => {
    expect((await get("/config")).status).toBe(401);
    expect((await get("/taps/stream")).status).toBe(401);
    expect((await send("/config/look", { body: { text: "" } })).status).toBe(401);
    const sent = await get("/", { accept: "text/html" });
    expect([sent.status, sent.headers.get("location")]).toEqual([302, "/login"]);
    expect(await (await get("/health")).json()).toEqual({ state: "degraded" });
  });

  it("logs in once by each link, and by none that is older than ten minutes", async () => {
    const token = visits.issueLogin();
    const answer = await send("/login", { body: { token } });
    expect(answer.status).toBe(200);
    expect(answer.headers.get("set-cookie")).toMatch(/HttpOnly.*SameSite=Strict/u);
    expect((await send("/login", { body: { token } })).status).toBe(401);
    const old = visits.issueLogin();
    nowMs += 10 * 60_000 + 1;
    expect((await send("/login", { body: { token: old } })).status).toBe(401);
  });

  it("lets a visit end, by leaving and after twelve hours", async () => {
    const [one, other] = [await logIn(), await logIn()];
    expect((await send("/logout", { headers: one })).status).toBe(200);
    expect((await get("/", one)).status).toBe(401);
    expect((await get("/", other)).status).toBe(200);
    nowMs += 12 * 3_600_000 + 1;
    expect((await get("/", other)).status).toBe(401);
  });

  it("answers to no name but this machine's own", async () => {
    const headers = await logIn();
    for (const host of ["evil.example", "127.0.0.1.evil.example", "127.0.0.1@evil.example", ""]) {
      const answer = await get("/", { ...headers, host });
      expect([host, answer.status, await codeOf(answer)]).toEqual([host, 403, "api.cross-site"]);
    }
    expect((await get("/", { ...headers, host: "localhost:9000" })).status).toBe(200);
  });

  it("takes no change from another page, nor without the page's own token", async () => {
    const headers = await logIn();
    const tries = [
      { ...headers, origin: "http://evil.example" },
      { ...headers, origin: "http://127.0.0.1:9999" },
      { ...headers, "sec-fetch-site": "same-site" },
      { ...headers, "x-clockleaf-token": "" },
      { ...headers, "x-clockleaf-token": visits.issueLogin() },
    ];
    for (const each of tries) {
      const answer = await send("/config/reload", { headers: each });
      expect([answer.status, await codeOf(answer)]).toEqual([403, "api.cross-site"]);
    }
    expect(reloads).toEqual([]);
    expect((await send("/config/reload", { headers })).status).toBe(200);
  });

  it("loads nothing from elsewhere and runs nothing inline", async () => {
    const answer = await get("/", await logIn());
    expect(answer.headers.get("content-security-policy")).toMatch(
      /^default-src 'self';.*frame-ancestors 'none'/u,
    );
    expect(answer.headers.get("cache-control")).toBe("no-store");
    const page = await answer.text();
    expect(page).not.toMatch(/(?:src|href)="(?:https?:)?\/\//u);
    expect(page).not.toMatch(/<script(?![^>]*src=)|\son\w+=|\sstyle=/u);
  });
});

describe("whatever is asked", () => {
  it("says what to do where there is no such page, and where the file is gone", async () => {
    const headers = { ...(await logIn()), accept: "text/html" };
    const lost = await get("/nowhere", headers);
    expect([lost.status, (await lost.text()).includes("To the overview")]).toEqual([404, true]);
    rmSync(file);
    const gone = await get("/config", headers);
    expect([gone.status, (await gone.text()).includes("config reload")]).toEqual([200, true]);
  });

  it("takes no more than its limit", async () => {
    const body = { text: "x".repeat(3_000_000) };
    expect((await send("/config/look", { headers: await logIn(), body })).status).toBe(413);
  });

  it("answers, whatever the path and the body, and fails at none", async () => {
    const headers = await logIn();
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom("/", "/readers/", "/assets/", "/config/", "/taps/"),
        fc.oneof(
          fc.webPath(),
          fc.string().map(encodeURIComponent),
          fc.constantFrom("..%2f..%2fapp.ts", "%E0%A4%A", "__proto__"),
        ),
        async (start, rest) => {
          const { status: code } = await get(`${start}${rest}`, headers);
          expect(code).toBeLessThan(500);
        },
      ),
      { numRuns: 300 },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom("/config/look", "/config/edit", "/readers/draft", "/login"),
        fc.jsonValue(),
        async (path, body) => {
          const { status: code } = await send(path, { headers, body });
          expect(code).toBeGreaterThanOrEqual(400);
          expect(code).toBeLessThan(500);
        },
      ),
      { numRuns: 300 },
    );
    expect(readFileSync(file, "utf8")).toBe("# mine\nname: one\n");
  });
});

const save = async (
  headers: Record<string, string>,
  { text, etag }: { text: string; etag: string },
): Promise<Response> =>
  send("/config/file", {
    method: "PUT",
    headers: { ...headers, "if-match": etag },
    body: { text },
  });
const current = async (headers: Record<string, string>): Promise<{ etag: string }> =>
  (await (await get("/config/file", headers)).json()) as { etag: string };

describe("saving the configuration", () => {
  it("replaces the file after a copy, and has the agent start with it", async () => {
    const headers = await logIn();
    const { etag } = await current(headers);
    const answer = await save(headers, { text: "name: two\n", etag: `"${etag}"` });
    expect(await answer.json()).toMatchObject({ runsWith: "file" });
    expect(readFileSync(file, "utf8")).toBe("name: two\n");
    expect(readFileSync(`${file}.before`, "utf8")).toBe("# mine\nname: one\n");
    expect(reloads).toEqual(["saved on the page"]);
  });

  it("never writes what the check refuses, what somebody else has changed, or without being told what it replaces", async () => {
    const headers = await logIn();
    const { etag } = await current(headers);
    expect((await save(headers, { text: "nam: two\n", etag })).status).toBe(422);
    writeFileSync(file, "name: theirs\n");
    const answer = await save(headers, { text: "name: two\n", etag });
    expect([answer.status, await codeOf(answer)]).toEqual([412, "api.precondition"]);
    const blind = { method: "PUT", headers, body: { text: "name: two\n" } };
    expect((await send("/config/file", blind)).status).toBe(412);
    expect(readFileSync(file, "utf8")).toBe("name: theirs\n");
    expect(reloads).toEqual([]);
  });

  it("says what to do where the file cannot be written, and leaves it whole", async () => {
    const headers = await logIn();
    const { etag } = await current(headers);
    mkdirSync(`${file}.new`); // root may write everywhere, but not over a folder
    const answer = await save(headers, { text: "name: two\n", etag });
    expect(answer.status).toBe(409);
    expect(await answer.json()).toMatchObject({
      code: "api.forbidden",
      message: expect.stringContaining("clockleaf-edge config reload") as unknown,
    });
    expect(readFileSync(file, "utf8")).toBe("# mine\nname: one\n");
  });

  it("changes one thing in the text by the form, comments kept, and says what changes", async () => {
    const headers = await logIn();
    const edit = { op: "set", path: ["name"], value: "two <b>" };
    const body = { text: "# mine\nname: one # said Ann\n", edit };
    const answer = await send("/config/edit", { headers, body });
    const look = (await answer.json()) as Record<string, unknown>;
    expect(look).toMatchObject({ text: "# mine\nname: two <b> # said Ann\n", isGood: true });
    expect(look["diff"]).toContain("two &lt;b&gt;");
    expect(look["form"]).toContain('value="two &lt;b&gt;"');
  });

  it("shows no secret of the form over a shoulder", async () => {
    const body = { text: "name: one\ncommKey: hush\n" };
    const answer = await send("/config/look", { headers: await logIn(), body });
    const { form } = (await answer.json()) as { form: string };
    expect(form).toMatch(/<input\s+type="password"[^>]*value="hush"/u);
  });

  it("shows the problem of safe mode on every page", async () => {
    const headers = await logIn();
    const problem = "gateway.yaml:2:1: nam: unknown key";
    status = { ...status, configuration: { ...status.configuration, runsWith: "none", problem } };
    for (const path of ["/", "/readers", "/taps", "/backlog", "/config"]) {
      const page = await (await get(path, headers)).text();
      expect([path, page.includes("Safe mode"), page.includes(problem)]).toEqual([
        path,
        true,
        true,
      ]);
    }
    const health = await get("/health");
    expect([health.status, await health.json()]).toEqual([503, { state: "safe-mode" }]);
  });
});
