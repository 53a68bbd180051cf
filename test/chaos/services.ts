import type { Kills } from "./disturb.ts";
import { liveWeek, type WeekOptions, type WeekResult } from "./run.ts";
import { lastWeeksMonday } from "./week.ts";

export interface ServicesOptions {
  readonly seed: number;
  readonly people: number;
  readonly hubs: 1 | 3;
  /** Planted in the disturbed run only. */
  readonly fault?: "ack-before-apply";
  readonly until?: WeekOptions["until"];
  readonly say: (text: string) => void;
}

/** What `make chaos ARGS="--services --json"` prints. */
export interface ServicesResult {
  readonly ok: boolean;
  readonly seed: number;
  readonly lost: number;
  readonly doubled: number;
  /** People whose payslip or net pay is not the one of the undisturbed week. */
  readonly payslipsDiffer: number;
  readonly causationBroken: number;
  readonly kills: Kills;
  readonly punches: number;
  readonly people: number;
  readonly hubs: number;
  readonly payslips: number;
  readonly events: number;
  readonly seconds: number;
  /** The first few of what is wrong, in words. */
  readonly faults: readonly string[];
}

const MOST_FAULTS = 20;

/**
 * The same week twice: in one process on one server with nobody disturbing it, and in four processes that are killed all
 * the time. Everybody's payslip must be the same to the byte, and nothing lost or doubled in either.
 */
export async function servicesChaos(options: ServicesOptions): Promise<ServicesResult> {
  const { seed, people, hubs, fault, until = "paid", say } = options;
  const begunAt = performance.now();
  const monday = lastWeeksMonday(Date.now());
  const week = { seed, people, monday, until };
  const calm = await liveWeek({
    ...week,
    hubs: 1,
    processes: "one",
    isDisturbed: false,
    say: (text) => say(`undisturbed: ${text}`),
  });
  const rough = await liveWeek({
    ...week,
    hubs,
    processes: "four",
    isDisturbed: true,
    ...(fault === undefined ? {} : { testHooks: { ackBeforeApply: true } }),
    say: (text) => say(`disturbed: ${text}`),
  });
  const differing = [...new Set([...calm.payslips.keys(), ...rough.payslips.keys()])].filter(
    (employeeId) => calm.payslips.get(employeeId) !== rough.payslips.get(employeeId),
  );
  const isComplete = until !== "paid" || calm.payslips.size === people;
  const both = <T>(of: (result: WeekResult) => readonly T[]): T[] => [...of(calm), ...of(rough)];
  const wrong = [
    ...both(({ faults }) => faults),
    ...both(({ lost }) => lost.map((each) => `lost: ${each}`)),
    ...both(({ doubled }) => doubled.map((each) => `doubled: ${each}`)),
    ...differing.map((employeeId) => `payslip of ${employeeId} differs`),
    ...(isComplete ? [] : [`${calm.payslips.size} payslips of ${people}`]),
    ...Object.entries(rough.kills).flatMap(([kind, kills]) =>
      kills > 0 ? [] : [`no ${kind} killed`],
    ),
  ];
  return {
    ok: wrong.length === 0,
    seed,
    lost: both(({ lost }) => lost).length,
    doubled: both(({ doubled }) => doubled).length,
    payslipsDiffer: differing.length,
    causationBroken: calm.causationBroken + rough.causationBroken,
    kills: rough.kills,
    punches: rough.punches,
    people,
    hubs,
    payslips: rough.payslips.size,
    events: rough.events,
    seconds: Math.round((performance.now() - begunAt) / 1000),
    faults: wrong.slice(0, MOST_FAULTS),
  };
}
