import { codeOf, hasCode, PlatformError } from "@clockleaf/shared/lib/errors.ts";
import type { Log } from "@clockleaf/shared/lib/log.ts";
import { tenantSubjects } from "@clockleaf/shared/subjects.ts";
import type { JsMsg } from "@nats-io/jetstream";
import type { NatsConnection } from "nats";
import { publishDeadLetter } from "../eventing/dead-letter.ts";
import { keepFollowing, pause } from "../eventing/keep-following.ts";
import type { PersonalVault } from "../eventing/vault.ts";
import type { BatchLimits, Destination, Encoded, Feed, Sink } from "./bridge.ts";
import { bridgeConsumer, domainOf } from "./names.ts";
import { recordOf } from "./record.ts";
import { readBatches, resumeAfter, type SourceState, sourceState } from "./source.ts";

export interface FeedRunnerOptions<E extends Encoded> {
  readonly nc: NatsConnection;
  readonly tenant: string;
  readonly destination: Destination<E>;
  readonly feed: Feed;
  readonly limits: BatchLimits;
  /** Without it what is personal goes out as an erasure would leave it. */
  readonly vault?: PersonalVault;
  readonly log: Log;
  /** Whether this process may (still) write; asked before every batch. A lease's tenure. */
  readonly mayWork?: () => boolean;
}

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
  /** Of the last batch. */
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

export interface FeedRunner {
  /** Starts; returns at once. Goes on after every failure until `close`. */
  start(): void;
  status(): FeedStatus;
  /** Stops; a batch on its way is waited for, 10 s at most. */
  close(): Promise<void>;
}

const CLOSE_TIMEOUT_MS = 10_000;

/**
 * Carries one stream to one destination: opens the destination, which shuts out other writers; asks it how far it is; reads
 * on from there, in order; stores records and position together. Nothing about the progress is remembered here, so being
 * killed anywhere, another writer, or a destination set back to yesterday all come to the same.
 */
