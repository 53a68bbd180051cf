/** What an answer can be an answer to. */
export type Standing = "sole" | "several" | "none";

/** More questions than this without a clear answer are not told apart any more. */
const MAX_OPEN = 32;

interface Open {
  readonly command: number;
  readonly askedAtMs: number;
}

/**
 * Which questions to one terminal may still be answered. An answer names only its command, so one that comes after we
 * gave up waiting would pass for the answer to the same question asked again: a page of the log for the page after it,
 * and then flags would be taken off records nobody has read. But a terminal answers in order. So an answer to one
 * question settles all that were asked before it, and an answer that only one question can have is that one's.
 *
 * A question whose answer was lost must not be waited for for ever: with two lost in a row, every later answer would be
 * taken as the one before it, and none would be believed again. After `forgetMs` no answer comes any more.
 */
export class Outstanding {
  private readonly forgetMs: number;
  private open: Open[] = [];

  constructor(forgetMs: number) {
    this.forgetMs = forgetMs;
  }

  asked(command: number, nowMs: number): void {
    this.open.push({ command, askedAtMs: nowMs });
    if (this.open.length > MAX_OPEN) this.open.shift();
  }

  /** Takes the answer as the earliest question's it can belong to. */
  answered(command: number, nowMs: number): Standing {
    this.forget(nowMs);
    const first = this.open.findIndex((each) => each.command === command);
    if (first === -1) return "none";
    const isSole = this.open.findLastIndex((each) => each.command === command) === first;
    this.open = this.open.slice(first + 1);
    return isSole ? "sole" : "several";
  }

  /** From when on an answer to this question, asked then, could be no other's. */
  clearAtMs(command: number): number {
    const last = this.open.findLast((each) => each.command === command);
    return last === undefined ? Number.NEGATIVE_INFINITY : last.askedAtMs + this.forgetMs;
  }

  /** The newest is being waited for: whoever asked it says when that is over. */
  private forget(nowMs: number): void {
    const newest = this.open.at(-1);
    this.open = this.open.filter(
      (each) => each === newest || nowMs - each.askedAtMs < this.forgetMs,
    );
  }
}
