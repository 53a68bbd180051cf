import { dirname, isAbsolute, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Surroundings, Values } from "../command.ts";
import type { SimTerminal, TapLedger, TerminalKind } from "../sim-terminal.ts";
import type { Scenario, Step } from "./schema.ts";

/** How often it is looked whether every tap is acknowledged. */
const LOOK_MS = 50;

export interface RunOptions {
  /** Paths of terminals are meant from its folder. */
  readonly file: string;
  /** Seconds of the timeline in a second. */
  readonly speed: number;
  readonly around: Surroundings;
  /** Waited for between the opening of the terminals and the beginning of the timeline. */
  readonly begin?: () => Promise<unknown>;
}

/** The ledger of every terminal, and of all of them. */
export interface ScenarioLedger {
  readonly terminals: Readonly<Record<string, TapLedger>>;
  readonly total: TapLedger;
}

/**
 * Opens the terminals, does what the timeline says at its times, and stays until every tap is acknowledged where that can be
 * known, at most `settle`. Ends early when `around.stopped`. Throws what terminals throw that cannot be opened.
 */
export async function runScenario(
  { terminals, steps, settleMs }: Scenario,
  { file, speed, around, begin }: RunOptions,
): Promise<ScenarioLedger> {
  const open = new Map<string, SimTerminal>();
  const over = new AbortController();
  void around.stopped.then(() => over.abort());
  const isOver = (): boolean => over.signal.aborted;
  const pause = (ms: number): Promise<void> =>
    sleep(ms, undefined, { signal: over.signal }).catch(() => undefined);
  try {
    for (const [name, { kind, values }] of terminals) {
      const fact: Surroundings["fact"] = (value) => around.fact({ terminal: name, ...value });
      const random = around.random.fork(name);
      const terminal = await kind.open(located(values, kind, file), { ...around, fact, random });
      open.set(name, terminal);
      around.say(`${name}: ${terminal.name}`);
    }
    await Promise.race([begin?.(), around.stopped]);
    const startedMs = performance.now();
    for (const step of steps) {
      const waitMs = step.atMs / speed - (performance.now() - startedMs);
      if (waitMs > 0) await pause(waitMs);
      if (isOver()) break;
      await perform(step, open.get(step.terminal), around);
    }
    const latestMs = performance.now() + settleMs;
    const isWaiting = (): boolean =>
      [...open.values()].some((terminal) => (terminal.ledger().waiting ?? 0) > 0);
    while (!isOver() && isWaiting() && performance.now() < latestMs) await pause(LOOK_MS);
    return ledgerOf(open);
  } finally {
    for (const terminal of open.values()) await terminal.close();
  }
}

async function perform(
  { terminal: name, act, value, person, atMs }: Step,
  terminal: SimTerminal | undefined,
  { fact }: Surroundings,
): Promise<void> {
  const about = person === null ? (value === "" ? {} : { value }) : { person };
  fact({ terminal: name, kind: "act", atMs, act, ...about });
  await terminal?.acts[act]?.(value);
}

function located(values: Values, { paths }: TerminalKind, file: string): Values {
  const absolute = paths.flatMap((option) => {
    const path = values[option];
    if (typeof path !== "string" || isAbsolute(path)) return [];
    return [[option, join(dirname(file), path)] as const];
  });
  return { ...values, ...Object.fromEntries(absolute) };
}

function ledgerOf(open: ReadonlyMap<string, SimTerminal>): ScenarioLedger {
  const terminals = Object.fromEntries(
    [...open].map(([name, terminal]) => [name, terminal.ledger()] as const),
  );
  const ledgers = Object.values(terminals);
  const sum = (column: "acknowledged" | "waiting" | "lost"): number | null => {
    const told = ledgers.map((each) => each[column]).filter((count) => count !== null);
    return told.length === 0 ? null : told.reduce((all, count) => all + count, 0);
  };
  const taps = ledgers.reduce((all, each) => all + each.taps, 0);
  const total = {
    taps,
    acknowledged: sum("acknowledged"),
    waiting: sum("waiting"),
    lost: sum("lost"),
  };
  return { terminals, total };
}
