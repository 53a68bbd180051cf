import type { Kysely, Transaction } from "kysely";
import type { StoredEvent } from "./event-store.ts";
import type { CheckWhere, ProjectionCheck } from "./projection-check.ts";

/**
 * A read model: rows derived from one stream and nothing else. It owns one SQLite file or one PostgreSQL schema, so it
 * can be thrown away and built again from the stream at any time; a change of `version` does just that.
 *
 * `apply` must depend on the event and the rows only (no clock, no I/O): a rebuild must give the same rows. It sees each
 * event exactly once and in stream order, because the checkpoint is committed with the rows. If it throws, nothing of
 * its batch is kept and the batch is tried again.
 */
export interface Projection<DB> {
  /** Lower-case token; also the name of the file or schema. */
  readonly name: string;
  /** Raise it whenever `migrate`, `apply` or `filterSubjects` change: the rows are then rebuilt from the stream. */
  readonly version: number;
  readonly stream: string;
  readonly filterSubjects: readonly string[];
  /** Types of events that erase: once one is applied, nothing of the rows it overwrote is left in the file. */
  readonly forgetsOn?: readonly string[];
  /** Creates the tables in an empty file or schema, with the types text, integer, bigint, real and blob. */
  migrate(db: Kysely<DB>): Promise<void>;
  apply(tx: Transaction<DB>, stored: StoredEvent): Promise<void>;
}

/** An open read model. */
export interface ReadModel<DB> {
  /** Read-only and on connections of its own: queries see the last committed batch and never wait for one. */
  readonly db: Kysely<DB>;
  readonly projection: Projection<DB>;
  close(): Promise<void>;
}

export interface ProjectionStatus {
  readonly name: string;
  readonly isRunning: boolean;
  /** Stream sequence of the last event applied. */
  readonly position: number;
  /** Matching events stored but not applied yet, as of the last message seen. */
  readonly lag: number;
  readonly appliedTotal: number;
  /** Events that could not be parsed; each stands in `projection_faults` with its reason. */
  readonly faultsTotal: number;
  /** Times the runner had to start again, after an error or a reconnect. */
  readonly restartsTotal: number;
  /** How far new rows are that are being built beside the ones that answer. */
  readonly rebuild: { readonly position: number; readonly pending: number } | undefined;
  readonly rebuildsTotal: number;
  readonly lastErrorCode: string | undefined;
}

/** Of a runner that has not begun, to be written on. */
export function emptyStatus(name: string): {
  -readonly [K in keyof ProjectionStatus]: ProjectionStatus[K];
} {
  return {
    name,
    isRunning: false,
    position: 0,
    lag: 0,
    appliedTotal: 0,
    faultsTotal: 0,
    restartsTotal: 0,
    rebuild: undefined,
    rebuildsTotal: 0,
    lastErrorCode: undefined,
  };
}

export interface ProjectionRunner {
  /** What it follows; `waitFor` counts in its sequences. */
  readonly stream: string;
  /** Starts following the stream; returns at once. Reconnects and restarts by itself until `close`. */
  start(): void;
  /**
   * Read your own writes: resolves true once the event with stream sequence `seq` is applied, false after `timeoutMs`.
   * `seq` must belong to an event that the projection's filter lets through.
   */
  waitFor(seq: number, timeoutMs: number): Promise<boolean>;
  status(): ProjectionStatus;
  /** Asks for the rows to be built again beside the ones that answer; `status` shows how far it is. */
  rebuild(): Promise<void>;
  /** Builds the rows again elsewhere and compares them with those at `live`. */
  check(where: CheckWhere): Promise<ProjectionCheck>;
  /** Stops after the current batch; never hangs. Leaves the read model open. */
  close(): Promise<void>;
}
