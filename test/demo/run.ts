import { rulesFor } from "@clockleaf/shared/worktime/rule-book.ts";
import type { Accepted } from "../../edge-agent/accept.ts";
import { eventually } from "../support/eventually.ts";
import { type Business, workOffTheDay } from "./after-day.ts";
import { caughtUpBridges, type FedDestinations, faultsOfBridges, watchBridges } from "./brokers.ts";
import { greetedPunches, journaledPunches, outcomes, storedRows } from "./collect.ts";
import { compareGreetings, type Displays, type Greetings, watchDisplays } from "./greetings.ts";
import { openPlant, type Plant, type PlantOptions, RULES } from "./plant.ts";
import type { Progress } from "./progress.ts";
import { type LedgerTap, type Reconciliation, reconcile } from "./reconcile.ts";
import { type Disturbances, playDay } from "./scenario.ts";

export interface RunOptions extends PlantOptions {
  readonly progress: Progress;
  /** False: the day alone, without what the office makes of it afterwards. */
  readonly withOffice?: boolean;
}

/** What `make demo --json` prints. */
export interface DemoResult extends Omit<Reconciliation, "tapOf">, Disturbances, Partial<Business> {
  readonly ok: boolean;
  readonly seed: number;
  readonly people: number;
  readonly greetings: Greetings;
  /** With `--bridges`: what the other brokers have of the day. */
  readonly bridges?: FedDestinations;
  /** From the tap to the punch in the API's live events, through cuts and kills, wall milliseconds. */
  readonly punchToApiMsP50: number | null;
  readonly punchToApiMsP95: number | null;
}

export interface DemoRun {
  readonly result: DemoResult;
  readonly plant: Plant;
}

const DRAIN_MS = 60_000;
/** Two processes read the same clock a moment apart; on the site's fast clock that moment is minutes. */
const SLACK_WALL_MS = 30;
const SEEN_TYPES = ["attendance.clock.recorded", "attendance.punch.quarantined"];

/** One working day with its disturbances, then the reconciliation. The plant is left running; whoever called stops it. */
export async function runDemo(options: RunOptions): Promise<DemoRun> {
  const { progress, seed } = options;
  progress.say("starting hub, leaf, cloud and a site");
  const plant = await openPlant(options);
  try {
    progress.say(
      `${plant.site.people.length} people at ${plant.site.readers.length} readers; the day runs ${plant.speed} times as fast`,
    );
    const tenant = plant.gateway.tenant;
    const isFed = options.withBridges === true;
    const showLag = (line: string): void => progress.say(line);
    const unwatch = isFed ? await watchBridges(plant.nats, tenant, showLag) : undefined;
    const seen = watchApi(plant);
    const shown = setInterval(() => progress.show(summaryLine(plant)), 200);
    const displays = watchDisplays(plant.site);
    const onShown = (accepted: Accepted): void => displays.show(accepted);
    const disturbances = await playDay({ ...options, plant, onShown }).finally(() =>
      clearInterval(shown),
    );
    progress.say("the day is over; waiting for the last punch to arrive");
    const report = await settle(plant);
    const { tapOf, ...counts } = report;
    const { greetings, faults } = await compareWords(plant, displays, tapOf);
    const latencies = latenciesOf(seen.stop(), tapOf);
    const office = options.withOffice === false ? undefined : await workOffTheDay(plant, progress);
    await unwatch?.();
    const bridges = isFed ? await caughtUpBridges(plant.nats, tenant) : undefined;
    const bridgeFaults = bridges === undefined ? [] : faultsOfBridges(bridges);
    const allFaults = [...faults, ...(office?.faults ?? []), ...bridgeFaults];
    const result: DemoResult = {
      ok: report.lost === 0 && report.doubled === 0 && allFaults.length === 0,
      seed,
      people: plant.site.people.length,
      ...counts,
      faults: [...counts.faults, ...allFaults],
      greetings,
      ...disturbances,
      ...office?.business,
      ...(bridges === undefined ? {} : { bridges }),
      punchToApiMsP50: percentile(latencies, 0.5),
      punchToApiMsP95: percentile(latencies, 0.95),
    };
    return { result, plant };
  } catch (error) {
    await plant.stop();
    throw error;
  }
}

/** Waits for the last punch to arrive, then looks for every tap in journal, stream, timesheets and quarantine. */
export async function settle(plant: Plant): Promise<Reconciliation> {
  await drained(plant);
  return reconcile(
    {
      taps: plant.site.ledger.taps(),
      journal: journaledPunches(plant),
      stored: punchRowsOnly(plant, await storedRows(plant)),
      outcomes: await outcomes(plant.api),
    },
    SLACK_WALL_MS * plant.speed,
  );
}

/** What readers said against what the cloud makes of the same punches. Everybody works under the same rules. */
async function compareWords(
  plant: Plant,
  displays: Displays,
  tapOf: ReadonlyMap<string, LedgerTap>,
): Promise<ReturnType<typeof compareGreetings>> {
  const { greeted, all } = await greetedPunches(plant, displays, tapOf);
  const rules = rulesFor(RULES, { personId: "", sites: [], groups: [] });
  return compareGreetings(greeted, all, rules);
}

function summaryLine({ site }: Plant): string {
  const { taps, lights } = site.ledger.summary();
  const clock = new Date(site.clock.now()).toISOString().slice(11, 16);
  return `${clock} at the site: ${taps} taps, ${lights.green} green, ${lights.red + lights.amber} refused`;
}

/** Until everything the journal holds is at the hub and shows in the API, or for as long as one may fairly wait. */
async function drained(plant: Plant): Promise<void> {
  const isComplete = async (): Promise<boolean> => {
    const journaled = journaledPunches(plant);
    const placed = new Set((await outcomes(plant.api)).map(({ punchId }) => punchId));
    return plant.site.pending() === 0 && journaled.every(({ punchId }) => placed.has(punchId));
  };
  // What is missing then is for the reconciliation to say.
  await eventually(isComplete, { what: "the backlog to drain", timeoutMs: DRAIN_MS }).catch(
    () => undefined,
  );
}

/** Segments carry status rows too; only punches are reconciled. */
function punchRowsOnly(plant: Plant, ids: readonly string[]): string[] {
  const punches = new Set(journaledPunches(plant).map(({ punchId }) => punchId));
  return ids.filter((id) => punches.has(id));
}

function watchApi(plant: Plant): { stop(): ReadonlyMap<string, number> } {
  const seenAt = new Map<string, number>();
  const over = new AbortController();
  void (async () => {
    for await (const { data } of plant.api.follow(SEEN_TYPES, over.signal)) {
      const { punchId } = data.punch;
      if (!seenAt.has(punchId)) seenAt.set(punchId, Date.now());
    }
  })();
  return {
    stop() {
      over.abort();
      return seenAt;
    },
  };
}

function latenciesOf(
  seenAt: ReadonlyMap<string, number>,
  tapOf: ReadonlyMap<string, LedgerTap>,
): number[] {
  return [...seenAt]
    .flatMap(([punchId, at]) => {
      const tap = tapOf.get(punchId);
      return tap === undefined ? [] : [at - tap.tappedAtMs];
    })
    .toSorted((a, b) => a - b);
}

function percentile(sorted: readonly number[], share: number): number | null {
  return sorted.at(Math.min(sorted.length - 1, Math.floor(sorted.length * share))) ?? null;
}
