import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { PlatformError } from "@clockleaf/shared/lib/errors.ts";

const require = createRequire(import.meta.url);
const DEJAVU = {
  regular: "dejavu-fonts-ttf/ttf/DejaVuSans.ttf",
  bold: "dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf",
} as const;

export type Weight = keyof typeof DEJAVU;

/** A stretch of a line in one font and one direction. */
export interface Run {
  readonly text: string;
  readonly font: string;
  readonly isRightToLeft: boolean;
}

/** Which of the fonts, in order of preference, has a character. */
export interface Fonts {
  /** The runs of one line in the order they stand on paper, left to right. */
  runs(line: string, weight: Weight): Run[];
  /** Characters that no font has, each once. */
  missing(text: string): string[];
}

interface LoadedFont {
  readonly name: string;
  readonly hasGlyph: (codePoint: number) => boolean;
}

/** The part of pdfkit's document that fonts need. */
interface FontRegistry {
  registerFont(name: string, source: Uint8Array): unknown;
  font(name: string): unknown;
}

/** Registers the fonts with a document: DejaVu first, then the files given. Throws `config.unreadable` for a bad file. */
export function loadFonts(doc: FontRegistry, extraFonts: readonly string[]): Fonts {
  const regular = load(doc, "regular", require.resolve(DEJAVU.regular));
  const bold = load(doc, "bold", require.resolve(DEJAVU.bold));
  const extra = extraFonts.map((file, index) => load(doc, `extra-${index}`, file));
  const chains = { regular: [regular, ...extra], bold: [bold, regular, ...extra] };
  const fontOf = (character: string, weight: Weight): LoadedFont | undefined =>
    chains[weight].find(({ hasGlyph }) => hasGlyph(character.codePointAt(0) ?? 0));
  return {
    runs: (line, weight) =>
      runsOf(line, (character) => (fontOf(character, weight) ?? regular).name),
    missing: (text) =>
      [...new Set(printed(text))].filter(
        (each) => !isSpace(each) && fontOf(each, "regular") === undefined,
      ),
  };
}

/** Fonts read once and shared by all documents: each makes its own subset, and reading one takes longer than a payslip. */
const opened = new Map<string, object>();

function load(doc: FontRegistry, name: string, file: string): LoadedFont {
  try {
    const source: object = opened.get(file) ?? new Uint8Array(readFileSync(file));
    // pdfkit takes an opened font as well; its types do not say so.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    doc.registerFont(name, source as Uint8Array);
    doc.font(name);
    const font = openFont(doc);
    opened.set(file, font);
    return { name, hasGlyph: glyphTest(font) };
  } catch (error) {
    throw new PlatformError("config.unreadable", `cannot use the font ${file}`, { cause: error });
  }
}

function openFont(doc: object): object {
  const embedded: unknown = Reflect.get(doc, "_font");
  const font: unknown = isObject(embedded) ? Reflect.get(embedded, "font") : undefined;
  if (!isObject(font)) throw new Error("pdfkit no longer shows its fonts");
  return font;
}

/** pdfkit prints an empty box for what a font lacks and tells nobody; the font itself knows better. */
function glyphTest(font: object): (codePoint: number) => boolean {
  const test: unknown = Reflect.get(font, "hasGlyphForCodePoint");
  if (typeof test !== "function") throw new Error("pdfkit's fonts no longer tell their glyphs");
  return (codePoint) => Reflect.apply(test, font, [codePoint]) === true;
}

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;

const isSpace = (character: string): boolean => /\s/u.test(character);

/** Marks that steer how text is shown, and say nothing themselves. */
const INVISIBLE = /\p{Cc}|\p{Cf}|\p{Variation_Selector}/gu;

/** Text as it is printed: composed where Unicode can, without what has no shape, and with plain spaces. */
export function printed(text: string): string {
  return text.normalize("NFC").replaceAll(/\s+/gu, " ").replaceAll(INVISIBLE, "").trim();
}

const RIGHT_TO_LEFT =
  /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;

/**
 * Lines run from left to right; neighbouring words of a right-to-left script stand in their own order within them, and
 * the font shapes each stretch. This is not the whole of UAX #9: numbers and brackets between such words stay where a
 * left-to-right reader expects them.
 */
function runsOf(line: string, fontOf: (character: string) => string): Run[] {
  const runs: Run[] = [];
  for (const { text, isRightToLeft } of stretches(line)) {
    const pieces: Run[] = [];
    for (const character of text) {
      const last = pieces.at(-1);
      const isMark = /[\p{M}\s]/u.test(character);
      const font = isMark && last !== undefined ? last.font : fontOf(character);
      if (last?.font === font) pieces[pieces.length - 1] = { ...last, text: last.text + character };
      else pieces.push({ text: character, font, isRightToLeft });
    }
    runs.push(...(isRightToLeft ? pieces.toReversed() : pieces));
  }
  return runs;
}

function stretches(line: string): Array<Pick<Run, "text" | "isRightToLeft">> {
  const found: Array<Pick<Run, "text" | "isRightToLeft">> = [];
  for (const word of line.split(/(\s+)/u)) {
    if (word === "") continue;
    const isRightToLeft = RIGHT_TO_LEFT.test(word);
    const last = found.at(-1);
    if (last?.isRightToLeft === isRightToLeft) {
      found[found.length - 1] = { ...last, text: last.text + word };
      continue;
    }
    // A space between two words of one direction belongs to them; at an edge it stays outside.
    const before = found.at(-2);
    if (isRightToLeft && before?.isRightToLeft === true && last?.text.trim() === "") {
      found.splice(-2, 2, { ...before, text: before.text + last.text + word });
    } else found.push({ text: word, isRightToLeft });
  }
  return found;
}
