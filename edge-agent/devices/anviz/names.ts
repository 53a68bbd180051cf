import { z } from "zod";

/**
 * Gives each record of a terminal's log its name for the journal. A record is known by device, user, second, type and
 * backup (its likeness), and that is its name, too. Only a clock that stands still or was set back makes two records
 * that look the same; the second gets `.1` behind its name, the third `.2`, or a whole day of punches would be taken
 * for repeats of the first.
 *
 * To tell "the same record, read again" from "another one that looks the same", it keeps which records were named and
 * not yet surely cleared, in their order in the terminal: what is read again begins with them. With them it keeps how far
 * into the log the journal reaches: new records never begin behind that unless flags were taken off unread.
 */
export const namesStateSchema = z.object({
  /** Named, and perhaps still new in the terminal; oldest first. */
  custody: z.array(z.object({ likeness: z.string().max(64), key: z.string().max(64) })).max(1_000),
  /** How many records lay before the first in custody when that was last known; null before the first look. */
  base: z.int().nullable().default(null),
  /** How many in custody, from the first on, are in the journal. */
  stored: z.int().min(0).default(0),
  /** The newest records in the journal, without a gap: what lies behind them in the log was not read yet. */
  last: z.array(z.string().max(64)).max(25).default([]),
  /** How many records of a likeness were named so far, least recently used first. */
  counts: z.array(z.tuple([z.string().max(64), z.int().min(1)])).max(5_000),
});
export type NamesState = z.output<typeof namesStateSchema>;

/** A new flag is taken off the oldest first, so what is new is a tail of the log. */
export interface LogPlace {
  /** Records before the oldest new one. Moves back when a full memory gives up its oldest records. */
  readonly position: number;
  /** New records there are. */
  readonly newRecords: number;
}

/** Records by which a place in the log is found again. */
const LAST = 25;
/** Everybody of a large site, in and out, on a clock that stands still. */
const MAX_COUNTS = 4_096;

export class RecordNames {
  private custody: NamesState["custody"];
  private base: number | null;
  private stored: number;
  private last: readonly string[];
  private readonly counts: Map<string, number>;

  constructor(state?: NamesState) {
    this.custody = state?.custody ?? [];
    this.base = state?.base ?? null;
    this.stored = Math.min(state?.stored ?? 0, this.custody.length);
    this.last = state?.last ?? [];
    this.counts = new Map(state?.counts);
  }

  /**
   * Whether new records cannot begin there by what is known: behind records that are not in the journal, or before some
   * that were surely cleared, as in a full memory that gave up its oldest. A late answer looks like that, too.
   */
  isOdd({ position, newRecords }: LogPlace): boolean {
    if (this.base === null) return false;
    const end = this.base + this.stored;
    return position < this.base || position > end || (newRecords === 0 && position !== end);
  }

  /** How many records are not new any more and not in the journal: somebody took their flags off unread. */
  missedAt({ position }: Pick<LogPlace, "position">): number {
    return this.base === null ? 0 : Math.max(0, position - this.base - this.stored);
  }

  /** The names of the oldest new records, by their likenesses in the order of the terminal. */
  name(likenesses: readonly string[], place: LogPlace): string[] {
    this.drop(this.goneOf(likenesses, place));
    this.base = place.position;
    for (const likeness of likenesses.slice(this.custody.length)) {
      this.custody.push({ likeness, key: this.newKey(likeness) });
    }
    return this.custody.slice(0, likenesses.length).map(({ key }) => key);
  }

  /** Where to look for what was missed: behind these records, so many from the log's first. */
  missedFrom(): { readonly behind: readonly string[]; readonly index: number } {
    return { behind: this.last, index: (this.base ?? 0) + this.stored };
  }

  /**
   * The names of records from {@link missedFrom} on, new or not; `index`: how many lie before them, where that was
   * counted. Named again after a crash they have the same.
   */
  nameMissed(likenesses: readonly string[], index = this.missedFrom().index): string[] {
    this.base = index;
    this.drop(this.stored);
    // What was named further on, and is not read this time, may be in the journal.
    const other = this.custody.findIndex(
      ({ likeness }, at) => at < likenesses.length && likeness !== likenesses[at],
    );
    if (other !== -1) this.custody = this.custody.slice(0, other);
    for (const likeness of likenesses.slice(this.custody.length)) {
      this.custody.push({ likeness, key: this.newKey(likeness) });
    }
    return this.custody.slice(0, likenesses.length).map(({ key }) => key);
  }

  /** The first `count` in custody are in the journal. */
  noteStored(count: number): void {
    const news = this.custody.slice(this.stored, count).map(({ likeness }) => likeness);
    this.last = [...this.last, ...news].slice(-LAST);
    this.stored = Math.max(this.stored, Math.min(count, this.custody.length));
  }

  /** The flags of the `count` oldest were taken off: the terminal has confirmed it. */
  cleared(count: number): void {
    this.drop(count);
    if (this.base !== null) this.base += count;
  }

  /** Nothing is new in the terminal, or what was missed is given up: nothing is expected to be read again. True when that is news. */
  settle({ position }: Pick<LogPlace, "position">): boolean {
    if (this.custody.length === 0 && this.base === position) return false;
    this.drop(this.custody.length);
    this.base = position;
    return true;
  }

  state(): NamesState {
    const { custody, base, stored, last, counts } = this;
    return { custody, base, stored, last: [...last], counts: [...counts] };
  }

  private drop(count: number): void {
    this.custody = this.custody.slice(count);
    this.stored = Math.max(0, this.stored - count);
  }

  /** How many of the records in custody are not new any more. */
  private goneOf(likenesses: readonly string[], { position, newRecords }: LogPlace): number {
    const { custody, base } = this;
    const fits = (gone: number): boolean =>
      custody.slice(gone).every(({ likeness }, at) => {
        const read = likenesses[at];
        return read === undefined || read === likeness;
      });
    // Where the log looks the same with and without, its length decides: nothing but a full memory makes it another.
    const moved = base === null ? -1 : position - base;
    if (moved >= 0 && moved <= custody.length && fits(moved)) return moved;
    // No more can be left than are new.
    for (let gone = Math.max(0, custody.length - newRecords); gone < custody.length; gone += 1) {
      if (fits(gone)) return gone;
    }
    return custody.length;
  }

  private newKey(likeness: string): string {
    const before = this.counts.get(likeness) ?? 0;
    this.counts.delete(likeness);
    this.counts.set(likeness, before + 1);
    const [oldest] = this.counts.keys();
    if (this.counts.size > MAX_COUNTS && oldest !== undefined) this.counts.delete(oldest);
    return before === 0 ? likeness : `${likeness}.${before}`;
  }
}
