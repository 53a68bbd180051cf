import type { Log } from "@clockleaf/shared/lib/log.ts";
import { civilDateOf } from "@clockleaf/shared/worktime/civil-time.ts";
import type { Kysely } from "kysely";
import { causeOfTimer } from "../eventing/cause.ts";
import { createTicker, type Ticker, type TickerOptions } from "../eventing/ticker.ts";
import { type LeaveCommands, SOURCE } from "./commands.ts";
import type { LeaveConfig } from "./config.ts";
import { type LeavePerson, type PeopleDb, peopleAfter, personOf } from "./people.ts";
import { circumstancesOf } from "./policies.ts";
import { type Db, type LeaveRow, leaveToTell } from "./reads.ts";
import { midnight } from "./transitions.ts";

export interface LeaveTickerDeps extends Pick<TickerOptions, "leases"> {
  readonly config: LeaveConfig;
  readonly commands: LeaveCommands;
  readonly db: Db;
  readonly people: Kysely<PeopleDb>;
  readonly nowMs: () => number;
  readonly log: Log;
}

/** Accounts looked at in one go; nothing else runs meanwhile. */
const PAGE = 50;
/** No calendar on earth is further ahead of UTC. */
const FURTHEST_MS = 14 * 3_600_000;

/**
 * Looks for leave that begins or ends, and at every account when a day begins somewhere. What is due is decided by the
 * account itself, so a turn that comes late, twice or in two processes posts nothing twice.
 */
export function createLeaveTicker(deps: LeaveTickerDeps): Ticker {
  const { config, log, nowMs } = deps;
  const zones = [config.otherSites, ...Object.values(config.sites)].map(({ zone }) => zone);
  /** The dates of all zones when the accounts were last looked at; merely saves work, a restart looks again. */
  let lookedAt = "";
  return createTicker({
    ...deps,
    name: "leave-due",
    everyMs: Math.round(config.tickSeconds * 1000),
    log,
    nowMs,
    async work(atMs, signal) {
      await tellLeave(deps, atMs);
      const dates = [...new Set(zones)].map((zone) => civilDateOf(atMs, zone)).join(" ");
      if (dates === lookedAt) return;
      await turnDays(deps, atMs, signal);
      lookedAt = dates;
    },
  });
}

/** Leave whose first day has begun, or whose last is over, where the person works. */
async function tellLeave(deps: LeaveTickerDeps, atMs: number): Promise<void> {
  const byOn = new Date(atMs + FURTHEST_MS).toISOString().slice(0, 10);
  const waiting = await leaveToTell(deps.db, byOn);
  for (const employeeId of new Set(waiting.map((row) => row.employee_id))) {
    const person = await personOf(deps.people, employeeId);
    if (person === undefined) continue;
    const { zone } = circumstancesOf(deps.config, person, atMs);
    const own = waiting.filter((row) => row.employee_id === employeeId);
    const dueAtMs = Math.min(...own.map((row) => dueAt(row, zone)));
    if (dueAtMs > atMs) continue;
    const cause = causeOfTimer(SOURCE, atMs, { name: "leave", dueAtMs });
    await deps.commands.advance([person], cause);
  }
}

function dueAt({ has_begun, from_on, last_on }: LeaveRow, zone: string): number {
  if (has_begun === 0) return midnight(from_on, zone);
  return last_on === null ? Number.POSITIVE_INFINITY : midnight(last_on, zone, 1);
}

/** Every account: what was earned, the turn of a leave year, the last day of an employment. */
async function turnDays(
  { config, commands, people }: LeaveTickerDeps,
  atMs: number,
  signal: AbortSignal,
): Promise<void> {
  for (let after = ""; !signal.aborted; ) {
    const page = await peopleAfter(people, after, PAGE);
    const last = page.at(-1);
    if (last === undefined) return;
    after = last.employeeId;
    const byDay = new Map<number, LeavePerson[]>();
    for (const person of page.filter(({ status }) => status !== "draft")) {
      const { todayOn, zone } = circumstancesOf(config, person, atMs);
      const dueAtMs = midnight(todayOn, zone);
      byDay.set(dueAtMs, [...(byDay.get(dueAtMs) ?? []), person]);
    }
    for (const [dueAtMs, those] of byDay) {
      await commands.advance(those, causeOfTimer(SOURCE, atMs, { name: "leave-day", dueAtMs }));
    }
  }
}
