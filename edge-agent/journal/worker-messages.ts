import type { ErrorCode } from "@clockleaf/shared/lib/errors.ts";
import type { JournalConfig } from "./config.ts";
import type { Appended, NewRow } from "./store.ts";

export interface WorkerStart {
  readonly config: JournalConfig;
  readonly commitDelayMs: number;
  /** One Int32: main adds 1 after every message; the worker sleeps on it, so that no event loop is in the path. */
  readonly wakeups: SharedArrayBuffer;
}

export type ToWorker =
  | { readonly kind: "append"; readonly rows: readonly NewRow[] }
  | { readonly kind: "delivered"; readonly upTo: number; readonly streamSeq: number }
  /** Wants an "answered", in its turn: a thread that hangs gives none. */
  | { readonly kind: "ask" }
  | { readonly kind: "close" };

/** An error as it crosses the thread border. */
export interface Failure {
  readonly code: ErrorCode;
  readonly message: string;
  readonly retriable: boolean;
  readonly details: Record<string, unknown>;
}

export type FromWorker =
  | {
      readonly kind: "opened";
      readonly epoch: string;
      readonly lastRow: number;
      readonly firstKeptRow: number;
      readonly deliveredRow: number;
      readonly deliveredSeq: number;
    }
  | { readonly kind: "open-failed"; readonly failure: Failure }
  /** Answers the oldest unanswered appends, in order. */
  | {
      readonly kind: "committed";
      readonly appended: readonly Appended[];
      readonly commitMs: number;
    }
  | { readonly kind: "rejected"; readonly count: number; readonly failure: Failure }
  /** The connection was given up; appends are rejected until "opened" comes again. */
  | { readonly kind: "failed"; readonly failure: Failure }
  | { readonly kind: "pruned"; readonly firstKeptRow: number }
  | { readonly kind: "answered"; readonly count: number }
  | { readonly kind: "closed" };
