import { renderTable } from "../../lib/text-table.ts";
import { dayOfDate, localText, spellSeconds, weekdayOf } from "../civil-time.ts";
import { type Claim, isSameWorkday, type Workday } from "../workday.ts";
import { timeline } from "./timeline.ts";

/** What stands over the day. */
export interface Heading {
  readonly personId: string;
  readonly name?: string | undefined;
}

/** A day for people: punches and what they mean, a timeline, every stretch of time with the rule that made it. */
export function explainDay(day: Workday, heading: Heading): string {
  return [
    headline(day, heading),
    section("PUNCHES", punches(day)),
    section("TIMELINE", timeline(day).join("\n")),
    section("TIME THERE", intervals(day)),
    section("WHAT IT COUNTS AS", claims(day)),
    section("ON TOP", premiums(day)),
    section("NOT WORKED", credits(day)),
    section("TO LOOK AT", exceptions(day)),
    section("TOTALS", totals(day)),
    section("RULES APPLIED", rulesApplied(day)),
  ]
    .filter((part) => part !== "")
    .join("\n");
}

/** The day as it was posted, as it is now, and what the late facts changed. */
export function explainChange(before: Workday, after: Workday, heading: Heading): string {
  if (isSameWorkday(before, after)) {
    return `${explainDay(after, heading)}\nWhat arrived later changes nothing of this day.\n`;
  }
  return [
    "=== As posted ===\n",
    explainDay(before, heading),
    "=== With what arrived later ===\n",
    explainDay(after, heading),
    section("CHANGED", changes(before, after)),
  ].join("\n");
}

function headline(day: Workday, { personId, name }: Heading): string {
  const who = name === undefined ? personId : `${name} (${personId})`;
  const figures = [
    `worked ${spellSeconds(day.workedSeconds)}`,
    `paid ${spellSeconds(paidOf(day))}`,
    `breaks ${spellSeconds(day.breakSeconds)}`,
    ...(day.planned.length === 0 ? [] : [`due ${spellSeconds(day.scheduledSeconds ?? 0)}`]),
  ];
  const facts = [
    `${weekdayOf(dayOfDate(day.workdayOn))} ${day.workdayOn}`,
    day.zone,
    day.state,
    ...(day.holiday === null ? [] : [`holiday: ${day.holiday}`]),
    ...(day.groups.length === 0 ? [] : [`rules: ${day.groups.join(" + ")}`]),
  ];
  return `${who}, ${facts.join(", ")}\n${figures.join(", ")}\n`;
}

const paidOf = (day: Workday): number =>
  day.paidSeconds ?? day.claims.reduce((sum, { seconds }) => sum + seconds, 0);

const section = (title: string, body: string): string =>
  body === "" ? "" : `${title}\n${body.trimEnd()}\n`;

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  rows.length === 0 ? "" : renderTable([head, ...rows]);

/** Time of day on the site's clock; with the offset, where an hour comes twice that is what tells them apart. */
const clock = (at: number, zone: string): string => {
  const text = localText(at, zone);
  return `${text.slice(11, 19)}${text.slice(19)}`;
};

function punches({ punches: list, zone, workdayOn }: Workday): string {
  return table(
    ["punched at", "counts at", "means", "why", "id"],
    list.map(({ at, countsAt, meaning, reason, punchId, local, rounding, correctionIds }) => {
      const punched = local ?? localText(at, zone);
      const rounded = rounding === undefined ? "" : `; ${rounding}`;
      const corrected =
        correctionIds === undefined ? "" : `; corrected by ${correctionIds.join(", ")}`;
      return [
        punched.startsWith(workdayOn) ? punched.slice(11) : punched.replace("T", " "),
        countsAt === undefined ? "" : clock(countsAt, zone).slice(0, 8),
        meaning,
        `${reason}${rounded}${corrected}`,
        punchId,
      ];
    }),
  );
}

function labelled(labels: object | undefined): string {
  return Object.values(labels ?? {}).join(" / ");
}

function intervals({ intervals: list, zone }: Workday): string {
  return table(
    ["from", "to", "length", "kind", "paid", "booked on", "rule", "why"],
    list.map(({ fromAt, toAt, seconds, kind, isPaid, labels, policy, reason }) => [
      clock(fromAt, zone),
      clock(toAt, zone),
      spellSeconds(seconds),
      kind,
      isPaid ? "yes" : "no",
      labelled(labels),
      policy,
      reason,
    ]),
  );
}

