import { codeOf } from "@clockleaf/shared/lib/errors.ts";
import { deadLetterSubject, STREAMS } from "@clockleaf/shared/subjects.ts";
import type { MsgHdrs, NatsConnection } from "nats";
import { publishGuarded } from "./atomic-batch.ts";

export interface DeadLetter {
  /** Durable name of the consumer that gave up. */
  readonly consumer: string;
  readonly stream: string;
  readonly seq: number;
  readonly subject: string;
  readonly data: Uint8Array;
  readonly headers: MsgHdrs | undefined;
  readonly error: unknown;
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
        [DEAD_LETTER_HEADERS.consumer, letter.consumer],
        [DEAD_LETTER_HEADERS.stream, letter.stream],
        [DEAD_LETTER_HEADERS.seq, String(letter.seq)],
        [DEAD_LETTER_HEADERS.subject, letter.subject],
        [DEAD_LETTER_HEADERS.code, codeOf(letter.error)],
        [DEAD_LETTER_HEADERS.reason, text.slice(0, MAX_REASON).replaceAll(/[\r\n]+/g, " ")],
      ],
    },
    { stream: STREAMS.deadLetters, timeoutMs: TIMEOUT_MS },
  );
}
