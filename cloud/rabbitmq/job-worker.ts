import { codeOf, isRetriable, PlatformError } from "@clockleaf/shared/lib/errors.ts";
import type { Log } from "@clockleaf/shared/lib/log.ts";
import {
  type ConsumerRunner,
  type ConsumerStats,
  emptyStats,
} from "../eventing/consumer-runner.ts";
import type { RabbitJobQueue, TakenJob } from "./job-queue.ts";

export interface JobWorkerOptions<J> {
  readonly jobs: RabbitJobQueue<J>;
  /** Dead letters call their consumer so, and metrics. */
  readonly durable: string;
  /** Jobs in hand at once, in this process. */
  readonly workers: number;
  /**
   * Resolves once the job has had its whole effect, or had it before: a job comes again after a crash, and two copies of one
   * may be in two workers' hands. What it throws decides: retriable = some worker gets it again, otherwise dead letter.
   */
  readonly run: (job: J, signal: AbortSignal) => Promise<void>;
  readonly log: Log;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Of a fault of ours each try would be the same: after some the job is a dead letter. */
const TRIES_OF_UNKNOWN = 5;

/** Works through a queue of jobs. While the server is away nothing is taken, and nothing lost. */
export function createJobWorker<J>(options: JobWorkerOptions<J>): ConsumerRunner {
  const { jobs, durable, workers } = options;
  const log = options.log.child({ consumer: durable });
  const stats: Mutable<ConsumerStats> = emptyStats(durable);
  const part = { ...options, log, stats };
  const worker = jobs.consume({
    durable,
    workers,
    log,
    handle: (job, signal) => handle(part, job, signal),
  });
  return {
    start: () => worker.start(),
    stats: () => ({ ...stats, ...worker.status() }),
    close: () => worker.close(),
  };
}

interface Part<J> extends JobWorkerOptions<J> {
  readonly stats: Mutable<ConsumerStats>;
}

async function handle<J>(part: Part<J>, job: TakenJob<J>, signal: AbortSignal): Promise<void> {
  const { stats, log } = part;
  try {
    await part.run(job.read(), signal);
  } catch (error) {
    // The link closes with the worker, and then the job is another's at once.
    if (signal.aborted) return;
    await giveUp(part, job, error);
    return;
  }
  job.ack();
  stats.handledTotal += 1;
  log.debug({ seq: job.seq }, "job done");
}

async function giveUp<J>({ stats, log }: Part<J>, job: TakenJob<J>, error: unknown): Promise<void> {
  const code = codeOf(error);
  if (isPoison(error, job.deliveries)) {
    log.error({ err: error, code, seq: job.seq }, "job becomes a dead letter");
    await job.bury(error);
    stats.deadLettersTotal += 1;
    return;
  }
  log.warn({ err: error, code, seq: job.seq }, "job will be tried again");
  stats.retriesTotal += 1;
  await job.giveBack();
}

function isPoison(error: unknown, deliveries: number): boolean {
  if (isRetriable(error)) return false;
  return error instanceof PlatformError || deliveries >= TRIES_OF_UNKNOWN;
}
