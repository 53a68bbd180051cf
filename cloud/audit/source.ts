import { type EventEmitter, once } from "node:events";
import { codeOf, type ErrorCode, PlatformError } from "@clockleaf/shared/lib/errors.ts";
import type { Log } from "@clockleaf/shared/lib/log.ts";
import { type Domain, STREAMS, tenantSubjects } from "@clockleaf/shared/subjects.ts";
import {
  type Consumer,
  type ConsumerMessages,
  type JsMsg,
  jetstream,
  jetstreamManager,
} from "@nats-io/jetstream";
import type { NatsConnection } from "nats";
import { type ConsumerRunner, emptyStats } from "../eventing/consumer-runner.ts";
import { actorIn } from "../eventing/event-message.ts";
import { keepFollowing } from "../eventing/keep-following.ts";
import { type AuditSubject, subjectOf } from "./entry.ts";

export interface SourceOptions {
  readonly nc: NatsConnection;
  readonly tenant: string;
  readonly log: Log;
  readonly domain: Domain;
  /** Rings `event` when something waits; is told `room` when there is room for more. */
  readonly bell: EventEmitter;
  /** Sequence of the newest event of the stream that the log has an entry of, as soon as that is known. */
  readonly positionOf: (stream: string) => Promise<number>;
}

/** The events of one stream on their way into the log. */
export interface Source extends ConsumerRunner {
  readonly stream: string;
  /** A copy of what waits behind stream sequence `position`, in order. */
  after(position: number): AuditSubject[];
  /** Everything up to `position` has its entry. */
  recorded(position: number): void;
  /** What keeps its events from being recorded; undefined = nothing. */
  stuckOn(code: ErrorCode | undefined): void;
}

/** Events that wait in memory, read from the stream and not in the log yet. */
const MAX_WAITING = 1_000;
const CONSUME = { max_messages: MAX_WAITING, expires: 10_000, idle_heartbeat: 2_000 };

/** Reads a stream from where the log has it; needs no durable, since the log is where the position is kept. */
export function createSource(options: SourceOptions): Source {
  const { nc, log, domain, bell } = options;
  const stream = STREAMS[domain];
  const stopping = new AbortController();
  const { signal } = stopping;
  const stats = emptyStats(`audit-${domain}`);
  const backlog = createBacklog();
  let messages: ConsumerMessages | undefined;
  let running: Promise<void> | undefined;

  async function follow(onProgress: () => void): Promise<void> {
    const position = await options.positionOf(stream);
    backlog.beginAfter(position);
    const consumer = await openAfter(options, position);
    if (signal.aborted) return;
    messages = await consumer.consume(CONSUME);
    stats.isRunning = true;
    for await (const message of messages) {
      // An ordered consumer that made itself anew may repeat some.
      if (message.seq <= backlog.lastSeq()) continue;
      backlog.add(subjectOf(sourceMessageOf(stream, message)));
      stats.pending = message.info.pending;
      bell.emit("event");
      onProgress();
      while (backlog.size() >= MAX_WAITING) await once(bell, "room", { signal });
    }
  }

  return {
    stream,
    after(position) {
      const waiting = backlog.after(position);
      if (waiting === "unknown") messages?.stop();
      return waiting === "unknown" ? [] : waiting;
    },
    recorded(position) {
      const done = backlog.dropUpTo(position);
      stats.handledTotal += done;
      stats.lastSeq = position;
      if (done > 0) bell.emit("room");
    },
    stuckOn(code) {
      stats.stuckOn = code;
      if (code !== undefined) stats.retriesTotal += 1;
    },
    start() {
      running ??= keepFollowing({
        nc,
        signal,
        follow,
        interrupt: () => messages?.stop(),
        onTurn(error) {
          stats.isRunning = false;
          stats.restartsTotal += 1;
          if (error !== undefined) {
            log.warn({ err: error, code: codeOf(error), stream }, "stream not read");
          }
        },
      });
    },
    stats: () => ({ ...stats, pending: stats.pending + backlog.size() }),
    async close() {
      stopping.abort();
      await running;
      stats.isRunning = false;
    },
  };
}

/** What waits of one stream. */
function createBacklog() {
  let waiting: AuditSubject[] = [];
  /** What waits begins right behind this sequence. */
  let begin = 0;
  return {
    size: () => waiting.length,
    lastSeq: () => waiting.at(-1)?.streamSeq ?? begin,
    beginAfter(position: number): void {
      waiting = [];
      begin = position;
    },
    add(subject: AuditSubject): void {
      waiting.push(subject);
    },
    /** `unknown` if the log has less than what we began with: it is another log, and the stream must be read again. */
    after: (position: number): AuditSubject[] | "unknown" =>
      position < begin ? "unknown" : waiting.filter(({ streamSeq }) => streamSeq > position),
    /** How many that were. */
    dropUpTo(position: number): number {
      const left = waiting.filter(({ streamSeq }) => streamSeq > position);
      const dropped = waiting.length - left.length;
      waiting = left;
      begin = Math.max(begin, position);
      return dropped;
    },
  };
}

async function openAfter(
  { nc, tenant, domain }: SourceOptions,
  position: number,
): Promise<Consumer> {
  const stream = STREAMS[domain];
  const jsm = await jetstreamManager(nc, { checkAPI: false });
  const { state } = await jsm.streams.info(stream);
  if (state.last_seq < position) throw wasReplaced(stream, position, state.last_seq);
  return await jetstream(nc).consumers.get(stream, {
    filter_subjects: [tenantSubjects(domain, tenant)],
    opt_start_seq: position + 1,
  });
}

const sourceMessageOf = (stream: string, message: JsMsg) => ({
  stream,
  seq: message.seq,
  subject: message.subject,
  data: message.data,
  storedAtMs: Math.floor(message.info.timestampNanos / 1e6),
  actor: actorIn(message.headers),
});

/** An audit log never begins again: entries of a stream that is gone and of its successor would be told apart by nothing. */
function wasReplaced(stream: string, recorded: number, lastSeq: number): PlatformError {
  return new PlatformError(
    "stream.topology-mismatch",
    `${stream} ends at ${lastSeq}, but the audit log has entries up to ${recorded}: it was made anew or restored to an earlier state`,
    { details: { stream, lastSeq, recorded } },
  );
}
