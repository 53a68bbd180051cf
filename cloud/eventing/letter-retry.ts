import { randomUUID } from "node:crypto";
import { codeOf, PlatformError } from "@clockleaf/shared/lib/errors.ts";
import type { Log } from "@clockleaf/shared/lib/log.ts";
import { letterRetriedSubject, letterRetrySubject, STREAMS } from "@clockleaf/shared/subjects.ts";
import { decode, encode } from "@clockleaf/shared/wire/codec.ts";
import { jetstreamManager } from "@nats-io/jetstream";
import type { Msg, NatsConnection } from "nats";
import { z } from "zod";
import { isNoResponders } from "./atomic-batch.ts";
import type { ConsumedMessage } from "./consumer-runner.ts";
import { heirsOf, readDeadLetter, type StoredLetter } from "./dead-letter.ts";

/** What became of a dead letter that was tried again. */
export type RetryOutcome =
  /** Handled and gone from DLQ. */
  | { readonly kind: "done" }
  /** Its handler refused it again: it stays. */
  | { readonly kind: "failed"; readonly code: string; readonly reason: string }
  /** No process runs its consumer now. */
  | { readonly kind: "nobody" }
  /** No answer in time: the consumer may be busy with another message, and do it later. */
  | { readonly kind: "unknown" };

const MAX_REQUEST_BYTES = 256;
const MAX_REASON = 300;
export const retryRequestSchema = z.object({ letterSeq: z.int().min(1) });
export const retryReplySchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("done") }),
  z.object({ kind: z.literal("failed"), code: z.string(), reason: z.string() }),
]);
type Reply = z.output<typeof retryReplySchema>;

/**
 * Has the process that runs the letter's consumer hand the original message to its handler once more. The handler gets it
 * late, behind messages that came after it, but never beside one of the same consumer, so of the same aggregate.
 */
export async function retryLetter(
  nc: NatsConnection,
  letter: StoredLetter,
  timeoutMs: number,
): Promise<RetryOutcome> {
  const request = encode({ letterSeq: letter.letterSeq });
  for (const consumer of heirsOf(letter)) {
    try {
      const reply = await nc.request(letterRetrySubject(consumer), request, {
        timeout: timeoutMs,
        noMux: true,
        reply: letterRetriedSubject(randomUUID()),
      });
      return decode(reply.data, retryReplySchema, { what: "retry reply" });
    } catch (error) {
      if (!isNoResponders(error)) return { kind: "unknown" };
    }
  }
  return { kind: "nobody" };
}

/** What a consumer needs to try a letter again. */
export interface RetryingConsumer {
  readonly nc: NatsConnection;
  readonly stream: string;
  readonly durable: string;
  readonly handler: (message: ConsumedMessage, signal: AbortSignal) => Promise<void>;
  readonly signal: AbortSignal;
  readonly mayWork?: () => boolean;
  readonly log: Log;
}

/** Answers requests to try letters of this consumer again, each `inTurn` with its messages, until closed. */
export function answerRetries(
  consumer: RetryingConsumer,
  inTurn: (work: () => Promise<void>) => Promise<void>,
): { close(): void } {
  const { nc, durable, log } = consumer;
  const answer = async (message: Msg): Promise<void> => {
    const reply = await retryHere(consumer, message.data);
    if (reply.kind === "failed") log.warn({ code: reply.code }, "dead letter failed again");
    message.respond(encode(reply));
  };
  const subscription = nc.subscribe(letterRetrySubject(durable), {
    callback: (problem, message) => {
      if (problem !== null) return;
      inTurn(() => answer(message)).catch((error: unknown) =>
        log.warn({ err: error, code: codeOf(error) }, "retry not answered"),
      );
    },
  });
  return { close: () => subscription.unsubscribe() };
}

/**
 * The handler first, then the letter: a crash in between leaves a letter whose message had its effect, and another try has
 * none, for handlers are idempotent.
 */
async function retryHere(consumer: RetryingConsumer, data: Uint8Array): Promise<Reply> {
  const { nc, durable, signal, log } = consumer;
  try {
    const { letterSeq } = decode(data, retryRequestSchema, {
      what: "retry request",
      maxBytes: MAX_REQUEST_BYTES,
    });
    const jsm = await jetstreamManager(nc, { checkAPI: false });
    const letter = await readDeadLetter(nc, jsm, letterSeq);
    if (letter === undefined || letter.stream !== consumer.stream) throw notFound(letterSeq);
    if (!heirsOf(letter).includes(durable)) throw notFound(letterSeq);
    const original = await jsm.direct.getMessage(letter.stream, { seq: letter.seq });
    if (original === null) {
      throw new PlatformError("command.not-found", "the original message has left its stream");
    }
    if (signal.aborted || consumer.mayWork?.() === false) {
      throw new PlatformError("stream.conflict", "the consumer is moving to another process", {
        retriable: true,
      });
    }
    const { subject, seq, header, time } = original;
    const message = { subject, seq, data: original.data, headers: header };
    await consumer.handler({ ...message, redelivered: true, storedAtMs: time.getTime() }, signal);
    await jsm.streams.deleteMessage(STREAMS.deadLetters, letterSeq);
    log.info({ letterSeq, seq }, "dead letter went through");
    return { kind: "done" };
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    return { kind: "failed", code: codeOf(error), reason: text.slice(0, MAX_REASON) };
  }
}

const notFound = (letterSeq: number): PlatformError =>
  new PlatformError("command.not-found", `no dead letter ${letterSeq} of this consumer`);
