import type { components } from "./openapi.d.ts";

type Body = components["schemas"]["Problem"];

/**
 * A request that was not answered as asked: an RFC 9457 problem. Programs act on `code`, which is stable; `message` is for
 * people. An answer that is no problem of Clockleaf's, such as a proxy's page, has the code `unknown`.
 */
export class ClockleafProblem extends Error {
  override readonly name = "ClockleafProblem";
  readonly status: number;
  readonly code: string;
  /** Find it in Clockleaf's log and in every event of the request. */
  readonly traceId: string | undefined;
  /** What is wrong with which value of the request. */
  readonly errors: NonNullable<Body["errors"]>;
  readonly response: Response;

  constructor(response: Response, body: unknown) {
    const known = isProblem(body) ? body : undefined;
    super(known?.detail ?? known?.title ?? `answered with status ${response.status}`);
    this.status = response.status;
    this.code = known?.code ?? "unknown";
    this.traceId = known?.traceId;
    this.errors = known?.errors ?? [];
    this.response = response;
  }
}

/** Narrows to a problem, with one of these codes if any are named. */
export function isClockleafProblem(
  error: unknown,
  ...codes: readonly string[]
): error is ClockleafProblem {
  if (!(error instanceof ClockleafProblem)) return false;
  return codes.length === 0 || codes.includes(error.code);
}

function isProblem(body: unknown): body is Body {
  return (
    typeof body === "object" &&
    body !== null &&
    "code" in body &&
    typeof body.code === "string" &&
    "title" in body &&
    typeof body.title === "string"
  );
}
