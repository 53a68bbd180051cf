import { setTimeout as sleep } from "node:timers/promises";
import { PlatformError } from "@clockleaf/shared/lib/errors.ts";

/**
 * What `work` resolves with, or `bridge.unreachable` after `limitMs`: the client has ways to wait for good (a wrong password
 * without retries is one). The work itself is not stopped by it; whoever owns the connections closes them.
 */
export async function within<T>(limitMs: number, what: string, work: Promise<T>): Promise<T> {
  const over = new AbortController();
  const late = async (): Promise<never> => {
    await sleep(limitMs, undefined, { signal: over.signal });
    throw new PlatformError("bridge.unreachable", `no answer within ${limitMs} ms: ${what}`, {
      retriable: true,
    });
  };
  try {
    return await Promise.race([work, late()]);
  } finally {
    over.abort();
  }
}
