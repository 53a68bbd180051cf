import type { KeyPress } from "./keys.ts";
import { LAYOUTS, type LayoutName } from "./layouts.ts";

export const TERMINATORS = ["enter", "keypad-enter", "any-enter", "tab", "none"] as const;
export type Terminator = (typeof TERMINATORS)[number];

export interface BadgeRules {
  readonly layout: LayoutName;
  readonly terminator: Terminator;
  readonly interKeyTimeoutMs: number;
  readonly minLength: number;
  readonly maxLength: number;
}

/** Why keys did not become a badge. A badge with a gap is never guessed: a missing digit is another person's number. */
export type Discard =
  | "length"
  | "rollover"
  | "unmapped-key"
  | "no-terminator"
  | "too-short"
  | "too-long";

export type Typed =
  | { readonly kind: "badge"; readonly number: string; readonly stripped: number }
  | { readonly kind: "discarded"; readonly reason: Discard };

export interface BadgeCollector {
  /** Keys of one report, in order. */
  keys(presses: readonly KeyPress[], nowMs: number): Typed[];
  /** Something in the current badge was lost; it will be discarded for `reason` when it ends. */
  spoil(reason: Discard, nowMs: number): Typed[];
  /** Ends a badge that no key has followed for the time-out. */
  expire(nowMs: number): Typed[];
}

const ENDING_USAGES: Readonly<Record<Terminator, readonly number[]>> = {
  enter: [0x28],
  "keypad-enter": [0x58],
  "any-enter": [0x28, 0x58],
  tab: [0x2b],
  none: [],
};
/** Num Lock and Scroll Lock, which some readers press before the digits: HID keypad usages do not depend on them. */
const IGNORED_USAGES: ReadonlySet<number> = new Set([0x53, 0x47]);

interface Current {
  readonly text: string;
  readonly stripped: number;
  readonly spoiltBy: Discard | undefined;
  readonly lastKeyMs: number;
}

/** Turns key presses into badge numbers. Holds at most one badge of `maxLength`; pure, time comes in. */
export function createBadgeCollector(rules: BadgeRules): BadgeCollector {
  let current: Current | undefined;

  const finish = (ending: "terminator" | "timeout"): Typed[] => {
    const badge = current;
    current = undefined;
    if (badge === undefined) return [];
    const reason = badge.spoiltBy ?? discardOf(badge.text, ending, rules);
    if (reason !== undefined) return [{ kind: "discarded", reason }];
    return [{ kind: "badge", number: badge.text, stripped: badge.stripped }];
  };

  const expire = (nowMs: number): Typed[] =>
    current !== undefined && nowMs - current.lastKeyMs >= rules.interKeyTimeoutMs
      ? finish("timeout")
      : [];

  const add = (press: KeyPress, nowMs: number): void => {
    const badge = current ?? { text: "", stripped: 0, spoiltBy: undefined, lastKeyMs: nowMs };
    current = { ...extended(badge, press, rules), lastKeyMs: nowMs };
  };

  return {
    keys(presses, nowMs) {
      const typed = expire(nowMs);
      for (const press of presses) {
        if (IGNORED_USAGES.has(press.usage)) continue;
        if (ENDING_USAGES[rules.terminator].includes(press.usage)) {
          typed.push(...finish("terminator"));
        } else {
          add(press, nowMs);
        }
      }
      return typed;
    },
    spoil(reason, nowMs) {
      const typed = expire(nowMs);
      const badge = current ?? { text: "", stripped: 0, spoiltBy: undefined };
      current = { ...badge, spoiltBy: badge.spoiltBy ?? reason, lastKeyMs: nowMs };
      return typed;
    },
    expire,
  };
}

function extended(badge: Current, press: KeyPress, rules: BadgeRules): Current {
  const { plain, shifted } = LAYOUTS[rules.layout];
  const character = (press.isShifted ? shifted : plain).get(press.usage);
  if (character === undefined || press.isChorded) {
    return { ...badge, spoiltBy: badge.spoiltBy ?? "unmapped-key" };
  }
  // Sentinels and separators of track formats (`;1234=5?`) are not part of the number.
  if (!/[A-Za-z0-9_-]/.test(character)) return { ...badge, stripped: badge.stripped + 1 };
  if (badge.text.length >= rules.maxLength) {
    return { ...badge, spoiltBy: badge.spoiltBy ?? "too-long" };
  }
  return { ...badge, text: badge.text + character };
}

function discardOf(
  text: string,
  ending: "terminator" | "timeout",
  rules: BadgeRules,
): Discard | undefined {
  if (ending === "timeout" && rules.terminator !== "none") return "no-terminator";
  return text.length < rules.minLength ? "too-short" : undefined;
}
