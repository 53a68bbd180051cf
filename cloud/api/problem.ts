import { codeOf, type ErrorCode, PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { traceIdOf } from "@clockleaf/shared/wire/trace-context.ts";
import { z } from "@hono/zod-openapi";
import type { Context, TypedResponse } from "hono";
import { HTTPException } from "hono/http-exception";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { Refusal } from "../eventing/decider.ts";
import { ERROR_PROBLEMS, type StatusOf } from "./problem-catalogue.ts";
import { REFUSAL_PROBLEMS, type RefusalStatus } from "./refusal-catalogue.ts";

/** RFC 9457 problem details. `code` is the contract; `type` is a page of this API that explains it. */
export const problemSchema = z
  .object({
    type: z.string().describe("Page that explains the code, relative to this API"),
    title: z.string(),
    status: z.int().min(400).max(599),
    code: z.string().describe("Stable: what programs act on"),
    detail: z.string().optional().describe("What went wrong this time, for people"),
    traceId: z
      .string()
      .optional()
      .describe("Find it in the log and in every event of this request"),
    errors: z
      .array(
        z.object({
          in: z.enum(["json", "query", "param", "header", "cookie", "form"]),
          pointer: z.string().describe("JSON Pointer (RFC 6901, as a URI fragment) to the value"),
          detail: z.string(),
          code: z.string(),
        }),
      )
      .optional(),
  })
  .meta({ id: "Problem", description: "RFC 9457 problem details" });
export type Problem = z.output<typeof problemSchema>;

type ProblemResponse<S extends ContentfulStatusCode> = Response & TypedResponse<Problem, S, "json">;

export interface ProblemInput<C extends ErrorCode> {
  readonly code: C;
  readonly detail?: string;
  readonly errors?: NonNullable<Problem["errors"]>;
}

/** Seconds a client waits before it repeats a request that failed with a retriable code. */
const RETRY_AFTER_SECONDS = 2;

/** The response for `code`; its status and title come from the catalogue, so that a code means the same everywhere. */
export function problem<C extends ErrorCode>(
  c: Context,
  input: ProblemInput<C>,
): ProblemResponse<StatusOf<C>> {
  const { status, title } = ERROR_PROBLEMS[input.code];
  return respond(c, {
    type: `/problems/${input.code}`,
    title,
    status,
    code: input.code,
    detail: input.detail,
    errors: input.errors,
  });
}

/** The body for `code` where there is no request to answer. */
export function problemBody(code: ErrorCode): Problem {
  const { status, title } = ERROR_PROBLEMS[code];
  return { type: `/problems/${code}`, title, status, code };
}

/** The response for a rule that said no. The route spreads `refusalResponses` into its `responses`. */
export function refused(c: Context, refusal: Refusal): ProblemResponse<RefusalStatus> {
  const listed = REFUSAL_PROBLEMS[refusal.code];
  const page =
    listed !== undefined
      ? refusal.code
      : refusal.code.endsWith(".not-found")
        ? "command.not-found"
        : "command.refused";
  const kind = listed ?? ERROR_PROBLEMS[page === "command.not-found" ? page : "command.refused"];
  return respond(c, {
    type: `/problems/${page}`,
    title: kind.title,
    status: kind.status,
    code: refusal.code,
    detail: refusal.message,
  });
}

/**
 * The response for anything thrown. The text of a fault of ours stays in the log: a 500 carries its code and trace id
 * and nothing else.
 */
export function problemOfError(c: Context, error: unknown): Response {
  if (error instanceof HTTPException) return problemOfHttpException(c, error);
  const code = codeOf(error);
  const { status } = ERROR_PROBLEMS[code];
  if (status === 503) c.header("Retry-After", String(RETRY_AFTER_SECONDS));
  if (!(error instanceof PlatformError) || status === 500) return problem(c, { code });
  return problem(c, { code, detail: error.message });
}

function problemOfHttpException(c: Context, error: HTTPException): Response {
  switch (error.status) {
    case 400:
      return problem(c, { code: "api.malformed", detail: error.message });
    case 413:
      return problem(c, { code: "api.too-large" });
    case 415:
      return problem(c, { code: "api.unsupported-media" });
    default:
      return problem(c, { code: "internal" });
  }
}

/** Every zod issue as a problem error; unknown keys are pointed at one by one. */
export function problemErrors(
  issues: readonly z.core.$ZodIssue[],
  target: NonNullable<Problem["errors"]>[number]["in"],
): NonNullable<Problem["errors"]> {
  return issues.slice(0, 50).flatMap((issue) => {
    const paths =
      issue.code === "unrecognized_keys"
        ? issue.keys.map((key) => [...issue.path, key])
        : [issue.path];
    const unknown = target === "query" ? "unknown parameter" : "unknown field";
    const detail = issue.code === "unrecognized_keys" ? unknown : issue.message;
    return paths.map((path) => ({
      in: target,
      pointer: pointerOf(path),
      detail,
      code: issue.code,
    }));
  });
}

function pointerOf(path: readonly PropertyKey[]): string {
  const tokens = path.map((key) => String(key).replaceAll("~", "~0").replaceAll("/", "~1"));
  return `#${tokens.map((token) => `/${encodeURIComponent(token.toWellFormed())}`).join("")}`;
}

interface ProblemParts<S> {
  readonly type: string;
  readonly title: string;
  readonly status: S;
  readonly code: string;
  readonly detail?: string | undefined;
  readonly errors?: Problem["errors"];
}

function respond<S extends ContentfulStatusCode>(
  c: Context,
  parts: ProblemParts<S>,
): ProblemResponse<S> {
  const { detail, errors, ...fixed } = parts;
  const traceparent: unknown = c.get("traceparent");
  const traceId = typeof traceparent === "string" ? traceIdOf(traceparent) : undefined;
  const body: Problem = {
    ...fixed,
    ...(detail === undefined ? {} : { detail }),
    ...(traceId === undefined ? {} : { traceId }),
    ...(errors === undefined ? {} : { errors }),
  };
  return c.json(body, parts.status, { "content-type": "application/problem+json" });
}
