import { Temporal } from "temporal-polyfill";
import type { PayGroup } from "../config.ts";

/** One period of one pay group. Days are civil dates, both ends included. */
export interface Period {
  readonly periodId: string;
  readonly payGroup: string;
  readonly fromOn: string;
  readonly toOn: string;
  readonly payOn: string;
}

type Calendar = PayGroup["calendar"];

export function periodsAYear({ kind }: Calendar): number {
  switch (kind) {
    case "monthly":
      return 12;
    case "semi-monthly":
      return 24;
    case "bi-weekly":
      return 26;
    case "weekly":
      return 52;
  }
}

/** The period of a pay group that a day falls in. */
export function periodOf(name: string, group: PayGroup, on: string): Period {
  const { key, from, to } = spanOf(group.calendar, Temporal.PlainDate.from(on));
  return {
    periodId: `${name}-${key}`,
    payGroup: name,
    fromOn: from.toString(),
    toOn: to.toString(),
    payOn: payday(group.payday, to).toString(),
  };
}

/** The period with this id; undefined if the group has none such. */
export function periodNamed(name: string, group: PayGroup, periodId: string): Period | undefined {
  if (!periodId.startsWith(`${name}-`)) return undefined;
  const match = /^(\d{4}-\d{2})(?:-([12]|\d{2}))?$/.exec(periodId.slice(name.length + 1));
  const [, month, rest] = match ?? [];
  if (month === undefined) return undefined;
  const day =
    group.calendar.kind === "semi-monthly" ? (rest === "2" ? "16" : "01") : (rest ?? "01");
  try {
    const found = periodOf(name, group, `${month}-${day.padStart(2, "0")}`);
    return found.periodId === periodId ? found : undefined;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

interface Span {
  readonly key: string;
  readonly from: Temporal.PlainDate;
  readonly to: Temporal.PlainDate;
}

function spanOf(calendar: Calendar, on: Temporal.PlainDate): Span {
  const month = on.toString().slice(0, 7);
  switch (calendar.kind) {
    case "monthly":
      return { key: month, from: on.with({ day: 1 }), to: on.with({ day: on.daysInMonth }) };
    case "semi-monthly":
      return on.day <= 15
        ? { key: `${month}-1`, from: on.with({ day: 1 }), to: on.with({ day: 15 }) }
        : { key: `${month}-2`, from: on.with({ day: 16 }), to: on.with({ day: on.daysInMonth }) };
    case "bi-weekly":
      return spanOfDays(14, calendar.anchorOn, on);
    case "weekly":
      return spanOfDays(7, calendar.anchorOn, on);
  }
}

/** Named by its first day. */
function spanOfDays(length: number, anchorOn: string, on: Temporal.PlainDate): Span {
  const since = Temporal.PlainDate.from(anchorOn).until(on).days;
  const from = on.subtract({ days: ((since % length) + length) % length });
  return { key: from.toString(), from, to: from.add({ days: length - 1 }) };
}

function payday(rule: PayGroup["payday"], to: Temporal.PlainDate): Temporal.PlainDate {
  switch (rule.kind) {
    case "days-after":
      return to.add({ days: rule.days });
    case "day-of-month": {
      const month = to.with({ day: 1 }).add({ months: rule.monthsLater });
      return month.with({ day: Math.min(rule.day, month.daysInMonth) });
    }
  }
}

/** How many days lie in a span that both ends belong to; 0 if it is empty. Work days are Monday to Friday. */
export function daysIn(fromOn: string, toOn: string, which: PayGroup["proRata"]): number {
  if (fromOn > toOn) return 0;
  const from = Temporal.PlainDate.from(fromOn);
  const days = from.until(Temporal.PlainDate.from(toOn)).days + 1;
  if (which === "calendar-days") return days;
  const weeks = Math.trunc(days / 7);
  let count = weeks * 5;
  for (let extra = 0; extra < days % 7; extra += 1) {
    if (from.add({ days: weeks * 7 + extra }).dayOfWeek <= 5) count += 1;
  }
  return count;
}

export const dayBefore = (on: string): string =>
  Temporal.PlainDate.from(on).subtract({ days: 1 }).toString();
