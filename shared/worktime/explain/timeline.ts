import { HOUR, MINUTE, secondsOfDay } from "../civil-time.ts";
import type { Claim, InterpretedPunch, Interval, Workday } from "../workday.ts";
import { hanging, plain } from "./layout.ts";
import { type ClockChange, changesBetween } from "./wall-clock.ts";

const MOST_COLUMNS = 108;
const LONGEST_NAME = 20;
const STEPS = [5, 10, 15, 20, 30, 60].map((minutes) => minutes * MINUTE);

/** A space at which no line is broken. */
const KEPT = "\u00A0";

const PRESENT = { work: "=", lunch: "l", break: "b", deduction: "x" } as const satisfies Record<
  Interval["kind"],
  string
>;

const PUNCHED = {
  in: ">",
  "lunch-end": ">",
  "break-end": ">",
  out: "<",
  "lunch-start": "<",
  "break-start": "<",
  transfer: "|",
  between: "o",
  repeat: "o",
} as const satisfies Record<InterpretedPunch["meaning"], string>;

interface Frame {
  readonly fromAt: number;
  readonly columns: number;
  readonly stepMs: number;
}

/**
 * A day as lines of characters, each a few minutes wide by the time that passed, under the hours of the wall clock: an
 * hour that comes twice stands twice, one that is skipped is missing. A column shows what fills most of it.
 */
export function timeline(day: Workday): string[] {
  const frame = frameOf(day);
  if (frame === null) return [];
  const marks = marksOf(day.claims);
  const changes = changesBetween(
    frame.fromAt,
    frame.fromAt + frame.columns * frame.stepMs,
    day.zone,
  );
  const rows: (readonly [string, string])[] = [
    ["hour", axis(frame, day.zone, changes)],
    ["punched", drawPunches(frame, day.punches)],
    ["planned", draw(frame, day.planned, () => "-")],
    ["there", draw(frame, day.intervals, ({ kind }) => PRESENT[kind])],
    ["counts as", draw(frame, day.claims, (claim) => marks.get(payOf(claim)) ?? "?")],
  ];
  for (const policy of new Set(day.premiums.map((premium) => premium.policy))) {
    const own = day.premiums.filter((premium) => premium.policy === policy);
    rows.push([shortened(policy), draw(frame, own, () => "+")]);
  }
  const drawn = rows.filter(([, line]) => line !== "");
  const width = Math.max(...drawn.map(([name]) => name.length));
  return [
    ...drawn.map(([name, line]) => `${name.padEnd(width)}  ${line}`),
    hanging(" ".repeat(width + 2), legend(day, { marks, stepMs: frame.stepMs })).replaceAll(
      KEPT,
      " ",
    ),
    ...changes.map((change) => `${" ".repeat(width)}  ${spellChange(change)}`),
  ];
}

const spellChange = ({ isBack, from, to }: ClockChange): string =>
  `the clock went ${isBack ? "back" : "forward"} from ${from} to ${to}${isFullHour(to) ? "" : ", at *"}`;

const isFullHour = (clock: string): boolean => clock.endsWith(":00");

function shortened(name: string): string {
  const text = plain(name);
  return text.length <= LONGEST_NAME ? text : `${text.slice(0, LONGEST_NAME - 1)}…`;
}

function frameOf({ punches, intervals, planned, zone }: Workday): Frame | null {
  const instants = [
    ...punches.map(({ at }) => at),
    ...intervals.flatMap(({ fromAt, toAt }) => [fromAt, toAt]),
    ...planned.flatMap(({ fromAt, toAt }) => [fromAt, toAt]),
  ];
  if (instants.length === 0) return null;
  // hours begin where the wall clock says so, which in some zones is not where UTC does
  const first = Math.min(...instants);
  const fromAt = first - (secondsOfDay(first, zone) % 3600) * 1000 - (first % 1000);
  const toAt = fromAt + Math.ceil((Math.max(...instants) + 1 - fromAt) / HOUR) * HOUR;
  const stepMs = STEPS.find((step) => (toAt - fromAt) / step <= MOST_COLUMNS) ?? HOUR;
  return { fromAt, stepMs, columns: Math.min(MOST_COLUMNS, Math.ceil((toAt - fromAt) / stepMs)) };
}

