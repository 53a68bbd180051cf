import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import type { z } from "zod";
import type { ConsumerRunner } from "../eventing/consumer-runner.ts";
import type { ContextOptions } from "../eventing/context.ts";
import type { StoredEvent } from "../eventing/event-store.ts";
import { createJobRescue, type JobRescueOptions } from "../eventing/job-rescue.ts";
import { createKeyLocks } from "../eventing/key-locks.ts";
import { createReaction, type Reaction } from "../eventing/reaction.ts";
import type { JobQueueName, RabbitServerConfig } from "./config.ts";
import { createRabbitJobQueue } from "./job-queue.ts";
import { createJobWorker } from "./job-worker.ts";
import { createRabbitPublisher } from "./publisher.ts";

/** Jobs of a context: what asks for them, what they are, where they wait. `J` is plain data that names the job. */
export interface JobsOptions<J extends object>
  extends Pick<ContextOptions, "nc" | "tenant" | "nowMs" | "log" | "leases" | "testHooks">,
    Pick<Reaction, "domain" | "types">,
    Pick<JobRescueOptions<J>, "waiting"> {
  readonly context: string;
  /** Of the reaction, whose durables are `<context>-<name>-<share>`. */
  readonly name: string;
  /** The job that an event of `types` asks for, if any. */
  readonly jobOf: (stored: StoredEvent) => J | undefined;
  /** As in `JobWorkerOptions`. Of one job it is never called twice at once in this process. */
  readonly run: (job: J, signal: AbortSignal) => Promise<void>;
  readonly queue: JobQueueName;
  /** Jobs in hand at once in each process, at RabbitMQ; on NATS there is one for each share of the partitions. */
  readonly workers: number;
  /** Needed for the queue `rabbitmq`. */
  readonly rabbitmq?: RabbitServerConfig;
  readonly atRabbit: {
    readonly queue: string;
    readonly routeOf: (config: RabbitServerConfig) => {
      readonly exchange: string;
      readonly routingKey: string;
    };
    readonly type: string;
    /** Undefined for what a bridge puts there and is no job: it is acknowledged. */
    readonly schema: z.ZodType<J | undefined>;
    /** How long a job that was given back waits. */
    readonly waitMs?: number;
  };
  readonly rescue?: RescueTimes;
}

/** When a job that nobody does is taken for lost. */
export type RescueTimes = Pick<JobRescueOptions<object>, "everyMs" | "lostAfterMs">;

export interface RunningJobs {
  readonly consumers: readonly ConsumerRunner[];
  close(): Promise<void>;
}

/**
 * Has jobs done, one time in effect, in whichever process. On NATS a reaction does them itself, so they wait in the stream
 * that asks for them. At RabbitMQ the reaction only puts them into a queue, and passes an event over once its job lies safely
 * there; workers take them out. Jobs that got lost between the two, or lie in the other queue, are done after a while too.
 */
export function startJobs<J extends object>(options: JobsOptions<J>): RunningJobs {
  const { context, name, domain, types, jobOf, log } = options;
  const locks = createKeyLocks();
  // A job comes again as soon as the link is lost that it came on, although it may still be done here.
  const run = (job: J, signal: AbortSignal): Promise<void> =>
    locks.run([JSON.stringify(job)], () => options.run(job, signal));
  const rabbit = options.queue === "rabbitmq" ? atRabbit(options, run) : undefined;
  const again = (job: J, signal: AbortSignal): Promise<void> =>
    rabbit === undefined ? run(job, signal) : rabbit.publish(job);
  const reaction = createReaction(options, {
    name,
    domain,
    types,
    async handle(stored, signal) {
      const job = jobOf(stored);
      if (job !== undefined) await again(job, signal);
    },
  });
  const consumers = [reaction, ...(rabbit === undefined ? [] : [rabbit.worker])];
  const rescue = createJobRescue({
    ...options,
    ...options.rescue,
    name: `${context}-rescue`,
    again,
    log,
  });
  for (const consumer of consumers) consumer.start();
  rescue.start();
  return {
    consumers,
    async close() {
      await rescue.close();
      await Promise.all(consumers.map((consumer) => consumer.close()));
      await rabbit?.close();
    },
  };
}

interface AtRabbit<J> {
  readonly worker: ConsumerRunner;
  publish(job: J): Promise<void>;
  close(): Promise<void>;
}

function atRabbit<J extends object>(
  options: JobsOptions<J>,
  run: (job: J, signal: AbortSignal) => Promise<void>,
): AtRabbit<J> {
  const { context, tenant, rabbitmq: config, workers, log } = options;
  if (config === undefined) {
    throw new PlatformError(
      "config.invalid",
      `${context}.queue: rabbitmq needs bridges.rabbitmq, which says where it is`,
    );
  }
  const { routeOf, ...there } = options.atRabbit;
  const publisher = createRabbitPublisher(config, `clockleaf ${tenant} ${context} jobs`);
  const jobs = createRabbitJobQueue<J | undefined>({
    ...options,
    ...there,
    config,
    publisher,
    route: routeOf(config),
  });
  const worker = createJobWorker({
    jobs,
    durable: `${context}-worker`,
    workers,
    log,
    async run(job, signal) {
      if (job !== undefined) await run(job, signal);
    },
  });
  return { worker, publish: (job) => jobs.publish(job), close: () => publisher.close() };
}
