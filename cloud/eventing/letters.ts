import { createHash } from "node:crypto";
import { definitionOf } from "@clockleaf/shared/events/catalogue.ts";
import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { decode } from "@clockleaf/shared/wire/codec.ts";
import { type JetStreamManager, jetstreamManager } from "@nats-io/jetstream";
import type { NatsConnection } from "nats";
import { z } from "zod";
import { readDeadLetter, readDeadLetters, type StoredLetter } from "./dead-letter.ts";

/** What people look for among dead letters. */
export interface LetterFilter {
  /** Durable name of the consumer that gave up, or of the reaction it is a share of. */
  readonly consumer?: string | undefined;
  /** The stream of the message that it is a copy of. */
  readonly stream?: string | undefined;
  /** Why it is one. */
  readonly code?: string | undefined;
}

/** Dead letters that the filter lets through, from `fromSeq` on, oldest first. */
export async function* lettersLike(
  nc: NatsConnection,
  { consumer, stream, code }: LetterFilter,
  fromSeq = 1,
): AsyncGenerator<StoredLetter> {
  for await (const letter of readDeadLetters(nc, await managerOf(nc), fromSeq)) {
    const base = letter.consumer.replace(/-\d+$/, "");
    if (consumer !== undefined && consumer !== letter.consumer && consumer !== base) continue;
    if (stream !== undefined && stream !== letter.stream) continue;
    if (code !== undefined && code !== letter.code) continue;
    yield letter;
  }
}

/** Rejects with `command.not-found`. */
export async function letterBySeq(nc: NatsConnection, letterSeq: number): Promise<StoredLetter> {
  const letter = await readDeadLetter(nc, await managerOf(nc), letterSeq);
  if (letter !== undefined) return letter;
  throw new PlatformError("command.not-found", `no dead letter ${letterSeq}`);
}

const managerOf = (nc: NatsConnection): Promise<JetStreamManager> =>
  jetstreamManager(nc, { checkAPI: false });

export interface LetterSummary {
  readonly letter: number;
  readonly consumer: string;
  readonly stream: string;
  readonly seq: number;
  readonly subject: string;
  readonly code: string;
  readonly reason: string;
  readonly ageSeconds: number;
}

export function letterSummary(letter: StoredLetter, nowMs: number): LetterSummary {
  const { letterSeq, consumer, stream, seq, subject, code, reason, buriedAtMs } = letter;
  const ageSeconds = Math.max(0, Math.round((nowMs - buriedAtMs) / 1000));
  return { letter: letterSeq, consumer, stream, seq, subject, code, reason, ageSeconds };
}

export const letterHeaders = ({ headers }: StoredLetter): Record<string, string> =>
  Object.fromEntries((headers?.keys() ?? []).map((name) => [name, headers?.get(name) ?? ""]));

const fieldsSchema = z.record(z.string(), z.unknown());
const eventSchema = z.object({
  metadata: fieldsSchema,
  data: fieldsSchema,
  sealed: z.instanceof(Uint8Array).optional(),
});

/**
 * The body as far as it may be shown: nothing personal. What is sealed stays sealed, and what an erasure would take is
 * replaced as an erasure would; of what is no event we know, nothing but what tells it from another.
 */
export function letterBody({ data }: StoredLetter): Record<string, unknown> {
  const sha256 = createHash("sha256").update(data).digest("hex");
  const unknown = { bytes: data.length, sha256, note: "not an event; its content is not shown" };
  try {
    const event = decode(data, eventSchema, { what: "dead letter" });
    const personal = personalOf(event.metadata["eventType"]);
    if (personal === undefined) {
      const fields = Object.keys(event.data);
      return { ...unknown, metadata: event.metadata, fields, note: "an event of unknown type" };
    }
    const shown = Object.entries(event.data).map(([name, value]) => [
      name,
      name in personal ? personal[name] : value,
    ]);
    const sealed = event.sealed === undefined ? {} : { sealed: `${event.sealed.length} bytes` };
    return { metadata: event.metadata, data: Object.fromEntries(shown), ...sealed };
  } catch {
    return unknown;
  }
}

/** What an erasure puts in place of the personal fields of this type; undefined for a type nobody knows. */
function personalOf(type: unknown): Readonly<Record<string, unknown>> | undefined {
  try {
    return definitionOf(String(type)).personal ?? {};
  } catch {
    return undefined;
  }
}
