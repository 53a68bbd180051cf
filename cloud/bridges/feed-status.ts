import type { Feed } from "./bridge.ts";

/** What a feed does just now. `halted`: it will not go on before a person has decided; see `error`. */
export type FeedState = "starting" | "running" | "waiting" | "halted" | "stopped";

export interface FeedStatus {
  readonly destination: string;
  readonly feed: string;
  readonly stream: string;
  readonly state: FeedState;
  /** Stream sequence up to which the destination has everything, as far as this process knows. */
  readonly position: number;
  /** Events between the position and the end of the stream. */
  readonly lag: number;
  readonly recordsTotal: number;
  readonly batchesTotal: number;
  /** Of the last batch; the time is what encoding and storing took, without waiting for the batch before. */
  readonly batchRecords: number;
  readonly batchMs: number;
  /** Times the destination was opened anew after something failed. */
  readonly restartsTotal: number;
  /** Times another writer had taken over. */
  readonly fencedTotal: number;
  readonly deadLettersTotal: number;
  /** What it waits or has halted for. */
  readonly error: { readonly code: string; readonly message: string } | undefined;
}

/** As whoever runs the feed keeps it. */
export type OwnStatus = { -readonly [K in keyof FeedStatus]: FeedStatus[K] };

export function emptyStatus(destination: string, { id, stream }: Feed): OwnStatus {
  return {
    destination,
    feed: id,
    stream,
    state: "starting",
    position: 0,
    lag: 0,
    recordsTotal: 0,
    batchesTotal: 0,
    batchRecords: 0,
    batchMs: 0,
    restartsTotal: 0,
    fencedTotal: 0,
    deadLettersTotal: 0,
    error: undefined,
  };
}
