import { spellSeconds, weekdayOf } from "../civil-time.ts";
import type { AbsenceFact } from "../facts.ts";
import { type Day, workedSeconds } from "../ledger.ts";
import type { Credit } from "../workday.ts";
import { doneSeconds, dueSeconds } from "./due.ts";
import type { AbsenceCode } from "./rules.ts";

// Leave on a day: which absences hold, how long each is, and what contradicts what.

/** Two facts that cannot both be, or one that the day contradicts. */
export interface AbsenceConflict {
  readonly factIds: readonly string[];
  readonly detail: string;
}

/** An absence that holds on a day. */
interface Leave {
  readonly fact: AbsenceFact;
  /** Null = the rules do not know its code. */
  readonly code: AbsenceCode | null;
  readonly isWholeDay: boolean;
  /** What it would count for on its own. */
  readonly wanted: number;
  readonly seconds: number;
}

interface Resolved {
  readonly leaves: readonly Leave[];
  readonly conflicts: readonly AbsenceConflict[];
}

const NOTHING: Resolved = { leaves: [], conflicts: [] };
/** More absences than these on one day are nobody's leave. */
const MOST = 32;

/** Credits of the leave on a day, in the order it was decided, latest first. */
export function leaveCredits(day: Day): Credit[] {
  if (day.absences.length === 0) return [];
  return resolve(day)
    .leaves.filter(({ seconds }) => seconds > 0)
    .map((leave) => creditOf(leave, day));
}

/** What of the absences on a day contradicts another one, the rules or the work. */
export const absenceConflicts = (day: Day): readonly AbsenceConflict[] => resolve(day).conflicts;

/** Whether leave of a kind that excuses covers a day or a part of it. A kind that the rules do not know excuses too. */
export const isExcused = (day: Day): boolean =>
  resolve(day).leaves.some(({ code }) => code?.excuses !== false);

function resolve(day: Day): Resolved {
  if (day.absences.length === 0) return NOTHING;
  const conflicts: AbsenceConflict[] = [];
  const leaves: Leave[] = [];
  const done = doneSeconds(day);
  const worked = workedSeconds(day.tiles);
  let taken = 0;
  for (const leave of asBooked(day)) {
    const clash = leaves.find((other) => other.isWholeDay || leave.isWholeDay);
    if (clash !== undefined) {
      conflicts.push(overlap(clash, leave));
      continue;
    }
    if (leave.code === null) conflicts.push(unknownCode(leave));
    const room = roomFor(leave, day) - done - taken;
    const seconds = Math.max(0, Math.min(leave.wanted, room));
    if (leave.isWholeDay && worked > 0) conflicts.push(workedThrough(leave, worked));
    else if (seconds === 0 && leave.wanted > 0) conflicts.push(noRoom(leave, taken));
    taken += seconds;
    leaves.push({ ...leave, seconds });
  }
  return { leaves, conflicts };
}

/** Absences that count on the day, each as if it were alone, latest decision first. */
function asBooked(day: Day): Leave[] {
  const seen = new Set<string>();
  const leaves: Leave[] = [];
  for (const fact of day.absences.toSorted(latestFirst)) {
    if (seen.has(fact.absenceId) || leaves.length === MOST) continue;
    seen.add(fact.absenceId);
    const code = day.rules.absences.codes.find((each) => each.code === fact.code) ?? null;
    if (fact.isCancelled !== true && isDayOf(fact, code, day)) leaves.push(alone(fact, code, day));
  }
  return leaves;
}

function alone(fact: AbsenceFact, code: AbsenceCode | null, day: Day): Leave {
  const share = code?.share ?? 1;
  const whole = dueSeconds(day) || (code?.dayLength ?? 0);
  const wanted = fact.secondsADay ?? Math.round(whole * share);
  const isWholeDay = fact.secondsADay === null && share === 1;
  return { fact, code, isWholeDay, wanted, seconds: wanted };
}

const latestFirst = (a: AbsenceFact, b: AbsenceFact): number =>
  b.decidedAt - a.decidedAt || (a.absenceId < b.absenceId ? -1 : 1);

const WORKDAYS: AbsenceCode["weekdays"] = ["mon", "tue", "wed", "thu", "fri"];

function isDayOf(fact: AbsenceFact, code: AbsenceCode | null, day: Day): boolean {
  if (dueSeconds(day) > 0) return true;
  if (day.holiday !== null && code?.onHolidays !== "count") return false;
  if (fact.secondsADay !== null && fact.fromOn === fact.toOn) return true;
  return (code?.weekdays ?? WORKDAYS).includes(weekdayOf(day.day));
}

/** What leave and work together may count for. */
function roomFor({ code }: Leave, day: Day): number {
  if (code?.upToPlan === false) return Number.POSITIVE_INFINITY;
  return dueSeconds(day) || code?.dayLength || Number.POSITIVE_INFINITY;
}

const nameOf = ({ code, fact }: Leave): string => code?.name ?? `"${fact.code}"`;

function overlap(kept: Leave, dropped: Leave): AbsenceConflict {
  const detail = `${nameOf(dropped)} on the same day as ${nameOf(kept)}, which was decided later and holds`;
  return { factIds: [kept.fact.absenceId, dropped.fact.absenceId], detail };
}

function unknownCode({ fact }: Leave): AbsenceConflict {
  const detail = `no kind of leave has the code "${fact.code}": counted as unpaid`;
  return { factIds: [fact.absenceId], detail };
}

function noRoom(leave: Leave, taken: number): AbsenceConflict {
  const why = taken > 0 ? "other leave and work" : "the work";
  const detail = `${nameOf(leave)} counts for nothing, as ${why} of the day make up all that was planned`;
  return { factIds: [leave.fact.absenceId], detail };
}

function workedThrough(leave: Leave, worked: number): AbsenceConflict {
  const detail = `${spellSeconds(worked)} of work on a whole day of ${nameOf(leave)}`;
  return { factIds: [leave.fact.absenceId], detail };
}

function creditOf(leave: Leave, day: Day): Credit {
  const { fact, code, seconds } = leave;
  const credit: Credit = {
    kind: "absence",
    code: fact.code,
    seconds,
    isPaid: code?.paid ?? false,
    factIds: [fact.absenceId],
    policy: code?.name ?? "unknown leave",
    reason: reasonOf(leave, day),
  };
  return code?.contributesToOvertime === true ? { ...credit, contributes: true } : credit;
}

function reasonOf(leave: Leave, day: Day): string {
  const { fact, code, wanted, seconds } = leave;
  const due = dueSeconds(day);
  const share = code?.share ?? 1;
  const part = share === 1 ? "" : `${Math.round(share * 100)} % of `;
  const whole = due > 0 ? `the ${spellSeconds(due)} planned` : "a day's usual length";
  const basis = fact.secondsADay === null ? `${part}${whole}` : "as decided";
  const rest =
    seconds < wanted ? `, less what work and other leave leave of ${spellSeconds(wanted)}` : "";
  return `${nameOf(leave)}: ${spellSeconds(seconds)}, ${basis}${rest}`;
}
