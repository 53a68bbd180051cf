import { codeOf } from "@clockleaf/shared/lib/errors.ts";
import type { Log } from "@clockleaf/shared/lib/log.ts";
import type { WebhooksConfig } from "./config.ts";
import type { Entries } from "./entries.ts";

/** Failures one after another, of whatever events, by which an endpoint counts as down. */
const DOWN_AFTER = 5;

export interface HealthWatchOptions {
  readonly entries: Entries;
  readonly webhookId: string;
  readonly config: WebhooksConfig;
  readonly nowMs: () => number;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** Whether an endpoint takes anything. Since when it has not is stored, so that a restart does not forget it. */
export interface HealthWatch {
  /** Resolves once it is known how it fared before. */
  loaded(): Promise<void>;
  isDown(): boolean;
  /** True if it was down until now. */
  succeeded(): Promise<boolean>;
  /** Resolves with since when it takes nothing. */
  failed(atMs: number): Promise<number>;
  /** It has taken nothing for so long that it is to be switched off. */
  isOverdue(): boolean;
}

export function createHealthWatch(options: HealthWatchOptions): HealthWatch {
  const { entries, webhookId, config, nowMs, log } = options;
  let failingSince: number | null = null;
  let failures = 0;
  let loading: Promise<void> | undefined;
  const store = async (): Promise<void> => {
    try {
      await entries.setHealth(webhookId, { failingSince });
    } catch (error) {
      // Told again at the next change. At worst a restart believes it better, or worse, than it is.
      log.debug({ err: error, code: codeOf(error) }, "health not stored");
    }
  };
  return {
    async loaded() {
      loading ??= entries.health(webhookId).then(
        (health) => {
          if (failures > 0) return;
          failingSince = health.failingSince;
          if (failingSince !== null) failures = DOWN_AFTER;
        },
        (error: unknown) => {
          loading = undefined;
          throw error;
        },
      );
      await loading;
    },
    isDown: () => failures >= DOWN_AFTER,
    async succeeded() {
      const wasDown = failures >= DOWN_AFTER;
      failures = 0;
      if (failingSince !== null) {
        failingSince = null;
        await store();
      }
      return wasDown;
    },
    async failed(atMs) {
      failures += 1;
      if (failingSince === null) {
        failingSince = atMs;
        await store();
      }
      return failingSince;
    },
    isOverdue: () =>
      failingSince !== null && nowMs() - failingSince >= config.disableAfterSeconds * 1000,
  };
}
