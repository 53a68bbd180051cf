import { dayOfDate } from "../civil-time.ts";
import type { Fact } from "../facts.ts";
import { isSameWorkday, type Workday, type WorkdayException } from "../workday.ts";
import { explainDay, type Heading, section } from "./explain.ts";
import { exactly, fitTable, hanging } from "./layout.ts";
import { spellFact } from "./spell-fact.ts";
import { paidOf, totalsOf } from "./totals.ts";
import { weekdayName } from "./wall-clock.ts";

/** One day before and after facts that arrived late. */
export interface Change {
  readonly posted: Workday;
  readonly now: Workday;
  readonly arrived: readonly Fact[];
  /** Other dates that these facts change. */
  readonly otherDates: readonly string[];
}

/** The day as it was posted, what arrived later, the day as it is now, and what that changed. */
export function explainChange(change: Change, heading: Heading): string {
  const { posted, now, arrived } = change;
  const facts = arrived.map((fact) => hanging("", spellFact(fact, now.zone))).join("\n");
  if (isSameWorkday(posted, now)) {
    return [
      explainDay(now, heading),
      section("ARRIVED LATER", facts),
      section("CHANGED", `nothing of this day\n${others(change)}`),
    ].join("\n");
  }
  return [
    `${rule("AS POSTED")}\n${explainDay(posted, heading)}`,
    section(rule("ARRIVED LATER"), facts),
    `${rule("AS IT IS NOW")}\n${explainDay(now, heading)}`,
    section(rule("CHANGED"), `${figures(posted, now)}${lookedAt(posted, now)}${others(change)}`),
  ].join("\n");
}

const rule = (title: string): string => `===== ${title} =====`;

function figures(posted: Workday, now: Workday): string {
  const totals = [totalsOf(posted), totalsOf(now)] as const;
  const keys = new Set(totals.flatMap((each) => [...each.keys()]));
  const rows: (readonly [name: string, was: number, is: number])[] = [
    ["worked", posted.workedSeconds, now.workedSeconds],
    ["breaks", posted.breakSeconds, now.breakSeconds],
    ["paid", paidOf(posted), paidOf(now)],
    ...[...keys].map((key) => {
      const [was, is] = [totals[0].get(key), totals[1].get(key)];
      const { code = "", rate = "", what = "" } = is ?? was ?? {};
      const name = `${code} ${rate}`.trim();
      return [`${name} (${what})`, was?.seconds ?? 0, is?.seconds ?? 0] as const;
    }),
  ];
  const changed = rows
    .filter(([, was, is]) => was !== is)
    .map(([name, was, is]) => [name, exactly(was), exactly(is), signed(is - was)]);
  const state = posted.state === now.state ? [] : [["state", posted.state, now.state, ""]];
  return fitTable(["figure", "was", "is", "change"], [...changed, ...state]);
}

const signed = (seconds: number): string =>
  `${seconds < 0 ? "-" : "+"}${exactly(Math.abs(seconds))}`;

function lookedAt(posted: Workday, now: Workday): string {
  return [
    ...missingIn(now, posted).map((exception) => spell("gone", exception)),
    ...missingIn(posted, now).map((exception) => spell("new", exception)),
  ].join("");
}

const spell = (what: string, { severity, kind, detail }: WorkdayException): string =>
  `${hanging(`${what.padEnd(4)}  `, `${kind} (${severity}): ${detail}`)}\n`;

/** Exceptions of the other day that this one does not have. */
function missingIn(day: Workday, other: Workday): readonly WorkdayException[] {
  const known = new Set(day.exceptions.map(({ kind, detail }) => `${kind} ${detail}`));
  return other.exceptions.filter(({ kind, detail }) => !known.has(`${kind} ${detail}`));
}

function others({ otherDates }: Change): string {
  if (otherDates.length === 0) return "No other day changes.\n";
  const dates = otherDates.map((on) => `${weekdayName(dayOfDate(on))} ${on}`).join(", ");
  return `${hanging("", `Other days that change: ${dates}`)}\n`;
}
