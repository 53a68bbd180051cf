import { renderTable } from "../../lib/text-table.ts";

/** Lines are no longer than this, however long reasons and names are. */
export const LINE = 132;
const WIDEST_CELL = 36;
const LEAST_LAST = 32;

/** Text from files goes to a terminal: what would move its cursor or turn its direction becomes a space. */
export const plain = (text: string): string => text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, " ");

/** Lines of at most `width` characters, broken at spaces where there are any. */
export function wrapText(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of plain(text).split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = "";
    }
    line = line === "" ? word : `${line} ${word}`;
    for (; line.length > width; line = line.slice(width)) lines.push(line.slice(0, width));
  }
  return [...lines, line];
}

/** `text` under a margin; the first line begins with `head`, which is as wide as the margin. */
export function hanging(head: string, text: string): string {
  const margin = " ".repeat(head.length);
  return wrapText(text, Math.max(LEAST_LAST, LINE - head.length))
    .map((line, index) => `${index === 0 ? head : margin}${line}`)
    .join("\n");
}

/** A table without the columns that hold nothing, no wider than a line: long cells go on below. */
export function fitTable(head: readonly string[], rows: ReadonlyArray<readonly string[]>): string {
  const used = head.map((_, column) => rows.some((row) => plain(row[column] ?? "").trim() !== ""));
  const kept = [head, ...rows].map((row) => row.filter((_, column) => used[column] === true));
  const last = used.filter(Boolean).length - 1;
  if (last < 0) return "";
  const widths = (kept[0] ?? []).map((_, column) =>
    Math.min(WIDEST_CELL, Math.max(...kept.map((row) => row[column]?.length ?? 0))),
  );
  const before = widths.slice(0, last).reduce((sum, width) => sum + width + 2, 0);
  widths[last] = Math.max(LEAST_LAST, LINE - before);
  return renderTable(kept.flatMap((row) => brokenUp(row, widths)));
}

function brokenUp(row: readonly string[], widths: readonly number[]): string[][] {
  const cells = row.map((cell, column) => wrapText(cell, widths[column] ?? LEAST_LAST));
  const height = Math.max(...cells.map((lines) => lines.length));
  return Array.from({ length: height }, (_, line) => cells.map((lines) => lines[line] ?? ""));
}

/** Hours, minutes and, if there are any, seconds: what is written adds up. */
export function exactly(seconds: number): string {
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const rest = seconds % 60;
  const parts = [
    ...(hours > 0 ? [`${hours} h`] : []),
    ...(minutes > 0 || hours > 0 ? [two(minutes, hours > 0, "min")] : []),
    ...(rest > 0 || seconds === 0 ? [two(rest, seconds >= 60, "s")] : []),
  ];
  return parts.join(" ");
}

const two = (value: number, isInner: boolean, unit: string): string =>
  `${isInner ? String(value).padStart(2, "0") : value} ${unit}`;
