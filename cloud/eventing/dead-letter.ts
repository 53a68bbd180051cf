import { codeOf } from "@clockleaf/shared/lib/errors.ts";
import {
  DEAD_LETTER_SUBJECTS,
  deadLetterSubject,
  parseEventSubject,
  partitionOf,
  STREAMS,
  shareOfPartition,
} from "@clockleaf/shared/subjects.ts";
import type { JetStreamManager } from "@nats-io/jetstream";
import type { MsgHdrs, NatsConnection } from "nats";
import { z } from "zod";
import { publishGuarded } from "./atomic-batch.ts";
import { readAfter, type StoredMessage } from "./direct-read.ts";
import { shareDurable } from "./durables.ts";

export interface DeadLetter {
  /** Durable name of the consumer that gave up. */
  readonly consumer: string;
  readonly stream: string;
  readonly seq: number;
  readonly subject: string;
  readonly data: Uint8Array;
  readonly headers: MsgHdrs | undefined;
  readonly error: unknown;
  /** Two letters of one id that are stored within the stream's window for duplicates are one. */
  readonly id?: string;
}

/** Headers that say where a dead letter came from and why it is one. Beside them stand the message's own. */
export const DEAD_LETTER_HEADERS = {
  consumer: "Dead-Letter-Consumer",
  stream: "Dead-Letter-Stream",
  seq: "Dead-Letter-Seq",
  subject: "Dead-Letter-Subject",
  code: "Dead-Letter-Code",
  reason: "Dead-Letter-Reason",
} as const;

const MAX_REASON = 300;
const TIMEOUT_MS = 5_000;

/**
 * Stores the message, bytes unchanged, in the DLQ stream. Rejects if that is not certain; repeating it may then leave
 * two copies, which is better than none.
 */
export async function publishDeadLetter(nc: NatsConnection, letter: DeadLetter): Promise<void> {
  const own = (letter.headers?.keys() ?? [])
    .filter((name) => !name.startsWith("Nats-"))
    .map((name) => [name, letter.headers?.get(name) ?? ""] as const);
  const text = letter.error instanceof Error ? letter.error.message : String(letter.error);
  await publishGuarded(
    nc,
    {
      subject: deadLetterSubject(letter.consumer),
      data: letter.data,
      headers: [
        ...own,
        ...(letter.id === undefined ? [] : ([["Nats-Msg-Id", letter.id]] as const)),
        [DEAD_LETTER_HEADERS.consumer, letter.consumer],
        [DEAD_LETTER_HEADERS.stream, letter.stream],
        [DEAD_LETTER_HEADERS.seq, String(letter.seq)],
        [DEAD_LETTER_HEADERS.subject, letter.subject],
        [DEAD_LETTER_HEADERS.code, codeOf(letter.error)],
        [DEAD_LETTER_HEADERS.reason, text.slice(0, MAX_REASON).replaceAll(/[\r\n]+/g, " ")],
      ],
    },
    {
      stream: STREAMS.deadLetters,
      timeoutMs: TIMEOUT_MS,
      isRepeatFine: letter.id !== undefined,
    },
  );
}

/** A dead letter as it lies in DLQ. */
export interface StoredLetter {
  /** Its own sequence, by which people name it. */
  readonly letterSeq: number;
  readonly buriedAtMs: number;
  readonly consumer: string;
  /** Where the message stands that it is a copy of. */
  readonly stream: string;
  readonly seq: number;
  readonly subject: string;
  readonly code: string;
  readonly reason: string;
  readonly data: Uint8Array;
  readonly headers: MsgHdrs | undefined;
}

const seqSchema = z.coerce.number().pipe(z.int().min(1));

/** Undefined for what is no dead letter of ours. */
function letterOf(message: StoredMessage): StoredLetter | undefined {
  const { headers, data } = message;
  const header = (name: keyof typeof DEAD_LETTER_HEADERS): string =>
    headers?.get(DEAD_LETTER_HEADERS[name]) ?? "";
  const seq = seqSchema.safeParse(header("seq"));
  if (!seq.success || message.subject !== deadLetterSubject(header("consumer"))) return undefined;
  return {
    letterSeq: message.seq,
    buriedAtMs: message.storedAtMs,
    consumer: header("consumer"),
    stream: header("stream"),
    seq: seq.data,
    subject: header("subject"),
    code: header("code"),
    reason: header("reason"),
    data,
    headers,
  };
}

/** All dead letters from `fromSeq` on, oldest first. Rejects with `stream.not-connected`. */
export async function* readDeadLetters(
  nc: NatsConnection,
  jsm: JetStreamManager,
  fromSeq = 1,
): AsyncGenerator<StoredLetter> {
  const query = { stream: STREAMS.deadLetters, subject: DEAD_LETTER_SUBJECTS };
  const after = { ...query, afterSeq: fromSeq - 1, timeoutMs: TIMEOUT_MS };
  for await (const message of readAfter(nc, jsm, after)) {
    const letter = letterOf(message);
    if (letter !== undefined) yield letter;
  }
}

/** Undefined if there is none with this sequence (any more). */
export async function readDeadLetter(
  nc: NatsConnection,
  jsm: JetStreamManager,
  letterSeq: number,
): Promise<StoredLetter | undefined> {
  for await (const letter of readDeadLetters(nc, jsm, letterSeq)) {
    return letter.letterSeq === letterSeq ? letter : undefined;
  }
  return undefined;
}

/**
 * The consumers that may handle a letter again: the one that gave up, or, where that one read all partitions, as versions
 * before shares did, its share today.
 */
export function heirsOf({
  consumer,
  subject,
}: Pick<StoredLetter, "consumer" | "subject">): string[] {
  const address = parseEventSubject(subject);
  if (address === undefined) return [consumer];
  const share = shareOfPartition(partitionOf(address.tenant, address.aggregateId));
  return [consumer, shareDurable(consumer, share)];
}
