import { STREAMS, tenantSubjects } from "@clockleaf/shared/subjects.ts";
import { decode } from "@clockleaf/shared/wire/codec.ts";
import { jetstreamManager } from "@nats-io/jetstream";
import { z } from "zod";
import { eventCodec } from "../../cloud/bridges/avro/codec.ts";
import { unframe } from "../../cloud/bridges/avro/wire-format.ts";
import { readCheckpoint } from "../../cloud/bridges/kafka/checkpoint.ts";
import type { kafkaConfigSchema } from "../../cloud/bridges/kafka/config.ts";
import { namesOf, topicOf } from "../../cloud/bridges/kafka/topics.ts";
import { sourceState } from "../../cloud/bridges/source.ts";
import { bridgeProcess } from "../support/bridge-process.ts";
import type { CloudHub } from "../support/cloud-hub.ts";
import type { KafkaWatcher } from "../support/kafka-appends.ts";
import type { ServerProcess } from "../support/server-process.ts";
import { startTelegraf } from "../support/telegraf.ts";

/** Something that carries ATTENDANCE to a topic of its own, in a process of its own. */
export interface Carrier {
  readonly topic: string;
  start(): Promise<void>;
  /** `kill -9` */
  kill(): Promise<void>;
  /** Whether it has carried all that the stream holds and has noted that it did, so that nothing more is to come. */
  isDone(): Promise<boolean>;
  /** Which event the value of a record is. */
  eventIdOf(value: Buffer): string;
}

export interface CarrierOptions {
  readonly cloud: CloudHub;
  readonly watcher: KafkaWatcher;
  readonly tenant: string;
  /** Unique; stands before the topic's name. */
  readonly name: string;
}

const FEED = { id: "attendance", stream: STREAMS.attendance };

export interface BridgeOptions extends CarrierOptions {
  /** Of Kafka, as the cloud's configuration spells them. */
  readonly settings: Pick<z.input<typeof kafkaConfigSchema>, "brokers" | "registry">;
}

/** Our bridge, with the batches it has by default. */
export function bridgeCarrier({ cloud, watcher, tenant, name, settings }: BridgeOptions): Carrier {
  const prefix = `${name}.`;
  const { checkpoint } = namesOf(tenant, FEED, prefix);
  const bridge = bridgeProcess(cloud.site.dir, name, {
    servers: [cloud.site.hub.url],
    seedFile: cloud.site.deployment.seedFile("cloud-all"),
    tenant,
    streams: [FEED.stream],
    bridges: { kafka: { ...settings, topics: { replicationFactor: 1, prefix } } },
  });
  const codec = eventCodec("attendance.check-in.recorded");
  return {
    topic: topicOf(FEED, prefix).name,
    start: () => bridge.start(),
    kill: () => bridge.kill(),
    async isDone() {
      const { lastSeq } = await sourceState(cloud.nc, FEED.stream);
      return (await readCheckpoint(watcher.reader, checkpoint))?.seq === lastSeq;
    },
    eventIdOf: (value) => codec.decode(unframe(value).body).metadata.eventId,
  };
}

export interface TelegrafCarrierOptions extends CarrierOptions {
  readonly binary: string;
  readonly brokers: readonly string[];
  readonly seedFile: string;
}

export interface TelegrafCarrier extends Carrier {
  /** As a service is stopped; `start` comes after it. */
  stop(): Promise<void>;
}

const storedSchema = z.object({ metadata: z.object({ eventId: z.string() }) });

/** Into a topic that is there already, with as many partitions as ours. */
export function telegrafCarrier(options: TelegrafCarrierOptions): TelegrafCarrier {
  const { cloud, name, tenant } = options;
  const topic = `${name}.attendance-events`;
  let running: ServerProcess | undefined;
  return {
    topic,
    async start() {
      if (running !== undefined) return await running.start();
      running = await startTelegraf({
        ...options,
        dir: cloud.site.dir,
        hubUrl: cloud.site.hub.url,
        stream: FEED.stream,
        subjects: tenantSubjects("attendance", tenant),
        topic,
        group: name,
      });
    },
    kill: async () => await running?.kill(),
    stop: async () => await running?.stop(),
    async isDone() {
      const jsm = await jetstreamManager(cloud.nc, { checkAPI: false });
      const consumer = await jsm.consumers.info(FEED.stream, name);
      return consumer.num_pending === 0 && consumer.num_ack_pending === 0;
    },
    eventIdOf: (value) => decode(value, storedSchema, { what: "a record" }).metadata.eventId,
  };
}
