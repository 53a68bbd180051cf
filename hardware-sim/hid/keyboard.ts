import { PlatformError } from "@clockleaf/shared/lib/errors.ts";

/**
 * A badge reader that types, as the input reports of a USB boot keyboard: modifiers, 0, six keys.
 * Source: USB HID 1.11 appendix B.1 and E.6; HID usage tables 1.12 chapter 10. United States layout.
 */
export const REPORT_BYTES = 8;

/** The report descriptor of appendix E.6, 63 bytes. */
export const KEYBOARD_DESCRIPTOR = Uint8Array.from(
  Buffer.from(
    "05010906A101050719E029E71500250175019508810295017508810195057501" +
      "050819012905910295017503910195067508150025650507190029658100C0",
    "hex",
  ),
);

const LEFT_SHIFT = 0x02;
const ENTER = 0x28;
const TAB = 0x2b;
const KEYPAD_ENTER = 0x58;
const KEYPAD_1 = 0x59;
const KEYPAD_0 = 0x62;

export interface TypingStyle {
  /** The key that ends a badge; `none` for readers that just stop. */
  readonly terminator?: "enter" | "keypad-enter" | "tab" | "none";
  /** Digits from the numeric block instead of the top row. */
  readonly keypad?: boolean;
  /** The next key goes down before the last one is up, as some fast readers do; never for equal keys. */
  readonly rollover?: boolean;
}

/** The reports of one badge, releases included. Throws `config.invalid` for a character no keyboard of ours has. */
export function typeBadge(text: string, style: TypingStyle = {}): readonly Uint8Array[] {
  const keys = Array.from(text, (character) => keyOf(character, style.keypad ?? false));
  const terminator = TERMINATORS[style.terminator ?? "enter"];
  if (terminator !== null) keys.push({ usage: terminator, shift: false });
  return keys.flatMap((key, index) => {
    const down = report(key);
    const next = keys[index + 1];
    const runsOver = style.rollover === true && next !== undefined && next.usage !== key.usage;
    return runsOver && next.shift === key.shift
      ? [down, report(key, next.usage)]
      : [down, new Uint8Array(REPORT_BYTES)];
  });
}

interface Key {
  readonly usage: number;
  readonly shift: boolean;
}

const TERMINATORS = { enter: ENTER, "keypad-enter": KEYPAD_ENTER, tab: TAB, none: null } as const;

function report(key: Key, alsoDown = 0): Uint8Array {
  return Uint8Array.of(key.shift ? LEFT_SHIFT : 0, 0, key.usage, alsoDown, 0, 0, 0, 0);
}

function keyOf(character: string, keypad: boolean): Key {
  const code = character.charCodeAt(0);
  if (/[0-9]/.test(character)) {
    const digit = Number(character);
    if (keypad) return { usage: digit === 0 ? KEYPAD_0 : KEYPAD_1 + digit - 1, shift: false };
    return { usage: digit === 0 ? 0x27 : 0x1e + digit - 1, shift: false };
  }
  if (/[a-z]/.test(character)) return { usage: 0x04 + code - 0x61, shift: false };
  if (/[A-Z]/.test(character)) return { usage: 0x04 + code - 0x41, shift: true };
  if (character === "-") return { usage: 0x2d, shift: false };
  if (character === "_") return { usage: 0x2d, shift: true };
  throw new PlatformError("config.invalid", "a badge reader types A-Z a-z 0-9 - _ only");
}
