import type { Heartbeat } from "@clockleaf/shared/wire/heartbeat.ts";

/** Rows of a journal that are all that was recorded before an instant of the gateway's clock. */
interface Claim {
  readonly epoch: string;
  /** Every row up to this one. */
  readonly row: number;
  readonly at: number;
}

interface ReaderProgress {
  readonly reader: string;
  readonly state: Heartbeat["readers"][number]["state"];
  /** Online without a break since, by the gateway's clock; null = not online. */
  readonly onlineSince: number | null;
  /** What it recorded before has been read; null = not known yet. */
  readonly completeTo: number | null;
}

/** How far one gateway has told everything, as far as its heartbeats let us know. Instants are the gateway's. */
export interface GatewayProgress {
  /** Everything before has arrived; null = not known yet. */
  readonly completeTo: number | null;
  /** What would make it rise, once all its rows are in. */
  readonly claim: Claim | null;
  readonly readers: readonly ReaderProgress[];
  readonly newest: Heartbeat;
  /** By the cloud's clock. */
  readonly heardAtMs: number;
  /** Its clock is ahead of ours by more than can be: nothing it says of time is believed. */
  readonly isAhead: boolean;
}

export interface ProgressLimits {
  /** A reader must be online so long before its memory is taken to be read, milliseconds of gateway time. */
  readonly readerSettleMs: number;
  /** How far ahead of ours a gateway's clock may be. */
  readonly maxFutureMs: number;
}

interface Heard {
  readonly heartbeat: Heartbeat;
  readonly heardAtMs: number;
}

/**
 * A gateway is complete up to when it sent a heartbeat if by then the hub had all its rows and all its readers were online;
 * a reader that is not holds it at the instant it was last. It counts only once the intake has taken those rows in.
 */
export function progressAfter(
  before: GatewayProgress | undefined,
  { heartbeat, heardAtMs }: Heard,
  limits: ProgressLimits,
): GatewayProgress {
  const { sentAtMs } = heartbeat;
  const known = { completeTo: before?.completeTo ?? null, newest: heartbeat, heardAtMs };
  if (sentAtMs > heardAtMs + limits.maxFutureMs) {
    const { claim = null, readers = [] } = before ?? {};
    return { ...known, claim, readers, isAhead: true };
  }
  const readers = heartbeat.readers.map(({ reader, state }) => {
    const was = before?.readers.find((each) => each.reader === reader);
    return readerAfter(was, { reader, state }, { sentAtMs, limits });
  });
  const claim = claimAfter(before?.claim ?? null, heartbeat, readers);
  return { ...known, claim, readers, isAhead: false };
}

function readerAfter(
  was: ReaderProgress | undefined,
  { reader, state }: Pick<ReaderProgress, "reader" | "state">,
  { sentAtMs, limits }: { readonly sentAtMs: number; readonly limits: ProgressLimits },
): ReaderProgress {
  const completeTo = was?.completeTo ?? null;
  if (state !== "online") return { reader, state, onlineSince: null, completeTo };
  const onlineSince = was?.onlineSince ?? sentAtMs;
  const isSettled = sentAtMs - onlineSince >= limits.readerSettleMs;
  return { reader, state, onlineSince, completeTo: isSettled ? sentAtMs : completeTo };
}

/** A claim whose rows are still on their way stays, or a busy gateway would never have one fulfilled. */
function claimAfter(
  before: Claim | null,
  { epoch, lastRow, deliveredRow, oldestWaitingMs, sentAtMs }: Heartbeat,
  readers: readonly ReaderProgress[],
): Claim | null {
  const pending = before?.epoch === epoch ? before : null;
  if (deliveredRow !== lastRow || oldestWaitingMs !== null) return pending;
  if (pending !== null && pending.row !== lastRow) return pending;
  let at = sentAtMs;
  for (const { completeTo } of readers) {
    if (completeTo === null) return pending;
    at = Math.min(at, completeTo);
  }
  return { epoch, row: lastRow, at };
}

/** Takes a claim as fulfilled if all its rows are in. Never falls. */
export function progressWithRows(
  progress: GatewayProgress,
  hasRows: (epoch: string, row: number) => boolean,
): GatewayProgress {
  const { claim, completeTo } = progress;
  if (claim === null || !hasRows(claim.epoch, claim.row)) return progress;
  return { ...progress, completeTo: Math.max(completeTo ?? 0, claim.at), claim: null };
}

/** Why a gateway does not go on. */
export const HOLDS = [
  "never-heard",
  "silent",
  "clock-ahead",
  "reader",
  "backlog",
  "rows-missing",
] as const;
export interface Hold {
  readonly why: (typeof HOLDS)[number];
  /** Readers that are not online, or not for long enough. */
  readonly readers: readonly string[];
  /** It holds since, by the gateway's clock; null = not known. */
  readonly since: number | null;
}

/** A gateway that has been silent for this long is not there: several heartbeats were missed. */
const SILENT_AFTER_MS = 30_000;

/** What holds a gateway back; null = it goes on. */
export function holdOf(progress: GatewayProgress | undefined, nowMs: number): Hold | null {
  if (progress === undefined) return { why: "never-heard", readers: [], since: null };
  const { completeTo: since, newest, readers, heardAtMs, isAhead, claim } = progress;
  if (nowMs - heardAtMs > SILENT_AFTER_MS) return { why: "silent", readers: [], since };
  if (isAhead) return { why: "clock-ahead", readers: [], since };
  const behind = readers.filter(({ completeTo }) => completeTo !== newest.sentAtMs);
  if (behind.length > 0) {
    return { why: "reader", readers: behind.map(({ reader }) => reader), since: lowest(behind) };
  }
  if (newest.deliveredRow < newest.lastRow) {
    return { why: "backlog", readers: [], since: newest.oldestWaitingMs };
  }
  return claim === null ? null : { why: "rows-missing", readers: [], since };
}

function lowest(readers: readonly ReaderProgress[]): number | null {
  let least: number | null = Number.POSITIVE_INFINITY;
  for (const { completeTo } of readers) {
    if (completeTo === null) return null;
    least = Math.min(least, completeTo);
  }
  return least;
}
