import type { Credential } from "@clockleaf/shared/wire/punch.ts";

/**
 * What a person is in the middle of at one reader: digits typed so far, a card waiting for its PIN. Pure; the state
 * goes into the resume file, so that a killed agent does not lose half an entry.
 */
export interface Entry {
  readonly card: { readonly credential: Credential; readonly exchange: number } | null;
  readonly digits: string;
  /** Monotonic milliseconds of the last key or card. */
  readonly touchedAtMs: number;
}

export type Keypad = "off" | "badge-number" | "card-then-pin";

export interface PunchDraft {
  readonly credential: Credential;
  readonly pin: "not-asked" | "missing" | { readonly typed: string };
  /** Number of the exchange that carried the credential; the journal knows the punch by it. */
  readonly exchange: number;
}

/** What became of cards and keys: punches to commit, in order, and the entry that remains once they are. */
export interface Step {
  readonly punches: readonly PunchDraft[];
  readonly entry: Entry | null;
  /** Keys that meant nothing, by reason, for the counters. */
  readonly dropped: readonly DroppedKeys[];
}

type DroppedKeys = "keypad-off" | "keys-without-card" | "unknown-key" | "entry-too-long";

export interface Arrival {
  /** Number of this exchange; the few after it are free for further punches out of the same reply. */
  readonly exchange: number;
  readonly nowMs: number;
}

/** How far apart exchange numbers are, and so how many punches one reply can carry. */
export const EXCHANGE_STEP = 16;

const KEY_CLEAR = 0x7f;
const KEY_END = 0x0d;
/** The longest badge number the platform takes; longer than any PIN. */
const MAX_DIGITS = 48;

/** A card was read. `hasPin` says whether this card must be followed by one. */
export function cardRead(
  entry: Entry | null,
  credential: Credential,
  { exchange, nowMs, hasPin }: Arrival & { readonly hasPin: boolean },
): Step {
  const earlier = abandoned(entry);
  if (hasPin) {
    const held: Entry = { card: { credential, exchange }, digits: "", touchedAtMs: nowMs };
    return { punches: earlier, entry: held, dropped: [] };
  }
  const now: PunchDraft = { credential, pin: "not-asked", exchange };
  return {
    punches: [...earlier, now],
    entry: earlier.length > 0 ? null : entry,
    dropped: [],
  };
}

/** Keys were pressed. */
export function keysPressed(
  keypad: Keypad,
  entry: Entry | null,
  { keys, exchange, nowMs }: Arrival & { readonly keys: Uint8Array },
): Step {
  const punches: PunchDraft[] = [];
  const dropped: DroppedKeys[] = [];
  let typed: Typed = { card: entry?.card ?? null, digits: entry?.digits ?? "" };
  for (const key of keys) {
    const effect = press(keypad, typed, key);
    if (typeof effect === "string") dropped.push(effect);
    else if (effect.kind === "typed") typed = effect;
    else if (punches.length < EXCHANGE_STEP) {
      punches.push(...ended(typed, exchange + punches.length));
      typed = NOTHING;
    }
    if (effect === "entry-too-long") typed = { ...typed, digits: "" };
  }
  const isEmpty = typed.card === null && typed.digits === "";
  return { punches, dropped, entry: isEmpty ? null : { ...typed, touchedAtMs: nowMs } };
}

type Typed = Pick<Entry, "card" | "digits">;
const NOTHING: Typed = { card: null, digits: "" };

function press(
  keypad: Keypad,
  { card, digits }: Typed,
  key: number,
): DroppedKeys | { readonly kind: "end" } | ({ readonly kind: "typed" } & Typed) {
  if (keypad === "off") return "keypad-off";
  if (keypad === "card-then-pin" && card === null) return "keys-without-card";
  if (key === KEY_END) return { kind: "end" };
  if (key === KEY_CLEAR) return { kind: "typed", card, digits: "" };
  if (key < 0x30 || key > 0x39) return "unknown-key";
  if (digits.length >= MAX_DIGITS) return "entry-too-long";
  return { kind: "typed", card, digits: digits + String.fromCodePoint(key) };
}

/** The pause between keys grew too long: a held card becomes a punch without PIN, loose digits are forgotten. */
export const timedOut = (entry: Entry): Step => ({
  punches: abandoned(entry),
  entry: null,
  dropped: [],
});

function abandoned(entry: Entry | null): PunchDraft[] {
  const card = entry?.card ?? null;
  return card === null ? [] : [{ ...card, pin: "missing" }];
}

function ended({ card, digits }: Typed, exchange: number): PunchDraft[] {
  if (card !== null) return [{ ...card, pin: digits === "" ? "missing" : { typed: digits } }];
  if (digits === "") return [];
  return [{ credential: { kind: "number", value: digits }, pin: "not-asked", exchange }];
}
