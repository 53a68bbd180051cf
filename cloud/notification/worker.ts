import { codeOf, isRetriable } from "@clockleaf/shared/lib/errors.ts";
import {
  type ConsumerRunner,
  type ConsumerStats,
  emptyStats,
} from "../eventing/consumer-runner.ts";
import { type DeliveryDeps, deliver, undeliverable } from "./delivery.ts";
import type { TakenTask, TaskQueue } from "./task-queue.ts";

export interface WorkerDeps extends DeliveryDeps {
  readonly queue: TaskQueue;
  /** Messages sent at once, over all processes where the queue can see to that. */
  readonly workers: number;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * Takes the tasks of one channel off the work queue, several at once; any number of processes share them. A task is acked once
 * its message needs no worker any more or has a time for its next try; when that has come, `createRescue` makes another. (A task
 * given back with a delay would keep its place among the outstanding ones, and a few of them would hold up all the others.)
 */
export function createWorker(deps: WorkerDeps): ConsumerRunner {
  const { queue, channel, workers } = deps;
  const durable = `notification-${channel.name}`;
  const log = deps.log.child({ consumer: durable });
  const stats: Mutable<ConsumerStats> = emptyStats(durable);
  const part = { ...deps, log, stats };
  const consumer = queue.consume({
    channel: channel.name,
    durable,
    workers,
    log,
    handle: (task, signal) => handle(part, task, signal),
  });
  return {
    start: () => consumer.start(),
    stats: () => ({ ...stats, ...consumer.stats() }),
    async close() {
      await consumer.close();
      await channel.close();
    },
  };
}

interface Part extends WorkerDeps {
  readonly stats: Mutable<ConsumerStats>;
}

/** Never rejects. */
async function handle(part: Part, task: TakenTask, signal: AbortSignal): Promise<void> {
  const { stats, log } = part;
  try {
    const { notificationId } = await task.read();
    const outcome = await deliver(part, notificationId, signal);
    if (outcome === undefined) await task.ack();
    else await bury(part, task, undeliverable(outcome.undeliverable));
    stats.handledTotal += 1;
    stats.lastSeq = Math.max(stats.lastSeq, task.seq);
  } catch (error) {
    if (signal.aborted) return;
    log.warn({ err: error, code: codeOf(error), seq: task.seq }, "task failed");
    stats.retriesTotal += 1;
    await giveBack(part, task, error);
  }
}

/** Of a fault of ours each try would be the same: after some the task is a dead letter. */
const TRIES_OF_UNKNOWN = 5;

async function giveBack(part: Part, task: TakenTask, error: unknown): Promise<void> {
  try {
    const mayPass = isRetriable(error) || task.deliveries < TRIES_OF_UNKNOWN;
    await (mayPass ? task.giveBack() : bury(part, task, error));
  } catch (failure) {
    part.log.warn({ err: failure, code: codeOf(failure) }, "task not given back, it comes again");
  }
}

async function bury({ stats }: Part, task: TakenTask, error: unknown): Promise<void> {
  await task.bury(error);
  stats.deadLettersTotal += 1;
}
