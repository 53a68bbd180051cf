import type { Context } from "hono";
import { bodyLimit } from "hono/body-limit";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import { createMiddleware } from "hono/factory";
import { secureHeaders } from "hono/secure-headers";
import type { Visit, Visits } from "./visits.ts";

export interface PageEnv {
  Variables: { visit: Visit };
}

/** A configuration of 1 MiB as JSON, with room for what JSON escapes. */
const MAX_BODY_BYTES = 2.5 * 1024 * 1024;
const WRITE_TOKEN = "x-clockleaf-token";
/** Host names of this machine itself; the port may be another one through `ssh -L`. */
const LOOPBACK = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d{1,5})?$/u;
const OPEN_TO_ALL = /^\/(?:health|login|assets\/[\w.-]+)$/u;

/** One answer for every refusal: a code for programs, a sentence for people. */
export function refuse(
  c: Context,
  status: 400 | 401 | 403 | 404 | 409 | 412 | 413 | 422 | 500 | 503,
  { code, message }: { readonly code: string; readonly message: string },
): Response {
  return c.json({ code, message }, status);
}

/** Nothing from elsewhere, nothing inline, in nobody's frame. */
export const headers = secureHeaders({
  strictTransportSecurity: false, // plain HTTP on loopback
  contentSecurityPolicy: {
    defaultSrc: ["'self'"],
    objectSrc: ["'none'"],
    baseUri: ["'none'"],
    formAction: ["'self'"],
    frameAncestors: ["'none'"],
  },
  xFrameOptions: "DENY",
  referrerPolicy: "no-referrer",
});

/**
 * A page of another site may have its name point to this machine (DNS rebinding): then the browser says that name here.
 */
export const ownNameOnly = createMiddleware<PageEnv>(async (c, next) => {
  if (LOOPBACK.test(c.req.header("host") ?? "")) return next();
  return refuse(c, 403, {
    code: "api.cross-site",
    message: "this page is for this machine only: http://127.0.0.1, or a tunnel to it (ssh -L)",
  });
});

/** What changes something comes from our own page: browsers say where from, and do not let others forge it. */
export const ownPageOnly = createMiddleware<PageEnv>(async (c, next) => {
  if (c.req.method === "GET" || c.req.method === "HEAD") return next();
  const isOwn =
    c.req.header("origin") === `http://${c.req.header("host")}` &&
    (c.req.header("sec-fetch-site") ?? "same-origin") === "same-origin";
  if (isOwn) return next();
  return refuse(c, 403, { code: "api.cross-site", message: "sent from another page" });
});

export const limited = bodyLimit({
  maxSize: MAX_BODY_BYTES,
  onError: (c) =>
    refuse(c, 413, { code: "api.too-large", message: `at most ${MAX_BODY_BYTES} bytes` }),
});

export interface Door {
  /** Lets in who has logged in; sends people to the login page and tells programs 401. */
  readonly guard: ReturnType<typeof createMiddleware<PageEnv>>;
  /** False for a login token that is unknown, old or used. */
  enter(c: Context, login: string): boolean;
  leave(c: Context): void;
}

export function createDoor(visits: Visits): Door {
  const name = visits.cookieName;
  const attributes = { httpOnly: true, sameSite: "Strict", path: "/" } as const;
  return {
    guard: createMiddleware<PageEnv>(async (c, next) => {
      if (OPEN_TO_ALL.test(c.req.path)) return next();
      const visit = visits.visitOf(getCookie(c, name) ?? "");
      if (visit === undefined) {
        if (c.req.header("accept")?.includes("text/html") === true) return c.redirect("/login");
        return refuse(c, 401, {
          code: "api.unauthorised",
          message: "not logged in; clockleaf-edge page prints a link that does",
        });
      }
      const isWrite = c.req.method !== "GET" && c.req.method !== "HEAD";
      if (isWrite && c.req.header(WRITE_TOKEN) !== visit.writeToken) {
        return refuse(c, 403, { code: "api.cross-site", message: "load the page again" });
      }
      c.set("visit", visit);
      return next();
    }),
    enter(c, login) {
      const cookie = visits.enter(login);
      if (cookie !== undefined) setCookie(c, name, cookie, attributes);
      return cookie !== undefined;
    },
    leave(c) {
      visits.leave(deleteCookie(c, name, attributes) ?? "");
    },
  };
}