function claims({ claims: list, zone }: Workday): string {
  return table(
    ["from", "to", "length", "counts as", "code", "rate", "approval", "rule", "why"],
    list.map((claim) => [
      clock(claim.fromAt, zone),
      clock(claim.toAt, zone),
      spellSeconds(claim.seconds),
      claim.class,
      claim.code,
      `x${claim.rate}`,
      claim.approval,
      claim.policy,
      claim.reason,
    ]),
  );
}

function premiums({ premiums: list, zone }: Workday): string {
  return table(
    ["from", "to", "length", "kind", "code", "adds", "rule", "why"],
    list.map((premium) => [
      clock(premium.fromAt, zone),
      clock(premium.toAt, zone),
      spellSeconds(premium.seconds),
      premium.kind,
      premium.code,
      premium.factor === null ? "an amount" : `x${premium.factor}`,
      premium.policy,
      premium.reason,
    ]),
  );
}

function credits({ credits: list }: Workday): string {
  return table(
    ["length", "kind", "code", "paid", "rule", "why"],
    list.map(({ seconds, kind, code, isPaid, policy, reason }) => [
      spellSeconds(seconds),
      kind,
      code,
      isPaid ? "yes" : "no",
      policy,
      reason,
    ]),
  );
}

function exceptions({ exceptions: list }: Workday): string {
  return table(
    ["severity", "what", "state", "detail", "ids"],
    list.map(({ severity, kind, premature, detail, punchIds, factIds }) => [
      severity,
      kind,
      premature ? "may pass" : "stands",
      detail,
      [...punchIds, ...(factIds ?? [])].join(", "),
    ]),
  );
}

function totals(day: Workday): string {
  const sums = totalsOf(day.claims);
  const extra = new Map<string, number>();
  for (const { code, seconds } of [...day.premiums, ...day.credits]) {
    extra.set(code, (extra.get(code) ?? 0) + seconds);
  }
  return table(
    ["code", "rate", "length", "seconds"],
    [
      ...[...sums].map(([key, seconds]) => {
        const [code = "", rate = ""] = key.split(" ");
        return [code, `x${rate}`, spellSeconds(seconds), String(seconds)];
      }),
      ...[...extra].map(([code, seconds]) => [code, "", spellSeconds(seconds), String(seconds)]),
    ],
  );
}

/** Seconds by code and rate. */
function totalsOf(list: readonly Claim[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { code, rate, seconds } of list) {
    const key = `${code} ${rate}`;
    sums.set(key, (sums.get(key) ?? 0) + seconds);
  }
  return sums;
}

function rulesApplied(day: Workday): string {
  const policies = new Set([
    ...day.punches.flatMap(({ roundedBy }) => roundedBy ?? []),
    ...[day.intervals, day.claims, day.premiums, day.credits].flatMap((list) =>
      list.map(({ policy }) => policy),
    ),
  ]);
  return [...policies].toSorted().join(", ");
}

function changes(before: Workday, after: Workday): string {
  const figures: (readonly [string, number, number])[] = [
    ["worked", before.workedSeconds, after.workedSeconds],
    ["paid", paidOf(before), paidOf(after)],
    ["breaks", before.breakSeconds, after.breakSeconds],
  ];
  const codes = [totalsOf(before.claims), totalsOf(after.claims)] as const;
  for (const key of new Set([...codes[0].keys(), ...codes[1].keys()])) {
    figures.push([key.replace(" ", " x"), codes[0].get(key) ?? 0, codes[1].get(key) ?? 0]);
  }
  const rows = figures
    .filter(([, was, is]) => was !== is)
    .map(([name, was, is]) => [name, spellSeconds(was), spellSeconds(is), signed(is - was)]);
  const text = table(["figure", "was", "is", "change"], rows);
  return `${text}${gone(before, after)}${gone(after, before, "now to look at")}`;
}

const signed = (seconds: number): string =>
  `${seconds < 0 ? "-" : "+"}${spellSeconds(Math.abs(seconds))}`;

/** Exceptions of one that the other does not have. */
function gone(some: Workday, other: Workday, title = "no longer to look at"): string {
  const kinds = new Set(other.exceptions.map(({ kind, detail }) => `${kind} ${detail}`));
  return some.exceptions
    .filter(({ kind, detail }) => !kinds.has(`${kind} ${detail}`))
    .map(({ kind, detail }) => `${title}: ${kind}, ${detail}\n`)
    .join("");
}
