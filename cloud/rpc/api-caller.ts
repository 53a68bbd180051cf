import type { HandlerContext } from "@connectrpc/connect";
import type { z } from "zod";
import { type ApiRequest, createInProcessApi, type Fetch } from "../api/in-process.ts";
import { errorOf } from "./problem-error.ts";

/** The HTTP API in the name of whoever made an RPC. Rejects with a `ConnectError` that carries the API's problem. */
export interface ApiCaller {
  json<S extends z.ZodType>(
    context: HandlerContext,
    request: ApiRequest,
    schema: S,
  ): Promise<z.output<S>>;
  stream(context: HandlerContext, request: ApiRequest): Promise<ReadableStream<Uint8Array>>;
}

export function createApiCaller(fetch: Fetch): ApiCaller {
  const api = createInProcessApi(fetch);
  return {
    json: (context, request, schema) => api.json(callerOf(context), request, schema).catch(rejects),
    stream: (context, request) => api.stream(callerOf(context), request).catch(rejects),
  };
}

const rejects = (error: unknown): never => {
  throw errorOf(error);
};

const callerOf = ({ requestHeader: headers, signal }: HandlerContext) => ({ headers, signal });
