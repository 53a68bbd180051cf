import { setTimeout as sleep } from "node:timers/promises";
import { type Backoff, backoffMs } from "@clockleaf/shared/lib/retry.ts";
import type { NatsConnection } from "nats";
import { connectionGate } from "./connection-gate.ts";

export interface KeepFollowing {
  readonly nc: NatsConnection;
  readonly signal: AbortSignal;
  /** Reads a stream until it fails or is interrupted; reports progress, which resets the backoff. */
  readonly follow: (onProgress: () => void) => Promise<void>;
  /** Makes `follow` return soon. Called after every reconnect, for then the server may have forgotten us. */
  readonly interrupt: () => void;
  /** Told after every turn but the last; `error` is undefined if it was interrupted. */
  readonly onTurn: (error: unknown) => void;
}

/** How often a runner without a link looks whether it was told to stop. */
const LINK_CHECK_MS = 500;
const BACKOFF: Backoff = { firstMs: 100, maxMs: 5_000, jitter: 0.3 };

/** Follows for good: starts again after every error and reconnect, until `signal` aborts. Never rejects. */
export async function keepFollowing(options: KeepFollowing): Promise<void> {
  const { nc, signal, follow, interrupt, onTurn } = options;
  const stopWatching = connectionGate(nc).onReconnect(interrupt);
  signal.addEventListener("abort", interrupt);
  for (let attempt = 0; !signal.aborted; attempt += 1) {
    let failure: unknown;
    // A request sent into a broken link would only be noticed by its timeout.
    if (!(await connectionGate(nc).whenConnected(LINK_CHECK_MS))) {
      attempt = 0;
      continue;
    }
    try {
      await follow(() => {
        attempt = 0;
      });
    } catch (error) {
      failure = error;
    } finally {
      interrupt();
    }
    if (signal.aborted) break;
    onTurn(failure);
    await pause(backoffMs(attempt, BACKOFF, Math.random()), signal);
  }
  signal.removeEventListener("abort", interrupt);
  stopWatching();
}

/** Waits, or returns at once when `signal` aborts. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
