import type { AttemptResult } from "./delivery.ts";

/** What this process does for one endpoint. */
export interface EndpointStats {
  readonly webhookId: string;
  /** Deliveries that wait for another try. */
  readonly waiting: number;
  /** Events stored in the streams it follows and not looked at yet. */
  readonly lag: number;
  /** It has taken nothing lately. */
  readonly isDown: boolean;
}

/** Totals of this process since its start. */
export interface WebhookTotals {
  /** Tries by what came of them: `ok` or the code of the failure. */
  readonly attempts: ReadonlyMap<string, number>;
  /** Deliveries that failed for good. */
  readonly failed: number;
  readonly disabled: number;
  /** Events that could not be read, and are dead letters now. */
  readonly unreadable: number;
}

export interface WebhooksStats {
  readonly endpoints: readonly EndpointStats[];
  readonly totals: WebhookTotals;
}

export interface Counters {
  readonly totals: WebhookTotals;
  attempted(result: AttemptResult): void;
  count(what: "failed" | "disabled" | "unreadable"): void;
}

export function createCounters(): Counters {
  const attempts = new Map<string, number>();
  const totals = { attempts, failed: 0, disabled: 0, unreadable: 0 };
  return {
    totals,
    attempted({ attempt }) {
      const result = attempt.error ?? "ok";
      attempts.set(result, (attempts.get(result) ?? 0) + 1);
    },
    count(what) {
      totals[what] += 1;
    },
  };
}
