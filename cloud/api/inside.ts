import type { Context, MiddlewareHandler } from "hono";
import { createMiddleware } from "hono/factory";
import type { ApiEnv, ApiRouter, RequestOnce } from "./router.ts";

/** What a request that the API makes to itself has of the one that it is made for. */
export interface InsideRequest {
  /** Of an item of a batch. */
  readonly once?: RequestOnce;
}

export interface Inside {
  /** Calls the API as the caller of this request would: same credentials, same rights, another resource. */
  call(request: Request, as?: InsideRequest): Promise<Response>;
  /** Set where this request is such a call itself: it was counted and claimed with the one it is made for. */
  readonly own: InsideRequest | undefined;
}

/** By object, not by a header: nobody outside can make a request look like one of ours. */
const inner = new WeakMap<Request, InsideRequest>();

export const insideCalls = (app: ApiRouter): MiddlewareHandler<ApiEnv> =>
  createMiddleware<ApiEnv>(async (c, next) => {
    c.set("inside", {
      own: inner.get(c.req.raw),
      async call(request, as = {}) {
        inner.set(request, as);
        return await app.fetch(request);
      },
    });
    await next();
  });

/** Not handed on: they speak about the outer request alone. */
const OWN_HEADERS = [
  "accept",
  "accept-encoding",
  "content-length",
  "content-type",
  "idempotency-key",
  "if-match",
  "if-none-match",
  "prefer",
  "transfer-encoding",
] as const;

/** The credentials and the trace of a request, for one inside. */
export function headersInside(c: Context<ApiEnv>): Headers {
  const headers = new Headers(c.req.raw.headers);
  for (const name of OWN_HEADERS) headers.delete(name);
  return headers;
}
