import { setImmediate as nextTurn } from "node:timers/promises";
import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import type { Channel, ReturnedMessage } from "rabbitmq-client";
import type { RabbitLink } from "../../rabbitmq/connect.ts";
import type { Position, Sink } from "../bridge.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { type EncodeFor, messageOf, type RabbitMessage } from "./message.ts";

export interface RabbitSinkOptions extends EncodeFor {
  readonly link: RabbitLink;
  /** In confirm mode, on the connection that holds the writer's lock. */
  readonly channel: Channel;
  readonly checkpoint: Checkpoint;
  /** What the destination holds of this feed, if it is still the one that the checkpoint speaks of. */
  readonly position: Position | undefined;
  readonly window: number;
}

/** The server confirms within milliseconds, unless most of its nodes are away or its disk hangs. */
const CONFIRM_TIMEOUT_MS = 30_000;

/**
 * Publishes a window of records, waits until the server has confirmed each, and only then writes the checkpoint. Killed in
 * between, the next writer publishes that window again: repeats are at most one window, and whatever comes a second time
 * comes after its first time, in the same order.
 */
export function createRabbitSink(options: RabbitSinkOptions): Sink<RabbitMessage> {
  const { link, channel, checkpoint, window } = options;
  const returned: ReturnedMessage[] = [];
  channel.on("basic.return", (message) => returned.push(message));

  async function publish(messages: readonly RabbitMessage[]): Promise<void> {
    const confirms = messages.flatMap((message) =>
      message.routes.map((route) => channel.basicPublish(envelopeOf(message, route), message.body)),
    );
    await link.orLost(confirmed(Promise.all(confirms), link.side.server));
    // A message that no queue took is confirmed like any other. The return came before, but the client tells of it a turn later.
    await nextTurn();
    const [lost] = returned.splice(0);
    if (lost !== undefined) throw unroutable(lost, link.side.server);
  }

  return {
    position: options.position,
    encode: async (record) => messageOf(record, options),
    async apply(batch, position) {
      for (let from = 0; from < batch.length; from += window) {
        const messages = batch.slice(from, from + window);
        await publish(messages);
        const isLast = from + window >= batch.length;
        const seq = isLast ? position.seq : (messages.at(-1)?.seq ?? 0);
        await checkpoint.write({ incarnation: position.incarnation, seq });
      }
      if (batch.length === 0) await checkpoint.write(position);
    },
    close: () => link.close(),
  };
}

const envelopeOf = (message: RabbitMessage, { exchange, routingKey, isMandatory }: Route) => ({
  exchange,
  routingKey,
  mandatory: isMandatory,
  durable: true,
  messageId: message.messageId,
  type: message.type,
  timestamp: message.timestamp,
  contentType: "application/json",
  headers: message.headers,
});

type Route = RabbitMessage["routes"][number];

async function confirmed(confirms: Promise<unknown>, server: string): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(unconfirmed(server)), CONFIRM_TIMEOUT_MS);
  });
  try {
    await Promise.race([confirms, over]);
  } finally {
    clearTimeout(timer);
  }
}

const unconfirmed = (server: string): PlatformError =>
  new PlatformError("bridge.unreachable", `${server} did not confirm within 30 s`, {
    retriable: true,
    details: { server },
  });

const unroutable = (
  { exchange, routingKey, messageId }: ReturnedMessage,
  server: string,
): PlatformError =>
  new PlatformError(
    "bridge.unsafe",
    `no queue at ${server} takes "${routingKey}" from the exchange "${exchange}"; somebody took our binding away: ` +
      `it is made again at the next try, or bind a queue of your own`,
    { details: { server, exchange, routingKey, messageId } },
  );
