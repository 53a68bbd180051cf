import type { Event } from "@clockleaf/shared/events/envelope.ts";
import type { AggregateAddress, Domain } from "@clockleaf/shared/subjects.ts";

/** An event as it stands in its stream. */
export interface StoredEvent {
  /** Sequence in the stream; also the version of its aggregate right after it. */
  readonly seq: number;
  readonly subject: string;
  readonly event: Event;
  readonly traceparent: string | undefined;
  /** Who asked for it by name; undefined for what followed from something else, and for events older than the header. */
  readonly actor?: string | undefined;
  /** True: it said something personal of somebody who was erased since, and what an erasure leaves stands in its place. */
  readonly isErased?: true;
}

export interface NewEvent {
  readonly type: string;
  readonly data: unknown;
  /** Derived from the cause where a replay must give the same id; random otherwise. */
  readonly eventId?: string;
}

export interface Append {
  readonly address: AggregateAddress;
  /** Stream sequence of the aggregate's last event as the caller knows it; 0 = the aggregate is new. */
  readonly expectedSeq: number;
  readonly events: readonly NewEvent[];
}

/** Who asks and why; becomes the metadata and headers of every event appended. */
export interface Cause {
  readonly source: string;
  readonly atMs: number;
  readonly correlationId: string | null;
  readonly causationId: string | null;
  readonly traceparent: string | undefined;
  /** Name of who asks, where somebody does. What follows from an event has no actor: it is the platform's doing. */
  readonly actor?: string;
  /**
   * Set where the same command may come twice under this very `causationId`: its sender died, or was taken for dead. Then
   * an aggregate that has an event of that cause already is not asked again.
   */
  readonly once?: Once;
  /** Told each aggregate's version after a command of this cause went through. */
  readonly onHandled?: (domain: Domain, seq: number) => void;
  /** The trace of one event, where an append carries the effects of several punches; else it is `traceparent`. */
  readonly traceOf?: (event: NewEvent) => string | undefined;
}

export interface Once {
  /** True: an earlier run may have stored what this one is about to. */
  readonly isRerun: boolean;
  /** Aggregates looked at. A request's second command to one of them rests on its decider, as the first one's event tells nothing of it. */
  readonly checked: Set<string>;
}

/** A state as of one event, kept to spare reading those before it. Never the truth: events are. */
export interface Snapshot {
  /** Stream sequence and id of the last event in it: without that very event in the stream it is not believed. */
  readonly seq: number;
  readonly eventId: string;
  /** `SnapshotForm.version` */
  readonly deciderVersion: number;
  readonly state: unknown;
}

export interface Snapshots {
  /** Undefined if there is none, it is unreadable, or the store does not answer: then the events are read. */
  load(address: AggregateAddress): Promise<Snapshot | undefined>;
  /** In the background; never rejects. One too large or not stored is only counted. */
  save(address: AggregateAddress, snapshot: Snapshot): Promise<void>;
  /** Counts one that was loaded and not believed. */
  ignore(reason: IgnoredBecause): void;
  stats(): SnapshotStats;
}

export type IgnoredBecause = "other-version" | "unreadable" | "not-in-stream";

export interface SnapshotStats {
  readonly savedTotal: number;
  readonly tooLargeTotal: number;
  readonly failedTotal: number;
  readonly ignoredTotal: Readonly<Record<IgnoredBecause, number>>;
}

export interface EventStore {
  /** Where states of long aggregates are kept; without it they are read from their events. */
  readonly snapshots?: Snapshots;
  /** The aggregate's events after stream sequence `afterSeq`, oldest first, and the sequence of its last event (0 = none). */
  load(
    address: AggregateAddress,
    afterSeq: number,
  ): Promise<{ events: StoredEvent[]; lastSeq: number }>;
  /**
   * Stores all or nothing, across aggregates of one domain, and returns each one's new last sequence by subject.
   * Rejects with `stream.conflict` (somebody was faster; nothing stored), `stream.not-connected` (nothing stored) or
   * `stream.ambiguous` (retriable: unknown, load again before retrying).
   */
  append(appends: readonly Append[], cause: Cause): Promise<ReadonlyMap<string, number>>;
}
