import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type AsyncMessage, type Channel, Connection } from "rabbitmq-client";
import { z } from "zod";
import { PREFIXES } from "../../cloud/bridges/cloud-event.ts";
import { feedMark } from "../../cloud/bridges/rabbitmq/destination.ts";
import { createMarks } from "../../cloud/bridges/rabbitmq/recipe.ts";
import { rabbitServerSchema } from "../../cloud/rabbitmq/config.ts";
import { DEAD_LETTERS, QUEUES } from "../../cloud/rabbitmq/topology.ts";

/** A delivery as a consumer without any recipe gets it. */
export interface RabbitSeen {
  readonly eventId: string;
  readonly key: string;
  readonly type: string;
  readonly headers: Readonly<Record<string, unknown>>;
}

export interface RabbitReader {
  /** Everything that was ever published to the exchange since the reader is there, in order, repeats and all. */
  read(): Promise<readonly RabbitSeen[]>;
  /** Removes all exchanges and queues of the platform, and what the reader has seen. */
  wipe(feeds: readonly { readonly tenant: string; readonly feedId: string }[]): Promise<void>;
  close(): Promise<void>;
}

/** What a bridge is told of a test's server; the password is written into `dir`. */
export function rabbitSettings(dir: string, ports: readonly number[]): { rabbitmq: object } {
  const passwordFile = join(dir, "rabbitmq.password");
  writeFileSync(passwordFile, "guest\n");
  return {
    rabbitmq: { hosts: ports.map((port) => `127.0.0.1:${port}`), user: "guest", passwordFile },
  };
}

/** What has its effect at a consumer that keeps marks. */
export function withoutRepeats<S extends object>(seen: readonly S[]): readonly S[] {
  const marks = createMarks();
  return seen.filter((each) => {
    const headers = "headers" in each ? headersSchema.parse(each.headers) : {};
    if (marks.isRepeat(headers)) return false;
    marks.note(headers);
    return true;
  });
}

const QUEUE = "test.everything";
const EXCHANGES = rabbitServerSchema.shape.exchanges.parse({});
const headersSchema = z.record(z.string(), z.unknown());

/**
 * Reads everything that comes to the topic exchange. Its queue is a stream, which keeps what was read and numbers it: so a
 * delivery that comes again because this reader was cut off is told from a message that was published twice.
 */
export async function openRabbitReader(ports: readonly number[]): Promise<RabbitReader> {
  const seen: RabbitSeen[] = [];
  const connection = new Connection({
    hosts: ports.map((port) => `127.0.0.1:${port}`),
    username: "guest",
    password: "guest",
    retryLow: 100,
    retryHigh: 500,
    heartbeat: 5,
  });
  connection.on("error", () => undefined);
  const closing = new AbortController();
  let channel: Channel | undefined;

  const take = (message: AsyncMessage): void => {
    const headers = headersSchema.parse(message.headers ?? {});
    const offset = Number(headers["x-stream-offset"]);
    channel?.basicAck({ deliveryTag: message.deliveryTag });
    // Asked to begin at an offset, the server begins at the chunk that holds it.
    if (offset !== seen.length) return;
    seen.push({
      eventId: String(message.messageId),
      key: String(headers[`${PREFIXES.rabbitmq}partitionkey`]),
      type: String(message.type),
      headers,
    });
  };
  const begin = async (): Promise<void> => {
    channel = await connection.acquire({ emitErrorsFromChannel: true });
    channel.on("error", () => undefined);
    await channel.exchangeDeclare({ exchange: EXCHANGES.topic, type: "topic", durable: true });
    const args = { "x-queue-type": "stream", "x-initial-cluster-size": ports.length } as const;
    await channel.queueDeclare({ queue: QUEUE, durable: true, arguments: args });
    await channel.queueBind({ queue: QUEUE, exchange: EXCHANGES.topic, routingKey: "#" });
    await channel.basicQos({ prefetchCount: 1_000 });
    const from = seen.length === 0 ? "first" : seen.length;
    await channel.basicConsume({ queue: QUEUE, arguments: { "x-stream-offset": from } }, take);
    channel.once("close", () => void restart());
    channel.once("basic.cancel", () => void restart());
  };
  const restart = async (): Promise<void> => {
    while (!closing.signal.aborted) {
      try {
        await channel?.close();
        return await begin();
      } catch {
        await sleep(200);
      }
    }
  };
  await begin();

  return {
    read: async () => [...seen],
    async wipe(feeds) {
      const admin = await connection.acquire({ emitErrorsFromChannel: true });
      const queues = [QUEUE, DEAD_LETTERS, ...Object.values(QUEUES)];
      for (const queue of queues) await admin.queueDelete({ queue });
      const marks = feeds.map(({ tenant, feedId }) => feedMark(tenant, feedId));
      for (const exchange of [DEAD_LETTERS, ...Object.values(EXCHANGES), ...marks]) {
        await admin.exchangeDelete({ exchange });
      }
      await admin.close();
      seen.length = 0;
      channel?.removeAllListeners("close");
      await channel?.close();
      await begin();
    },
    async close() {
      closing.abort();
      connection.unsafeDestroy();
    },
  };
}
