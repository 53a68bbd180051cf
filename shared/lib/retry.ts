import { setTimeout as sleep } from "node:timers/promises";

export interface Backoff {
  readonly firstMs: number;
  readonly maxMs: number;
  /** Each wait is drawn from [wait × (1 − jitter), wait]; 0 means exact. */
  readonly jitter: number;
}

const DEFAULT_BACKOFF: Backoff = { firstMs: 100, maxMs: 5_000, jitter: 0.3 };

/** The wait before attempt `attempt` (0 = the first retry): doubling, capped, jittered by `random` in [0, 1). */
export function backoffMs(attempt: number, backoff: Backoff, random: number): number {
  const wait = Math.min(backoff.maxMs, backoff.firstMs * 2 ** Math.min(attempt, 30));
  return wait * (1 - backoff.jitter * random);
}

export interface RetryOptions {
  readonly signal: AbortSignal;
  readonly backoff?: Backoff;
  /** Decides whether this failure is worth another try; anything else is thrown to the caller. */
  readonly shouldRetry: (error: unknown) => boolean;
  readonly onRetry?: (error: unknown, waitMs: number) => void;
}

/** Repeats `work` until it succeeds, fails for good, or `signal` aborts (then rejects with the abort reason). */
export async function retry<T>(work: () => Promise<T>, options: RetryOptions): Promise<T> {
  const backoff = options.backoff ?? DEFAULT_BACKOFF;
  for (let attempt = 0; ; attempt += 1) {
    options.signal.throwIfAborted();
    try {
      return await work();
    } catch (error) {
      if (!options.shouldRetry(error)) throw error;
      const waitMs = backoffMs(attempt, backoff, Math.random());
      options.onRetry?.(error, waitMs);
      await sleep(waitMs, undefined, { signal: options.signal });
    }
  }
}