export function createFeedRunner<E extends Encoded>(options: FeedRunnerOptions<E>): FeedRunner {
  const { nc, destination, feed, mayWork = () => true } = options;
  const log = options.log.child({ bridge: destination.name, feed: feed.id });
  const stopping = new AbortController();
  const status = emptyStatus(destination.name, feed);
  const part: Part<E> = { ...options, log, status, sizes: createSizes(options.limits) };
  let interrupt: (() => void) | undefined;
  let running: Promise<void> | undefined;

  async function follow(onProgress: () => void): Promise<void> {
    if (!mayWork()) return;
    const source = await sourceState(nc, feed.stream);
    const sink = await destination.open({ feed, incarnation: source.incarnation, log });
    try {
      const afterSeq = resumeAfter(source, sink.position);
      Object.assign(status, { state: "running", position: afterSeq, error: undefined });
      status.lag = source.lastSeq - afterSeq;
      const batches = readBatches({
        nc,
        stream: feed.stream,
        subject: subjectOf(options.tenant, feed),
        afterSeq,
        limits: part.sizes.current,
        onBegun: (stop) => {
          interrupt = stop;
        },
      });
      for await (const batch of batches) {
        if (stopping.signal.aborted || !mayWork()) return;
        await carry(part, { source, sink, batch });
        onProgress();
      }
    } finally {
      await sink.close().catch((error: unknown) => log.debug({ err: error }, "sink not closed"));
    }
  }

  return {
    start() {
      running ??= keepFollowing({
        nc,
        signal: stopping.signal,
        follow,
        interrupt: () => interrupt?.(),
        onTurn: (error) => noteTurn(part, error),
      });
    },
    status: () => ({ ...status }),
    async close() {
      stopping.abort(new Error("bridge closed"));
      const timeout = new AbortController();
      await Promise.race([running, pause(CLOSE_TIMEOUT_MS, timeout.signal)]);
      timeout.abort();
      status.state = "stopped";
    },
  };
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

interface Part<E extends Encoded> extends FeedRunnerOptions<E> {
  readonly status: Mutable<FeedStatus>;
  readonly sizes: Sizes;
}

const subjectOf = (tenant: string, { stream }: Feed): string =>
  tenantSubjects(domainOf(stream), tenant, "*");

function emptyStatus(destination: string, { id, stream }: Feed): Mutable<FeedStatus> {
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

/** Codes that no waiting makes better: a person must do something, and is told what. It is still looked at again. */
const NEEDS_A_PERSON = [
  "bridge.source-aged",
  "bridge.refused",
  "bridge.unsafe",
  "bridge.schema-refused",
] as const;

function noteTurn<E extends Encoded>({ status, log, sizes }: Part<E>, error: unknown): void {
  if (error === undefined) return;
  status.restartsTotal += 1;
  if (hasCode(error, "bridge.fenced")) status.fencedTotal += 1;
  if (hasCode(error, "bridge.too-large")) sizes.halve();
  const code = codeOf(error);
  const message = error instanceof Error ? error.message : "something unexpected happened";
  const isHalted = hasCode(error, ...NEEDS_A_PERSON);
  const isNews = status.error?.code !== code || status.error.message !== message;
  status.state = isHalted ? "halted" : "waiting";
  status.error = { code, message };
  if (isHalted && isNews) log.error({ err: error, code }, "bridge halted");
  else log.warn({ err: error, code }, "bridge starts again");
}

interface Carrying<E extends Encoded> {
  readonly source: SourceState;
  readonly sink: Sink<E>;
  readonly batch: readonly JsMsg[];
}

/** Brings a batch to its end: stored at the destination, but for what no destination could ever take. */
async function carry<E extends Encoded>(
  part: Part<E>,
  { source, sink, batch }: Carrying<E>,
): Promise<void> {
  const { status, sizes } = part;
  const last = batch.at(-1);
  if (last === undefined) return;
  const beganAt = performance.now();
  const encoded: E[] = [];
  for (const message of batch) {
    const one = await encode(part, sink, message);
    if (one !== undefined) encoded.push(one);
  }
  try {
    await sink.apply(encoded, { incarnation: source.incarnation, seq: last.seq });
  } catch (error) {
    // Alone in its batch and still too large: it is this one.
    if (batch.length === 1 && hasCode(error, "bridge.too-large")) sizes.refuse(last.seq);
    throw error;
  }
  sizes.grow();
  status.position = last.seq;
  status.lag = last.info.pending;
  status.recordsTotal += encoded.length;
  status.batchesTotal += 1;
  status.batchRecords = batch.length;
  status.batchMs = Math.round(performance.now() - beganAt);
}

/** What is wrong with the event itself. Anything else is wrong with the world, and no event is given up for that. */
const POISON = [
  "bridge.poison",
  "event.invalid",
  "event.unknown-type",
  "vault.damaged",
  "wire.malformed",
  "wire.too-large",
  "wire.unsupported-version",
] as const;

/** Undefined for what the destination has no place for, and for what has become a dead letter instead. */
async function encode<E extends Encoded>(
  part: Part<E>,
  sink: Sink<E>,
  message: JsMsg,
): Promise<E | undefined> {
  const { feed, vault, destination, sizes } = part;
  const { seq, subject, data, headers } = message;
  try {
    if (sizes.isRefused(seq)) throw tooLarge(`the ${destination.name} refuses it for its size`);
    const record = await recordOf({ seq, subject, data, headers }, feed.stream, vault);
    const encoded = await sink.encode(record);
    if (encoded !== undefined && encoded.bytes > destination.maxRecordBytes) {
      throw tooLarge(`${encoded.bytes} bytes, ${destination.maxRecordBytes} are allowed`);
    }
    return encoded;
  } catch (error) {
    if (!hasCode(error, ...POISON)) throw error;
    await bury(part, message, error);
    return undefined;
  }
}

const tooLarge = (message: string): PlatformError => new PlatformError("bridge.poison", message);

/** Before the position passes it: a crash in between leaves the letter, at worst twice, and never nothing. */
async function bury<E extends Encoded>(
  { nc, destination, feed, status, log }: Part<E>,
  { seq, subject, data, headers }: JsMsg,
  error: PlatformError,
): Promise<void> {
  const consumer = bridgeConsumer(destination.name, feed.id);
  log.error({ err: error, code: error.code, seq, subject }, "event becomes a dead letter");
  const letter = { consumer, stream: feed.stream, seq, subject, data, headers, error };
  await publishDeadLetter(nc, { ...letter, id: `${consumer}:${feed.stream}:${seq}` });
  status.deadLettersTotal += 1;
}

interface Sizes {
  readonly current: () => BatchLimits;
  halve(): void;
  grow(): void;
  refuse(seq: number): void;
  isRefused(seq: number): boolean;
}

/** Batches get smaller while the destination finds them too large, down to a single record, and grow again after. */
function createSizes(limits: BatchLimits): Sizes {
  let { records } = limits;
  const refused = new Set<number>();
  return {
    current: () => ({ ...limits, records }),
    halve() {
      records = Math.max(1, Math.floor(records / 2));
    },
    grow() {
      records = Math.min(limits.records, records * 2);
    },
    refuse: (seq) => void refused.add(seq),
    isRefused: (seq) => refused.has(seq),
  };
}
