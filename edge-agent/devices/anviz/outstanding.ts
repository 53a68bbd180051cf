/** What an answer can be an answer to. */
export type Standing = "sole" | "several" | "none";

/** More questions than this without a clear answer are not told apart any more. */
const MAX_OPEN = 32;

/**
 * Which questions to one terminal may still be answered. An answer names only its command, so one that comes after we
 * gave up waiting would pass for the answer to the same question asked again: a page of the log for the page after it,
 * and then flags would be taken off records nobody has read. But a terminal answers in order. So an answer to one
 * question settles all that were asked before it, and an answer that only one question can have is that one's.
 */
export class Outstanding {
  private open: number[] = [];

  asked(command: number): void {
    this.open.push(command);
    if (this.open.length > MAX_OPEN) this.open.shift();
  }

  /** Takes the answer as the earliest question's it can belong to. */
  answered(command: number): Standing {
    const first = this.open.indexOf(command);
    if (first === -1) return "none";
    const isSole = this.open.lastIndexOf(command) === first;
    this.open = this.open.slice(first + 1);
    return isSole ? "sole" : "several";
  }
}
