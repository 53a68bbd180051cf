import { hasCode } from "@clockleaf/shared/lib/errors.ts";
import type { NatsConnection } from "nats";
import type { StoredLetter } from "../../eventing/dead-letter.ts";
import { type RetryOutcome, retryLetter } from "../../eventing/letter-retry.ts";
import { letterBySeq, lettersLike } from "../../eventing/letters.ts";
import type { Retried } from "./views.ts";

export interface WhichLetters {
  readonly letters?: readonly number[] | undefined;
  readonly consumer?: string | undefined;
  readonly stream?: string | undefined;
  readonly code?: string | undefined;
  readonly limit: number;
}

/** One request may take so long in all, and a letter so much of it: people wait for the answer. */
const MOST_MS = 20_000;
const A_LETTER_MS = 5_000;

/** One after the other: letters of one aggregate must not overtake each other. */
export async function retryMany(nc: NatsConnection, which: WhichLetters): Promise<Retried[]> {
  const endsAtMs = performance.now() + MOST_MS;
  const results: Retried[] = [];
  for (const found of await chosen(nc, which)) {
    if (typeof found === "number") {
      results.push({ letter: found, outcome: "not-found", code: null, reason: null });
      continue;
    }
    const leftMs = endsAtMs - performance.now();
    results.push(
      leftMs <= 0
        ? { letter: found.letterSeq, outcome: "not-tried", code: null, reason: null }
        : await retryOne(nc, found, Math.min(leftMs, A_LETTER_MS)),
    );
  }
  return results;
}

export async function retryOne(
  nc: NatsConnection,
  letter: StoredLetter,
  timeoutMs = A_LETTER_MS,
): Promise<Retried> {
  return retriedView(letter.letterSeq, await retryLetter(nc, letter, timeoutMs));
}

/** A number stands for a letter that is not there. */
async function chosen(
  nc: NatsConnection,
  { letters, limit, ...filter }: WhichLetters,
): Promise<ReadonlyArray<StoredLetter | number>> {
  const found: Array<StoredLetter | number> = [];
  for (const seq of [...new Set(letters)].toSorted((a, b) => a - b)) {
    found.push(await letterOrSeq(nc, seq));
  }
  if (letters !== undefined) return found;
  for await (const letter of lettersLike(nc, filter)) {
    found.push(letter);
    if (found.length === limit) break;
  }
  return found;
}

async function letterOrSeq(nc: NatsConnection, seq: number): Promise<StoredLetter | number> {
  try {
    return await letterBySeq(nc, seq);
  } catch (error) {
    if (hasCode(error, "command.not-found")) return seq;
    throw error;
  }
}

function retriedView(letter: number, outcome: RetryOutcome): Retried {
  const { code, reason } = outcome.kind === "failed" ? outcome : { code: null, reason: null };
  return { letter, outcome: outcome.kind, code, reason };
}
