import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { lastingPort } from "./ports.ts";
import {
  givenAddress,
  givenServer,
  type ServerProcess,
  startProgram,
  type TestServer,
} from "./server-process.ts";
import { tempDir } from "./temp.ts";

const run = promisify(execFile);
const GIVEN = "CLOCKLEAF_TEST_KAFKA_BROKERS";
const FETCHED = join(import.meta.dirname, "../../.tools/kafka");

// A small heap and the quick compiler: a broker of a test lives for a minute. The log says little but that it serves.
const JAVA_FLAGS = [
  "-Xmx256m",
  "-XX:+UseSerialGC",
  "-XX:TieredStopAtLevel=1",
  "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
  "-Dorg.slf4j.simpleLogger.log.kafka.server.KafkaRaftServer=info",
];

export interface KafkaServer extends TestServer {
  /** `127.0.0.1:PORT`, as clients want it. */
  readonly brokers: readonly string[];
}

export interface KafkaOptions {
  /** More lines of server.properties; they win. */
  readonly config?: readonly string[];
}

/** Where a Kafka is to be had: brokers that somebody named, or the jars that set-up fetched. */
export function findKafka(): string | undefined {
  return givenAddress(GIVEN) ?? findOwnKafka();
}

/** For tests that crash it or need it set up in a certain way: the fetched jars only. */
export function findOwnKafka(): string | undefined {
  const isThere = existsSync(join(FETCHED, "libs")) && existsSync(join(FETCHED, "java"));
  return isThere ? FETCHED : undefined;
}

/** The Kafka that somebody named, else one of one's own. */
export async function someKafka(): Promise<KafkaServer> {
  const given = givenAddress(GIVEN);
  if (given === undefined) return await startKafka();
  return { ...givenServer(GIVEN), brokers: given.split(",") };
}

/** Starts a broker that is its own controller, in a temporary folder, on free loopback ports. */
export async function startKafka(options: KafkaOptions = {}): Promise<KafkaServer> {
  const temp = tempDir("kafka");
  try {
    const [plan] = await planNodes(temp.path, 1);
    if (plan === undefined) throw new Error("one node was planned");
    const config = [...(options.config ?? [])];
    await formatNodes([{ ...plan, config }]);
    const node = await startNode({ ...plan, config });
    return {
      ...node,
      async [Symbol.asyncDispose]() {
        await node.kill();
        temp.remove();
      },
    };
  } catch (error) {
    temp.remove();
    throw error;
  }
}

export type KafkaNode = ServerProcess & Pick<KafkaServer, "brokers">;

export interface NodePlan {
  readonly id: number;
  readonly dir: string;
  readonly port: number;
  readonly controllerPort: number;
  /** All nodes of the cluster, as `controller.quorum.voters` has them. */
  readonly voters: string;
  readonly config: readonly string[];
}

/** Nodes that are brokers and controllers at once, each with a folder below `dir`. */
export async function planNodes(dir: string, count: number): Promise<NodePlan[]> {
  const ports: number[] = [];
  while (ports.length < 2 * count) ports.push(await lastingPort());
  const nodes = Array.from({ length: count }, (_, index) => ({
    id: index + 1,
    dir: join(dir, `node-${index + 1}`),
    port: ports[2 * index] ?? 0,
    controllerPort: ports[2 * index + 1] ?? 0,
  }));
  const voters = nodes.map(({ id, controllerPort }) => `${id}@127.0.0.1:${controllerPort}`);
  return nodes.map((node) => Object.assign(node, { voters: voters.join(","), config: [] }));
}

/** server.properties of a node; of what is said twice the later one holds. */
function properties({ id, dir, port, controllerPort, voters, config }: NodePlan): string {
  const lines = [
    "process.roles=broker,controller",
    `node.id=${id}`,
    `controller.quorum.voters=${voters}`,
    `listeners=PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    "controller.listener.names=CONTROLLER",
    `log.dirs=${join(dir, "data")}`,
    // A misspelt topic is an error, not a new topic.
    "auto.create.topics.enable=false",
    "offsets.topic.replication.factor=1",
    "offsets.topic.num.partitions=1",
    "transaction.state.log.replication.factor=1",
    "transaction.state.log.min.isr=1",
    "transaction.state.log.num.partitions=1",
    "share.coordinator.state.topic.replication.factor=1",
    "share.coordinator.state.topic.min.isr=1",
    "group.initial.rebalance.delay.ms=0",
    // A killed broker may come back only when its old session is over, which takes nine seconds by default.
    "broker.session.timeout.ms=3000",
    "broker.heartbeat.interval.ms=500",
    // 128 MB by default, which would not fit into the heap.
    "log.cleaner.dedupe.buffer.size=4194304",
    ...config,
  ];
  return `${lines.join("\n")}\n`;
}

/** Makes the nodes' folders. Only the first one goes through Kafka's own tool, which takes a second of a processor. */
export async function formatNodes(
  plans: readonly NodePlan[],
  tool: readonly string[] = [],
): Promise<void> {
  for (const plan of plans) {
    mkdirSync(plan.dir, { recursive: true });
    writeFileSync(join(plan.dir, "server.properties"), properties(plan));
  }
  const [first, ...others] = plans;
  if (first === undefined) return;
  const cluster = randomId();
  const args = ["format", "-t", cluster, "-c", join(first.dir, "server.properties"), ...tool];
  await run(java(), [...javaArgs(), "kafka.tools.StorageTool", ...args], { cwd: first.dir });
  for (const { id, dir } of others) {
    const data = join(dir, "data");
    cpSync(join(first.dir, "data"), data, { recursive: true });
    const about = `version=1\ncluster.id=${cluster}\nnode.id=${id}\ndirectory.id=${randomId()}\n`;
    writeFileSync(join(data, "meta.properties"), about);
  }
}

/** As Kafka writes its ids; one that begins with a dash would look like an option. */
function randomId(): string {
  return `A${randomBytes(16).toString("base64url").slice(1, 21)}A`;
}

export async function startNode({ id, dir, port }: NodePlan): Promise<KafkaNode> {
  const server = await startProgram({
    name: `kafka-${id}`,
    command: [java(), ...javaArgs(), "kafka.Kafka", join(dir, "server.properties")],
    dir,
    isUp: (log) => log.includes("Kafka Server started"),
    readyMs: 90_000,
  });
  return { ...server, brokers: [`127.0.0.1:${port}`] };
}

/** What one of Kafka's own command-line tools prints, by its class: an independent witness. */
export async function runKafkaTool(tool: string, args: readonly string[]): Promise<string> {
  const { stdout } = await run(java(), [...javaArgs(), tool, ...args], { maxBuffer: 100_000_000 });
  return stdout;
}

function java(): string {
  if (findOwnKafka() === undefined) throw new Error("Kafka is not there; run `make test`");
  return join(FETCHED, "java");
}

function javaArgs(): string[] {
  const libs = join(FETCHED, "libs");
  const jars = readdirSync(libs)
    .toSorted()
    .map((jar) => join(libs, jar));
  return [...JAVA_FLAGS, "-cp", jars.join(delimiter)];
}
