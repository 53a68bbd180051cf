import { GraphQLError } from "graphql";
import type { z } from "zod";
import { ApiRefusal, type ApiRequest, type Caller, type InProcessApi } from "../api/in-process.ts";
import { type Person, personSchema } from "./views.ts";

/** What resolvers work with, for the length of one request. */
export interface GraphContext {
  /** Rejects with a `GraphQLError` that carries the code, the status and the trace id of the API's problem. */
  get<S extends z.ZodType>(
    path: string,
    query: ApiRequest["query"],
    schema: S,
  ): Promise<z.output<S>>;
  /** Null for what the caller may not see or what is not there: the API does not tell the two apart. */
  find<S extends z.ZodType>(path: string, schema: S): Promise<z.output<S> | null>;
  /** Each person is read once. */
  person(employeeId: string): Promise<Person | null>;
  follow(query: ApiRequest["query"]): Promise<ReadableStream<Uint8Array>>;
}

/** Calls under way at once for one request: a page of people must not crowd out everybody else. */
const AT_ONCE = 8;

export function createGraphContext(api: InProcessApi, caller: Caller): GraphContext {
  const people = new Map<string, Promise<Person | null>>();
  const inTurn = limiter(AT_ONCE);
  const get: GraphContext["get"] = (path, query, schema) =>
    inTurn(() => api.json(caller, { method: "GET", path, ...(query && { query }) }, schema)).catch(
      rethrow,
    );
  const find: GraphContext["find"] = (path, schema) =>
    inTurn(() => api.json(caller, { method: "GET", path }, schema)).catch((error: unknown) =>
      error instanceof ApiRefusal && error.status === 404 ? null : rethrow(error),
    );
  return {
    get,
    find,
    person(employeeId) {
      let found = people.get(employeeId);
      if (found === undefined) {
        found = find(`/employees/${encodeURIComponent(employeeId)}`, personSchema);
        people.set(employeeId, found);
      }
      return found;
    },
    follow: (query) =>
      api
        .stream(caller, { method: "GET", path: "/events", ...(query && { query }) })
        .catch(rethrow),
  };
}

function rethrow(error: unknown): never {
  if (!(error instanceof ApiRefusal)) throw error;
  const { status, problem } = error;
  const { code, traceId, errors } = problem;
  throw new GraphQLError(error.message, { extensions: { code, status, traceId, faults: errors } });
}

/** Runs at most `most` at once, the others in the order they came. */
function limiter(most: number): <T>(work: () => Promise<T>) => Promise<T> {
  let running = 0;
  const waiting: Array<() => void> = [];
  return async (work) => {
    if (running >= most) await new Promise<void>((resolve) => void waiting.push(resolve));
    else running += 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
}
