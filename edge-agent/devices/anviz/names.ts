import { z } from "zod";

/**
 * Gives each record of a terminal's log its name for the journal. A record is known by device, user, second, type and
 * backup (its likeness), and that is its name, too. Only a clock that stands still or was set back makes two records
 * that look the same; the second gets `.1` behind its name, the third `.2`, or a whole day of punches would be taken
 * for repeats of the first.
 *
 * To tell "the same record, read again" from "another one that looks the same", it keeps which records were named and
 * not yet surely cleared, in their order in the terminal: what is read again begins with them.
 */
export const namesStateSchema = z.object({
  /** Named, and perhaps still new in the terminal; oldest first. */
  custody: z.array(z.object({ likeness: z.string().max(64), key: z.string().max(64) })).max(1_000),
  /** The flags that were last asked to be taken off, and how many cleared records lay before them then. */
  clearing: z.object({ count: z.int().min(0), position: z.int() }).nullable(),
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

/** Everybody of a large site, in and out, on a clock that stands still. */
const MAX_COUNTS = 4_096;

export class RecordNames {
  private custody: NamesState["custody"];
  private clearing: NamesState["clearing"];
  private readonly counts: Map<string, number>;

  constructor(state?: NamesState) {
    this.custody = state?.custody ?? [];
    this.clearing = state?.clearing ?? null;
    this.counts = new Map(state?.counts);
  }

  /** The names of the oldest new records, by their likenesses in the order of the terminal. */
  name(likenesses: readonly string[], place: LogPlace): string[] {
    this.custody = this.custody.slice(this.goneOf(likenesses, place));
    this.clearing = null;
    for (const likeness of likenesses.slice(this.custody.length)) {
      this.custody.push({ likeness, key: this.newKey(likeness) });
    }
    return this.custody.slice(0, likenesses.length).map(({ key }) => key);
  }

  /** The flags of the `count` oldest records are about to be taken off. */
  intend(count: number, { position }: LogPlace): void {
    this.clearing = { count, position };
  }

  /** They were: the terminal has confirmed it. */
  cleared(count: number): void {
    this.custody = this.custody.slice(count);
    this.clearing = null;
  }

  /** Nothing is new in the terminal: whatever was named is cleared. True when that is news. */
  settle(): boolean {
    if (this.custody.length === 0 && this.clearing === null) return false;
    this.cleared(this.custody.length);
    return true;
  }

  state(): NamesState {
    return { custody: this.custody, clearing: this.clearing, counts: [...this.counts] };
  }

  /** How many of the records in custody are not new any more. */
  private goneOf(likenesses: readonly string[], { position, newRecords }: LogPlace): number {
    const { custody, clearing } = this;
    const fits = (gone: number): boolean =>
      custody.slice(gone).every(({ likeness }, at) => {
        const read = likenesses[at];
        return read === undefined || read === likeness;
      });
    // The answer to "clear" was lost. Where the log looks the same with and without, its length decides.
    if (clearing !== null && position - clearing.position === clearing.count) {
      if (fits(clearing.count)) return clearing.count;
    }
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
