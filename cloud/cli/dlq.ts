import { createHash } from "node:crypto";
import { definitionOf } from "@clockleaf/shared/events/catalogue.ts";
import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { decode } from "@clockleaf/shared/wire/codec.ts";
import { jetstreamManager } from "@nats-io/jetstream";
import type { NatsConnection } from "nats";
import { z } from "zod";
import { readDeadLetter, readDeadLetters, type StoredLetter } from "../eventing/dead-letter.ts";
import { type RetryOutcome, retryLetter } from "../eventing/letter-retry.ts";

export interface LetterFilter {
  /** Durable name of the consumer that gave up, or of the reaction it is a share of. */
  readonly consumer?: string;
}

/** `dlq list`: a line for each dead letter, oldest first, as text or JSON. */
export async function listLetters(
  nc: NatsConnection,
  filter: LetterFilter,
  { json, nowMs }: { readonly json: boolean; readonly nowMs: number },
): Promise<string> {
  const letters = await chosen(nc, filter);
  if (json) return `${JSON.stringify(letters.map((letter) => summaryOf(letter, nowMs)))}\n`;
  if (letters.length === 0) return "no dead letters\n";
  const rows = letters.map((letter) => {
    const { letterSeq, consumer, stream, seq, code, reason } = letter;
    return [
      `${letterSeq}`,
      age(nowMs - letter.buriedAtMs),
      consumer,
      `${stream} ${seq}`,
      code,
      reason,
    ];
  });
  return table([["SEQ", "AGE", "CONSUMER", "MESSAGE", "CODE", "REASON"], ...rows]);
}

/**
 * `dlq show`: headers and body of one letter. Nothing personal is shown: what is sealed stays sealed, and what an erasure
 * would take is replaced as an erasure would. Rejects with `command.not-found`.
 */
export async function showLetter(
  nc: NatsConnection,
  letterSeq: number,
  { json, nowMs }: { readonly json: boolean; readonly nowMs: number },
): Promise<string> {
  const jsm = await jetstreamManager(nc, { checkAPI: false });
  const letter = await readDeadLetter(nc, jsm, letterSeq);
  if (letter === undefined) {
    throw new PlatformError("command.not-found", `no dead letter ${letterSeq}: see "dlq list"`);
  }
  const headers = Object.fromEntries(
    (letter.headers?.keys() ?? []).map((name) => [name, letter.headers?.get(name) ?? ""]),
  );
  const shown = { ...summaryOf(letter, nowMs), headers, body: bodyOf(letter.data) };
  if (json) return `${JSON.stringify(shown)}\n`;
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return `${lines.join("\n")}\n\n${JSON.stringify(shown.body, undefined, 2)}\n`;
}

export interface Retried {
  readonly text: string;
  /** Whether every letter went through. */
  readonly isAllDone: boolean;
}

const RETRY_TIMEOUT_MS = 30_000;

/** `dlq retry`: one letter, or all that the filter lets through, oldest first and one after the other. */
export async function retryLetters(
  nc: NatsConnection,
  which: LetterFilter & { readonly letterSeq?: number },
  { json }: { readonly json: boolean },
): Promise<Retried> {
  const jsm = await jetstreamManager(nc, { checkAPI: false });
  const one =
    which.letterSeq === undefined ? undefined : await readDeadLetter(nc, jsm, which.letterSeq);
  if (which.letterSeq !== undefined && one === undefined) {
    throw new PlatformError(
      "command.not-found",
      `no dead letter ${which.letterSeq}: see "dlq list"`,
    );
  }
  const letters = one === undefined ? await chosen(nc, which) : [one];
  const results: Array<{ readonly letter: number; readonly outcome: RetryOutcome }> = [];
  for (const letter of letters) {
    const outcome = await retryLetter(nc, letter, RETRY_TIMEOUT_MS);
    results.push({ letter: letter.letterSeq, outcome });
  }
  const isAllDone = results.every(({ outcome }) => outcome.kind === "done");
  if (json) return { text: `${JSON.stringify(results)}\n`, isAllDone };
  const lines = results.map(({ letter, outcome }) => `${letter}\t${sentenceOf(outcome)}\n`);
  return { text: lines.length === 0 ? "no dead letters\n" : lines.join(""), isAllDone };
}

async function chosen(nc: NatsConnection, { consumer }: LetterFilter): Promise<StoredLetter[]> {
  const jsm = await jetstreamManager(nc, { checkAPI: false });
  const letters: StoredLetter[] = [];
  for await (const letter of readDeadLetters(nc, jsm)) {
    const base = letter.consumer.replace(/-\d+$/, "");
    if (consumer === undefined || consumer === letter.consumer || consumer === base) {
      letters.push(letter);
    }
  }
  return letters;
}

function sentenceOf(outcome: RetryOutcome): string {
  switch (outcome.kind) {
    case "done":
      return "went through";
    case "failed":
      return `failed again: ${outcome.code}: ${outcome.reason}`;
    case "nobody":
      return "nobody runs its consumer: start a process with the role all or consumers";
    case "unknown":
      return "no answer in time: its consumer may be busy and still do it; look again";
  }
}

function summaryOf(letter: StoredLetter, nowMs: number): object {
  const { letterSeq, consumer, stream, seq, subject, code, reason, buriedAtMs } = letter;
  const ageSeconds = Math.max(0, Math.round((nowMs - buriedAtMs) / 1000));
  return { letter: letterSeq, consumer, stream, seq, subject, code, reason, ageSeconds };
}

const fieldsSchema = z.record(z.string(), z.unknown());
const eventSchema = z.object({
  metadata: fieldsSchema,
  data: fieldsSchema,
  sealed: z.instanceof(Uint8Array).optional(),
});

/** The body as far as it may be shown: of what is no event we know, nothing but what tells it from another. */
function bodyOf(data: Uint8Array): object {
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

const UNITS = [
  ["d", 86_400],
  ["h", 3_600],
  ["m", 60],
] as const;

function age(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const unit = UNITS.find(([, size]) => seconds >= size);
  return unit === undefined ? `${seconds}s` : `${Math.floor(seconds / unit[1])}${unit[0]}`;
}

function table(rows: ReadonlyArray<readonly string[]>): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? "").length)),
  );
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, n) => cell.padEnd(widths[n] ?? 0))
          .join("  ")
          .trimEnd()}\n`,
    )
    .join("");
}
