import { randomUUID } from "node:crypto";
import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { headers as createHeaders, errors, type Msg, type NatsConnection } from "nats";
import { z } from "zod";
import { connectionGate, LinkLost } from "./connection-gate.ts";

/** Server limit of one atomic batch (ADR-50). */
export const MAX_BATCH_MESSAGES = 1_000;

/** A message to store. */
export interface GuardedMessage {
  readonly subject: string;
  readonly data: Uint8Array;
  readonly headers: ReadonlyArray<readonly [name: string, value: string]>;
  /** Store only if this is the stream sequence of the last message on the subject (0 = none). */
  readonly expectedLastSeq?: number;
}

export interface PublishOptions {
  /** The stream that must answer; another one answering is an error and stores nothing. */
  readonly stream: string;
  readonly timeoutMs: number;
  /** Of a single message: that the stream knows its `Nats-Msg-Id` already is as good as storing it. */
  readonly isRepeatFine?: boolean;
}

const ackSchema = z.object({
  error: z
    .object({ code: z.int(), err_code: z.int().optional(), description: z.string().optional() })
    .optional(),
  stream: z.string().optional(),
  seq: z.int().optional(),
  count: z.int().optional(),
  duplicate: z.boolean().optional(),
});

/**
 * Publishes one guarded message. Resolves with its stream sequence. Rejects with `stream.conflict`, `stream.not-connected`
 * or `stream.batch-refused` (nothing stored), or `stream.ambiguous` (no answer: it may have been stored).
 */
export async function publishGuarded(
  nc: NatsConnection,
  message: GuardedMessage,
  options: PublishOptions,
): Promise<number> {
  const gate = connectionGate(nc);
  gate.assertConnected();
  const reply = await commit(
    gate.orLost(
      nc.request(message.subject, message.data, {
        headers: headersOf(message, options, []),
        timeout: options.timeoutMs,
      }),
    ),
  );
  return readAck(reply, 1, options.isRepeatFine);
}

/**
 * Stores all messages or none, each guard checked against the stream as it was before the batch (ADR-50). Two messages
 * may share a subject if only the first carries a guard. Resolves with the sequence of the last message; the others
 * have the sequences just before. Rejects like `publishGuarded`.
 *
 * Written by hand because the client's own batch helper drops guards and hides the server's error codes. The caller has
 * checked that server and stream support batches: an older server would store the messages one by one.
 */
export async function publishBatch(
  nc: NatsConnection,
  messages: readonly GuardedMessage[],
  options: PublishOptions,
): Promise<number> {
  const first = messages[0];
  const last = messages.at(-1);
  if (first === undefined || last === undefined || messages.length > MAX_BATCH_MESSAGES) {
    throw new PlatformError(
      "stream.batch-refused",
      `a batch holds 1 to ${MAX_BATCH_MESSAGES} messages, not ${messages.length}`,
    );
  }
  if (messages.length === 1) return publishGuarded(nc, first, options);

  const gate = connectionGate(nc);
  gate.assertConnected();
  const id = randomUUID();
  const headersAt = (message: GuardedMessage, index: number) =>
    headersOf(message, options, [
      ["Nats-Batch-Id", id],
      ["Nats-Batch-Sequence", String(index + 1)],
      ...(index === messages.length - 1 ? ([["Nats-Batch-Commit", "1"]] as const) : []),
    ]);

  const opened = await open(
    gate.orLost(
      nc.request(first.subject, first.data, {
        headers: headersAt(first, 0),
        timeout: options.timeoutMs,
      }),
    ),
  );
  if (opened.data.length > 0) readAck(opened, messages.length);
  gate.assertConnected();
  for (const [index, message] of messages.slice(1, -1).entries()) {
    nc.publish(message.subject, message.data, { headers: headersAt(message, index + 1) });
  }
  const reply = await commit(
    gate.orLost(
      nc.request(last.subject, last.data, {
        headers: headersAt(last, messages.length - 1),
        timeout: options.timeoutMs,
      }),
    ),
  );
  return readAck(reply, messages.length);
}

function headersOf(
  message: GuardedMessage,
  options: PublishOptions,
  extra: ReadonlyArray<readonly [string, string]>,
): ReturnType<typeof createHeaders> {
  const headers = createHeaders();
  for (const [name, value] of [...message.headers, ...extra]) headers.set(name, value);
  headers.set("Nats-Expected-Stream", options.stream);
  if (message.expectedLastSeq !== undefined) {
    headers.set("Nats-Expected-Last-Subject-Sequence", String(message.expectedLastSeq));
  }
  return headers;
}

/** An unanswered opening stores nothing: without its commit the server drops the batch after ten seconds. */
async function open(request: Promise<Msg>): Promise<Msg> {
  try {
    return await request;
  } catch (error) {
    throw new PlatformError("stream.not-connected", "the stream did not answer; nothing stored", {
      retriable: true,
      cause: error,
    });
  }
}

async function commit(request: Promise<Msg>): Promise<Msg> {
  try {
    return await request;
  } catch (error) {
    if (!(error instanceof LinkLost) && isNoResponders(error)) {
      throw new PlatformError("stream.not-connected", "no stream listens; nothing stored", {
        retriable: true,
        cause: error,
      });
    }
    throw ambiguous(error);
  }
}

/** Nobody listened on this subject: the one failure of a request that says for certain that nothing came of it. */
export function isNoResponders(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return error instanceof errors.NoRespondersError || isNoResponders(error.cause);
}

export function ambiguous(cause: unknown): PlatformError {
  return new PlatformError("stream.ambiguous", "no answer: the events may have been stored", {
    retriable: true,
    cause,
  });
}

// Server error codes. 10071 and 10164 are one thing: the guard did not hold.
const WRONG_LAST_SEQUENCE = new Set([10071, 10164]);
const BATCH_INCOMPLETE = new Set([10175, 10176]);

function readAck(reply: Msg, count: number, isRepeatFine = false): number {
  let ack: z.output<typeof ackSchema>;
  try {
    ack = ackSchema.parse(JSON.parse(reply.string()));
  } catch (error) {
    throw ambiguous(error);
  }
  if (ack.error !== undefined) throw refusedBy(ack.error);
  const isWhole = count === 1 || ack.count === count;
  if (ack.seq === undefined || !isWhole) throw ambiguous(undefined);
  if (ack.duplicate === true && !isRepeatFine) throw ambiguous(undefined);
  return ack.seq;
}

function refusedBy(error: {
  readonly code: number;
  readonly err_code?: number | undefined;
  readonly description?: string | undefined;
}): PlatformError {
  const code = error.err_code ?? error.code;
  const details = { serverCode: code, description: error.description };
  if (WRONG_LAST_SEQUENCE.has(code)) {
    return new PlatformError("stream.conflict", "another writer was faster", {
      retriable: true,
      details,
    });
  }
  return new PlatformError("stream.batch-refused", `the stream refused (${code})`, {
    retriable: BATCH_INCOMPLETE.has(code) || error.code >= 429,
    details,
  });
}
