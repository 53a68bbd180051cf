import { codeOf, isRetriable, PlatformError } from "@clockleaf/shared/lib/errors.ts";
import type { Log } from "@clockleaf/shared/lib/log.ts";
import { type Backoff, backoffMs } from "@clockleaf/shared/lib/retry.ts";
import { type ConsumerMessages, type JsMsg, jetstream, jetstreamManager } from "@nats-io/jetstream";
import type { MsgHdrs, NatsConnection } from "nats";
import { connectionGate } from "./connection-gate.ts";
import { publishDeadLetter } from "./dead-letter.ts";
import { durableConfig, durableInfo } from "./durables.ts";
import { keepFollowing, pause } from "./keep-following.ts";
import { createKeyLocks } from "./key-locks.ts";
import { answerRetries } from "./letter-retry.ts";

export interface ConsumedMessage {
  readonly subject: string;
  readonly data: Uint8Array;
  /** Sequence in the stream. */
  readonly seq: number;
  readonly headers: MsgHdrs | undefined;
  /** True only if the server counted an earlier delivery; after a crash it may be false for a message seen before. */
  readonly redelivered: boolean;
  readonly storedAtMs: number;
}

export interface ConsumerRunnerOptions {
  readonly nc: NatsConnection;
  readonly stream: string;
  /** `<service>-<context>`; also the last token of its dead letters' subject. */
  readonly durable: string;
  readonly filterSubjects: readonly string[];
  /**
   * Resolves once the message has had its whole effect. It may see a message again after a crash, so the effect must be
   * idempotent. `signal` aborts when the runner closes.
   */
  readonly handler: (message: ConsumedMessage, signal: AbortSignal) => Promise<void>;
  readonly log: Log;
  readonly backoff?: Backoff;
  readonly ackWaitMs?: number;
  /** Whether this process may (still) work on it; asked before every message. A lease's tenure. */
  readonly mayWork?: () => boolean;
  readonly testHooks?: ConsumerTestHooks;
}

/** Planted faults, to show that tests notice them. */
export interface ConsumerTestHooks {
  /** Acknowledges before the handler ran: a crash in between loses the message's effect. */
  readonly ackBeforeApply: boolean;
}

export interface ConsumerStats {
  readonly durable: string;
  readonly isRunning: boolean;
  /** Sequence of the last message done with. */
  readonly lastSeq: number;
  /** Messages behind the last one delivered, as of its delivery. */
  readonly pending: number;
  readonly handledTotal: number;
  readonly retriesTotal: number;
  readonly deadLettersTotal: number;
  readonly restartsTotal: number;
  /** Code of the error that is being retried now. */
  readonly stuckOn: string | undefined;
  /** Of how many parts this consumer consists, and how many of them this process works on. */
  readonly parts: number;
  readonly partsHeld: number;
}

export interface ConsumerRunner {
  /** Starts; returns at once. Survives lost links, hub restarts and a deleted consumer until `close`. */
  start(): void;
  stats(): ConsumerStats;
  /** Stops; waits for a running handler 5 s at most. What was not finished is delivered again. */
  close(): Promise<void>;
}

const DEFAULT_ACK_WAIT_MS = 15_000;
const DEFAULT_BACKOFF: Backoff = { firstMs: 100, maxMs: 10_000, jitter: 0.3 };
/**
 * A pull request lives 2 s: with a renewal every second that is shorter than what is left of a lease when its holder
 * freezes. So whoever takes over is not kept waiting for a message that the server hands to the frozen process.
 */
const CONSUME = {
  max_messages: 100,
  expires: 2_000,
  idle_heartbeat: 1_000,
  abort_on_missing_resource: true,
};
/** An error that is no `PlatformError` is a fault of the program; perhaps of the moment, so it gets a few tries. */
const TRIES_OF_UNKNOWN = 5;
const ACK_TIMEOUT_MS = 1_000;
const ACK_TRIES = 2;
const CLOSE_TIMEOUT_MS = 5_000;

/**
 * Hands a durable consumer's messages to a handler, one at a time and in stream order, each until it is done.
 *
 * The order is strict, across crashes too: the server keeps one message outstanding (`max_ack_pending` 1; measured
 * 6,000 messages/s with confirmed acks), and at every start the consumer is set back to its last ack, so nothing has
 * to wait for `ack_wait`. Acks are confirmed: one sent into a broken link would be lost without a word.
 *
 * A retriable error is tried again in place for as long as it lasts. Any other makes the message a dead letter: stored
 * in DLQ first, acked after.
 */
