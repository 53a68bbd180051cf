import { createHmac, timingSafeEqual } from "node:crypto";
import type { MiddlewareHandler } from "hono";
import { createMiddleware } from "hono/factory";
import { problem } from "./problem.ts";
import type { ApiEnv } from "./router.ts";

/** Signs cursors: a position in a list is ours, and good for that list with those filters only. */
export interface CursorSeal {
  seal(url: string, cursor: string): string;
  isSealed(url: string, cursor: string): boolean;
}

/** What may differ between two pages of one list. */
const NOT_FILTERS: ReadonlySet<string> = new Set(["cursor", "limit", "format", "minVersion"]);

/** `secret` is the same in every process that serves the API, so that any of them takes the cursors of the others. */
export function createCursorSeal(secret: Uint8Array): CursorSeal {
  const sign = (url: string, payload: string): Buffer =>
    createHmac("sha256", secret)
      .update(`${scopeOf(url)}\n${payload}`)
      .digest();
  return {
    seal: (url, payload) => `${payload}.${sign(url, payload).toString("base64url")}`,
    isSealed(url, cursor) {
      const [payload = "", signature = "", ...rest] = cursor.split(".");
      const given = Buffer.from(signature, "base64url");
      const right = sign(url, payload);
      // By the text as well: base64 has several spellings of the same bytes.
      const isSpelledSo = rest.length === 0 && signature === right.toString("base64url");
      return given.length === right.length && timingSafeEqual(given, right) && isSpelledSo;
    },
  };
}

function scopeOf(url: string): string {
  const { pathname, searchParams } = new URL(url);
  const filters = [...searchParams]
    .filter(([name]) => !NOT_FILTERS.has(name))
    .toSorted(byNameAndValue);
  return `${pathname}?${new URLSearchParams(filters).toString()}`;
}

function byNameAndValue(one: [string, string], other: [string, string]): number {
  const [a, b] = [one.join("="), other.join("=")];
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Refuses cursors that were not made here for this very list. */
export const sealedCursors = (seal: CursorSeal): MiddlewareHandler<ApiEnv> =>
  createMiddleware<ApiEnv>(async (c, next) => {
    c.set("cursorSeal", seal);
    const cursor = c.req.query("cursor");
    if (cursor === undefined || cursor === "" || seal.isSealed(c.req.url, cursor))
      return await next();
    const detail = "not a cursor of this list with these filters: leave it out for the first page";
    return problem(c, {
      code: "api.invalid",
      errors: [{ in: "query", pointer: "#/cursor", detail, code: "custom" }],
    });
  });
