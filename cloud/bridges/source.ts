import { setTimeout as sleep } from "node:timers/promises";
import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { type JsMsg, jetstream, jetstreamManager } from "@nats-io/jetstream";
import type { NatsConnection } from "nats";
import type { BatchLimits, Position } from "./bridge.ts";

/** A stream as it stands. */
export interface SourceState {
  readonly stream: string;
  /** When it was created, UTC milliseconds. */
  readonly incarnation: number;
  readonly firstSeq: number;
  readonly lastSeq: number;
}

export async function sourceState(nc: NatsConnection, stream: string): Promise<SourceState> {
  const jsm = await jetstreamManager(nc, { checkAPI: false });
  const { created, state } = await jsm.streams.info(stream);
  const { first_seq: firstSeq, last_seq: lastSeq } = state;
  return { stream, incarnation: Date.parse(created), firstSeq, lastSeq };
}

/**
 * The sequence behind which to read on. Throws `bridge.source-aged` where going on would leave a hole or write twice: then
 * a person must decide, and the destination stays as it is.
 */
export function resumeAfter(source: SourceState, known: Position | undefined): number {
  const isSame = known?.incarnation === source.incarnation;
  if (known !== undefined && known.incarnation > source.incarnation) {
    throw halted(source, "the destination holds events of a stream that is younger than this one");
  }
  const after = isSame ? known.seq : 0;
  if (after > source.lastSeq) {
    throw halted(source, `the destination is at ${after}, the stream ends at ${source.lastSeq}`);
  }
  if (source.lastSeq > 0 && source.firstSeq > after + 1) {
    throw halted(
      source,
      `the destination needs ${after + 1}, the stream begins at ${source.firstSeq}`,
    );
  }
  return after;
}

const halted = ({ stream }: SourceState, why: string): PlatformError =>
  new PlatformError(
    "bridge.source-aged",
    `${stream}: ${why}; nothing is written until that is decided`,
    {
      details: { stream },
    },
  );

export interface ReadBatches {
  readonly nc: NatsConnection;
  readonly stream: string;
  readonly subject: string;
  readonly afterSeq: number;
  readonly limits: () => BatchLimits;
  /** Told what to call so that reading ends soon. */
  readonly onBegun: (interrupt: () => void) => void;
}

/** Messages that lie ready here; bounds the memory, and how much one broken link repeats. */
const CONSUME = { max_messages: 1_000, expires: 10_000, idle_heartbeat: 2_000 };

/**
 * The stream from behind `afterSeq` on, in order and without gaps, in batches. The next batch is read when it is asked for:
 * a slow destination holds the reading up and fills no memory. Ends when interrupted; rejects if the hub goes away.
 */
export async function* readBatches(options: ReadBatches): AsyncGenerator<readonly JsMsg[]> {
  const { nc, stream, subject, afterSeq, limits, onBegun } = options;
  const consumer = await jetstream(nc).consumers.get(stream, {
    filter_subjects: [subject],
    opt_start_seq: afterSeq + 1,
  });
  const messages = await consumer.consume(CONSUME);
  onBegun(() => messages.stop());
  try {
    yield* batched(messages[Symbol.asyncIterator](), limits);
  } finally {
    messages.stop();
  }
}

/** Groups what comes; a batch ends when it is full, or when nothing came for the linger. */
export async function* batched<M extends { readonly data: Uint8Array }>(
  messages: AsyncIterator<M>,
  limits: () => BatchLimits,
): AsyncGenerator<readonly M[]> {
  const ask = (): ReturnType<typeof messages.next> => {
    const asked = messages.next();
    // It may fail while the batch before is still being stored; it is asked for after that.
    asked.catch(() => undefined);
    return asked;
  };
  let next = ask();
  for (;;) {
    const first = await next;
    if (first.done === true) return;
    const { records, bytes, lingerMs } = limits();
    const batch = [first.value];
    let size = first.value.data.length;
    const over = sleep(lingerMs, "over" as const);
    next = ask();
    while (batch.length < records && size < bytes) {
      const got = await Promise.race([next, over]);
      if (got === "over" || got.done === true) break;
      batch.push(got.value);
      size += got.value.data.length;
      next = ask();
    }
    yield batch;
  }
}
