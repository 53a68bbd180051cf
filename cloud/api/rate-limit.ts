import type { MiddlewareHandler } from "hono";
import { createMiddleware } from "hono/factory";
import { z } from "zod";
import { problem } from "./problem.ts";
import type { ApiEnv } from "./router.ts";

export const rateLimitSchema = z.strictObject({
  requests: z
    .int()
    .min(1)
    .max(10_000_000)
    .default(12_000)
    .describe("How many requests a caller may make in one window, and at once"),
  windowSeconds: z.int().min(1).max(86_400).default(60).describe("Length of the window, seconds"),
});
export type RateLimit = z.output<typeof rateLimitSchema>;

/** What is left of an allowance; times are counted from any fixed moment. */
export interface Bucket {
  readonly tokens: number;
  readonly atMs: number;
}

export interface Taken {
  readonly bucket: Bucket;
  readonly isAllowed: boolean;
  /** Whole requests left. */
  readonly left: number;
  /** Until one more may be made; 0 = now. */
  readonly waitMs: number;
  /** Until the allowance is whole again. */
  readonly fullInMs: number;
}

/** A token bucket as a pure function: it fills evenly and holds one window's worth. */
export function take(before: Bucket | undefined, limit: RateLimit, nowMs: number): Taken {
  const { requests, windowSeconds } = limit;
  const perMs = requests / (windowSeconds * 1000);
  const { tokens, atMs } = before ?? { tokens: requests, atMs: nowMs };
  const filled = Math.min(requests, tokens + Math.max(0, nowMs - atMs) * perMs);
  const isAllowed = filled >= 1;
  const rest = isAllowed ? filled - 1 : filled;
  return {
    bucket: { tokens: rest, atMs: Math.max(nowMs, atMs) },
    isAllowed,
    left: Math.floor(rest),
    waitMs: rest >= 1 ? 0 : (1 - rest) / perMs,
    fullInMs: (requests - rest) / perMs,
  };
}

const MAX_CALLERS = 10_000;
const seconds = (ms: number): number => Math.ceil(ms / 1000);

/**
 * How often one caller may ask this process, with the headers of draft-ietf-httpapi-ratelimit-headers-10. It holds off
 * a client that has run wild; it is no protection from an attack, and processes do not add up.
 */
export function rateLimited(limit: RateLimit, nowMs: () => number): MiddlewareHandler<ApiEnv> {
  const buckets = new Map<string, Bucket>();
  return createMiddleware<ApiEnv>(async (c, next) => {
    if (c.get("inside")?.own !== undefined) return await next();
    const { name } = c.get("principal");
    const taken = take(buckets.get(name), limit, nowMs());
    buckets.delete(name);
    buckets.set(name, taken.bucket);
    const [oldest] = buckets.keys();
    if (buckets.size > MAX_CALLERS && oldest !== undefined) buckets.delete(oldest);
    const headers = {
      "RateLimit-Policy": `"default";q=${limit.requests};w=${limit.windowSeconds}`,
      RateLimit: `"default";r=${taken.left};t=${seconds(taken.fullInMs)}`,
    };
    if (!taken.isAllowed) {
      c.header("Retry-After", String(Math.max(1, seconds(taken.waitMs))));
      c.res = problem(c, { code: "api.rate-limited" });
    } else await next();
    for (const [header, value] of Object.entries(headers)) c.res.headers.set(header, value);
    return undefined;
  });
}
