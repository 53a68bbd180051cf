import { hasCode, PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { STREAMS } from "@clockleaf/shared/subjects.ts";
import type { NatsConnection } from "nats";
import { connectRabbit, type RabbitLink } from "../../rabbitmq/connect.ts";
import {
  applyRabbitTopology,
  declareRabbitTopology,
  hasExchange,
} from "../../rabbitmq/topology.ts";
import type { Destination, Feed, OpenFeed, Position } from "../bridge.ts";
import { type Checkpoint, takeCheckpoint } from "./checkpoint.ts";
import type { RabbitBridgeConfig } from "./config.ts";
import type { RabbitMessage } from "./message.ts";
import { createRabbitSink } from "./sink.ts";

export interface RabbitDestinationOptions {
  /** Where the checkpoints are. */
  readonly nc: NatsConnection;
  readonly tenant: string;
  readonly config: RabbitBridgeConfig;
}

/** A feed per domain, named after it. */
export const rabbitFeeds = ({ domains }: Pick<RabbitBridgeConfig, "domains">): readonly Feed[] =>
  domains.map((domain) => ({ id: domain, stream: STREAMS[domain] }));

/** Whoever has it is the writer; it is gone with the connection. */
export const writerQueue = (tenant: string, feedId: string): string =>
  `clockleaf.writer.${tenant}.${feedId}`;
/** An exchange that nothing is published to: where it is missing, so is what the feed brought. */
export const feedMark = (tenant: string, feedId: string): string =>
  `clockleaf.feed.${tenant}.${feedId}`;

/**
 * RabbitMQ: at least once. There are no transactions over queues that would hold a position too, so it lies in a bucket of
 * ours and is written after the server has confirmed; what comes a second time is told by its headers (`recipe.ts`).
 */
export function openRabbitDestination(
  options: RabbitDestinationOptions,
): Destination<RabbitMessage> {
  const { config, tenant, nc } = options;
  const declare = oneAtATime((link) => applyRabbitTopology(link, declareRabbitTopology(config)));
  return {
    name: "rabbitmq",
    feeds: rabbitFeeds(config),
    maxRecordBytes: config.maxRecordBytes,
    async open({ feed, incarnation, log }: OpenFeed) {
      const link = await connectRabbit(config, `clockleaf ${tenant} ${feed.id}`);
      try {
        // First the lock: nobody else publishes from here on, and only then does it count how far the feed is.
        await lock(link, writerQueue(tenant, feed.id));
        const checkpoint = await takeCheckpoint(nc, tenant, feed.id);
        await declare(link);
        const position = await trusted(link, { checkpoint, mark: feedMark(tenant, feed.id) });
        if (position !== checkpoint.position) log.warn("the destination is new or was emptied");
        const channel = await link.channel();
        await link.orLost(channel.confirmSelect());
        const { exchanges, window } = config;
        const encodeFor = { tenant, incarnation, exchanges };
        return createRabbitSink({ ...encodeFor, link, channel, checkpoint, position, window });
      } catch (error) {
        await link.close();
        throw error;
      }
    },
    close: async () => undefined,
  };
}

/** Rejects with `bridge.fenced` while another connection has it. */
async function lock(link: RabbitLink, queue: string): Promise<void> {
  const channel = await link.channel();
  try {
    await link.orLost(channel.queueDeclare({ queue, exclusive: true, durable: false }));
  } catch (error) {
    if (!hasCode(error, "bridge.fenced")) throw error;
    throw new PlatformError("bridge.fenced", `another connection holds the queue ${queue}`, {
      retriable: true,
      cause: error,
    });
  }
}

/**
 * The position, unless the destination was emptied since: then its mark is missing. The checkpoint is forgotten before the
 * mark is made, so that a crash in between leaves no mark that vouches for it.
 */
async function trusted(
  link: RabbitLink,
  { checkpoint, mark }: { readonly checkpoint: Checkpoint; readonly mark: string },
): Promise<Position | undefined> {
  const isThere = await link.orLost(hasExchange(await link.channel(), mark));
  if (isThere) return checkpoint.position;
  if (checkpoint.position !== undefined) await checkpoint.forget();
  const channel = await link.channel();
  await link.orLost(channel.exchangeDeclare({ exchange: mark, type: "fanout", durable: true }));
  return undefined;
}

/** Feeds that open at the same moment declare one after the other: a server is not fond of twelve new queues at once. */
function oneAtATime(
  work: (link: RabbitLink) => Promise<void>,
): (link: RabbitLink) => Promise<void> {
  let last: Promise<unknown> = Promise.resolve();
  return async (link) => {
    const mine = last.then(() => work(link));
    last = mine.catch(() => undefined);
    await mine;
  };
}
