import { DOMAINS, tokenSchema } from "@clockleaf/shared/subjects.ts";
import { z } from "zod";
import { LIMITS } from "./config.ts";

/** Why a try did not go through: codes for programs, added and never renamed. */
export const ATTEMPT_ERRORS = [
  "http-status",
  "timeout",
  "connection",
  "dns",
  "tls",
  "address-refused",
  "body-too-large",
  "event-gone",
  "secret-gone",
] as const;
export type AttemptError = (typeof ATTEMPT_ERRORS)[number];

export const attemptSchema = z.object({
  at: z.int(),
  durationMs: z.int(),
  status: z.int().nullable(),
  error: z.enum(ATTEMPT_ERRORS).nullable(),
});
export type Attempt = z.output<typeof attemptSchema>;

export const DELIVERY_STATUSES = ["pending", "delivered", "failed"] as const;

/** One event for one endpoint. What goes out is made anew for each try, from the event as it is stored. */
export const deliverySchema = z.object({
  deliveryId: tokenSchema,
  webhookId: tokenSchema,
  type: z.string(),
  /** Null = a test, which is made of nothing stored. */
  event: z.object({ domain: z.enum(DOMAINS), seq: z.int(), eventId: z.string() }).nullable(),
  createdAt: z.int(),
  status: z.enum(DELIVERY_STATUSES),
  attempts: z.array(attemptSchema),
  /** How many tries there were since it began or was asked for again; which wait comes next depends on it. */
  round: z.int(),
  nextAttemptAt: z.int().nullable(),
});
export type Delivery = z.output<typeof deliverySchema>;

export interface AttemptResult {
  readonly attempt: Attempt;
  /** What the receiver asked for, where it did. */
  readonly retryAfterMs?: number | undefined;
}

export interface RetryRules {
  readonly retrySeconds: readonly number[];
  /** In [0, 1). */
  readonly random: number;
  /** Since when the endpoint has taken nothing at all; null = it does take what it gets. */
  readonly failingSince: number | null;
}

const JITTER = 0.1;
/** No further try would end otherwise. */
const HOPELESS: ReadonlySet<string | null> = new Set<AttemptError>([
  "body-too-large",
  "event-gone",
]);

/**
 * The delivery after one more try. It fails for good only where the endpoint has taken something else meanwhile: a dead
 * endpoint loses nothing, and its deliveries go on by the last wait until it is back or switched off.
 */
export function afterAttempt(
  delivery: Delivery,
  { attempt, retryAfterMs }: AttemptResult,
  { retrySeconds, random, failingSince }: RetryRules,
): Delivery {
  const attempts = [...delivery.attempts, attempt].slice(-LIMITS.attempts);
  const round = delivery.round + 1;
  const base = { ...delivery, attempts, round, nextAttemptAt: null };
  if (attempt.error === null) return { ...base, status: "delivered" };
  const begunAt = attempts.at(-round)?.at ?? attempt.at;
  const isDead = failingSince !== null && failingSince <= begunAt;
  const wait = retrySeconds[delivery.round] ?? (isDead ? retrySeconds.at(-1) : undefined);
  if (wait === undefined || HOPELESS.has(attempt.error)) return { ...base, status: "failed" };
  const ownMs = wait * 1000 * (1 + JITTER * random);
  const askedMs = Math.min(retryAfterMs ?? 0, LIMITS.retryAfterMs);
  const endedAt = attempt.at + attempt.durationMs;
  return {
    ...base,
    status: "pending",
    nextAttemptAt: Math.round(endedAt + Math.max(ownMs, askedMs)),
  };
}

/** The delivery with all its tries before it again, the first of them at once. */
export const askedAgain = (delivery: Delivery, nowMs: number): Delivery => ({
  ...delivery,
  status: "pending",
  round: 0,
  nextAttemptAt: nowMs,
});

/** `Retry-After` (RFC 9110, 10.2.3): seconds or a date. Undefined for anything else. */
export function retryAfterOf(header: string | undefined, nowMs: number): number | undefined {
  if (header === undefined) return undefined;
  const text = header.trim();
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  const at = Date.parse(text);
  return Number.isNaN(at) || !/[A-Za-z]/.test(text) ? undefined : Math.max(0, at - nowMs);
}
