import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { eventually } from "./eventually.ts";
import { onPath } from "./on-path.ts";
import { lastingPort, reply } from "./ports.ts";
import {
  givenAddress,
  givenServer,
  type ServerProcess,
  startProgram,
  type TestServer,
} from "./server-process.ts";
import { tempDir } from "./temp.ts";

const GIVEN = "CLOCKLEAF_TEST_RABBITMQ_URL";

export interface RabbitServer extends TestServer {
  /** `amqp://guest:guest@127.0.0.1:PORT` */
  readonly url: string;
  readonly port: number;
  /**
   * Resolves when a quorum queue that was just declared would outlive a crash. RabbitMQ 3.10 writes the name of its
   * folder down only some three seconds later, and whoever kills it before that finds the queue there, but for ever
   * without a leader and without its confirmed messages.
   */
  hasNoted(queue: string): Promise<void>;
}

export interface RabbitOptions {
  /** More lines of rabbitmq.conf. */
  readonly config?: readonly string[];
}

/** Where a RabbitMQ is to be had: an address that somebody gave, or the installed program. */
export function findRabbit(): string | undefined {
  return givenAddress(GIVEN) ?? findOwnRabbit();
}

/** For tests that crash it or need it set up in a certain way: the installed program only. */
export function findOwnRabbit(): string | undefined {
  // Not the one on PATH: that is a wrapper which changes the user and knows one node alone.
  const program = "/usr/lib/rabbitmq/bin/rabbitmq-server";
  return existsSync(program) && onPath("epmd") !== undefined ? program : undefined;
}

/** The RabbitMQ that somebody gave, else one of one's own. */
export async function someRabbit(): Promise<RabbitServer> {
  const url = givenAddress(GIVEN);
  if (url === undefined) return await startRabbit();
  const port = Number(new URL(url).port || 5672);
  return { ...givenServer(GIVEN), url, port, hasNoted: async () => undefined };
}

/** Starts a RabbitMQ of one node in a temporary folder, on a free loopback port. */
export async function startRabbit(options: RabbitOptions = {}): Promise<RabbitServer> {
  const temp = tempDir("rabbitmq");
  let names: ServerProcess | undefined;
  try {
    const family = makeFamily(temp.path, await lastingPort());
    names = await startNames(family);
    const node = await startNode(family, { ...(await planNode()), config: options.config ?? [] });
    return {
      ...node,
      async [Symbol.asyncDispose]() {
        await node.kill();
        await names?.kill();
        temp.remove();
      },
    };
  } catch (error) {
    await names?.kill();
    temp.remove();
    throw error;
  }
}

export type RabbitNode = Omit<RabbitServer, typeof Symbol.asyncDispose>;

/** Nodes that may know each other: they share a folder, a secret and the name server that tells their ports. */
export interface RabbitFamily {
  readonly dir: string;
  readonly namesPort: number;
}

export interface NodePlan {
  readonly name: string;
  readonly port: number;
  /** Where the other nodes reach it. */
  readonly peerPort: number;
}

export function makeFamily(dir: string, namesPort: number): RabbitFamily {
  const secret = randomBytes(16).toString("hex");
  writeFileSync(join(dir, ".erlang.cookie"), secret, { mode: 0o400 });
  return { dir, namesPort };
}

export async function planNode(): Promise<NodePlan> {
  const [port, peerPort] = [await lastingPort(), await lastingPort()];
  return { name: `t${port}@localhost`, port, peerPort };
}

/** Erlang's name server, in our hands: left to itself the node would start one that outlives it. */
export async function startNames({ dir, namesPort }: RabbitFamily): Promise<ServerProcess> {
  return await startProgram({
    name: "epmd",
    command: [onPath("epmd") ?? "epmd", "-port", String(namesPort), "-address", "127.0.0.1"],
    dir,
    // "n": which names do you know? The answer begins with its port.
    isUp: async () => (await reply(namesPort, "\0\x01n")) !== "",
  });
}

export async function startNode(
  { dir, namesPort }: RabbitFamily,
  { name, port, peerPort, config }: NodePlan & { readonly config: readonly string[] },
): Promise<RabbitNode> {
  const program = findOwnRabbit();
  if (program === undefined) throw new Error("RabbitMQ is not installed");
  const own = join(dir, String(port));
  mkdirSync(own);
  const settings = [
    "vm_memory_high_watermark.absolute = 512MiB",
    "disk_free_limit.absolute = 100MB",
    ...config,
  ];
  writeFileSync(join(own, "rabbitmq.conf"), `${settings.join("\n")}\n`);
  writeFileSync(join(own, "enabled_plugins"), "[].\n");
  writeFileSync(join(own, "rabbitmq-env.conf"), "");
  const server = await startProgram({
    name: `rabbitmq-${port}`,
    command: [program],
    dir: own,
    env: {
      PATH: process.env["PATH"],
      LANG: "C.UTF-8",
      HOME: dir,
      // Makes the script become the Erlang machine, instead of waiting for one beside it.
      detached: "true",
      ERL_EPMD_PORT: String(namesPort),
      ERL_EPMD_ADDRESS: "127.0.0.1",
      RABBITMQ_NODENAME: name,
      RABBITMQ_NODE_IP_ADDRESS: "127.0.0.1",
      RABBITMQ_NODE_PORT: String(port),
      RABBITMQ_DIST_PORT: String(peerPort),
      RABBITMQ_MNESIA_BASE: join(own, "data"),
      RABBITMQ_LOG_BASE: join(own, "log"),
      RABBITMQ_LOGS: "-",
      RABBITMQ_PID_FILE: join(own, "pid"),
      RABBITMQ_ENABLED_PLUGINS_FILE: join(own, "enabled_plugins"),
      RABBITMQ_CONFIG_FILE: join(own, "rabbitmq.conf"),
      RABBITMQ_CONF_ENV_FILE: join(own, "rabbitmq-env.conf"),
      // Nodes hear within seconds that another one hangs.
      RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS:
        "-kernel inet_dist_use_interface {127,0,0,1} -kernel net_ticktime 8",
    },
    // The protocol's header; whoever serves answers with a frame of type 1, Connection.Start (AMQP 0-9-1, 4.2.2).
    isUp: async () => (await reply(port, "AMQP\0\x00\x09\x01")).startsWith("\x01"),
    readyMs: 120_000,
  });
  const notes = join(own, "data", name, "quorum", name, "names.dets");
  return {
    ...server,
    port,
    url: `amqp://guest:guest@127.0.0.1:${port}`,
    hasNoted: async (queue) =>
      void (await eventually(() => readFileSync(notes, "latin1").includes(`%2F_${queue}`), {
        what: `RabbitMQ to note the queue ${queue}`,
        everyMs: 50,
      })),
  };
}
