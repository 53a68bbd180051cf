import { dayOfDate, localText } from "../civil-time.ts";
import type { Workday } from "../workday.ts";
import { appliedRules } from "./applied-rules.ts";
import { exactly, fitTable, hanging } from "./layout.ts";
import { labelsText } from "./spell-fact.ts";
import { timeline } from "./timeline.ts";
import { factorText, paidOf, totalsOf } from "./totals.ts";
import { type Clock, createClock, weekdayName } from "./wall-clock.ts";

/** What stands over the day. */
export interface Heading {
  readonly personId: string;
  readonly name?: string | undefined;
}

const STATES = {
  open: "open: somebody is in, or the plan may still be worked",
  provisional: "provisional: what its sites recorded may still be on its way",
  complete: "complete: every site concerned has told all of it",
} as const satisfies Record<Workday["state"], string>;

/** A day for people: punches and what they mean, a timeline, every stretch of time with the rule that made it. */
export function explainDay(day: Workday, heading: Heading): string {
  const clock = createClock(instantsOf(day), day.zone, dayOfDate(day.workdayOn));
  return [
    headline(day, heading),
    section("PUNCHES", punches(day, clock)),
    section("PLANNED", planned(day, clock)),
    section("TIMELINE", timeline(day).join("\n")),
    section("TIME THERE", intervals(day, clock)),
    section("WHAT IT COUNTS AS", claims(day, clock)),
    section("ON TOP", premiums(day, clock)),
    section("NOT WORKED", credits(day)),
    section("TO LOOK AT", exceptions(day)),
    section("TOTALS", totals(day)),
    section("RULES APPLIED", rulesApplied(day)),
  ]
    .filter((part) => part !== "")
    .join("\n");
}

/** A title over a body, or nothing where there is no body. */
export const section = (title: string, body: string): string =>
  body === "" ? "" : `${title}\n${body.trimEnd()}\n`;

const instantsOf = ({ punches: read, ...day }: Workday): number[] => [
  ...read.flatMap(({ at, countsAt = at }) => [at, countsAt]),
  ...[day.planned, day.intervals, day.claims, day.premiums].flatMap((list) =>
    list.flatMap(({ fromAt, toAt }) => [fromAt, toAt]),
  ),
];

function headline(day: Workday, { personId, name }: Heading): string {
  const who = name === undefined ? personId : `${name} (${personId})`;
  const on = `${weekdayName(dayOfDate(day.workdayOn))} ${day.workdayOn}`;
  const isNothing = day.punches.length + day.credits.length + day.exceptions.length === 0;
  const lines = [
    `${who}, ${on}, ${day.zone}${day.holiday === null ? "" : `, holiday: ${day.holiday}`}`,
    ...(isNothing ? ["nothing is on this day"] : [STATES[day.state], figures(day)]),
    ...(day.groups.length === 0 ? [] : [`rules: ${day.groups.join(" + ")}`]),
  ];
  return lines.map((line) => `${hanging("", line)}\n`).join("");
}

function figures(day: Workday): string {
  const there = day.intervals.reduce((sum, { seconds }) => sum + seconds, 0);
  return [
    `there ${exactly(there)}`,
    `worked ${exactly(day.workedSeconds)}`,
    `breaks ${exactly(day.breakSeconds)}`,
    `paid ${exactly(paidOf(day))}`,
    ...(day.planned.length === 0 ? [] : [`due ${exactly(day.scheduledSeconds ?? 0)}`]),
  ].join(", ");
}

function punches({ punches: list, zone }: Workday, clock: Clock): string {
  return fitTable(
    ["punched at", "counts at", "means", "id", "why"],
    list.map(({ at, countsAt, meaning, reason, punchId, local, rounding, correctionIds }) => {
      const corrected =
        correctionIds === undefined ? [] : [`corrected by ${correctionIds.join(", ")}`];
      return [
        // made in another zone: with the offset of the clock that the person saw
        local === undefined || local === localText(at, zone)
          ? clock(at)
          : local.replace("T", " ").replace(/:00(?=[+-])/, ""),
        countsAt === undefined ? "" : clock(countsAt),
        meaning,
        punchId,
        [reason, ...(rounding === undefined ? [] : [rounding]), ...corrected].join("; "),
      ];
    }),
  );
}

function planned({ planned: list }: Workday, clock: Clock): string {
  return fitTable(
    ["from", "to", "due", "shift"],
    list.map(({ name, fromAt, toAt, seconds }) => [
      clock(fromAt),
      clock(toAt),
      exactly(seconds),
      name,
    ]),
  );
}

function intervals({ intervals: list }: Workday, clock: Clock): string {
  return fitTable(
    ["from", "to", "length", "kind", "paid", "booked on", "why"],
    list.map(({ fromAt, toAt, seconds, kind, isPaid, labels, reason }) => [
      clock(fromAt),
      clock(toAt),
      exactly(seconds),
      kind,
      isPaid ? "yes" : "no",
      labelsText(labels),
      reason,
    ]),
  );
}

function claims({ claims: list }: Workday, clock: Clock): string {
  return fitTable(
    ["from", "to", "length", "counts as", "code", "rate", "approval", "booked on", "why"],
    list.map((claim) => [
      // rounding up and credited time have no stretch of their own
      ...(claim.fromAt === claim.toAt ? ["", ""] : [clock(claim.fromAt), clock(claim.toAt)]),
      exactly(claim.seconds),
      claim.class,
      claim.code,
      `x${claim.rate}`,
      claim.approval === "not-needed" ? "" : claim.approval,
      labelsText(claim.labels),
      claim.reason,
    ]),
  );
}

function premiums({ premiums: list }: Workday, clock: Clock): string {
  return fitTable(
    ["from", "to", "length", "code", "adds", "booked on", "why"],
    list.map((premium) => [
      clock(premium.fromAt),
      premium.fromAt === premium.toAt ? "" : clock(premium.toAt),
      exactly(premium.seconds),
      premium.code,
      factorText(premium.factor),
      labelsText(premium.labels),
      premium.reason,
    ]),
  );
}

function credits({ credits: list }: Workday): string {
  return fitTable(
    ["length", "kind", "code", "paid", "rule", "why"],
    list.map(({ seconds, kind, code, isPaid, policy, reason }) => [
      exactly(seconds),
      kind,
      code,
      isPaid ? "yes" : "no",
      policy,
      reason,
    ]),
  );
}

function exceptions({ exceptions: list }: Workday): string {
  return fitTable(
    ["severity", "what", "may pass", "ids", "why"],
    list.map(({ severity, kind, premature, detail, punchIds, factIds = [] }) => [
      severity,
      kind,
      premature ? "yes" : "",
      [...punchIds, ...factIds].join(", "),
      detail,
    ]),
  );
}

function totals(day: Workday): string {
  return fitTable(
    ["code", "what", "rate", "length", "hours", "seconds"],
    [...totalsOf(day).values()].map(({ code, what, rate, seconds }) => [
      code,
      what,
      rate,
      exactly(seconds),
      (seconds / 3600).toFixed(2),
      String(seconds),
    ]),
  );
}

function rulesApplied(day: Workday): string {
  return fitTable(
    ["rule", "made", "length"],
    appliedRules(day).map(({ rule, made, seconds }) => [
      rule,
      made,
      seconds === null ? "" : exactly(seconds),
    ]),
  );
}
