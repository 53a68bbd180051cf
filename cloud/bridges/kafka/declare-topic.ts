import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { retry } from "@clockleaf/shared/lib/retry.ts";
import {
  type Admin,
  type ClusterTopicMetadata,
  ConfigResourceTypes,
  findErrorBy,
} from "@platformatic/kafka";
import type { KafkaConfig } from "./config.ts";

export interface DeclaredTopic {
  readonly name: string;
  readonly partitions: number;
  readonly holds: "events" | "checkpoints";
}

export type TopicSettings = KafkaConfig["topics"];

/** Until every broker knows a topic that was just made. */
const KNOWN_MS = 10_000;

/** Names of the topics that there are, as far as we may see them. */
export const existingTopics = async (admin: Admin): Promise<ReadonlySet<string>> =>
  new Set(await admin.listTopics());

/**
 * The topic is there, with its partitions, safely kept; made if it was missing. Rejects with `bridge.unsafe` for one that is
 * otherwise: nothing about an existing topic is changed, for others may rely on it.
 */
export async function declareTopic(
  admin: Admin,
  topic: DeclaredTopic,
  settings: TopicSettings,
): Promise<void> {
  if (!(await existingTopics(admin)).has(topic.name)) await create(admin, topic, settings);
  const found = await knownTopic(admin, topic.name);
  const configs = await configsOf(admin, topic.name);
  const fault = faultOf(topic, settings, { found, configs });
  if (fault !== undefined) throw unsafe(topic.name, fault);
}

/** How many copies must have a record before it counts: then the loss of any smaller part loses nothing. */
const majorityOf = (copies: number): number => Math.floor(copies / 2) + 1;

const SAFE = "unclean.leader.election.enable";
const IN_SYNC = "min.insync.replicas";
const POLICY = "cleanup.policy";

const configsFor = ({ holds }: DeclaredTopic, { replicationFactor }: TopicSettings): Config[] => [
  { name: IN_SYNC, value: String(majorityOf(replicationFactor)) },
  { name: SAFE, value: "false" },
  // Small segments, cleaned often: whoever starts reads this topic from its end, at worst all of it.
  ...(holds === "events"
    ? []
    : [
        { name: POLICY, value: "compact" },
        { name: "segment.bytes", value: "16777216" },
        { name: "min.cleanable.dirty.ratio", value: "0.1" },
      ]),
];

interface Config {
  readonly name: string;
  readonly value: string;
}

async function create(admin: Admin, topic: DeclaredTopic, settings: TopicSettings): Promise<void> {
  const { name, partitions } = topic;
  const { replicationFactor: replicas } = settings;
  const configs = configsFor(topic, settings);
  if (!settings.create) {
    const spelled = configs.map((config) => ` --config ${config.name}=${config.value}`).join("");
    throw unsafe(
      name,
      `it is not there, and bridges.kafka.topics.create is false; make it: kafka-topics --create --topic ${name} --partitions ${partitions} --replication-factor ${replicas}${spelled}`,
    );
  }
  try {
    await admin.createTopics({ topics: [{ topic: name, partitions, replicas }], configs });
  } catch (error) {
    // Another feed was first.
    if (findErrorBy(asError(error), "apiId", "TOPIC_ALREADY_EXISTS") === null) throw error;
  }
}

const asError = (error: unknown): Error | null => (error instanceof Error ? error : null);

async function knownTopic(admin: Admin, name: string): Promise<ClusterTopicMetadata> {
  const look = async (): Promise<ClusterTopicMetadata> => {
    const { topics } = await admin.metadata({ topics: [name], forceUpdate: true });
    const found = topics.get(name);
    if (found === undefined) throw new Error(`${name} is not known yet`);
    return found;
  };
  return await retry(look, { signal: AbortSignal.timeout(KNOWN_MS), shouldRetry: () => true });
}

async function configsOf(admin: Admin, name: string): Promise<ReadonlyMap<string, string>> {
  const [described] = await admin.describeConfigs({
    resources: [
      {
        resourceType: ConfigResourceTypes.TOPIC,
        resourceName: name,
        configurationKeys: [POLICY, SAFE, IN_SYNC],
      },
    ],
  });
  return new Map(described?.configs.map((config) => [config.name, config.value ?? ""]));
}

interface Found {
  readonly found: Pick<ClusterTopicMetadata, "partitionsCount" | "partitions">;
  readonly configs: ReadonlyMap<string, string>;
}

/** What is wrong with an existing topic, and what to do; undefined if nothing. */
export function faultOf(
  topic: DeclaredTopic,
  { replicationFactor }: TopicSettings,
  { found, configs }: Found,
): string | undefined {
  const { partitions, holds } = topic;
  if (found.partitionsCount !== partitions) {
    return `it has ${found.partitionsCount} partitions instead of ${partitions}, so keys lie elsewhere; make it anew, or set bridges.kafka.topics.prefix and get topics of your own`;
  }
  const policy = configs.get(POLICY) ?? "";
  if (holds === "checkpoints" && policy !== "compact") {
    return `its cleanup.policy is ${policy}, so checkpoints would be deleted and everything sent twice; set it to compact`;
  }
  if (holds === "events" && policy.includes("compact")) {
    return `its cleanup.policy is ${policy}, so of each key only the last event would stay; set it to delete`;
  }
  const copies = Math.min(...found.partitions.map(({ replicas }) => replicas.length));
  if (copies < replicationFactor) {
    return `it has ${copies} replicas instead of ${replicationFactor}; reassign it, or lower bridges.kafka.topics.replicationFactor`;
  }
  const needed = majorityOf(replicationFactor);
  if (Number(configs.get(IN_SYNC) ?? 0) < needed) {
    return `its min.insync.replicas is ${configs.get(IN_SYNC)}, so the loss of one broker could lose what was confirmed; set it to ${needed}`;
  }
  if (configs.get(SAFE) === "true") {
    return `its unclean.leader.election.enable is true, so a broker that lacks records may lead; set it to false`;
  }
  return undefined;
}

const unsafe = (name: string, fault: string): PlatformError =>
  new PlatformError("bridge.unsafe", `Kafka topic ${name}: ${fault}`, { details: { topic: name } });
