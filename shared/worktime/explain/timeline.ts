import { HOUR, MINUTE, offsetAt, secondsOfDay } from "../civil-time.ts";
import type { Claim, Interval, Workday } from "../workday.ts";

const MOST_COLUMNS = 112;
const STEPS = [5, 10, 15, 20, 30, 60].map((minutes) => minutes * MINUTE);

const PRESENT = { work: "=", lunch: "l", break: "b", deduction: "x" } as const satisfies Record<
  Interval["kind"],
  string
>;

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
  const rows: (readonly [string, string])[] = [
    ["hour", axis(frame, day.zone)],
    ["there", draw(frame, day.intervals, ({ kind }) => PRESENT[kind])],
    ["counts", draw(frame, day.claims, claimMark)],
  ];
  for (const policy of new Set(day.premiums.map((premium) => premium.policy))) {
    const own = day.premiums.filter((premium) => premium.policy === policy);
    const line = draw(frame, own, () => "+");
    if (line !== "") rows.push([policy, line]);
  }
  const width = Math.max(...rows.map(([name]) => name.length));
  const minutes = frame.stepMs / MINUTE;
  return [
    ...rows.map(([name, line]) => `${name.padEnd(width)}  ${line}`.trimEnd()),
    `${" ".repeat(width)}  one character = ${minutes} min; = work, l lunch, b break, x deducted; . regular, 1-9 overtime by rate, + premium`,
  ];
}

function frameOf({ punches, intervals, planned }: Workday): Frame | null {
  const instants = [
    ...punches.map(({ at }) => at),
    ...intervals.flatMap(({ fromAt, toAt }) => [fromAt, toAt]),
    ...planned.flatMap(({ fromAt, toAt }) => [fromAt, toAt]),
  ];
  if (instants.length === 0) return null;
  const fromAt = Math.floor(Math.min(...instants) / HOUR) * HOUR;
  const toAt = Math.ceil((Math.max(...instants) + 1) / HOUR) * HOUR;
  const stepMs = STEPS.find((step) => (toAt - fromAt) / step <= MOST_COLUMNS) ?? HOUR;
  return { fromAt, stepMs, columns: Math.min(400, Math.ceil((toAt - fromAt) / stepMs)) };
}

/** `08` above the column in which the clock shows eight; a change of the clock stands out as a jump or a repetition. */
function axis({ fromAt, columns, stepMs }: Frame, zone: string): string {
  const line = Array.from({ length: columns + 2 }, () => " ");
  let last = -1;
  for (let column = 0; column < columns; column += 1) {
    const at = fromAt + column * stepMs;
    const hour = Math.floor(secondsOfDay(at, zone) / 3600);
    const before = column === 0 ? -1 : offsetAt(at - stepMs, zone);
    const isNew = hour !== last || before !== offsetAt(at, zone);
    last = hour;
    if (!isNew || (line[column - 1] ?? " ") !== " ") continue;
    const [tens = "0", ones = "0"] = String(hour).padStart(2, "0");
    line[column] = tens;
    line[column + 1] = ones;
  }
  return line.join("").trimEnd();
}

/** Overtime by its rate: 1.5 and less stand as 1, 2 as 2; 0 is rate 0. */
function claimMark(claim: Claim): string {
  return claim.class === "regular" ? "." : String(Math.min(9, Math.floor(claim.rate)));
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
