import { dateOf, dayOf, instantOf, SECOND, secondsOfDay } from "../civil-time.ts";
import type { Labels } from "../facts.ts";
import type { PlannedBreak, PlannedShift } from "../ledger.ts";
import {
  breaksByStart,
  coreLength,
  DAY_SECONDS,
  endAfter,
  type ShiftTemplate,
  type Windows,
  wallSpan,
  within,
} from "./template.ts";

// The instants that a shift of the wall clock is on a given day.

/** What of a template is needed to plan it. */
export type Mould = Pick<
  ShiftTemplate,
  | "name"
  | "kind"
  | "start"
  | "end"
  | "paid"
  | "breaks"
  | "core"
  | "plannedOn"
  | "windows"
  | "zone"
  | "site"
  | "labels"
>;

export interface Placement {
  readonly planId: string;
  /** The day it is planned for. */
  readonly day: number;
  readonly isRostered: boolean;
  readonly zone: string;
  readonly windows: Windows;
  /** In place of the template's. */
  readonly start?: number | undefined;
  readonly end?: number | undefined;
  readonly site?: string | undefined;
  readonly labels?: Labels | undefined;
}

/**
 * The shift on its day, its windows not yet clipped. Null if nothing is left of it: it lay in an hour or on a day that the
 * clock skipped. Breaks and core time of a template that do not fit other times given for the day are left out.
 */
export function plannedShift(mould: Mould, place: Placement): PlannedShift | null {
  const start = place.start ?? mould.start;
  const end = endAfter(start, place.end ?? mould.end);
  const zone = mould.zone ?? place.zone;
  const { from } = wallSpan({ start, end: end % DAY_SECONDS, plannedOn: mould.plannedOn });
  const firstDay = from < 0 ? place.day - 1 : place.day;
  const startAt = instantOf(firstDay, start, zone);
  const endAt = instantOf(firstDay, end, zone);
  if (endAt <= startAt || isSkippedDay(startAt, { day: firstDay, seconds: start, zone }))
    return null;
  const span: Span = { firstDay, start, end, zone, startAt, endAt };
  const breaks = breaksIn(mould.breaks, span);
  return {
    planId: place.planId,
    name: mould.name,
    day: place.day,
    kind: mould.kind,
    isRostered: place.isRostered,
    startAt,
    endAt,
    zone,
    seconds: secondsDue(mould, span, breaks),
    ...windowsAround(span, place.windows, mould.windows),
    core: coreIn(mould.core, span),
    breaks,
    site: place.site ?? mould.site,
    labels: place.labels ?? mould.labels,
  };
}

type AroundTimes = Pick<PlannedShift, "acceptFrom" | "acceptTo" | "startTo" | "stopFrom">;

function windowsAround({ startAt, endAt }: Span, all: Windows, own: Mould["windows"]): AroundTimes {
  const startAfter = own.startAfter === undefined ? all.startAfter : own.startAfter;
  const stopBefore = own.stopBefore === undefined ? all.stopBefore : own.stopBefore;
  return {
    acceptFrom: startAt - (own.startBefore ?? all.startBefore) * SECOND,
    acceptTo: endAt + (own.stopAfter ?? all.stopAfter) * SECOND,
    startTo: startAfter === null ? undefined : Math.min(endAt, startAt + startAfter * SECOND),
    stopFrom: stopBefore === null ? undefined : Math.max(startAt, endAt - stopBefore * SECOND),
  };
}

/** A zone that moved over the date line has no such date: the same time of day is the next date's. */
function isSkippedDay(
  at: number,
  { day, seconds, zone }: { day: number; seconds: number; zone: string },
): boolean {
  return dayOf(at, zone) !== day && secondsOfDay(at, zone) === seconds;
}

interface Span {
  readonly firstDay: number;
  readonly start: number;
  readonly end: number;
  readonly zone: string;
  readonly startAt: number;
  readonly endAt: number;
}

function breaksIn(
  breaks: Mould["breaks"],
  { firstDay, start, end, zone, startAt, endAt }: Span,
): PlannedBreak[] {
  const result: PlannedBreak[] = [];
  let freeFrom = startAt;
  for (const [, pause] of breaksByStart(breaks, start)) {
    const from = within(pause.start, start);
    if (from + pause.length > end) continue;
    const fromAt = Math.max(freeFrom, instantOf(firstDay, from, zone));
    const toAt = Math.min(endAt, fromAt + pause.length * SECOND);
    if (toAt <= fromAt) continue;
    result.push({ kind: pause.kind, fromAt, toAt, isPaid: pause.isPaid });
    freeFrom = toAt;
  }
  return result;
}

function coreIn(core: Mould["core"], { firstDay, start, end, zone }: Span): PlannedShift["core"] {
  if (core === null) return null;
  const from = within(core.start, start);
  const to = from + coreLength(core);
  if (to > end) return null;
  const fromAt = instantOf(firstDay, from, zone);
  const toAt = instantOf(firstDay, to, zone);
  return toAt > fromAt ? { fromAt, toAt } : null;
}

function secondsDue(
  { kind, paid, start, end }: Mould,
  span: Span,
  breaks: readonly PlannedBreak[],
): number {
  let most = (span.endAt - span.startAt) / SECOND;
  for (const pause of breaks) if (!pause.isPaid) most -= (pause.toAt - pause.fromAt) / SECOND;
  if (paid === null) return most;
  const isAsPlanned = span.start === start && span.end === endAfter(start, end);
  if (isAsPlanned) return paid;
  return kind === "flexible" ? Math.min(paid, most) : most;
}

/** `Early on 2026-01-12`, for people. */
export const planText = ({ name, day }: PlannedShift): string => `${name} on ${dateOf(day)}`;
