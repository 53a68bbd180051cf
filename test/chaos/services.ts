import type { Kills, Target } from "./disturb.ts";
import { liveWeek, type WeekOptions, type WeekResult } from "./run.ts";
import { lastWeeksMonday } from "./week.ts";

export interface ServicesOptions {
  readonly seed: number;
  readonly people: number;
  readonly hubs: 1 | 3;
  /** Planted in the disturbed run only. */
  readonly fault?: "ack-before-apply";
  /** `punches` ends before anybody is paid; then there is no undisturbed week to compare with. */
  readonly until?: WeekOptions["until"];
  /** What is killed; all of it unless told. */
  readonly kinds?: ReadonlyArray<Target["kind"]>;
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
  /** Messages that a consumer gave up on. */
  readonly deadLetters: number;
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
const ALL_KINDS = ["consumers", "api", "hub"] as const;

/**
 * The same week twice: in one process on one server with nobody disturbing it, and in four processes that are killed all
 * the time. Everybody's payslip must be the same to the byte, and nothing lost or doubled in either.
 */
export async function servicesChaos(options: ServicesOptions): Promise<ServicesResult> {
  const { seed, people, hubs, until = "paid", kinds = ALL_KINDS } = options;
  const begunAt = performance.now();
  const week = { seed, people, until, monday: lastWeeksMonday(Date.now()) };
  const calm = until === "paid" ? await undisturbed(week, options) : undefined;
  const rough = await disturbed(week, { ...options, kinds });
  const weeks = calm === undefined ? [rough] : [calm, rough];
  const differing = calm === undefined ? [] : differingPayslips(calm, rough);
  const lost = weeks.flatMap((each) => each.lost);
  const doubled = weeks.flatMap((each) => each.doubled);
  const wrong = [
    ...weeks.flatMap(({ faults }) => faults),
    ...weeks.flatMap((each) => each.deadLetters.map((letter) => `dead letter: ${letter}`)),
    ...differing.map((employeeId) => `the payslip of ${employeeId} differs`),
    ...doubled.map((each) => `doubled: ${each}`),
    ...lost.map((each) => `lost: ${each}`),
    ...(calm !== undefined && calm.payslips.size !== people ? ["not everybody was paid"] : []),
    ...kinds.filter((kind) => rough.kills[kind] === 0).map((kind) => `no ${kind} was killed`),
  ];
  return {
    ok: wrong.length === 0,
    seed,
    lost: lost.length,
    doubled: doubled.length,
    payslipsDiffer: differing.length,
    causationBroken: weeks.reduce((sum, each) => sum + each.causationBroken, 0),
    deadLetters: weeks.reduce((sum, each) => sum + each.deadLetters.length, 0),
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

type SameWeek = Pick<WeekOptions, "seed" | "people" | "until" | "monday">;

const undisturbed = (week: SameWeek, { say }: ServicesOptions): Promise<WeekResult> =>
  liveWeek({
    ...week,
    hubs: 1,
    processes: "one",
    kills: [],
    say: (text) => say(`undisturbed: ${text}`),
  });

const disturbed = (
  week: SameWeek,
  { hubs, fault, say, kinds }: ServicesOptions & Required<Pick<ServicesOptions, "kinds">>,
): Promise<WeekResult> =>
  liveWeek({
    ...week,
    hubs,
    processes: "four",
    kills: kinds,
    ...(fault === undefined ? {} : { testHooks: { ackBeforeApply: true } }),
    say: (text) => say(`disturbed: ${text}`),
  });

function differingPayslips(calm: WeekResult, rough: WeekResult): string[] {
  const everybody = new Set([...calm.payslips.keys(), ...rough.payslips.keys()]);
  return [...everybody].filter((each) => calm.payslips.get(each) !== rough.payslips.get(each));
}
