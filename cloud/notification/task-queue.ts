import type { Log } from "@clockleaf/shared/lib/log.ts";
import { type Channel, tokenSchema } from "@clockleaf/shared/subjects.ts";
import { z } from "zod";
import type { ConsumerRunner } from "../eventing/consumer-runner.ts";

/** A message waits to be sent. Which one is all there is to say: the rest stands in its stream. */
export const taskSchema = z.object({ notificationId: tokenSchema });
export type Task = z.output<typeof taskSchema>;

/** Channels that have workers. */
export type OutgoingChannelName = Exclude<Channel, "in-app">;

/** A task that a worker has; it comes again if the worker dies. Each of the three ends it. */
export interface TakenTask {
  /** Rejects with a `wire.` code if it is none. */
  read(): Promise<Task>;
  /** Times it was given out, this one included, as far as the queue knows. */
  readonly deliveries: number;
  /** Its place in the queue, where that has places. */
  readonly seq: number;
  ack(): Promise<void>;
  /** Some worker gets it again after a while. */
  giveBack(): Promise<void>;
  /** It becomes a dead letter in DLQ, and is gone from the queue. */
  bury(error: unknown): Promise<void>;
}

export interface ConsumeTasks {
  readonly channel: OutgoingChannelName;
  /** Dead letters call their consumer so, and metrics. */
  readonly durable: string;
  /** Tasks in hand at once; over all processes where the queue can see to that. */
  readonly workers: number;
  /** Ends the task. Never rejects. */
  readonly handle: (task: TakenTask, signal: AbortSignal) => Promise<void>;
  readonly log: Log;
}

/** What became of tasks, for metrics. */
export interface QueueStats {
  readonly isRunning: boolean;
  readonly restartsTotal: number;
  /** Tasks that wait, as of the last one taken; 0 where the queue does not tell. */
  readonly pending: number;
}

export interface TaskConsumer {
  start: ConsumerRunner["start"];
  stats(): QueueStats;
  /** Waits for what is in hand, 10 s at most. */
  close(): Promise<void>;
}

/**
 * The work queue of messages to be sent. Any number of processes take from it; each task is one worker's at a time, and one
 * more than needed does no harm: the message itself says whether it is to be sent.
 */
export interface TaskQueue {
  /** Resolves once it is stored. Whatever it rejects with is retriable. */
  publish(to: {
    readonly channel: OutgoingChannelName;
    readonly notificationId: string;
  }): Promise<void>;
  consume(options: ConsumeTasks): TaskConsumer;
  close(): Promise<void>;
}
