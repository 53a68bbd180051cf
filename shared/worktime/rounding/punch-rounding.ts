import {
  dayOf,
  instantOf,
  MINUTE,
  offsetAt,
  SECOND,
  secondsOfDay,
  spellSeconds,
  weekdayOf,
} from "../civil-time.ts";
import type { PlannedShift, ReadPunch } from "../ledger.ts";
import type { Meaning } from "../workday.ts";
import { cellOf, choose, wallCell } from "./grid.ts";
import { needsDue, type PunchRounding } from "./rules.ts";

/** A punch as rounding rules see it. */
export interface Seen {
  readonly read: ReadPunch;
  /** UTC milliseconds, a whole second. */
  readonly at: number;
  /** Of the place where it was made. */
  readonly zone: string;
  /** Its own scheduled time. */
  readonly due: number | null;
  readonly plan: PlannedShift | null;
  /** Milliseconds from the first to the last punch of its shift. */
  readonly shiftMs: number;
}

export interface Rounded {
  readonly countsAt: number;
  readonly policy: string;
  readonly detail: string;
}

/** What the first rule that fits makes of a punch; null if none does. */
export function roundPunch(seen: Seen, rules: readonly PunchRounding[]): Rounded | null {
  for (const rule of rules) {
    const at = rule.wholeMinutes ? wholeMinute(seen) : seen.at;
    const minded = at === seen.at ? seen : { ...seen, at };
    if (!fits(rule, minded)) continue;
    const [countsAt, why] = withinPlan(rule, minded, counted(rule, minded));
    const detail = `${clock(seen.at, seen.zone)} counts as ${clock(countsAt, seen.zone)}: ${why}, rule '${rule.name}'`;
    return { countsAt: Math.max(0, countsAt), policy: rule.name, detail };
  }
  return null;
}

const wholeMinute = ({ at, zone }: Seen): number => cellOf(at, MINUTE, -offsetAt(at, zone)).lower;

function fits(rule: PunchRounding, seen: Seen): boolean {
  const { types, longerThan, weekdays } = rule;
  if (!types.some((type) => type === seen.read.meaning)) return false;
  if (longerThan > 0 && seen.shiftMs <= longerThan * SECOND) return false;
  return (
    fitsPlan(rule, seen) &&
    fitsClock(rule, seen) &&
    (weekdays === undefined || weekdays.includes(weekdayOf(dayOf(seen.at, seen.zone))))
  );
}

function fitsPlan(rule: PunchRounding, seen: Seen): boolean {
  const { at, due } = seen;
  if (rule.anchor !== "midnight" && anchorOf(rule, seen) === null) return false;
  if (due === null) return !needsDue(rule);
  if (rule.when === "early" && at >= due) return false;
  if (rule.when === "late" && at <= due) return false;
  return rule.near === undefined || isNear(at, due, rule.near);
}

function fitsClock({ nearTime, between }: PunchRounding, { at, zone }: Seen): boolean {
  if (nearTime !== undefined && nearestTime(at, nearTime, zone) === null) return false;
  return between === undefined || isBetween(at, between, zone);
}

interface Around {
  readonly before: number;
  readonly after: number;
}

const isNear = (at: number, time: number, { before, after }: Around): boolean =>
  at >= time - before * SECOND && at <= time + after * SECOND;

/** The instant of a time of day that a punch is near to; null if it is near to none. */
function nearestTime(
  at: number,
  near: Around & { readonly time: number },
  zone: string,
): number | null {
  const day = dayOf(at, zone);
  const times = [day - 1, day, day + 1].map((each) => instantOf(each, near.time, zone));
  return times.find((time) => isNear(at, time, near)) ?? null;
}

function isBetween(at: number, { from, to }: { from: number; to: number }, zone: string): boolean {
  const day = dayOf(at, zone);
  const length = to > from ? to - from : to - from + 86_400;
  return [day - 1, day].some(
    (each) => at >= instantOf(each, from, zone) && at < instantOf(each, from + length, zone),
  );
}

function anchorOf({ anchor }: PunchRounding, { due, plan }: Seen): number | null {
  if (anchor === "scheduled-time") return due;
  if (plan === null || plan.kind === "flexible") return null;
  return anchor === "scheduled-end" ? plan.endAt : plan.startAt;
}

type Counted = readonly [countsAt: number, why: string];

function counted(rule: PunchRounding, seen: Seen): Counted {
  const { at, due, zone } = seen;
  if (due !== null && rule.tolerance > 0 && Math.abs(at - due) <= rule.tolerance * SECOND)
    return [due, `on schedule, being within ${spellSeconds(rule.tolerance)} of it`];
  if (rule.mode === "none") return [at, rule.wholeMinutes ? "whole minutes" : "as punched"];
  if (rule.mode === "snap") return snapped(rule, seen);
  const step = rule.interval * SECOND;
  const anchor = rule.anchor === "midnight" ? null : anchorOf(rule, seen);
  const cell = anchor === null ? wallCell(at, step, zone) : cellOf(at, step, anchor);
  const direction = { mode: rule.mode, grace: rule.grace * SECOND };
  return [choose(at, cell, direction), gridText(rule)];
}

function snapped({ nearTime }: PunchRounding, { at, due, zone }: Seen): Counted {
  const time = nearTime === undefined ? due : nearestTime(at, nearTime, zone);
  const why = nearTime === undefined ? "its scheduled time is near" : "that time is near";
  return [time ?? at, why];
}

const ARRIVALS: ReadonlySet<Meaning> = new Set(["in", "lunch-end", "break-end"]);
const DEPARTURES: ReadonlySet<Meaning> = new Set(["out", "lunch-start", "break-start"]);

export const isArrival = (meaning: Meaning): boolean => ARRIVALS.has(meaning);
export const isDeparture = (meaning: Meaning): boolean => DEPARTURES.has(meaning);

/** Strict: nothing is earned before the planned shift begins or after it ends. */
function withinPlan({ strict }: PunchRounding, { plan, read }: Seen, [at, why]: Counted): Counted {
  if (!strict || plan === null) return [at, why];
  if (isArrival(read.meaning) && at < plan.startAt)
    return [plan.startAt, "nothing counts before the planned start"];
  if (isDeparture(read.meaning) && at > plan.endAt)
    return [plan.endAt, "nothing counts after the planned end"];
  return [at, why];
}

const WAY = {
  down: "down to",
  nearest: "nearest",
  "half-up": "nearest",
  up: "up to",
  none: "",
  snap: "",
};

/** What a grid does, for people: `up to 15 min, grace 5 min`. */
export function gridText({
  mode,
  interval,
  grace,
}: Pick<PunchRounding, "mode" | "interval" | "grace">): string {
  const text = `${WAY[mode]} ${spellSeconds(interval)}`;
  return grace === 0 ? text : `${text}, grace ${spellSeconds(grace)}`;
}

/** `08:00`, or `08:00:12` if it is no whole minute. */
export function clock(at: number, zone: string): string {
  const seconds = secondsOfDay(at, zone);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const text = parts.map((part) => String(part).padStart(2, "0"));
  return (seconds % 60 === 0 ? text.slice(0, 2) : text).join(":");
}
