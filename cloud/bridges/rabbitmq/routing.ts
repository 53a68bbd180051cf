import { notificationRequested } from "@clockleaf/shared/events/notification.ts";
import { STREAMS } from "@clockleaf/shared/subjects.ts";
import type { ExchangeNames } from "../../rabbitmq/config.ts";
import { DIRECT_KEYS } from "../../rabbitmq/topology.ts";
import type { BridgeRecord } from "../bridge.ts";

/** One publishing of an event. */
export interface Route {
  readonly exchange: string;
  readonly routingKey: string;
  /** One of our queues must get it: if it goes nowhere, somebody took a binding away. */
  readonly isMandatory: boolean;
}

/**
 * Where an event goes. Every event goes to the topic exchange with its type as the routing key, so that anybody can bind to
 * anything there; some go to another exchange as well. Our own queues hang on the topic exchange for workflow and reporting.
 */
export function routesOf(
  { event, stream }: Pick<BridgeRecord, "event" | "stream">,
  exchanges: ExchangeNames,
): readonly Route[] {
  const { eventType: routingKey } = event.metadata;
  const toTopic = (isMandatory: boolean): Route => ({
    exchange: exchanges.topic,
    routingKey,
    isMandatory,
  });
  const toMany = (exchange: string): Route => ({ exchange, routingKey, isMandatory: true });
  switch (stream) {
    case STREAMS.workflow:
    case STREAMS.reporting:
      return [toTopic(true)];
    case STREAMS.employee:
    case STREAMS.leave:
      return [toTopic(false), toMany(exchanges.employee)];
    case STREAMS.document:
      return [toTopic(false), toMany(exchanges.background)];
    case STREAMS.notification:
      return [toTopic(false), ...toChannel(event, exchanges.direct)];
    default:
      return [toTopic(false)];
  }
}

/** A message that is to be sent goes to the queue of its channel. The other channels have none. */
function toChannel(event: BridgeRecord["event"], exchange: string): readonly Route[] {
  if (event.metadata.eventType !== notificationRequested.type) return [];
  const { data } = event;
  if (typeof data !== "object" || data === null || !("channel" in data)) return [];
  if (data.channel !== "email" && data.channel !== "sms") return [];
  return [{ exchange, routingKey: DIRECT_KEYS[data.channel], isMandatory: true }];
}