export function createConsumerRunner(options: ConsumerRunnerOptions): ConsumerRunner {
  const { nc, durable } = options;
  const log = options.log.child({ consumer: durable });
  const stopping = new AbortController();
  let running: Promise<void> | undefined;
  let messages: ConsumerMessages | undefined;
  const stats = emptyStats(durable);
  const part: Part = { ...options, log, stats, signal: stopping.signal };
  let streamIdentity = "";
  // A dead letter that is tried again takes its turn between two messages.
  const turns = createKeyLocks();
  let retries: { close(): void } | undefined;

  async function follow(onProgress: () => void): Promise<void> {
    if (part.mayWork?.() === false) return;
    const identity = await ensureConsumer(part);
    // Sequences of a stream made anew mean other messages.
    if (identity !== streamIdentity) stats.lastSeq = 0;
    streamIdentity = identity;
    const consumer = await jetstream(nc).consumers.get(options.stream, durable);
    if (stopping.signal.aborted) return;
    messages = await consumer.consume(CONSUME);
    stats.isRunning = true;
    for await (const message of messages) {
      if (stopping.signal.aborted || part.mayWork?.() === false) return;
      await turns.run(["turn"], () => process(part, message));
      onProgress();
    }
  }

  return {
    start() {
      retries ??= answerRetries(part, (work) => turns.run(["turn"], work));
      running ??= keepFollowing({
        nc,
        signal: stopping.signal,
        follow,
        interrupt: () => messages?.stop(),
        onTurn(error) {
          stats.isRunning = false;
          stats.restartsTotal += 1;
          if (error === undefined) return;
          log.warn({ err: error, code: codeOf(error) }, "consumer stopped, starting it again");
        },
      });
    },
    stats: () => ({ ...stats }),
    async close() {
      retries?.close();
      stopping.abort(new Error("consumer closed"));
      const timeout = new AbortController();
      await Promise.race([running, pause(CLOSE_TIMEOUT_MS, timeout.signal)]);
      timeout.abort();
      stats.isRunning = false;
      if (running !== undefined) await handOver(part);
    },
  };
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

interface Part extends ConsumerRunnerOptions {
  readonly stats: Mutable<ConsumerStats>;
  readonly signal: AbortSignal;
}

/** Of a consumer that has not begun. */
export function emptyStats(durable: string): Mutable<ConsumerStats> {
  return {
    durable,
    isRunning: false,
    lastSeq: 0,
    pending: 0,
    handledTotal: 0,
    retriesTotal: 0,
    deadLettersTotal: 0,
    restartsTotal: 0,
    stuckOn: undefined,
    parts: 1,
    partsHeld: 1,
  };
}

/** Creates the durable or checks the one that is there, and sets it back to its last ack. */
async function ensureConsumer(part: Part): Promise<string> {
  const { nc, stream, durable, filterSubjects, ackWaitMs = DEFAULT_ACK_WAIT_MS } = part;
  const jsm = await jetstreamManager(nc, { checkAPI: false });
  const { created } = await jsm.streams.info(stream);
  const { config } =
    (await durableInfo(jsm, stream, durable)) ??
    (await jsm.consumers.add(stream, durableConfig({ durable, filterSubjects, ackWaitMs })));
  const filters = config.filter_subjects ?? [config.filter_subject ?? ""];
  if (filters.toSorted().join() !== filterSubjects.toSorted().join()) {
    throw new PlatformError("stream.topology-mismatch", `consumer ${durable} filters otherwise`, {
      details: { stream, durable, field: "filter_subjects", actual: filters },
    });
  }
  if (config.max_ack_pending !== 1) {
    throw new PlatformError("stream.topology-mismatch", `consumer ${durable} is not serial`, {
      details: { stream, durable, field: "max_ack_pending", actual: config.max_ack_pending },
    });
  }
  await jsm.consumers.reset(stream, durable);
  return created;
}

/**
 * What was delivered to us and not finished would block the consumer until `ack_wait`; another process that works on
 * it, as in a rolling upgrade or after we were frozen, shall have it at once. What it is at already it gets once more,
 * and passes over by its sequence.
 */
async function handOver({ nc, stream, durable, log }: Part): Promise<void> {
  if (!connectionGate(nc).isConnected) return;
  try {
    const jsm = await jetstreamManager(nc, { checkAPI: false, timeout: ACK_TIMEOUT_MS });
    const { num_ack_pending: unfinished } = await jsm.consumers.info(stream, durable);
    if (unfinished > 0) await jsm.consumers.reset(stream, durable);
  } catch (error) {
    log.debug({ err: error }, "consumer not handed over");
  }
}

/** Brings one message to its end: handled, dead-lettered, or left alone because the runner closes. */
async function process(part: Part, message: JsMsg): Promise<void> {
  const { stats, ackWaitMs = DEFAULT_ACK_WAIT_MS } = part;
  stats.pending = message.info.pending;
  // The last ack may not have reached the server although its message was handled.
  if (message.seq > stats.lastSeq) {
    if (part.testHooks?.ackBeforeApply === true) await confirmAck(part, message);
    const ticking = setInterval(() => message.working(), ackWaitMs / 3);
    try {
      if (!(await finish(part, message))) return;
    } finally {
      clearInterval(ticking);
      stats.stuckOn = undefined;
    }
    stats.lastSeq = message.seq;
  }
  await confirmAck(part, message);
}

/** False if the runner was closed before the message was done with. */
async function finish(part: Part, message: JsMsg): Promise<boolean> {
  const { stats, signal, log, backoff = DEFAULT_BACKOFF } = part;
  const { seq, subject } = message;
  for (let attempt = 0; !signal.aborted; attempt += 1) {
    try {
      await part.handler(consumedOf(message), signal);
      stats.handledTotal += 1;
      return true;
    } catch (error) {
      if (signal.aborted) return false;
      const code = codeOf(error);
      stats.stuckOn = code;
      if (isPoison(error, attempt)) {
        log.error({ err: error, code, seq, subject }, "message becomes a dead letter");
        return await bury(part, message, error);
      }
      stats.retriesTotal += 1;
      const waitMs = backoffMs(attempt, backoff, Math.random());
      log.warn({ err: error, code, seq, waitMs }, "message will be tried again");
      await pause(waitMs, signal);
    }
  }
  return false;
}

function isPoison(error: unknown, attempt: number): boolean {
  if (isRetriable(error)) return false;
  return error instanceof PlatformError || attempt + 1 >= TRIES_OF_UNKNOWN;
}

/** Stores the dead letter, however long that takes: the message must not vanish. */
async function bury(part: Part, message: JsMsg, error: unknown): Promise<boolean> {
  const { nc, durable, stream, stats, signal, log, backoff = DEFAULT_BACKOFF } = part;
  const { seq, subject, data, headers } = message;
  for (let attempt = 0; !signal.aborted; attempt += 1) {
    try {
      await publishDeadLetter(nc, {
        consumer: durable,
        stream,
        seq,
        subject,
        data,
        headers,
        error,
      });
      stats.deadLettersTotal += 1;
      return true;
    } catch (failure) {
      log.warn({ err: failure, code: codeOf(failure), seq }, "dead letter not stored yet");
      await pause(backoffMs(attempt, backoff, Math.random()), signal);
    }
  }
  return false;
}

/** Gives up after a few tries: the message is then delivered again, and passed over by its sequence. */
async function confirmAck({ nc, signal, log }: Part, message: JsMsg): Promise<void> {
  for (let attempt = 0; attempt < ACK_TRIES && !signal.aborted; attempt += 1) {
    if (!(await connectionGate(nc).whenConnected(ACK_TIMEOUT_MS))) continue;
    try {
      if (await connectionGate(nc).orLost(message.ackAck({ timeout: ACK_TIMEOUT_MS }))) return;
    } catch (error) {
      log.debug({ err: error, seq: message.seq }, "ack not confirmed");
    }
  }
}

function consumedOf(message: JsMsg): ConsumedMessage {
  const { subject, data, seq, headers, redelivered } = message;
  return {
    subject,
    data,
    seq,
    headers,
    redelivered,
    storedAtMs: Number(message.timestampNanos / 1_000_000n),
  };
}
