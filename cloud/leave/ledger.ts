import type { EventOf } from "@clockleaf/shared/events/envelope.ts";
import type { leaveLedgerPosted } from "@clockleaf/shared/events/leave.ts";

/** One line of an account, as it was posted. Balances are sums of `minutes` and nothing else. */
export type Entry = Omit<EventOf<typeof leaveLedgerPosted>["data"], "employeeId">;

/** A day of leave and what it takes from the account. */
export interface LeaveDay {
  readonly on: string;
  readonly minutes: number;
}

export const sum = (entries: readonly Entry[]): number =>
  entries.reduce((total, { minutes }) => total + minutes, 0);

/** Sum of what counts before a date. */
export const sumBefore = (entries: readonly Entry[], on: string): number =>
  sum(entries.filter((entry) => entry.on < on));

/** Sum of what counts on a date. */
export const balanceOn = (entries: readonly Entry[], on: string): number =>
  sum(entries.filter((entry) => entry.on <= on));

/** `3 d`, `2 d 4 h`, `-1 h 30 min`: minutes in days of an account. */
export function spellMinutes(minutes: number, dayMinutes: number): string {
  const sign = minutes < 0 ? "-" : "";
  const rest = Math.abs(minutes);
  const parts = [
    [Math.floor(rest / dayMinutes), "d"],
    [Math.floor((rest % dayMinutes) / 60), "h"],
    [(rest % dayMinutes) % 60, "min"],
  ] as const;
  const said = parts.filter(([value]) => value > 0).map(([value, unit]) => `${value} ${unit}`);
  return said.length === 0 ? "0 d" : sign + said.join(" ");
}
