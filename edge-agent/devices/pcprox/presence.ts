/** More cards than a reader can have in its field. */
const MAX_PRESENT = 16;

export type Arrival =
  /** A punch. */
  | "new"
  /** Still the one that was there before. */
  | "same"
  /** There when we first looked: from before we came, and dealt with by whoever was here then, or by nobody. */
  | "found";

export interface Presence {
  /** A look at the buffer that told what is in it. */
  look(card: string | null, nowMs: number): Arrival | null;
  /** A look that told nothing. */
  blind(): void;
}

/**
 * Tells a card that lies there, or a buffer that stays filled, from a card that comes again. A card is gone once it was looked
 * for in vain for `goneMs`, every look in between having told something; time without a look proves nothing. Pure, bounded.
 */
export function createPresence(goneMs: number): Presence {
  /** Card → since when it is missed; undefined while it is there. The one seen last is last. */
  const present = new Map<string, number | undefined>();
  let isFirst = true;

  const miss = (card: string, nowMs: number): void => {
    const since = present.get(card);
    if (since === undefined) present.set(card, nowMs);
    else if (nowMs - since >= goneMs) present.delete(card);
  };
  const meet = (card: string): void => {
    present.delete(card);
    present.set(card, undefined);
    const [oldest] = present.keys();
    if (present.size > MAX_PRESENT && oldest !== undefined) present.delete(oldest);
  };

  return {
    look(card, nowMs) {
      const wasFirst = isFirst;
      isFirst = false;
      for (const known of present.keys()) if (known !== card) miss(known, nowMs);
      if (card === null) return null;
      const wasPresent = present.has(card);
      meet(card);
      if (wasPresent) return "same";
      return wasFirst ? "found" : "new";
    },
    blind() {
      for (const card of present.keys()) present.set(card, undefined);
    },
  };
}
