import { setTimeout as sleep } from "node:timers/promises";

const POLL_MS = 10;

export interface EventuallyOptions {
  /** What is waited for, for the message of the failure. */
  readonly what?: string;
  /** Gives up after this long; 20 s unless told. */
  readonly timeoutMs?: number;
  /** Between two looks; 10 ms unless told. For a condition that is work for whoever is asked. */
  readonly everyMs?: number;
}

/**
 * Asks `condition` again and again until it returns something truthy, and returns that. A throwing condition counts as
 * "not yet"; after the timeout the last error becomes the cause, so assertions may be used inside.
 */
export async function eventually<T>(
  condition: () => T | Promise<T>,
  options: EventuallyOptions = {},
): Promise<NonNullable<T>> {
  const timeoutMs = options.timeoutMs ?? 20_000;
  const deadline = performance.now() + timeoutMs;
  let last: unknown;
  do {
    try {
      const value = await condition();
      if (value) return value;
      last = undefined;
    } catch (error) {
      last = error;
    }
    await sleep(options.everyMs ?? POLL_MS);
  } while (performance.now() < deadline);
  const what = options.what ?? condition.toString().slice(0, 120);
  throw new Error(`not within ${timeoutMs} ms: ${what}`, { cause: last });
}
