import { EventEmitter, once } from "node:events";
import { codeOf, type ErrorCode, PlatformError } from "@clockleaf/shared/lib/errors.ts";
import type { Log } from "@clockleaf/shared/lib/log.ts";
import { type Backoff, backoffMs } from "@clockleaf/shared/lib/retry.ts";
import { DOMAINS, type Domain, eventSubject, STREAMS } from "@clockleaf/shared/subjects.ts";
import { encode } from "@clockleaf/shared/wire/codec.ts";
import { jetstreamManager } from "@nats-io/jetstream";
import type { NatsConnection } from "nats";
import { type GuardedMessage, publishBatch } from "../eventing/atomic-batch.ts";
import { connectionGate } from "../eventing/connection-gate.ts";
import type { ConsumerRunner } from "../eventing/consumer-runner.ts";
import { headersOfEvent } from "../eventing/event-message.ts";
import { pause } from "../eventing/keep-following.ts";
import {
  type AuditEntry,
  type AuditSubject,
  entryOf,
  logAddress,
  metadataOfEntry,
} from "./entry.ts";
import { createSource, type Source } from "./source.ts";
import { readTipAfter, type Tip, tipAfter } from "./tip.ts";

export interface RecorderOptions {
  readonly nc: NatsConnection;
  readonly tenant: string;
  readonly log: Log;
  /** Where the log stands as far as the read model knows; the rest is read from the stream. */
  readonly readTip: () => Promise<Tip>;
}

export interface Recorder {
  /** One for each stream that is recorded. */
  readonly sources: readonly ConsumerRunner[];
  start(): void;
  close(): Promise<void>;
}

/** Entries in one atomic batch; measured best at 500. */
const MAX_BATCH = 500;
const TIMEOUT_MS = 5_000;
const TRIES_ON_LAST_KNOWN = 5;
const BACKOFF: Backoff = { firstMs: 20, maxMs: 5_000, jitter: 1 };

/** Every domain but the log's own. */
const RECORDED: readonly Domain[] = DOMAINS.filter((domain) => domain !== "audit");

/**
 * Writes one entry for each event of the tenant in any domain's stream. What was recorded is read from the log itself and
 * from nowhere else, and each batch is guarded by the log's last sequence: whatever dies or is repeated, and however many
 * processes do this at once, no event gets two entries or none, and each stream's events stand in their order.
 */
export function createRecorder(options: RecorderOptions): Recorder {
  const { nc, tenant, log } = options;
  const stopping = new AbortController();
  const { signal } = stopping;
  const bell = new EventEmitter().setMaxListeners(RECORDED.length + 2);
  /** Undefined while it is in doubt. */
  let tip: Tip | undefined;
  let lastKnown: Tip | undefined;
  const positionOf = async (stream: string): Promise<number> => {
    if (lastKnown === undefined) await once(bell, "tip", { signal });
    return lastKnown?.positions.get(stream) ?? 0;
  };
  const sources = RECORDED.map((domain) =>
    createSource({ nc, tenant, log, domain, bell, positionOf }),
  );

  const tellStuck = (code: ErrorCode | undefined): void => {
    for (const source of sources) source.stuckOn(code);
  };

  async function appendNext(from: Tip): Promise<Tip> {
    const entries = draft(from, sources);
    if (entries.length === 0) {
      // Who lost a race and finds nothing left to do is not stuck, and may wait here for long.
      tellStuck(undefined);
      await once(bell, "event", { signal });
      return from;
    }
    const messages = entries.map((entry, index) =>
      messageOf(tenant, entry, index === 0 ? from.seq : undefined),
    );
    const seq = await publishBatch(nc, messages, { stream: STREAMS.audit, timeoutMs: TIMEOUT_MS });
    return tipAfter(from, entries, seq);
  }

  async function turn(): Promise<void> {
    // After any failure the log says what became of the append.
    tip ??= await readNewestTip(options, lastKnown);
    lastKnown = tip;
    bell.emit("tip");
    for (const source of sources) source.recorded(tip.positions.get(source.stream) ?? 0);
    tip = await appendNext(tip);
  }

  async function run(): Promise<void> {
    for (let attempt = 0; !signal.aborted; ) {
      try {
        await turn();
        tellStuck(undefined);
        attempt = 0;
      } catch (error) {
        if (signal.aborted) return;
        tip = undefined;
        // A log that was made anew is behind all we know.
        if (attempt >= TRIES_ON_LAST_KNOWN) lastKnown = undefined;
        const code = codeOf(error);
        tellStuck(code);
        log[code === "stream.conflict" ? "debug" : "warn"](
          { err: error, code },
          "audit not written",
        );
        await pause(backoffMs(attempt, BACKOFF, Math.random()), signal);
        attempt += 1;
      }
    }
  }

  let running: Promise<void> | undefined;
  return {
    sources,
    start() {
      running ??= run();
      for (const source of sources) source.start();
    },
    async close() {
      stopping.abort();
      await Promise.all(sources.map((source) => source.close()));
      await running;
    },
  };
}

async function readNewestTip(
  { nc, tenant, readTip }: RecorderOptions,
  lastKnown: Tip | undefined,
): Promise<Tip> {
  connectionGate(nc).assertConnected();
  try {
    const jsm = await jetstreamManager(nc, { checkAPI: false, timeout: TIMEOUT_MS });
    return await readTipAfter({ nc, jsm, tenant }, lastKnown ?? (await readTip()));
  } catch (error) {
    if (error instanceof PlatformError) throw error;
    throw new PlatformError("stream.not-connected", "the audit log could not be read", {
      retriable: true,
      cause: error,
    });
  }
}

/** The entries to append next: of what waits, the oldest first, and each stream's events in their order. */
function draft(tip: Tip, sources: readonly Source[]): AuditEntry[] {
  const queues = sources.map((source) => source.after(tip.positions.get(source.stream) ?? 0));
  const entries: AuditEntry[] = [];
  let last: { readonly entry: number; readonly hash: string } = tip;
  while (entries.length < MAX_BATCH) {
    const next = takeOldest(queues);
    if (next === undefined) break;
    const entry = entryOf(last, next);
    entries.push(entry);
    last = entry;
  }
  return entries;
}

function takeOldest(queues: ReadonlyArray<AuditSubject[]>): AuditSubject | undefined {
  let oldest: AuditSubject[] | undefined;
  for (const queue of queues) {
    const [head] = queue;
    if (head !== undefined && head.at < (oldest?.[0]?.at ?? Number.POSITIVE_INFINITY))
      oldest = queue;
  }
  return oldest?.shift();
}

function messageOf(
  tenant: string,
  entry: AuditEntry,
  expectedLastSeq: number | undefined,
): GuardedMessage {
  const metadata = metadataOfEntry(entry);
  return {
    subject: eventSubject(logAddress(tenant)),
    data: encode({ metadata, data: entry }),
    headers: headersOfEvent(metadata, { traceparent: undefined }),
    ...(expectedLastSeq === undefined ? {} : { expectedLastSeq }),
  };
}
