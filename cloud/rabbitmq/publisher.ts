import { setImmediate as nextTurn } from "node:timers/promises";
import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import type { Channel, Envelope } from "rabbitmq-client";
import type { RabbitServerConfig } from "./config.ts";
import { connectRabbit, type RabbitLink } from "./connect.ts";
import { applyRabbitTopology, declareRabbitTopology } from "./topology.ts";

export interface RabbitPublisher {
  /**
   * Resolves once the message lies safely in a queue. Rejects with one of the `bridge.` codes; it may lie there all the same.
   * `messageId` tells this publish from others under way.
   */
  publish(envelope: Envelope & { readonly messageId: string }, body: Buffer): Promise<void>;
  close(): Promise<void>;
}

interface Open {
  readonly link: RabbitLink;
  readonly channel: Channel;
  /** Ids of what no queue took. */
  readonly returned: Set<string>;
}

/** Publishes single messages, each confirmed; connects when there is one, and anew after the link was lost. */
export function createRabbitPublisher(config: RabbitServerConfig, name: string): RabbitPublisher {
  let opening: Promise<Open> | undefined;

  const open = async (): Promise<Open> => {
    const link = await connectRabbit(config, name);
    try {
      await applyRabbitTopology(link, declareRabbitTopology(config));
      const channel = await link.channel();
      await link.orLost(channel.confirmSelect());
      const returned = new Set<string>();
      channel.on("basic.return", ({ messageId }) => returned.add(messageId ?? ""));
      return { link, channel, returned };
    } catch (error) {
      await link.close();
      throw error;
    }
  };
  const usable = async (): Promise<Open> => {
    const mine = opening;
    const known = await mine?.catch(() => undefined);
    if (known?.link.lost.aborted === false && known.channel.active) return known;
    if (opening === mine) {
      // Whoever comes from here on waits for the same new one.
      opening = open();
      await known?.link.close();
    }
    return await (opening ?? open());
  };

  return {
    async publish(envelope, body) {
      const { link, channel, returned } = await usable();
      const message = { ...envelope, durable: true, mandatory: true };
      await link.orLost(channel.basicPublish(message, body));
      // The client tells of a return one turn after the confirm that follows it.
      await nextTurn();
      if (!returned.delete(envelope.messageId)) return;
      const { exchange = "", routingKey = "" } = envelope;
      throw new PlatformError(
        "bridge.unsafe",
        `no queue at ${link.side.server} takes "${routingKey}" from the exchange "${exchange}"`,
        { details: { exchange, routingKey } },
      );
    },
    async close() {
      const known = await opening?.catch(() => undefined);
      await known?.link.close();
    },
  };
}
