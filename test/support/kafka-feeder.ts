import { randomUUID } from "node:crypto";
import { definitionOf, parseEvent } from "@clockleaf/shared/events/catalogue.ts";
import { silentLog } from "@clockleaf/shared/lib/log.ts";
import { type Domain, STREAMS } from "@clockleaf/shared/subjects.ts";
import type { BridgeRecord, Position, Sink } from "../../cloud/bridges/bridge.ts";
import { createAvroEncoder } from "../../cloud/bridges/kafka/avro-encoder.ts";
import type { KafkaConfig } from "../../cloud/bridges/kafka/config.ts";
import { openKafkaDestination } from "../../cloud/bridges/kafka/destination.ts";
import type { EncodedRecord } from "../../cloud/bridges/kafka/encode.ts";
import { openRegistry } from "../../cloud/bridges/registry/registry.ts";

/** An event of a person, as a context would store it. */
export interface FedEvent {
  readonly type: string;
  readonly data: { readonly employeeId: string; readonly [field: string]: unknown };
  /** When it happened, UTC milliseconds. */
  readonly at: number;
}

/** The bridge to Kafka without JetStream before it: what it is told, it writes as it would write it from a stream. */
export interface KafkaFeeder extends AsyncDisposable {
  /** One transaction; resolves with the ids of the events when it is committed. */
  feed(domain: Domain, events: readonly FedEvent[]): Promise<string[]>;
}

const INCARNATION = 1_700_000_000_000;

export async function openFeeder(config: KafkaConfig): Promise<KafkaFeeder> {
  const destination = await openKafkaDestination({
    config,
    tenant: "acme",
    encoder: createAvroEncoder(openRegistry(config.registry)),
  });
  const sinks = new Map<Domain, { sink: Sink<EncodedRecord>; seq: number }>();

  const sinkOf = async (domain: Domain): Promise<{ sink: Sink<EncodedRecord>; seq: number }> => {
    const known = sinks.get(domain);
    if (known !== undefined) return known;
    const feed = destination.feeds.find(({ stream }) => stream === STREAMS[domain]);
    if (feed === undefined) throw new Error(`no feed from ${domain}`);
    const opening = { feed, incarnation: INCARNATION, log: silentLog() };
    const opened = { sink: await destination.open(opening), seq: 0 };
    sinks.set(domain, opened);
    return opened;
  };

  return {
    async feed(domain, events) {
      const to = await sinkOf(domain);
      const records = events.map((event) => recordOf(event, domain, ++to.seq));
      const encoded = await Promise.all(records.map((record) => to.sink.encode(record)));
      const position: Position = { incarnation: INCARNATION, seq: to.seq };
      await to.sink.apply(
        encoded.filter((each) => each !== undefined),
        position,
      );
      return records.map(({ event }) => event.metadata.eventId);
    },
    [Symbol.asyncDispose]: () => destination.close(),
  };
}

function recordOf({ type, data, at }: FedEvent, domain: Domain, seq: number): BridgeRecord {
  const metadata = {
    eventId: randomUUID(),
    eventType: type,
    timestamp: at,
    version: definitionOf(type).version,
    source: "test/feeder",
    correlationId: null,
    causationId: null,
  };
  return {
    seq,
    stream: STREAMS[domain],
    aggregateId: data.employeeId,
    event: parseEvent({ metadata, data }),
    traceparent: undefined,
  };
}
