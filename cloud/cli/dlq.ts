import type { NatsConnection } from "nats";
import type { StoredLetter } from "../eventing/dead-letter.ts";
import { type RetryOutcome, retryLetter } from "../eventing/letter-retry.ts";
import {
  type LetterFilter,
  letterBody,
  letterBySeq,
  letterHeaders,
  letterSummary,
  lettersLike,
} from "../eventing/letters.ts";

/** `dlq list`: a line for each dead letter, oldest first, as text or JSON. */
export async function listLetters(
  nc: NatsConnection,
  filter: LetterFilter,
  { json, nowMs }: { readonly json: boolean; readonly nowMs: number },
): Promise<string> {
  const letters = await chosen(nc, filter);
  if (json) return `${JSON.stringify(letters.map((letter) => letterSummary(letter, nowMs)))}\n`;
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

/** `dlq show`: headers and body of one letter, without what is personal. Rejects with `command.not-found`. */
export async function showLetter(
  nc: NatsConnection,
  letterSeq: number,
  { json, nowMs }: { readonly json: boolean; readonly nowMs: number },
): Promise<string> {
  const letter = await letterBySeq(nc, letterSeq);
  const headers = letterHeaders(letter);
  const shown = { ...letterSummary(letter, nowMs), headers, body: letterBody(letter) };
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
  const { letterSeq, ...filter } = which;
  const letters =
    letterSeq === undefined ? await chosen(nc, filter) : [await letterBySeq(nc, letterSeq)];
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

async function chosen(nc: NatsConnection, filter: LetterFilter): Promise<StoredLetter[]> {
  const letters: StoredLetter[] = [];
  for await (const letter of lettersLike(nc, filter)) letters.push(letter);
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
