import { dateOf, dayOfDate } from "@clockleaf/shared/worktime/civil-time.ts";
import type { Sheet } from "@clockleaf/shared/worktime/ledger.ts";
import { createOvertime } from "@clockleaf/shared/worktime/overtime/overtime.ts";
import type { overtimeRulesSchema } from "@clockleaf/shared/worktime/overtime/rules.ts";
import type { Claim, Credit } from "@clockleaf/shared/worktime/workday.ts";
import type { z } from "zod";
import { type DayText, ruleSet, sheetOf } from "./worktime.ts";

// Short spellings for tests of overtime.

export type OvertimeInput = z.input<typeof overtimeRulesSchema>;
export type PolicyInput = NonNullable<OvertimeInput["policies"]>[number];
/** Credits by date. */
export type Credits = Readonly<Record<string, readonly Credit[]>>;

/** A day's time over eight hours, if somebody approves it. */
export const OVERTIME_TO_APPROVE: OvertimeInput = {
  policies: [
    {
      kind: "daily",
      name: "Daily",
      needsApproval: true,
      tiers: [{ after: "8h", code: "OT15", rate: 1.5 }],
    },
  ],
};

/** 2026-01-12 is a Monday. */
export const MONDAY = "2026-01-12";

/** The claims of every day of a sheet, in order. */
export function claimsOf(sheet: Sheet, credits: Credits = {}): Claim[][] {
  const decide = createOvertime(sheet);
  return sheet.days.map((day) => decide(day, credits[day.on] ?? []));
}

export function claimsOn(
  texts: readonly DayText[],
  overtime: OvertimeInput,
  credits: Credits = {},
): Claim[][] {
  return claimsOf(sheetOf(texts, ruleSet({ overtime })), credits);
}

/** `REG 8:00, OT 1:30`: lengths by code, in the order of their first claim; nothing for a day without claims. */
export function spelled(claims: readonly Claim[]): string {
  const byCode = new Map<string, number>();
  for (const { code, seconds } of claims) byCode.set(code, (byCode.get(code) ?? 0) + seconds);
  return [...byCode].map(([code, seconds]) => `${code} ${clock(seconds)}`).join(", ");
}

/** What days count as on which so much was worked, from Monday 2026-01-12 on, in one piece from midnight. */
export function weekOf(lengths: readonly string[], overtime: OvertimeInput): string[] {
  return claimsOn(workedDays(lengths), overtime).map(spelled);
}

/** `8:00`, `0:30:01` or `` (not worked), a day each from Monday 2026-01-12 on. */
export function workedDays(lengths: readonly string[]): DayText[] {
  return lengths.map((length, index) => ({
    on: dateOf(dayOfDate(MONDAY) + index),
    tiles: length === "" ? [] : [`00:00-${length.padStart(5, "0")}`],
  }));
}

export function clock(seconds: number): string {
  const [hours, minutes, rest] = [
    Math.floor(seconds / 3600),
    Math.floor(seconds / 60) % 60,
    seconds % 60,
  ];
  const text = `${hours}:${String(minutes).padStart(2, "0")}`;
  return rest === 0 ? text : `${text}:${String(rest).padStart(2, "0")}`;
}
