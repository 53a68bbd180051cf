import { randomUUID } from "node:crypto";
import { codeOf, PlatformError } from "@clockleaf/shared/lib/errors.ts";
import type { Log } from "@clockleaf/shared/lib/log.ts";
import { encode } from "@clockleaf/shared/wire/codec.ts";
import type { NatsConnection } from "nats";
import type { z } from "zod";
import { publishDeadLetter } from "../eventing/dead-letter.ts";
import { pause } from "../eventing/keep-following.ts";
import type { RabbitServerConfig } from "./config.ts";
import type { RabbitPublisher } from "./publisher.ts";
import { createRabbitWorker, type RabbitWorker, type TakenMessage } from "./worker.ts";

export interface RabbitJobQueueOptions<J> {
  readonly nc: NatsConnection;
  readonly tenant: string;
  readonly config: RabbitServerConfig;
  /** Whose it is: it is closed by whoever made it. */
  readonly publisher: RabbitPublisher;
  readonly queue: string;
  /** Where a job is published so that it comes to the queue. */
  readonly route: { readonly exchange: string; readonly routingKey: string };
  /** Of our messages, as people see it at the server. */
  readonly type: string;
  /** What our own messages hold, and whatever else comes to the queue and is welcome. */
  readonly schema: z.ZodType<J>;
  /** How long a job that was given back waits; 2 s unless told. */
  readonly waitMs?: number;
}

/** A job that a worker has; it comes again if the worker dies. Each of the last three ends it. */
export interface TakenJob<J> {
  /** Throws `wire.malformed` if it is none. */
  read(): J;
  /** Times it was given out, this one included, but for those that its worker did not live to give back. */
  readonly deliveries: number;
  /** Its number at this worker's link. */
  readonly seq: number;
  ack(): void;
  /** Some worker gets it again after a while. */
  giveBack(): Promise<void>;
  /** It becomes a dead letter in DLQ, and is gone from the queue. */
  bury(error: unknown, subject?: string): Promise<void>;
}

export interface ConsumeJobs<J> {
  /** Dead letters call their consumer so, and the server its connection. */
  readonly durable: string;
  /** Jobs in hand at once, in this process: the server limits each consumer on its own. */
  readonly workers: number;
  /** Ends the job. If it rejects, the message is given out again as it is, which counts towards the delivery limit. */
  readonly handle: (job: TakenJob<J>, signal: AbortSignal) => Promise<void>;
  readonly log: Log;
}

/** Jobs at RabbitMQ, for any number of workers in any number of processes. Each job is one worker's at a time. */
export interface RabbitJobQueue<J> {
  /** Resolves once it lies safely in the queue. Whatever it rejects with is retriable; the job may lie there all the same. */
  publish(job: J): Promise<void>;
  consume(options: ConsumeJobs<J>): RabbitWorker;
}

const WAIT_MS = 2_000;
const TRIES = "clockleaf-tries";

export function createRabbitJobQueue<J>(options: RabbitJobQueueOptions<J>): RabbitJobQueue<J> {
  const { nc, config, tenant, queue } = options;
  return {
    publish: (job) => put(options, { body: Buffer.from(JSON.stringify(job)), tries: 0 }),
    consume: ({ durable, workers, handle, log }) =>
      createRabbitWorker({
        nc,
        config,
        name: `clockleaf ${tenant} ${durable}`,
        queue,
        atOnce: workers,
        log,
        handle: (message, signal) => handle(taken(options, { durable, message, signal }), signal),
      }),
  };
}

async function put<J>(
  { publisher, route, type }: RabbitJobQueueOptions<J>,
  { body, tries }: { readonly body: Buffer; readonly tries: number },
): Promise<void> {
  const envelope = {
    ...route,
    // Of this publish, not of the job: two of one job must not take each other's return for their own.
    messageId: randomUUID(),
    type,
    contentType: "application/json",
    headers: { [TRIES]: tries },
  };
  try {
    await publisher.publish(envelope, body);
  } catch (error) {
    // Whatever it is, wrong credentials too: once it is mended the job can be put there, so it must not become a dead letter.
    throw new PlatformError(codeOf(error), "the job is not in its queue yet", {
      retriable: true,
      cause: error,
    });
  }
}

interface Taken {
  readonly durable: string;
  readonly message: TakenMessage;
  readonly signal: AbortSignal;
}

function taken<J>(
  options: RabbitJobQueueOptions<J>,
  { durable, message, signal }: Taken,
): TakenJob<J> {
  const { nc, queue, schema, waitMs = WAIT_MS } = options;
  const { body, headers, deliveryTag } = message.message;
  const tries = Number(headers?.[TRIES] ?? 0);
  return {
    read() {
      const parsed = schema.safeParse(body);
      if (parsed.success) return parsed.data;
      throw new PlatformError("wire.malformed", `not a job of ${queue}`, { cause: parsed.error });
    },
    deliveries: tries + 1,
    seq: deliveryTag,
    ack: () => message.ack(),
    // As a new message, and then the old one goes: given back as it is, it would count towards the queue's delivery limit, and
    // a hub that is away is no reason for a dead letter.
    async giveBack() {
      await pause(waitMs, signal);
      await put(options, { body: bytesOf(body), tries: tries + 1 });
      message.ack();
    },
    async bury(error, subject = queue) {
      const job = schema.safeParse(body);
      const data = job.success ? encode(job.data) : bytesOf(body);
      const letter = { consumer: durable, stream: queue, seq: deliveryTag, subject, data };
      await publishDeadLetter(nc, { ...letter, headers: undefined, error });
      message.ack();
    },
  };
}

/** The client has parsed what says that it is JSON. */
const bytesOf = (body: unknown): Buffer =>
  Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body) ?? "");
