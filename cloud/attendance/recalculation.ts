import { setTimeout as sleep } from "node:timers/promises";
import { isRetriable } from "@clockleaf/shared/lib/errors.ts";
import type { Log } from "@clockleaf/shared/lib/log.ts";
import { retry } from "@clockleaf/shared/lib/retry.ts";
import { dateOf, dayOfDate } from "@clockleaf/shared/worktime/civil-time.ts";
import type { Rules } from "@clockleaf/shared/worktime/rules.ts";
import type { ClockWriter } from "./clock-writer.ts";
import type { IntakeStore } from "./intake-store.ts";
import { fingerprintOf } from "./personal-rules.ts";
import { SOURCE } from "./runners.ts";

export interface RecalculationDeps {
  readonly clocks: Pick<ClockWriter, "recalculate">;
  readonly store: Pick<IntakeStore, "rulesApplied" | "noteRules">;
  readonly rulesOf: (employeeId: string) => Promise<Rules>;
  /** Ids of people with punches after `after`, ascending. */
  readonly peopleWithPunches: (after: string, limit: number) => Promise<readonly string[]>;
  readonly hasPunches: (employeeId: string) => Promise<boolean>;
  readonly nowMs: () => number;
  readonly log: Log;
}

export interface RecalculationStats {
  /** Still to be looked at; 0 while nothing is to be done. */
  readonly peopleLeft: number;
  readonly peopleTotal: number;
  /** Days told again, days that were withdrawn included. */
  readonly daysTotal: number;
  /** People passed over for a fault; they are tried again at the next start. */
  readonly faultsTotal: number;
}

export interface Recalculation {
  /** Finds everybody whose rules are not those their days were last recalculated by, and begins. Never rejects. */
  start(): void;
  /** What the directory knows of somebody has changed, and `rulesOf` knows it. Waits for no recalculation. */
  consider(employeeId: string): Promise<void>;
  stats(): RecalculationStats;
  /** Ends after the append under way; the rest is found again at the next start. */
  close(): Promise<void>;
}

/**
 * Brings days to the rules in force when those change: the rule book with a restart, a person's place at any time. One
 * person after the other, in the order of their ids, in the background, and never more than half of the time, so that
 * punches go first. What is done is remembered person by person, so a crash repeats one person at most; and doing
 * somebody again changes nothing.
 */
export function createRecalculation(deps: RecalculationDeps): Recalculation {
  const stopping = new AbortController();
  const part: Part = {
    ...deps,
    signal: stopping.signal,
    waiting: new Set(),
    counts: { peopleTotal: 0, daysTotal: 0, faultsTotal: 0 },
    isBusy: false,
  };
  let working = Promise.resolve();
  const go = (first: () => Promise<void>): void => {
    working = working.then(async () => {
      await first();
      await workOff(part);
    });
  };
  return {
    start: () => go(() => findAll(part)),
    async consider(employeeId) {
      if (!(await isDue(part, employeeId)) || !(await deps.hasPunches(employeeId))) return;
      part.waiting.add(employeeId);
      go(() => Promise.resolve());
    },
    stats: () => ({ ...part.counts, peopleLeft: part.waiting.size + (part.isBusy ? 1 : 0) }),
    async close() {
      stopping.abort();
      await working;
    },
  };
}

interface Part extends RecalculationDeps {
  readonly signal: AbortSignal;
  readonly waiting: Set<string>;
  readonly counts: { -readonly [K in Exclude<keyof RecalculationStats, "peopleLeft">]: number };
  isBusy: boolean;
}

const PEOPLE_A_PAGE = 200;

async function findAll(part: Part): Promise<void> {
  const { peopleWithPunches, log, signal, waiting } = part;
  try {
    for (let after = ""; !signal.aborted; ) {
      const page = await peopleWithPunches(after, PEOPLE_A_PAGE);
      for (const id of page) if (await isDue(part, id)) waiting.add(id);
      after = page.at(-1) ?? "";
      if (page.length < PEOPLE_A_PAGE) return;
    }
  } catch (error) {
    part.counts.faultsTotal += 1;
    log.error({ err: error }, "cannot tell whose days are to be recalculated");
  }
}

async function isDue({ rulesOf, store }: Part, employeeId: string): Promise<boolean> {
  return store.rulesApplied(employeeId) !== fingerprintOf(await rulesOf(employeeId));
}

/** People between two lines in the log. */
const PEOPLE_A_LINE = 500;

async function workOff(part: Part): Promise<void> {
  const { waiting, signal, log, counts } = part;
  if (waiting.size === 0 || signal.aborted) return;
  const before = { ...counts };
  const done = (): object => ({
    peopleLeft: waiting.size,
    people: counts.peopleTotal - before.peopleTotal,
    days: counts.daysTotal - before.daysTotal,
  });
  log.info(done(), "rules have changed: days are recalculated");
  for (const employeeId of waiting) {
    if (signal.aborted) break;
    // Before its rules are looked up: whoever moves from now on is put there again.
    waiting.delete(employeeId);
    part.isBusy = true;
    const startedAt = performance.now();
    await recalculateOrSkip(part, employeeId);
    part.isBusy = false;
    if ((counts.peopleTotal - before.peopleTotal) % PEOPLE_A_LINE === 0) {
      log.info(done(), "days are being recalculated");
    }
    await pause(performance.now() - startedAt, signal);
  }
  log.info(done(), signal.aborted ? "recalculation stops here for now" : "days are recalculated");
}

async function recalculateOrSkip(part: Part, employeeId: string): Promise<void> {
  const { log, signal, counts } = part;
  try {
    await retry(() => recalculatePerson(part, employeeId), {
      signal,
      shouldRetry: isRetriable,
      onRetry: (error) => log.warn({ err: error }, "recalculation waits for the hub"),
    });
    counts.peopleTotal += 1;
  } catch (error) {
    if (signal.aborted) return;
    counts.faultsTotal += 1;
    log.error({ err: error, employeeId }, "somebody's days could not be recalculated");
  }
}

const FIRST_DATE = "0000-01-01";
const LAST_DATE = "9999-12-31";

async function recalculatePerson(part: Part, employeeId: string): Promise<void> {
  const { clocks, rulesOf, store, nowMs, signal, counts } = part;
  const fingerprint = fingerprintOf(await rulesOf(employeeId));
  if (store.rulesApplied(employeeId) === fingerprint) return;
  const cause = {
    source: SOURCE,
    atMs: nowMs(),
    correlationId: null,
    causationId: `rules-${fingerprint.slice(0, 32)}`,
    traceparent: undefined,
  };
  for (let fromOn = FIRST_DATE; ; ) {
    signal.throwIfAborted();
    const told = await clocks.recalculate(employeeId, { fromOn, toOn: LAST_DATE }, cause);
    const days = told.flatMap(({ type, data }) =>
      type === "attendance.workday.calculated" ? [data.workday.workdayOn] : [],
    );
    const last = days.at(-1);
    counts.daysTotal += days.length;
    if (last === undefined || last >= LAST_DATE) break;
    fromOn = dateOf(dayOfDate(last) + 1);
  }
  store.noteRules(employeeId, fingerprint);
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
