import type { Tap } from "./judge.ts";
import type { LedgerTap } from "./ledger.ts";

/** The agent, looked at once. What it says was so at some moment between question and answer. */
export interface Sample {
  readonly askedAtMs: number;
  readonly answeredAtMs: number;
  /** Counts its starts: two looks at one life have no kill between them. */
  readonly life: number;
  readonly online: ReadonlySet<string>;
}

/** What was done to a terminal or its line, and when. */
export interface Trouble {
  readonly name: string;
  readonly readers: readonly string[];
  readonly fromMs: number;
  readonly untilMs: number;
}

/** From its sending to the row; an agent that died in between owes nothing to a terminal without a memory. */
const TO_STORE_MS = 2_000;
/** Looks that are further apart prove nothing for the time between them. */
const GAP_MS = 5_000;

/**
 * Taps that were sent whole become `heard` where the agent surely listened: it was seen to have the reader on line before
 * and after, in one life, with nothing done to the line between. The others stay owed nothing.
 */
export function withHearing(
  taps: readonly LedgerTap[],
  samples: readonly Sample[],
  troubles: readonly Trouble[],
): Tap[] {
  return taps.map(({ wholeAtMs, ...tap }) => {
    if (wholeAtMs === null || tap.claim !== null) return tap;
    const sent = { reader: tap.reader, atMs: wholeAtMs };
    return wasListening(sent, samples, troubles) ? { ...tap, claim: "heard", why: null } : tap;
  });
}

function wasListening(
  { reader, atMs }: Pick<Tap, "reader" | "atMs">,
  samples: readonly Sample[],
  troubles: readonly Trouble[],
): boolean {
  const before = samples.findLastIndex(({ answeredAtMs }) => answeredAtMs <= atMs);
  const after = samples.findIndex(({ askedAtMs }) => askedAtMs >= atMs + TO_STORE_MS);
  const [first, last] = [samples[before], samples[after]];
  if (first === undefined || last === undefined) return false;
  const seen = samples.slice(before, after + 1);
  const isSteady = seen.every(({ life, online }) => life === first.life && online.has(reader));
  const isDense = seen.every(
    ({ answeredAtMs }, index) =>
      answeredAtMs - (seen[index - 1]?.answeredAtMs ?? answeredAtMs) <= GAP_MS,
  );
  return (
    isSteady && isDense && !troubles.some((trouble) => strikes(trouble, { reader, first, last }))
  );
}

function strikes(
  { readers, fromMs, untilMs }: Trouble,
  {
    reader,
    first,
    last,
  }: { readonly reader: string; readonly first: Sample; readonly last: Sample },
): boolean {
  return readers.includes(reader) && fromMs <= last.answeredAtMs && untilMs >= first.askedAtMs;
}
