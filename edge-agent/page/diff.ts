/** One line of a comparison. */
export interface DiffLine {
  readonly kind: "same" | "removed" | "added";
  readonly text: string;
}

const CONTEXT = 2;
/** Beyond this the middle is shown as replaced: the table would be large, and nobody reads such a difference. */
const MAX_CELLS = 4_000_000;

/** What changes from one text to another, line by line, each change with two lines around it; empty = nothing. */
export function diffOf(before: string, after: string): readonly DiffLine[] {
  const all = compare(before.split("\n"), after.split("\n"));
  const isNear = (index: number): boolean =>
    all
      .slice(Math.max(0, index - CONTEXT), index + CONTEXT + 1)
      .some(({ kind }) => kind !== "same");
  return all.filter((_, index) => isNear(index));
}

/** Both texts as one list: what is only in one, and what is in both. */
export function compare(before: readonly string[], after: readonly string[]): readonly DiffLine[] {
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head += 1;
  let tail = 0;
  while (
    tail < Math.min(before.length, after.length) - head &&
    before.at(-1 - tail) === after.at(-1 - tail)
  ) {
    tail += 1;
  }
  return [
    ...before.slice(0, head).map(as("same")),
    ...middle(before.slice(head, before.length - tail), after.slice(head, after.length - tail)),
    ...before.slice(before.length - tail).map(as("same")),
  ];
}

/** By the longest common subsequence. */
function middle(before: readonly string[], after: readonly string[]): readonly DiffLine[] {
  if (before.length * after.length > MAX_CELLS) {
    return [...before.map(as("removed")), ...after.map(as("added"))];
  }
  const width = after.length + 1;
  const common = new Uint32Array((before.length + 1) * width);
  const at = (row: number, column: number): number => common[row * width + column] ?? 0;
  for (let row = before.length - 1; row >= 0; row -= 1) {
    for (let column = after.length - 1; column >= 0; column -= 1) {
      common[row * width + column] =
        before[row] === after[column]
          ? at(row + 1, column + 1) + 1
          : Math.max(at(row + 1, column), at(row, column + 1));
    }
  }
  const lines: DiffLine[] = [];
  let [row, column] = [0, 0];
  while (row < before.length && column < after.length) {
    if (before[row] === after[column]) {
      lines.push(as("same")(before[row] ?? ""));
      row += 1;
      column += 1;
    } else if (at(row + 1, column) >= at(row, column + 1)) {
      lines.push(as("removed")(before[row] ?? ""));
      row += 1;
    } else {
      lines.push(as("added")(after[column] ?? ""));
      column += 1;
    }
  }
  return [
    ...lines,
    ...before.slice(row).map(as("removed")),
    ...after.slice(column).map(as("added")),
  ];
}

const as =
  (kind: DiffLine["kind"]) =>
  (text: string): DiffLine => ({ kind, text });
