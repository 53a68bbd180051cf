import type { Reply } from "./messages.ts";

export interface OfferedCard {
  readonly hex: string;
  readonly exchange: number;
  /** The reader was given a new link since, and may offer it there once more. */
  readonly isNewLink: boolean;
}

/**
 * The last card of a reader, until the reader has heard that it may forget it. One that kept it over a power cut offers it
 * once more on the new link, before anything else: that is the same record and keeps its number, by which the journal
 * knows it. The first empty poll shows that nothing was kept.
 */
export class Unacknowledged {
  private last: Omit<OfferedCard, "isNewLink"> | null;
  private isNewLink: boolean;

  /** `last`: as it was when the agent was killed. */
  constructor(last: OfferedCard | null) {
    this.last = last;
    this.isNewLink = last?.isNewLink ?? false;
  }

  /** What the next agent has to know if this one is killed. */
  get card(): OfferedCard | null {
    return this.last === null ? null : { ...this.last, isNewLink: this.isNewLink };
  }

  /** A link has come up that began at SQN 0. */
  linkUp(): void {
    this.isNewLink = true;
  }

  /** The number that the reply goes by; that of its question unless it is the card from before. Call it for every reply, once. */
  exchangeOf(
    { command, exchange }: { readonly command: string; readonly exchange: number },
    reply: Reply,
  ): number {
    if (reply.type === "RAW") {
      const isSame = this.isNewLink && this.last?.hex === reply.hex;
      const known = isSame && this.last !== null ? this.last.exchange : exchange;
      this.last = { hex: reply.hex, exchange: known };
      this.isNewLink = false;
      return known;
    }
    // On the same link any answer shows that the reader has heard the next number.
    const isEmpty = command === "POLL" && reply.type === "ACK";
    if (!this.isNewLink || isEmpty) this.last = null;
    return exchange;
  }
}
