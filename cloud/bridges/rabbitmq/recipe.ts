import { RABBIT_HEADERS } from "./message.ts";

/**
 * How a consumer removes the repeats that an interrupted bridge leaves: this file for whoever reads a queue alone,
 * `claims.ts` for several that share one. README.md has the same for other languages.
 */

/** Where a message stood before the bridge took it. */
export interface SourcePlace {
  /** Tenant and stream: each counts on its own. */
  readonly source: string;
  readonly incarnation: number;
  readonly seq: number;
}

type Headers = Readonly<Record<string, unknown>>;

/** Undefined for a message that no bridge has published. */
export function placeOf(headers: Headers): SourcePlace | undefined {
  const tenant = headers[RABBIT_HEADERS.tenant];
  const stream = headers[RABBIT_HEADERS.stream];
  const incarnation = Number(headers[RABBIT_HEADERS.incarnation]);
  const seq = Number(headers[RABBIT_HEADERS.seq]);
  if (typeof tenant !== "string" || typeof stream !== "string") return undefined;
  if (!Number.isSafeInteger(incarnation) || !Number.isSafeInteger(seq)) return undefined;
  return { source: `${tenant}/${stream}`, incarnation, seq };
}

/** What a consumer keeps per source. Plain data, to be stored in the same transaction as the effect of the message. */
export interface MarkState {
  readonly incarnation: number;
  /** Everything up to here had its effect, or will never come for the first time. */
  readonly upTo: number;
  /** Beyond it, these had theirs. */
  readonly seen: readonly number[];
}

/**
 * High-water marks of one queue that is read by one consumer, in its order, one message after the other: a message at or
 * below the mark of its source is a repeat.
 *
 * `remember` is for queues that may refuse single messages (a length limit, a binding that comes and goes): a refused message
 * then comes behind later ones. Set to the bridge's window it costs that much memory and counts such a message as new.
 */
export interface Marks {
  /** True for a message that had its effect before. A message that no bridge published is never a repeat. */
  isRepeat(headers: Headers): boolean;
  /** To be called once the message has had its effect. */
  note(headers: Headers): void;
  /** What to store; `createMarks` takes it back. */
  state(): Readonly<Record<string, MarkState>>;
}

export function createMarks(known: Readonly<Record<string, MarkState>> = {}, remember = 0): Marks {
  const marks = new Map(Object.entries(known));
  return {
    isRepeat(headers) {
      const place = placeOf(headers);
      const mark = place === undefined ? undefined : marks.get(place.source);
      if (place === undefined || mark === undefined) return false;
      // A stream made anew counts from 1 again; what is left of the old one comes no more for the first time.
      if (place.incarnation !== mark.incarnation) return place.incarnation < mark.incarnation;
      return place.seq <= mark.upTo || mark.seen.includes(place.seq);
    },
    note(headers) {
      const place = placeOf(headers);
      if (place === undefined) return;
      const { source, incarnation, seq } = place;
      const mark = marks.get(source);
      const before = mark?.incarnation === incarnation ? mark : { upTo: 0, seen: [] };
      const seen = [...before.seen, seq].toSorted((a, b) => a - b);
      const settled = seen.splice(0, Math.max(0, seen.length - remember));
      const upTo = Math.max(before.upTo, ...settled);
      marks.set(source, { incarnation, upTo, seen });
    },
    state: () => Object.fromEntries(marks),
  };
}