/**
 * `08` in the column in which the clock shows eight, and `*` in that where it changes to anything but a full hour. Where
 * there is no room for both, the later one is left out.
 */
function axis(
  { fromAt, columns, stepMs }: Frame,
  zone: string,
  changes: readonly ClockChange[],
): string {
  const line = Array.from({ length: columns + 2 }, () => " ");
  const put = (at: number, label: string): void => {
    const column = Math.floor((at - fromAt) / stepMs);
    const isFree = [column - 1, column].every((place) => (line[place] ?? " ") === " ");
    if (!isFree) return;
    for (let place = 0; place < label.length; place += 1)
      line[column + place] = label.charAt(place);
  };
  const changedAt = new Set(changes.map(({ at }) => at));
  for (let at = fromAt; at < fromAt + columns * stepMs; at += MINUTE) {
    const seconds = secondsOfDay(at, zone);
    if (seconds % 3600 < 60) put(at, String(Math.floor(seconds / 3600)).padStart(2, "0"));
    else if (changedAt.has(at)) put(at, "*");
  }
  return line.join("").trimEnd();
}

const payOf = (claim: Claim): string => `${claim.class} ${claim.code} x${claim.rate}`;

/** A mark for each kind of pay: regular time by dots, overtime by digits, in order of the rate. */
function marksOf(claims: readonly Claim[]): Map<string, string> {
  const marks = new Map<string, string>();
  const left = { regular: ".:,;".split(""), overtime: "123456789".split("") };
  const byRate = claims.toSorted(
    (a, b) => a.rate - b.rate || (payOf(a) < payOf(b) ? -1 : Number(payOf(a) > payOf(b))),
  );
  for (const claim of byRate) {
    const key = payOf(claim);
    if (marks.has(key)) continue;
    const [mark = "?", ...rest] = left[claim.class];
    if (rest.length > 0) left[claim.class] = rest;
    marks.set(key, mark);
  }
  return marks;
}

function legend(
  { intervals, punches, planned, premiums }: Workday,
  { marks, stepMs }: { readonly marks: ReadonlyMap<string, string>; readonly stepMs: number },
): string {
  const kinds = new Set(intervals.map(({ kind }) => kind));
  const ignored = punches.some(({ meaning }) => PUNCHED[meaning] === "o");
  const moved = punches.some(({ meaning }) => meaning === "transfer");
  return [
    `one character = ${stepMs / MINUTE} min`,
    ...(punches.length > 0 ? ["> comes, < goes"] : []),
    ...(moved ? ["| books elsewhere"] : []),
    ...(ignored ? ["o counts for nothing"] : []),
    ...(planned.length > 0 ? ["- planned"] : []),
    ...[...kinds].map((kind) => `${PRESENT[kind]} ${kind}`),
    ...[...marks].map(([pay, mark]) => `${mark} ${pay}`),
    ...(premiums.some(({ fromAt, toAt }) => fromAt < toAt) ? ["+ premium"] : []),
  ]
    .map((entry) => entry.replaceAll(" ", KEPT))
    .join("; ");
}

function drawPunches(
  { fromAt, columns, stepMs }: Frame,
  punches: readonly InterpretedPunch[],
): string {
  const line = Array.from({ length: columns }, () => " ");
  for (const { at, meaning } of punches) {
    const column = Math.floor((at - fromAt) / stepMs);
    // what counts for nothing hides nothing that counts
    const isFree = line[column] === " " || line[column] === "o";
    const mark = PUNCHED[meaning];
    if (column < columns && (isFree || mark !== "o")) line[column] = mark;
  }
  return line.join("").trimEnd();
}

function draw<T extends { readonly fromAt: number; readonly toAt: number }>(
  { fromAt, columns, stepMs }: Frame,
  stretches: readonly T[],
  mark: (stretch: T) => string,
): string {
  let line = "";
  for (let column = 0; column < columns; column += 1) {
    const from = fromAt + column * stepMs;
    let best = 0;
    let char = " ";
    for (const stretch of stretches) {
      const shared = Math.min(stretch.toAt, from + stepMs) - Math.max(stretch.fromAt, from);
      if (shared > best) {
        best = shared;
        char = mark(stretch);
      }
    }
    line += char;
  }
  return line.trimEnd();
}
