import type { Log } from "@clockleaf/shared/lib/log.ts";
import type { ConsumerRunner, ConsumerStats } from "./consumer-runner.ts";
import type { Lease, Tenure } from "./leases.ts";
import { type LeasedRun, runWhileLeased } from "./run-while-leased.ts";

export interface LeasedPart {
  readonly lease: Lease;
  /** Makes the runner for one tenure; it is started here. */
  readonly create: (tenure: Tenure) => Promise<ConsumerRunner> | ConsumerRunner;
}

export interface LeasedConsumerOptions {
  /** Of all parts together, in metrics and health. */
  readonly name: string;
  readonly parts: readonly LeasedPart[];
  readonly log: Log;
}

/**
 * Several consumers that look like one: each part runs while this process holds its lease. Runs (`isRunning`) if every
 * part that is held does; who holds the others is told by the leases. Totals count on over the tenures.
 */
export function createLeasedConsumer({ name, parts, log }: LeasedConsumerOptions): ConsumerRunner {
  const current = new Map<LeasedPart, ConsumerRunner>();
  const held = new Set<LeasedPart>();
  let past = noStats(name);
  let runs: readonly LeasedRun[] | undefined;

  const run = (part: LeasedPart): LeasedRun =>
    runWhileLeased(part.lease, log, async (tenure) => {
      held.add(part);
      const runner = await part.create(tenure);
      current.set(part, runner);
      runner.start();
      return {
        async close() {
          await runner.close();
          current.delete(part);
          held.delete(part);
          past = { ...add(past, runner.stats()), pending: past.pending, stuckOn: undefined };
        },
      };
    });

  return {
    start() {
      runs ??= parts.map(run);
    },
    stats() {
      const now = [...current.values()].map((runner) => runner.stats());
      return {
        ...now.reduce(add, past),
        isRunning:
          runs !== undefined && now.length === held.size && now.every((each) => each.isRunning),
        parts: parts.length,
        partsHeld: held.size,
      };
    },
    async close() {
      await Promise.all((runs ?? []).map((each) => each.close()));
      runs = undefined;
    },
  };
}

function noStats(durable: string): ConsumerStats {
  return {
    durable,
    isRunning: false,
    lastSeq: 0,
    pending: 0,
    handledTotal: 0,
    retriesTotal: 0,
    deadLettersTotal: 0,
    restartsTotal: 0,
    stuckOn: undefined,
    parts: 0,
    partsHeld: 0,
  };
}

const add = (a: ConsumerStats, b: ConsumerStats): ConsumerStats => ({
  ...a,
  lastSeq: Math.max(a.lastSeq, b.lastSeq),
  pending: a.pending + b.pending,
  handledTotal: a.handledTotal + b.handledTotal,
  retriesTotal: a.retriesTotal + b.retriesTotal,
  deadLettersTotal: a.deadLettersTotal + b.deadLettersTotal,
  restartsTotal: a.restartsTotal + b.restartsTotal,
  stuckOn: a.stuckOn ?? b.stuckOn,
});
