import type PDFDocument from "pdfkit";
import { type Fonts, printed, type Run, type Weight } from "./pdf-text.ts";

type Pdf = InstanceType<typeof PDFDocument>;

/** A node of the structure that screen readers go by. */
export interface Element {
  readonly tag: string;
  readonly node: ReturnType<Pdf["struct"]>;
}

const MARGIN = 48;
const LEADING = 1.35;
const graphemes = new Intl.Segmenter("und", { granularity: "grapheme" });

export interface TextStyle {
  readonly size: number;
  readonly weight: Weight;
}

export interface Placed extends TextStyle {
  readonly x: number;
  readonly width: number;
  readonly align: "left" | "right";
}

/** Paper with a pen that goes down and on to the next page. */
export interface Sheet {
  readonly left: number;
  readonly width: number;
  /** Height left on this page. */
  room(): number;
  /** What fits on an empty page. */
  readonly pageRoom: number;
  newPage(): void;
  space(height: number): void;
  heightOf(style: TextStyle): number;
  /** Text broken into lines of at most `width`. */
  wrap(text: string, style: TextStyle, width: number): string[];
  /** One line at the pen, as the content of `element`; null = it repeats what was said and is not read aloud. */
  line(text: string, placed: Placed, element: Element | null): void;
  rule(kind: "thin" | "thick"): void;
  element(tag: string, parent?: Element): Element;
  /** Page numbers; afterwards nothing more is drawn. */
  finish(): void;
}

const heightOf = ({ size }: TextStyle): number => size * LEADING;

export function createSheet(pdf: Pdf, fonts: Fonts): Sheet {
  const root: Element = { tag: "Document", node: pdf.struct("Document") };
  pdf.addStructure(root.node);
  pdf.addPage();
  const pen = createPen(pdf, fonts);
  const { width: paperWidth, height: paperHeight } = pdf.page;
  const bottom = paperHeight - MARGIN - 14;
  const width = paperWidth - 2 * MARGIN;
  let y = MARGIN;

  const newPage = (): void => {
    pdf.addPage();
    y = MARGIN;
  };
  const sheet: Sheet = {
    left: MARGIN,
    width,
    pageRoom: bottom - MARGIN,
    room: () => bottom - y,
    newPage,
    space(height) {
      y = Math.min(y + height, bottom);
    },
    heightOf,
    wrap: (text, style, limit) => pen.wrap(printed(text), style, limit),
    line(text, placed, element) {
      const content =
        element === null
          ? void pdf.markContent("Artifact", { type: "Pagination" })
          : pdf.markStructureContent(element.tag);
      pen.draw(text, placed, y);
      pdf.endMarkedContent();
      if (content !== undefined) element?.node.add(content);
    },
    rule(kind) {
      pdf.markContent("Artifact", { type: "Layout" });
      pdf.lineWidth(kind === "thin" ? 0.4 : 0.9);
      pdf
        .moveTo(MARGIN, y)
        .lineTo(MARGIN + width, y)
        .stroke("#444444");
      pdf.endMarkedContent();
    },
    element(tag, parent = root) {
      const node = pdf.struct(tag);
      parent.node.add(node);
      return { tag, node };
    },
    finish() {
      const { count } = pdf.bufferedPageRange();
      for (let page = 0; page < count; page += 1) {
        pdf.switchToPage(page);
        y = bottom + 6;
        const style = { size: 8, weight: "regular", x: MARGIN, width, align: "right" } as const;
        sheet.line(`${page + 1} / ${count}`, style, null);
      }
      root.node.end();
    },
  };
  return sheet;
}

interface Pen {
  wrap(text: string, style: TextStyle, width: number): string[];
  draw(text: string, placed: Placed, y: number): void;
}

// An empty list of features makes pdfkit lay the run out as a whole, so that its words stand right to left.
const optionsOf = ({ isRightToLeft }: Run) =>
  isRightToLeft ? { lineBreak: false, features: [] } : { lineBreak: false };

function createPen(pdf: Pdf, fonts: Fonts): Pen {
  const widthOfRun = (run: Run, { size }: TextStyle): number =>
    pdf.font(run.font).fontSize(size).widthOfString(run.text, optionsOf(run));
  const widthOf = (text: string, style: TextStyle): number =>
    fonts.runs(text, style.weight).reduce((sum, run) => sum + widthOfRun(run, style), 0);

  const breakWord = (word: string, style: TextStyle, width: number): string[] => {
    const parts: string[] = [];
    let part = "";
    for (const { segment } of graphemes.segment(word)) {
      if (part !== "" && widthOf(part + segment, style) > width) {
        parts.push(part);
        part = segment;
      } else part += segment;
    }
    return [...parts, part];
  };

  return {
    wrap(text, style, width) {
      if (widthOf(text, style) <= width) return [text];
      const lines: string[] = [];
      let line = "";
      for (const word of text.split(" ")) {
        const longer = line === "" ? word : `${line} ${word}`;
        if (widthOf(longer, style) <= width) {
          line = longer;
          continue;
        }
        if (line !== "") lines.push(line);
        const parts = breakWord(word, style, width);
        lines.push(...parts.slice(0, -1));
        line = parts.at(-1) ?? "";
      }
      return [...lines, line];
    },
    draw(text, placed, y) {
      const runs = fonts.runs(text, placed.weight);
      const widths = runs.map((run) => widthOfRun(run, placed));
      const used = widths.reduce((sum, each) => sum + each, 0);
      let x = placed.align === "right" ? placed.x + placed.width - used : placed.x;
      for (const [index, run] of runs.entries()) {
        pdf.font(run.font).fontSize(placed.size).fillColor("#000000");
        pdf.text(run.text, x, y, optionsOf(run));
        x += widths[index] ?? 0;
      }
    },
  };
}
