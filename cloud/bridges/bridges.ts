import type { Log } from "@clockleaf/shared/lib/log.ts";
import type { NatsConnection } from "nats";
import type { Leases, Tenure } from "../eventing/leases.ts";
import { type LeasedRun, runWhileLeased } from "../eventing/run-while-leased.ts";
import type { PersonalVault } from "../eventing/vault.ts";
import type { BatchLimits, Destination, Feed } from "./bridge.ts";
import { createFeedRunner, type FeedRunner } from "./feed-runner.ts";
import type { FeedStatus } from "./feed-status.ts";
import { bridgeConsumer } from "./names.ts";
import { postStatuses } from "./status-board.ts";

export interface BridgesOptions {
  readonly nc: NatsConnection;
  readonly tenant: string;
  readonly destinations: readonly Destination[];
  readonly limits: BatchLimits;
  /** Without it what is personal goes out as an erasure would leave it. */
  readonly vault?: PersonalVault;
  readonly leases: Leases;
  readonly nowMs: () => number;
  readonly log: Log;
  /** How often it is told how the feeds fare; 1 s unless told. */
  readonly postEveryMs?: number;
}

export interface RunningBridges {
  /** Of the feeds that this process runs. */
  statuses(): readonly FeedStatus[];
  close(): Promise<void>;
}

const POST_EVERY_MS = 1_000;

/**
 * Starts every feed of every destination, each in whichever process holds its lease. The lease only spares effort: that
 * there is one writer is the destination's doing. Destinations are closed with it.
 */
export async function startBridges(options: BridgesOptions): Promise<RunningBridges> {
  const { destinations, leases, log, postEveryMs: everyMs = POST_EVERY_MS } = options;
  const runners = new Map<FeedRunner, Tenure>();
  const statuses = (): FeedStatus[] => [...runners.keys()].map((runner) => runner.status());
  const board = await postStatuses({
    ...options,
    // A process whose lease has run out is no longer asked: another one may run the feed, and says how it fares.
    statuses: () =>
      [...runners].flatMap(([runner, tenure]) => (tenure.isValid() ? [runner.status()] : [])),
    everyMs,
  });
  const run = (destination: Destination, feed: Feed): LeasedRun =>
    runWhileLeased(leases.single(bridgeConsumer(destination.name, feed.id)), log, (tenure) => {
      const mayWork = (): boolean => tenure.isValid();
      const runner = createFeedRunner({ ...options, destination, feed, mayWork });
      runners.set(runner, tenure);
      runner.start();
      return {
        async close() {
          await runner.close();
          runners.delete(runner);
          await board.postLast(runner.status());
        },
      };
    });
  const runs = destinations.flatMap((each) => each.feeds.map((feed) => run(each, feed)));
  return {
    statuses,
    async close() {
      await Promise.all(runs.map((each) => each.close()));
      await board.close();
      await Promise.all(destinations.map((destination) => destination.close()));
    },
  };
}
