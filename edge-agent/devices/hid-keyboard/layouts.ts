/**
 * What the keys of a keyboard type. A HID keyboard sends positions, not characters, so the reader's language setting
 * and ours must agree. Usages: USB HID Usage Tables, page 0x07 (Keyboard/Keypad).
 */
export const LAYOUT_NAMES = ["us", "de", "fr"] as const;
export type LayoutName = (typeof LAYOUT_NAMES)[number];

interface Layout {
  readonly plain: ReadonlyMap<number, string>;
  readonly shifted: ReadonlyMap<number, string>;
}

const FIRST_LETTER = 0x04;
const FIRST_DIGIT = 0x1e;
const SPACE = 0x2c;

/** The same in every layout; Num Lock makes no difference to HID usages. */
const KEYPAD = new Map<number, string>([
  [0x54, "/"],
  [0x55, "*"],
  [0x56, "-"],
  [0x57, "+"],
  ...row(0x59, "1234567890"),
  [0x63, "."],
]);

interface Rows {
  /** The 26 keys 0x04 to 0x1D, which a US keyboard calls A to Z. */
  readonly letters: string;
  /** The 10 keys 0x1E to 0x27: 1 to 9, then 0. */
  readonly digits: string;
  /** The 13 keys 0x2C (space) to 0x38 (beside the right shift). */
  readonly signs: string;
}

const layout = (plain: Rows, shifted: Rows): Layout => ({
  plain: keys(plain),
  shifted: keys(shifted),
});

function row(first: number, text: string): [number, string][] {
  return text.split("").map((character, index) => [first + index, character]);
}

function keys(rows: Rows): ReadonlyMap<number, string> {
  return new Map([
    ...row(FIRST_LETTER, rows.letters),
    ...row(FIRST_DIGIT, rows.digits),
    ...row(SPACE, rows.signs),
    ...KEYPAD,
  ]);
}

export const LAYOUTS: Readonly<Record<LayoutName, Layout>> = {
  us: layout(
    { letters: "abcdefghijklmnopqrstuvwxyz", digits: "1234567890", signs: " -=[]\\\\;'`,./" },
    { letters: "ABCDEFGHIJKLMNOPQRSTUVWXYZ", digits: "!@#$%^&*()", signs: ' _+{}||:"~<>?' },
  ),
  de: layout(
    { letters: "abcdefghijklmnopqrstuvwxzy", digits: "1234567890", signs: " ß´ü+##öä^,.-" },
    { letters: "ABCDEFGHIJKLMNOPQRSTUVWXZY", digits: '!"§$%&/()=', signs: " ?`Ü*''ÖÄ°;:_" },
  ),
  fr: layout(
    { letters: "qbcdefghijkl,noparstuvzxyw", digits: "&é\"'(-è_çà", signs: " )=^$**mù²;:!" },
    { letters: "QBCDEFGHIJKL?NOPARSTUVZXYW", digits: "1234567890", signs: " °+¨£µµM%~./§" },
  ),
};
