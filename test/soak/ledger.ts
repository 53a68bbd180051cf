import type { Claim, Tap } from "./judge.ts";

/** What is known of one tap at the terminals' end. */
export interface LedgerTap extends Tap {
  /**
   * When everything was sent, undamaged, by a reader that can do no more; null: it was not. Whether anybody listened then
   * is the agent's side to say, see `hearing.ts`.
   */
  readonly wholeAtMs: number | null;
}

/** What people did, what their terminals kept, and what they saw. Facts only add up: a light is never taken back. */
export interface Ledger {
  add(reader: string, badge: string): number;
  /** Its terminal has it in a memory. */
  kept(id: number): void;
  /** Its terminal was told that it may forget it. */
  acknowledged(id: number): void;
  /** A light or a word, at the reader. */
  shown(id: number): void;
  /** The display beside readers without a light: goes to the first tap of that badge without one. */
  displayed(reader: string, badge: string): void;
  /** Its reader sends it just now, undamaged, and can do no more. */
  whole(id: number): void;
  /** Its terminal does not have it any more, or never had it. */
  gone(id: number, why: string): void;
  readonly count: () => number;
  taps(): readonly LedgerTap[];
}

interface Known {
  readonly id: number;
  readonly reader: string;
  readonly badge: string;
  readonly atMs: number;
  isKept: boolean;
  isAcknowledged: boolean;
  isShown: boolean;
  wholeAtMs: number | null;
  why: string | null;
}

export function createLedger(): Ledger {
  const all: Known[] = [];
  const byBadge = new Map<string, Known[]>();
  const note = (id: number, what: (tap: Known) => void): void => {
    const tap = all[id - 1];
    if (tap !== undefined) what(tap);
  };
  return {
    add(reader, badge) {
      const tap: Known = {
        id: all.length + 1,
        reader,
        badge,
        atMs: Date.now(),
        isKept: false,
        isAcknowledged: false,
        isShown: false,
        wholeAtMs: null,
        why: null,
      };
      all.push(tap);
      const key = `${reader} ${badge}`;
      byBadge.set(key, [...(byBadge.get(key) ?? []), tap]);
      return tap.id;
    },
    kept: (id) => note(id, (tap) => void (tap.isKept = true)),
    acknowledged: (id) => note(id, (tap) => void (tap.isAcknowledged = true)),
    shown: (id) => note(id, (tap) => void (tap.isShown = true)),
    displayed(reader, badge) {
      const tap = byBadge.get(`${reader} ${badge}`)?.find(({ isShown }) => !isShown);
      if (tap !== undefined) tap.isShown = true;
    },
    whole: (id) => note(id, (tap) => void (tap.wholeAtMs = Date.now())),
    gone(id, why) {
      note(id, (tap) => {
        tap.isKept = false;
        tap.wholeAtMs = null;
        tap.why = why;
      });
    },
    count: () => all.length,
    taps: () => all.map(told),
  };
}

function told(tap: Known): LedgerTap {
  const { id, reader, badge, atMs, wholeAtMs } = tap;
  const claim = claimOf(tap);
  const why =
    claim === null
      ? (tap.why ?? (wholeAtMs !== null ? "nobody surely listened" : "no light"))
      : null;
  return { id, reader, badge, atMs, claim, why, wholeAtMs };
}

/** What the terminal knows comes before what the person saw. */
function claimOf({ isKept, isAcknowledged, isShown }: Known): Claim | null {
  if (isAcknowledged) return "acknowledged";
  if (isKept) return "kept";
  return isShown ? "shown" : null;
}
