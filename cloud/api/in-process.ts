import { z } from "zod";

/** In whose name a call is made: the headers of the request that led to it, and whether they still wait. */
export interface Caller {
  readonly headers: Headers;
  readonly signal: AbortSignal;
}

export interface ApiRequest {
  readonly method: "GET" | "POST" | "PATCH";
  /** Below `/api/v1`, encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

export type Fetch = (request: Request) => Response | Promise<Response>;

/**
 * The HTTP API, called within the process in the name of whoever called another face of it: the same keys, rights, limits,
 * schemas and audit, so that no face of the platform can do what another may not.
 */
export interface InProcessApi {
  /** Rejects with `ApiRefusal` for whatever is no success. */
  json<S extends z.ZodType>(caller: Caller, request: ApiRequest, schema: S): Promise<z.output<S>>;
  /** The answer of a route that streams; the same errors. */
  stream(caller: Caller, request: ApiRequest): Promise<ReadableStream<Uint8Array>>;
}

const problemSchema = z.object({
  title: z.string().default(""),
  code: z.string().default(""),
  type: z.string().default(""),
  detail: z.string().optional(),
  traceId: z.string().default(""),
  errors: z.array(z.object({ pointer: z.string(), detail: z.string() })).default([]),
});
const NO_PROBLEM = problemSchema.parse({});

/** What the API answered instead: its status and its problem (empty fields if it was none). */
export class ApiRefusal extends Error {
  readonly status: number;
  readonly problem: z.output<typeof problemSchema>;

  constructor(status: number, body: string) {
    const problem = problemSchema.catch(NO_PROBLEM).parse(jsonOf(body));
    const text = [problem.title, problem.detail].filter(Boolean).join(": ");
    super(text === "" ? `status ${status}` : text);
    this.name = "ApiRefusal";
    this.status = status;
    this.problem = problem;
  }
}

/** Headers that mean the same to the API as to the face that was called. */
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

export function createInProcessApi(fetch: Fetch): InProcessApi {
  const call = async (caller: Caller, request: ApiRequest): Promise<Response> => {
    const response = await fetch(requestFor(caller, request));
    if (!response.ok) throw new ApiRefusal(response.status, await response.text());
    return response;
  };
  return {
    async json(caller, request, schema) {
      return schema.parse(await (await call(caller, request)).json());
    },
    async stream(caller, request) {
      const { body } = await call(caller, request);
      if (body === null) throw new Error(`${request.path} streams nothing`);
      return body;
    },
  };
}

function requestFor(caller: Caller, request: ApiRequest): Request {
  const { method, path, query = {}, body } = request;
  const url = new URL(`/api/v1${path}`, NOWHERE);
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== "") url.searchParams.set(name, String(value));
  }
  const headers = new Headers(request.headers);
  for (const name of HANDED_ON) {
    const value = caller.headers.get(name);
    if (value !== null) headers.set(name, value);
  }
  if (body !== undefined) headers.set("content-type", "application/json");
  return new Request(url, {
    method,
    headers,
    signal: caller.signal,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
