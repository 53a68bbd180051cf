import type { Event } from "@clockleaf/shared/events/envelope.ts";
import type { Log } from "@clockleaf/shared/lib/log.ts";

/**
 * The contract between the loop that reads a stream (`feed-runner.ts`) and a destination. The destination is where the
 * checkpoint lives, and it is the fence: whoever opened it last writes, and all that were there before are refused.
 */

export const DESTINATIONS = ["kafka", "rabbitmq", "redis"] as const;
export type DestinationName = (typeof DESTINATIONS)[number];

/** What one stream feeds at a destination; each has a checkpoint and a writer of its own. */
export interface Feed {
  /** Token, unique at the destination; names metrics, leases, dead letters and what else is kept about the feed. */
  readonly id: string;
  /** JetStream stream that it is read from. */
  readonly stream: string;
}

/** A place in a stream. The incarnation tells a stream from one that was made anew and counts from 1 again. */
export interface Position {
  /** When the stream was created, UTC milliseconds. */
  readonly incarnation: number;
  /** Stream sequence of the last message that is done with; 0 = none. */
  readonly seq: number;
}

/** An event as it stands in its stream. */
export interface BridgeRecord {
  readonly seq: number;
  readonly stream: string;
  readonly aggregateId: string;
  readonly event: Event;
  readonly traceparent: string | undefined;
}

export interface Encoded {
  /** What the record takes up at the destination, about. */
  readonly bytes: number;
}

/** An opened feed. Used by one caller, one call at a time; only that records are encoded while a batch is applied. */
export interface Sink<E extends Encoded = Encoded> {
  /** How far the destination is; undefined = it knows nothing of this feed. */
  readonly position: Position | undefined;
  /**
   * The record in the destination's form; undefined if it has no place for this type. The same record always gives the same
   * bytes. Rejects with `bridge.poison` for a record that can never be encoded (the caller makes it a dead letter and goes
   * on), and with anything else if it may be possible later.
   */
  encode(record: BridgeRecord): Promise<E | undefined>;
  /**
   * Stores the records and with them the position, which is that of the last message read and at or behind the last record;
   * there may be no records. Once it resolves the position is never behind. Rejects with `bridge.fenced` if another writer
   * has opened the feed since, with `bridge.too-large` if fewer records may pass; after any rejection the sink is closed
   * and opened anew, and what the destination then says counts.
   */
  apply(batch: readonly E[], position: Position): Promise<void>;
  close(): Promise<void>;
}

export interface OpenFeed {
  readonly feed: Feed;
  /** Of the stream as it is now. */
  readonly incarnation: number;
  readonly log: Log;
}

export interface Destination<E extends Encoded = Encoded> {
  readonly name: DestinationName;
  readonly feeds: readonly Feed[];
  /** A record that takes more is a dead letter. */
  readonly maxRecordBytes: number;
  /**
   * Shuts out every writer that opened the feed before, and only then reads how far the destination is. Rejects with
   * `bridge.unreachable`, with `bridge.refused` (credentials or rights: the message says which server, which user and what
   * to do), or with `bridge.unsafe` (set up so that it could lose what it confirmed).
   */
  open(opening: OpenFeed): Promise<Sink<E>>;
  close(): Promise<void>;
}

/** How many records go together. Whatever of the three is reached first ends a batch. */
export interface BatchLimits {
  readonly records: number;
  readonly bytes: number;
  /** Wait for more once nothing is waiting, milliseconds. */
  readonly lingerMs: number;
}
