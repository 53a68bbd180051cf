import { randomBytes } from "node:crypto";

/** W3C Trace Context, version 00: the header that ties a punch to the last event it causes. */
export const TRACEPARENT = "traceparent";
const PATTERN = /^00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}$/;
const SAMPLED = "01";

/** A new trace, sampled. */
export function newTraceparent(): string {
  return `00-${randomBytes(16).toString("hex")}-${randomBytes(8).toString("hex")}-${SAMPLED}`;
}

/** The next span of the same trace; a new trace if `parent` is missing or malformed. */
export function childTraceparent(parent: string | undefined): string {
  const trace = parent === undefined ? undefined : traceIdOf(parent);
  if (trace === undefined) return newTraceparent();
  return `00-${trace}-${randomBytes(8).toString("hex")}-${SAMPLED}`;
}

/** The 32 hex digits of the trace id, or undefined if `traceparent` is not one. */
export function traceIdOf(traceparent: string): string | undefined {
  return PATTERN.exec(traceparent)?.[1];
}
