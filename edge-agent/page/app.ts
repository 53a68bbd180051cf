import { readFileSync } from "node:fs";
import { join } from "node:path";
import { codeOf, type ErrorCode } from "@clockleaf/shared/lib/errors.ts";
import { Hono } from "hono";
import { html } from "hono/html";
import { z } from "zod";
import { backlogView } from "./backlog-view.ts";
import { bodyOf } from "./body.ts";
import { mountConfig } from "./config-routes.ts";
import type { PageDeps } from "./deps.ts";
import {
  createDoor,
  headers,
  limited,
  ownNameOnly,
  ownPageOnly,
  type PageEnv,
  refuse,
} from "./guard.ts";
import { show, showLogin } from "./layout.ts";
import { overview } from "./overview.ts";
import { mountReaders } from "./reader-routes.ts";
import { createTapStream, tapsView } from "./taps.ts";
import type { Visits } from "./visits.ts";

/** Every file that a browser may load; there are no others. */
const ASSETS: Readonly<Record<string, readonly [file: string, type: string]>> = {
  "style.css": ["style.css", "text/css; charset=utf-8"],
  "icon.svg": ["icon.svg", "image/svg+xml"],
  ...Object.fromEntries(
    ["live.js", "login.js", "taps.js", "readers.js", "config.js", "ask.js"].map((name) => [
      name,
      [join("client", name), "text/javascript; charset=utf-8"] as const,
    ]),
  ),
};

const loginSchema = z.strictObject({ token: z.string().max(256) });

/**
 * The page of this gateway. Order of the guards: its own names only, from its own page only, logged in, of bounded size.
 * `closing` ends what would otherwise stay open.
 */
export function createPageApp(deps: PageDeps, visits: Visits, closing: AbortSignal): Hono<PageEnv> {
  const app = new Hono<PageEnv>();
  const door = createDoor(visits);
  app.use(async (c, next) => {
    await next();
    c.header("cache-control", "no-store");
  });
  app.use(headers, ownNameOnly, ownPageOnly, door.guard, limited);
  mountOpen(app, deps);
  app.post("/login", async (c) => {
    const { token } = await bodyOf(c, loginSchema);
    if (door.enter(c, token)) return c.json({});
    const message =
      "this link was used or is older than ten minutes; type clockleaf-edge page for another";
    return refuse(c, 401, { code: "api.unauthorised", message });
  });
  app.post("/logout", (c) => {
    door.leave(c);
    return c.json({});
  });
  app.get("/", (c) => {
    const body = overview(deps.status(), Date.now());
    return show(c, deps.status(), { title: "Overview", body, isLive: true });
  });
  app.get("/backlog", async (c) => {
    const body = backlogView(await deps.backlog());
    return show(c, deps.status(), { title: "Backlog", body, isLive: true });
  });
  app.get("/taps", (c) =>
    show(c, deps.status(), { title: "Live taps", script: "taps.js", body: tapsView }),
  );
  app.get("/taps/stream", createTapStream(deps, closing));
  mountReaders(app, deps);
  mountConfig(app, deps);
  app.notFound((c) => {
    if (c.req.header("accept")?.includes("text/html") !== true || c.get("visit") === undefined) {
      return refuse(c, 404, { code: "api.not-found", message: "there is no such page" });
    }
    c.status(404);
    const body = html`<p class="empty">Nothing is at this address. <a href="/">To the overview</a></p>`;
    return show(c, deps.status(), { title: "No such page", body });
  });
  app.onError((error, c) => {
    const code = codeOf(error);
    const status = STATUS_BY_CODE[code] ?? 500;
    if (status === 500) deps.log.error({ err: error, code }, "the page failed");
    return refuse(c, status, { code, message: error.message });
  });
  return app;
}

const STATUS_BY_CODE: Partial<Record<ErrorCode, Parameters<typeof refuse>[1]>> = {
  "api.malformed": 400,
  "api.precondition": 412,
  "api.forbidden": 409,
  "config.invalid": 422,
  "config.unreadable": 409,
};

/** What needs no login, and tells nothing but whether all is well. */
function mountOpen(app: Hono<PageEnv>, deps: PageDeps): void {
  app.get("/health", (c) => {
    const { state, configuration } = deps.status();
    const isSafeMode = configuration.problem !== null;
    return c.json({ state: isSafeMode ? "safe-mode" : state }, state === "ok" ? 200 : 503);
  });
  app.get("/login", (c) => showLogin(c, ""));
  app.get("/assets/:name", (c) => {
    const name = c.req.param("name");
    const asset = Object.hasOwn(ASSETS, name) ? ASSETS[name] : undefined;
    if (asset === undefined) return c.notFound();
    const [file, type] = asset;
    return c.body(readFileSync(join(import.meta.dirname, file), "utf8"), 200, {
      "content-type": type,
    });
  });
}
