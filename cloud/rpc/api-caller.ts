import type { HandlerContext } from "@connectrpc/connect";
import type { z } from "zod";
import { errorOfProblem } from "./problem-error.ts";

export interface ApiRequest {
  readonly method: "GET" | "POST" | "PATCH";
  /** Below `/api/v1`, encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * The HTTP API, called within the process in the name of whoever made an RPC: the same keys, rights, limits, schemas and
 * audit, so that no face of the platform can do what another may not.
 */
export interface ApiCaller {
  /** Rejects with a `ConnectError` that carries the API's problem. */
  json<S extends z.ZodType>(
    context: HandlerContext,
    request: ApiRequest,
    schema: S,
  ): Promise<z.output<S>>;
  /** The answer of a route that streams; the same errors. */
  stream(context: HandlerContext, request: ApiRequest): Promise<ReadableStream<Uint8Array>>;
}

export type Fetch = (request: Request) => Response | Promise<Response>;

/** Headers of the RPC that mean the same to the API. */
const HANDED_ON = [
  "authorization",
  "cookie",
  "origin",
  "sec-fetch-site",
  "traceparent",
  "x-request-id",
  "x-forwarded-for",
  "idempotency-key",
];
/** A path needs a host to be a URL; nobody resolves it. */
const NOWHERE = "http://api.invalid";

export function createApiCaller(fetch: Fetch): ApiCaller {
  const call = async (context: HandlerContext, request: ApiRequest): Promise<Response> => {
    const response = await fetch(requestFor(context, request));
    if (!response.ok) throw errorOfProblem(response.status, await response.text());
    return response;
  };
  return {
    async json(context, request, schema) {
      return schema.parse(await (await call(context, request)).json());
    },
    async stream(context, request) {
      const { body } = await call(context, request);
      if (body === null) throw new Error(`${request.path} streams nothing`);
      return body;
    },
  };
}

function requestFor(context: HandlerContext, request: ApiRequest): Request {
  const { method, path, query = {}, body } = request;
  const url = new URL(`/api/v1${path}`, NOWHERE);
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== "") url.searchParams.set(name, String(value));
  }
  const headers = new Headers(request.headers);
  for (const name of HANDED_ON) {
    const value = context.requestHeader.get(name);
    if (value !== null) headers.set(name, value);
  }
  if (body !== undefined) headers.set("content-type", "application/json");
  return new Request(url, {
    method,
    headers,
    signal: context.signal,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}
