import type { Reply } from "./messages.ts";

/** Why a reader no longer has a tap that nobody acknowledged. */
export type DropReason =
  /** The reader's memory was full when the person tapped. */
  | "memory-full"
  | "no-power"
  /** Already sent, not yet acknowledged, when the controller restarted at SQN 0: nobody knows whether it was kept. */
  | "reset-before-ack"
  | "power-cut";

export type TapEvent =
  /** Sent for the first time: the last of it, for a number typed in several replies. */
  | { readonly kind: "offered"; readonly tap: string }
  /** The controller's next SQN came: it says it has the tap for good, and the reader forgot it. */
  | { readonly kind: "acknowledged"; readonly tap: string }
  | { readonly kind: "dropped"; readonly tap: string; readonly reason: DropReason };

export interface Memory {
  /** All or nothing; `tap` is null for what no person caused. False when there is no room. */
  remember(replies: readonly Reply[], tap: string | null): boolean;
  /** The oldest reply, which is in flight from now on. */
  offer(): Reply | undefined;
  /** The reply in flight has arrived: forget it. */
  acknowledge(): void;
  /** The controller started anew: the reply in flight is dropped, or kept to be offered again. */
  reset(keepInFlight: boolean): void;
  /** Nothing is in flight any more; with `erase` nothing is remembered either. */
  powerCut(erase: boolean): void;
  readonly size: () => number;
}

interface Entry {
  readonly reply: Reply;
  readonly tap: string | null;
  /** This reply completes the tap. */
  readonly last: boolean;
}

/** What a reader remembers while nobody polls it: first in, first out, at most `limit` replies. */
export function createMemory(limit: number, emit: (event: TapEvent) => void): Memory {
  const entries: Entry[] = [];
  let inFlight = false;

  const dropped = (entry: Entry | undefined, reason: DropReason): void => {
    if (entry !== undefined && entry.tap !== null)
      emit({ kind: "dropped", tap: entry.tap, reason });
  };

  return {
    remember(replies, tap) {
      if (entries.length + replies.length > limit) return false;
      for (const [index, reply] of replies.entries()) {
        entries.push({ reply, tap, last: index === replies.length - 1 });
      }
      return true;
    },
    offer() {
      const [next] = entries;
      if (next === undefined) return undefined;
      inFlight = true;
      if (next.tap !== null && next.last) emit({ kind: "offered", tap: next.tap });
      return next.reply;
    },
    acknowledge() {
      if (!inFlight) return;
      inFlight = false;
      const done = entries.shift();
      if (done !== undefined && done.tap !== null && done.last) {
        emit({ kind: "acknowledged", tap: done.tap });
      }
    },
    reset(keepInFlight) {
      if (inFlight && !keepInFlight) dropped(entries.shift(), "reset-before-ack");
      inFlight = false;
    },
    powerCut(erase) {
      inFlight = false;
      if (!erase) return;
      for (const entry of entries.splice(0)) if (entry.last) dropped(entry, "power-cut");
    },
    size: () => entries.length,
  };
}
