import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { STREAMS } from "@clockleaf/shared/subjects.ts";
import { traceIdOf } from "@clockleaf/shared/wire/trace-context.ts";
import { OpenAPIHono, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { deriveEventId, newEventId } from "../eventing/event-id.ts";
import type { Cause } from "../eventing/event-store.ts";
import type { Access, Rights } from "../identity/access.ts";
import type { Grant } from "../identity/rights.ts";
import type { CursorSeal } from "./cursor-seal.ts";
import type { Inside } from "./inside.ts";
import { problem, problemErrors, problemSchema } from "./problem.ts";
import type { RefusalStatus } from "./refusal-catalogue.ts";

/** `read` looks, `write` changes people and punches, `admin` changes what the platform trusts. Each holds the ones before it. */
export const SCOPES = ["read", "write", "admin"] as const;
export type Scope = (typeof SCOPES)[number];

/** Who makes a request; set by `auth.ts` before any context's route runs. */
export interface Principal {
  /** The key's name in the configuration; goes into `resolvedBy` and the like. */
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** The person it acts for, if any: who approves, asks for leave, corrects. */
  readonly employeeId?: string | undefined;
  /** What it is called besides, such as `hr` or `payroll`: approval steps name these. They give no rights. */
  readonly roles: readonly string[];
  /** What it may do, and where. The scopes are a ceiling above that. */
  readonly grants: readonly Grant[];
}

export interface ApiEnv {
  Variables: {
    principal: Principal;
    /** Answers whom the principal may see and act for; set together with it. */
    access: Access;
    /** Of the route that answers; `guardOf` reads it. */
    rights: Rights | undefined;
    /** W3C trace context of this request: the caller's trace, our span. */
    traceparent: string;
    requestId: string;
    /** Set where the request carries an Idempotency-Key. */
    once?: RequestOnce;
    /** Absent where a router is used by itself: cursors are then as they were made. */
    cursorSeal?: CursorSeal;
    /** Set by `inside.ts`. */
    inside?: Inside;
    /** By stream, the newest version that a command of this request led to. */
    handled?: Map<string, number>;
  };
}

/** What a request with an Idempotency-Key has in common with its repeats. */
export interface RequestOnce {
  /** Everything that a request makes up, ids above all, is derived from this. */
  readonly seed: string;
  /** True: an earlier run may have had its effect, wholly or in part. */
  readonly isRerun: boolean;
  readonly checked: Set<string>;
}

export type ApiRouter = OpenAPIHono<ApiEnv>;

/**
 * A router whose validation failures are problem+json with pointers. A context's `routes.ts` builds one, declares its
 * routes with `createRoute` from `@hono/zod-openapi` (paths such as `/employees/{employeeId}`, no `/api/v1`), and
 * `app.ts` mounts it. GET needs the scope `read`, everything else `write`; each route spreads `guarded(…)` of `guard.ts`.
 */
export function newRouter(): ApiRouter {
  return new OpenAPIHono<ApiEnv>({
    defaultHook: (result, c) =>
      result.success
        ? undefined
        : problem(c, {
            code: "api.invalid",
            errors: problemErrors(result.error.issues, result.target),
          }),
  });
}

export function mayUse(principal: Principal, scope: Scope): boolean {
  const wanted = SCOPES.indexOf(scope);
  return principal.scopes.some((held) => SCOPES.indexOf(held) >= wanted);
}

/** The 403 for a key without `scope`. */
export function forbidden(c: Context, scope: Scope): Response {
  c.header(
    "WWW-Authenticate",
    `Bearer realm="clockleaf", error="insufficient_scope", scope="${scope}"`,
  );
  return problem(c, { code: "api.forbidden", detail: `this needs the scope "${scope}"` });
}

interface ProblemResponse {
  description: string;
  content: { "application/problem+json": { schema: typeof problemSchema } };
}

const problemResponse = (description: string): ProblemResponse => ({
  description,
  content: { "application/problem+json": { schema: problemSchema } },
});

// The annotations below are needed: under `as const` the keys become "404" and createRoute loses their types.

/** What every route with input can answer: spread into `responses`. */
export const invalidResponse: { 422: ProblemResponse } = {
  422: problemResponse("The request does not fit the schema, or a rule on its content said no"),
};
export const notFoundResponse: { 404: ProblemResponse } = {
  404: problemResponse("No such record"),
};
/** For routes that tell who calls, outside `/api/v1`. */
export const tooManyResponse: { 429: ProblemResponse } = {
  429: problemResponse("Too many logins failed"),
};
/** For routes that call `ifMatch`. */
export const preconditionResponses: { 412: ProblemResponse; 428: ProblemResponse } = {
  412: problemResponse("The record has changed since it was read"),
  428: problemResponse("`If-Match` is missing"),
};
/** Spread into the `createRoute` of a PUT that also makes its record: one that is not there needs no `If-Match`. */
export const putMakes: { readonly "x-put-makes": true } = { "x-put-makes": true };
/** For routes that ask a gateway. */
export const noAnswerResponse: { 504: ProblemResponse } = {
  504: problemResponse("The gateway did not answer in time"),
};
/** For routes that answer with `refused(…)`. */
export const refusalResponses: Record<RefusalStatus, ProblemResponse> = {
  403: problemResponse("The caller may not do this"),
  ...notFoundResponse,
  409: problemResponse("A rule said no, or somebody else changed the same record"),
  ...invalidResponse,
};

interface JsonContent<S extends z.ZodType> {
  content: { "application/json": { schema: S } };
}

/** A JSON body that must be there. */
export function jsonBody<S extends z.ZodType>(schema: S): JsonContent<S> & { required: true } {
  return { required: true, content: { "application/json": { schema } } };
}

/** A successful JSON response. */
export function jsonResponse<S extends z.ZodType>(
  schema: S,
  description: string,
): JsonContent<S> & { description: string } {
  return { description, content: { "application/json": { schema } } };
}

export const MAX_PAGE = 500;
export const pageQuerySchema = z.object({
  cursor: z
    .string()
    .max(2048)
    .meta({ format: "cursor" })
    .optional()
    .describe(
      "Opaque and signed, good for this list with these filters: `next` of the page before; left out or empty for the first page",
    ),
  limit: z.coerce.number().int().min(1).max(MAX_PAGE).default(100).describe("Items per page"),
});

/** Schema of one page. `next` is the cursor of the following page, null on the last. */
export function pageSchema<S extends z.ZodType>(
  item: S,
): z.ZodObject<{ items: z.ZodArray<S>; next: z.ZodNullable<z.ZodString> }> {
  return z.object({ items: z.array(item), next: z.string().nullable() });
}

/** Makes a cursor out of the sort key of a page's last item; `page` signs it. */
export function encodeCursor(position: unknown): string {
  return Buffer.from(JSON.stringify(position)).toString("base64url");
}

/**
 * Reads a cursor back; undefined = first page. Throws `api.invalid` for anything `schema` refuses. Whether it was made
 * here, for this list, was looked at before (`cursor-seal.ts`).
 */
export function decodeCursor<S extends z.ZodType>(
  cursor: string | undefined,
  schema: S,
): z.output<S> | undefined {
  if (cursor === undefined || cursor === "") return undefined;
  let position: unknown;
  try {
    const [payload = ""] = cursor.split(".");
    position = JSON.parse(Buffer.from(payload, "base64url").toString("utf8"));
  } catch (error) {
    throw new PlatformError("api.invalid", "the cursor is not one of ours", { cause: error });
  }
  const parsed = schema.safeParse(position);
  if (!parsed.success) throw new PlatformError("api.invalid", "the cursor is not one of ours");
  return parsed.data;
}

/** One page as the body, with `Link: …; rel="next"` set on the response. `next` comes from {@link encodeCursor}. */
export function page<T>(
  c: Context,
  items: T[],
  position: string | null,
): { items: T[]; next: string | null } {
  const seal: CursorSeal | undefined = c.get("cursorSeal");
  const next = position === null ? null : (seal?.seal(c.req.url, position) ?? position);
  if (next !== null) {
    const url = new URL(c.req.url);
    url.searchParams.set("cursor", next);
    c.header("Link", `<${url.pathname}${url.search}>; rel="next"`);
  }
  return { items, next };
}

/** A page of a list that lies in memory, sorted by the text that `keyOf` gives, which also is the cursor. */
export function pageOfList<T>(
  c: Context,
  all: readonly T[],
  {
    cursor,
    limit,
    keyOf,
  }: {
    readonly cursor: string | undefined;
    readonly limit: number;
    readonly keyOf: (item: T) => string;
  },
): { items: T[]; next: string | null } {
  const after = decodeCursor(cursor, z.string().max(512));
  const rest = all.filter((item) => after === undefined || keyOf(item) > after);
  const items = rest.slice(0, limit);
  const last = rest.length > limit ? items.at(-1) : undefined;
  return page(c, items, last === undefined ? null : encodeCursor(keyOf(last)));
}

/** Sets the `ETag` of a record: the version (stream sequence) of its aggregate. */
export function setEtag(c: Context, version: number): void {
  c.header("ETag", `"${version}"`);
}

/**
 * The version in `If-Match`. Throws `api.precondition-required` without one, and `api.invalid` for what no answer of this
 * API can have said, `*` among it.
 */
export function ifMatch(c: Context): number {
  const header = c.req.header("if-match");
  if (header === undefined) {
    throw new PlatformError("api.precondition-required", "send the record's ETag as If-Match");
  }
  const version = /^(?:W\/)?"(\d{1,15})"$/.exec(header.trim())?.[1];
  if (version === undefined) {
    throw new PlatformError("api.invalid", "If-Match is not an ETag of this API");
  }
  return Number(version);
}

/**
 * Who asks and why, for `EventStore.append`: the request's id and trace go into every event it causes. Repeats under one
 * Idempotency-Key are one cause, by which a run finds what an earlier one stored.
 */
export function causeOf(c: Context<ApiEnv>, source: string, atMs: number): Cause {
  // Entrances are called by nobody yet.
  const principal: Principal | undefined = c.get("principal");
  const once = c.get("once");
  return {
    source,
    atMs,
    correlationId: traceIdOf(c.get("traceparent")) ?? null,
    causationId: `request-${once?.seed ?? c.get("requestId")}`,
    traceparent: c.get("traceparent"),
    ...(principal === undefined ? {} : { actor: principal.name }),
    ...(once === undefined ? {} : { once }),
    onHandled: (domain, seq) => noteHandled(c, STREAMS[domain], seq),
  };
}

function noteHandled(c: Context<ApiEnv>, stream: string, seq: number): void {
  const handled = c.get("handled") ?? new Map<string, number>();
  handled.set(stream, Math.max(seq, handled.get(stream) ?? 0));
  c.set("handled", handled);
}

/** The id of what a request makes: under an Idempotency-Key the same at every repeat, else a fresh one. */
export function newIdFor(c: Context<ApiEnv>, what: string): string {
  const once = c.get("once");
  return once === undefined ? newEventId() : deriveEventId(once.seed, what);
}
