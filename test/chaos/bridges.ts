import { setTimeout as sleep } from "node:timers/promises";
import { createRandom } from "@clockleaf/hardware-sim/random.ts";
import { STREAMS } from "@clockleaf/shared/subjects.ts";
import {
  type DestinationUnderTest,
  lostOf,
  misorderedOf,
  repeatsIn,
  type Seen,
} from "../support/bridge.contract.ts";
import type { Failures } from "../support/bridge-child.ts";
import { type Loaded, storeLoad } from "../support/bridge-load.ts";
import { bridgeProcess } from "../support/bridge-process.ts";
import { startCloudHub } from "../support/cloud-hub.ts";
import { eventually } from "../support/eventually.ts";

export interface BridgeChaosOptions {
  readonly seed: number;
  readonly events: number;
  /** Of the bridge, at least; the destination itself is killed besides. */
  readonly kills: number;
  readonly open: () => Promise<DestinationUnderTest>;
  /** Plants a fault in the bridge: a checkpoint that is not stored together with the records. */
  readonly isFault: boolean;
  readonly say: (text: string) => void;
}

/** What `make chaos ARGS="--bridges --json"` says of one destination. */
export interface BridgeChaosResult {
  readonly lost: number;
  /** Seen more than once by somebody who reads as the README says: behind the recipe, where there is one. */
  readonly doubled: number;
  readonly misordered: number;
  /** Seen more than once before the recipe, and how many a batch for each kill or failure may leave at most. */
  readonly repeats: number;
  readonly repeatsAllowed: number;
  /** `kill -9` of the bridge, and of the destination's server. */
  readonly kills: number;
  readonly destinationKills: number;
  readonly events: number;
  readonly seconds: number;
  readonly ok: boolean;
}

const TENANT = "acme";
const PEOPLE = 211;
const BATCH = { records: 100, bytes: 262_144, lingerMs: 2 };
/** So many of a hundred batches fail: half before they were stored, half after, when only the answer is lost. */
const FAILURES: Failures = { before: 0.05, after: 0.05 };
const DESTINATION_KILLS = 2;
const LONGEST_LIFE_MS = 700;
const SETTLE = { timeoutMs: 240_000, everyMs: 1_000 };

/** Events are stored in bursts, and in each the bridge is killed at a moment drawn by lot; then everything is counted. */
export async function bridgeChaos(options: BridgeChaosOptions): Promise<BridgeChaosResult> {
  const { seed, events, kills, say } = options;
  const begunAt = performance.now();
  const cloud = await startCloudHub("cloud-all");
  const there = await options.open();
  const random = createRandom(seed).fork(there.name);
  const bridge = bridgeProcess(cloud.site.dir, there.name, {
    servers: [cloud.site.hub.url],
    seedFile: cloud.site.deployment.seedFile("cloud-all"),
    tenant: TENANT,
    streams: [STREAMS.attendance],
    bridges: { batch: BATCH, ...there.settings },
    failures: FAILURES,
    checkpointApart: options.isFault,
  });
  const loaded: Loaded[] = [];
  const burst = async (count: number): Promise<void> => {
    const stream = STREAMS.attendance;
    loaded.push(
      ...(await storeLoad({ nc: cloud.nc, tenant: TENANT, stream, count, people: PEOPLE })),
    );
  };
  try {
    const perKill = Math.ceil(events / (kills + 1));
    for (let kill = 0; kill < kills; kill += 1) {
      await bridge.start();
      await Promise.all([burst(perKill), sleep(random.next() * LONGEST_LIFE_MS)]);
      await bridge.kill();
      if (kill % 5 === 4) say(`${there.name}: ${kill + 1} kills, ${loaded.length} events stored`);
    }
    await bridge.start();
    await burst(events - loaded.length);
    for (let kill = 0; kill < DESTINATION_KILLS; kill += 1) {
      say(`${there.name}: kill -9 of the destination`);
      await there.kill();
      await there.start();
    }
    const seen = await settled(there, loaded);
    const repeats = repeatsIn(seen);
    const behind = there.recipe === undefined ? seen : there.recipe(seen);
    const lost = lostOf(loaded, behind).length;
    const doubled = repeatsIn(behind);
    const misordered = misorderedOf(loaded, seen).length;
    // A failure drawn by lot doubles no more than a kill: at most the batch that was under way.
    const failures = Math.ceil((events / BATCH.records) * (FAILURES.before + FAILURES.after) * 2);
    const mayRepeat = there.guarantee === "bounded-repeats";
    const repeatsAllowed = mayRepeat ? (kills + DESTINATION_KILLS + failures) * BATCH.records : 0;
    return {
      lost,
      doubled,
      misordered,
      repeats,
      repeatsAllowed,
      kills,
      destinationKills: DESTINATION_KILLS,
      events: loaded.length,
      seconds: Math.round((performance.now() - begunAt) / 1000),
      ok: lost === 0 && doubled === 0 && misordered === 0 && repeats <= repeatsAllowed,
    };
  } finally {
    await bridge.kill();
    await there.stop();
    await cloud[Symbol.asyncDispose]();
  }
}

/** Until everything is there; or, where something never comes, until nothing comes any more. */
async function settled(
  there: DestinationUnderTest,
  loaded: readonly Loaded[],
): Promise<readonly Seen[]> {
  let known = -1;
  let unchanged = 0;
  return await eventually(async () => {
    const seen = await there.read();
    unchanged = seen.length === known ? unchanged + 1 : 0;
    known = seen.length;
    const isAllThere = lostOf(loaded, seen).length === 0;
    return isAllThere || unchanged >= TURNS_WITHOUT_NEWS ? seen : undefined;
  }, SETTLE);
}

/** Long enough for a writer to be fenced and a server to come up again. */
const TURNS_WITHOUT_NEWS = 30;
