import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import type { JetStreamManager } from "@nats-io/jetstream";
import type { NatsConnection } from "nats";
import { connectionGate } from "./connection-gate.ts";
import type { EventMessage } from "./event-message.ts";

export interface ReadAfter {
  readonly stream: string;
  readonly subject: string;
  readonly afterSeq: number;
  /** Longest wait for a page. */
  readonly timeoutMs: number;
}

export interface StoredMessage extends EventMessage {
  readonly storedAtMs: number;
}

/** Messages asked for at a time; bounds what lies in memory and how much a broken link repeats. */
const PAGE = 500;

/**
 * All messages of one subject after `afterSeq`, oldest first, by direct get: no consumer is made. Rejects with
 * `stream.not-connected` if the link breaks or the server stops answering in between.
 */
export async function* readAfter(
  nc: NatsConnection,
  jsm: JetStreamManager,
  query: ReadAfter,
): AsyncGenerator<StoredMessage> {
  let from = query.afterSeq + 1;
  for (;;) {
    const page = await readPage(nc, jsm, { ...query, from });
    yield* page.messages;
    const last = page.messages.at(-1);
    if (last === undefined || page.pending === 0) return;
    from = last.seq + 1;
  }
}

async function readPage(
  nc: NatsConnection,
  jsm: JetStreamManager,
  query: ReadAfter & { readonly from: number },
): Promise<{ messages: StoredMessage[]; pending: number }> {
  const messages: StoredMessage[] = [];
  let pending = 0;
  const reading = await jsm.direct.getBatch(query.stream, {
    seq: query.from,
    next_by_subj: query.subject,
    batch: PAGE,
  });
  // The client only guards the first message by a timeout: a link that breaks in mid-page would leave it waiting.
  const timer = setTimeout(() => reading.stop(new Error("page timed out")), query.timeoutMs);
  const consume = async (): Promise<void> => {
    for await (const message of reading) {
      const { seq, subject, data, header, time } = message;
      messages.push({ seq, subject, data, headers: header, storedAtMs: time.getTime() });
      pending = message.pending;
    }
  };
  try {
    await connectionGate(nc).orLost(consume());
    return { messages, pending };
  } catch (error) {
    if (isNothingThere(error)) return { messages, pending: 0 };
    throw new PlatformError("stream.not-connected", "the hub stopped answering a read", {
      retriable: true,
      cause: error,
    });
  } finally {
    clearTimeout(timer);
    reading.stop();
  }
}

/** Status 404 of a direct get. The client does not export the error's class. */
export function isNothingThere(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === 404;
}
