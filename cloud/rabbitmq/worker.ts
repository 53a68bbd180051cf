import { codeOf } from "@clockleaf/shared/lib/errors.ts";
import type { Log } from "@clockleaf/shared/lib/log.ts";
import type { NatsConnection } from "nats";
import type { AsyncMessage, Channel } from "rabbitmq-client";
import { keepFollowing, pause } from "../eventing/keep-following.ts";
import type { RabbitServerConfig } from "./config.ts";
import { connectRabbit } from "./connect.ts";
import { applyRabbitTopology, declareRabbitTopology } from "./topology.ts";

/** A message that a worker has. Until it is acknowledged it comes again when this process or its link dies. */
export interface TakenMessage {
  readonly message: AsyncMessage;
  /** On which it came: for answers, which are then in the server's hands before the acknowledgement. */
  readonly channel: Channel;
  ack(): void;
  /** To be given out again, to whomever; counts towards the queue's delivery limit. */
  giveBack(): void;
}

export interface RabbitWorkerOptions {
  /** What the work is done with; while its link is down nothing is taken. */
  readonly nc: NatsConnection;
  readonly config: RabbitServerConfig;
  /** What the server shows of the connection. */
  readonly name: string;
  readonly queue: string;
  /** Messages in hand at once. */
  readonly atOnce: number;
  /** Acknowledges or gives back. A rejection gives back. */
  readonly handle: (taken: TakenMessage, signal: AbortSignal) => Promise<void>;
  readonly log: Log;
}

export interface RabbitWorker {
  /** Starts; returns at once. Survives lost links and a server that is away, until `close`. */
  start(): void;
  status(): { readonly isRunning: boolean; readonly restartsTotal: number };
  /** Takes nothing any more; what is in hand may be finished, 10 s at most, and comes again otherwise. */
  close(): Promise<void>;
}

const CLOSE_TIMEOUT_MS = 10_000;

/** Takes messages off a queue, several at once; any number of processes share a queue. */
export function createRabbitWorker(options: RabbitWorkerOptions): RabbitWorker {
  const { nc, config, name, queue, atOnce, handle } = options;
  const log = options.log.child({ queue });
  const stopping = new AbortController();
  const { signal } = stopping;
  const inHand = new Set<Promise<void>>();
  let interrupted = new AbortController();
  let following: Promise<void> | undefined;
  const status = { isRunning: false, restartsTotal: 0 };

  const take = (channel: Channel, message: AsyncMessage): void => {
    const { deliveryTag } = message;
    // Once the link is gone there is nobody to tell; the message is given out again anyway.
    const ifOpen = (tell: () => void) => (): void => {
      if (channel.active) tell();
    };
    const ack = ifOpen(() => channel.basicAck({ deliveryTag }));
    const giveBack = ifOpen(() => channel.basicNack({ deliveryTag, requeue: true }));
    if (signal.aborted) return giveBack();
    const work = handle({ message, channel, ack, giveBack }, signal)
      .catch((error: unknown) => {
        log.warn({ err: error, code: codeOf(error) }, "message given back");
        giveBack();
      })
      .finally(() => inHand.delete(work));
    inHand.add(work);
  };
  const finish = async (): Promise<void> => {
    const timeout = new AbortController();
    await Promise.race([Promise.all(inHand), pause(CLOSE_TIMEOUT_MS, timeout.signal)]);
    timeout.abort();
  };
  async function follow(onProgress: () => void): Promise<void> {
    interrupted = new AbortController();
    const link = await connectRabbit(config, name);
    try {
      await applyRabbitTopology(link, declareRabbitTopology(config));
      const channel = await link.channel();
      await link.orLost(channel.basicQos({ prefetchCount: atOnce }));
      const onMessage = (message: AsyncMessage): void => {
        onProgress();
        take(channel, message);
      };
      const { consumerTag } = await link.orLost(channel.basicConsume({ queue }, onMessage));
      status.isRunning = true;
      const over = aborted(AbortSignal.any([signal, interrupted.signal]));
      const closed = new Promise<void>((resolve) => {
        channel.once("close", resolve);
        channel.once("basic.cancel", () => resolve());
      });
      await link.orLost(Promise.race([over, closed]));
      if (channel.active) await link.orLost(channel.basicCancel({ consumerTag }));
      await finish();
    } finally {
      status.isRunning = false;
      await link.close();
    }
  }

  return {
    start() {
      following ??= keepFollowing({
        nc,
        signal,
        follow,
        interrupt: () => interrupted.abort(),
        onTurn(error) {
          status.restartsTotal += 1;
          if (error !== undefined) log.warn({ err: error, code: codeOf(error) }, "worker restarts");
        },
      });
    },
    status: () => ({ ...status }),
    async close() {
      stopping.abort();
      await following;
    },
  };
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
