import type { RouteConfig } from "@hono/zod-openapi";
import { z } from "zod";
import { noticeOf } from "./deprecation.ts";
import { KEY, needsKey, REPLAYED } from "./idempotency.ts";
import { problemSchema } from "./problem.ts";
import { VERSION_HEADER } from "./read-your-writes.ts";
import { tableOf } from "./tables.ts";

// What the conventions add to each route of the document; the middlewares of the same names do it.

const problemContent = { "application/problem+json": { schema: problemSchema } };
const problemOf = (description: string) => ({ description, content: problemContent });
const header = (description: string) => ({ description, schema: { type: "string" } as const });
const RETRY_AFTER = { "Retry-After": header("Seconds to wait") };

const idempotencyKey = z
  .string()
  .regex(KEY)
  .max(257)
  .describe(
    "Of the caller's making, one for each request. A repeat with it has no second effect and gets the same answer, for 24 h",
  );
const ifMatch = z
  .string()
  .regex(/^(?:W\/)?"\d{1,15}"$/u)
  .describe("The `ETag` of the record as read; without it, 428")
  .meta({ format: "etag", examples: ['"7"'] });
const ifMatchOfWhatIsThere = ifMatch
  .optional()
  .describe("The `ETag` of the record as read; left out for one that is not there yet");
const prefer = z
  .string()
  .optional()
  .describe("`wait=N` (RFC 7240): wait up to N seconds, at most 10, for what was stored before");
const minVersion = z
  .string()
  .max(200)
  .meta({ format: "stream-version" })
  .optional()
  .describe(
    `Not older than this, as \`${VERSION_HEADER}\` of an answer said: waited for, else 503`,
  );

export interface ConventionParts {
  readonly query: Record<string, z.ZodType>;
  readonly headers: Record<string, z.ZodType>;
  readonly responses: Record<string, object>;
}

/** Parameters and answers of a route that it does not declare itself. */
export function conventionsOf(route: RouteConfig): ConventionParts {
  const isRead = route.method === "get";
  const isPost = route.method === "post";
  const makes = route["x-put-makes"] === true;
  const table = tableOf(route);
  const hasPrecondition = "428" in route.responses;
  const keyHeader = needsKey(route) ? idempotencyKey : idempotencyKey.optional();
  return {
    query: {
      ...(isRead ? { minVersion } : {}),
      ...(table === undefined ? {} : { format: formatOf(table.formats) }),
    },
    headers: {
      ...(isRead ? { Prefer: prefer } : {}),
      ...(isPost ? { "Idempotency-Key": keyHeader } : {}),
      ...(hasPrecondition ? { "If-Match": makes ? ifMatchOfWhatIsThere : ifMatch } : {}),
    },
    responses: {
      ...(isRead ? { 406: problemOf("Not offered in that form; `detail` lists what is") } : {}),
      ...(needsKey(route) ? { 400: problemOf("No `Idempotency-Key`, or no JSON") } : {}),
      ...(isPost ? KEYED : {}),
      422: problemOf("The request does not fit the schema"),
      429: { ...problemOf("Too many requests"), headers: RETRY_AFTER },
    },
  };
}

/** What is answered before any route under any path has its turn. */
export const outerResponsesOf = (route: RouteConfig): Record<string, object> => ({
  ...(route.request?.body === undefined ? {} : BODIED),
  431: problemOf("The address and headers are too large"),
});

const BODIED = {
  400: problemOf("No body, or not JSON"),
  413: problemOf("The body is too large"),
  415: problemOf("The body is of a type that is not taken here"),
};

/** Repeats of a request under one key; routes that declare these statuses have more to say about them. */
const KEYED = {
  409: {
    ...problemOf("The first request with this `Idempotency-Key` is still under way"),
    headers: RETRY_AFTER,
  },
};

const formatOf = (formats: readonly string[]): z.ZodType =>
  z
    .enum(["json", ...formats])
    .optional()
    .describe("Instead of `Accept`. Files go to the end of the filter, whatever `limit` says");

/** Adds to a declared answer the headers that it has by convention. */
export function withHeaders(route: RouteConfig, status: string, response: object): object {
  const notice = noticeOf(route);
  const isDone = status.startsWith("2");
  const { ...headers } = {
    ...(status === "201" || status === "202" ? { Location: header("Where it is") } : {}),
    ...(status === "202" ? RETRY_AFTER : {}),
    ...(isDone && route.method === "post"
      ? { [REPLAYED]: header("`true` on a kept answer to a repeat") }
      : {}),
    ...(isDone && route.method !== "get"
      ? { [VERSION_HEADER]: header("What it led to, for `minVersion` of reads") }
      : {}),
    ...(notice === undefined ? {} : { Deprecation: header("Since when (RFC 9745)") }),
    ...(notice?.sunset === undefined ? {} : { Sunset: header("Until when (RFC 8594)") }),
  };
  const declared: unknown = Reflect.get(response, "headers");
  const all = typeof declared === "object" ? { ...headers, ...declared } : headers;
  return Object.keys(all).length === 0 ? response : { ...response, headers: all };
}

/** A PATCH is a merge patch (RFC 7396), whichever of the two types it is sent as. */
export function bodyOf({ method, request }: RouteConfig): object | undefined {
  const body = request?.body;
  const json = body?.content["application/json"];
  if (method !== "patch" || body === undefined || json === undefined) return body;
  return { ...body, content: { ...body.content, "application/merge-patch+json": json } };
}
