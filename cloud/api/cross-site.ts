import type { Context } from "hono";

const SAFE = new Set(["GET", "HEAD", "OPTIONS"]);
/** No page of another site can send it without being asked for permission first, which is not given. */
const OWN_HEADER = "x-clockleaf-request";

/**
 * Whether a request that changes something may have been made by a page of another site. Browsers say where a request comes
 * from; the cookie's SameSite is the other half of the guard. Who says nothing is no browser of today, and must send our header.
 */
export function isCrossSite(c: Context, publicUrl: string | undefined): boolean {
  if (SAFE.has(c.req.method)) return false;
  const site = c.req.header("sec-fetch-site");
  if (site !== undefined) return site !== "same-origin";
  const origin = c.req.header("origin");
  if (origin === undefined) return c.req.header(OWN_HEADER) === undefined;
  return !isOwn(origin, c, publicUrl);
}

function isOwn(origin: string, c: Context, publicUrl: string | undefined): boolean {
  if (!URL.canParse(origin)) return false;
  const { host, origin: normal } = new URL(origin);
  if (publicUrl !== undefined) return normal === new URL(publicUrl).origin;
  return host === (c.req.header("host") ?? new URL(c.req.url).host);
}
