import { badgeKey, type Credential } from "@clockleaf/shared/wire/punch.ts";
import { type CardFormat, cardCredential, makeCard } from "../cards.ts";
import type { CardBits } from "../osdp/messages.ts";
import { createRandom, type Random } from "../random.ts";

/** What somebody carries or knows, and the one spelling the platform uses for it. */
export type Badge =
  | {
      /** A proximity card, for OSDP readers. */
      readonly how: "card";
      readonly card: CardBits;
      readonly credential: Credential;
      readonly key: string;
    }
  | {
      /** `keypad`: typed at an OSDP reader and ended with #. `wedge`: typed by a USB reader that plays keyboard. */
      readonly how: "keypad" | "wedge";
      readonly text: string;
      readonly credential: Credential;
      readonly key: string;
    };

export interface Person {
  readonly id: string;
  readonly givenName: string;
  readonly familyName: string;
  readonly badge: Badge;
  readonly shift: "day" | "night";
  /** Holds a badge that was taken away: the directory knows it and refuses it. */
  readonly withdrawn: boolean;
}

const FACILITY = 123;
const STRANGERS_FACILITY = 200;
/** Shares of the ways to identify oneself; the rest carries a 26-bit card. */
const WEDGE_SHARE = 0.15;
const KEYPAD_SHARE = 0.08;
const WIDE_CARD_SHARE = 0.15;
const NIGHT_SHARE = 0.1;

export interface PeopleOptions {
  readonly seed: number | string;
  readonly count: number;
  /** Without USB readers nobody carries a badge that only such a reader takes. */
  readonly withWedge: boolean;
}

/** People of a site. The same options give the same people; no two share a badge. The last one's badge is withdrawn. */
export function makePeople(options: PeopleOptions): readonly Person[] {
  const root = createRandom(options.seed).fork("people");
  return Array.from({ length: options.count }, (_, index) => {
    const number = index + 1;
    const random = root.fork(String(number));
    return {
      id: `p${String(number).padStart(3, "0")}`,
      givenName: random.pick(GIVEN_NAMES),
      familyName: random.pick(FAMILY_NAMES),
      badge: makeBadge(random, number, options.withWedge),
      shift: random.chance(NIGHT_SHARE) ? "night" : "day",
      withdrawn: number === options.count && number > 1,
    };
  });
}

/** A card that no directory knows: another company's, found on the bus. */
export function strangersBadge(number: number): Badge {
  return cardBadge(makeCard(26, STRANGERS_FACILITY, number));
}

function makeBadge(random: Random, number: number, withWedge: boolean): Badge {
  const draw = random.next();
  // Leading zeros on purpose: a number is text, and two equal digits in a row need a release between.
  if (withWedge && draw < WEDGE_SHARE) return typedBadge("wedge", `00${40_000 + number}`);
  if (draw < WEDGE_SHARE + KEYPAD_SHARE) return typedBadge("keypad", String(50_000 + number));
  const format: CardFormat = random.chance(WIDE_CARD_SHARE) ? random.pick([34, 37]) : 26;
  return cardBadge(makeCard(format, FACILITY, 20_000 + number));
}

function cardBadge(card: CardBits): Badge {
  const credential = cardCredential(card);
  return { how: "card", card, credential, key: badgeKey(credential) };
}

function typedBadge(how: "keypad" | "wedge", text: string): Badge {
  const credential: Credential = { kind: "number", value: text };
  return { how, text, credential, key: badgeKey(credential) };
}

const GIVEN_NAMES = (
  "Ada Amir Beatriz Bo Chiara Dawit Elif Emeka Freya Goran Hana Ines Ivo Jana Jonas Keiko Lars Leyla Luc Mai " +
  "Mateo Mira Nadia Noor Olek Priya Rosa Samir Sofia Tariq Uma Viktor Wanda Yara Zoltan"
).split(" ");

const FAMILY_NAMES = (
  "Abebe Andersson Arslan Bauer Costa Dubois Eriksen Ferrari Garcia Haddad Horvat Ito Jansen Kaya Kowalski Kumar " +
  "Lindqvist Lopez Martin Meyer Moreau Nguyen Novak Okafor Osei Papadakis Petrov Rossi Santos Schmidt Silva Tanaka " +
  "Virtanen Weber Yilmaz"
).split(" ");
