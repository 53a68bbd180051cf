/**
 * Boot keyboard reports: 8 bytes, modifiers, reserved, up to six keys held down (USB HID 1.11, appendix B.1).
 * A report says what *is* down, so a key was typed when it is down now and was not before.
 */
export const REPORT_BYTES = 8;

/** Usages 01 to 03 in a key slot are conditions, not keys: rollover, self-test failed, undefined. */
const LAST_CONDITION = 0x03;
const SHIFT = 0x22;

export interface KeyPress {
  /** Usage on page 0x07. */
  readonly usage: number;
  readonly isShifted: boolean;
  /** True when Control, Alt or GUI was down too: a shortcut, not a character. */
  readonly isChorded: boolean;
}

export type KeyEvent =
  | { readonly kind: "pressed"; readonly presses: readonly KeyPress[] }
  /** The keyboard lost track or the report is none; keys may be missing. */
  | { readonly kind: "unusable"; readonly reason: "length" | "rollover" };

/** Follows the reports of one keyboard. Never throws, whatever the bytes are. */
export function createKeyFollower(): (report: Uint8Array) => KeyEvent {
  let held: ReadonlySet<number> = new Set();
  return (report) => {
    if (report.length !== REPORT_BYTES) return { kind: "unusable", reason: "length" };
    const modifiers = report[0] ?? 0;
    const slots = [...report.subarray(2)].filter((usage) => usage !== 0);
    if (slots.some((usage) => usage <= LAST_CONDITION)) {
      return { kind: "unusable", reason: "rollover" };
    }
    const isShifted = (modifiers & SHIFT) !== 0;
    const isChorded = (modifiers & ~SHIFT) !== 0;
    const down = new Set(slots);
    const presses = [...down]
      .filter((usage) => !held.has(usage))
      .map((usage) => ({ usage, isShifted, isChorded }));
    held = down;
    return { kind: "pressed", presses };
  };
}
