import { onPath } from "./on-path.ts";
import { lastingPort, reply } from "./ports.ts";
import { givenAddress, givenServer, startProgram, type TestServer } from "./server-process.ts";
import { tempDir } from "./temp.ts";

const GIVEN = "CLOCKLEAF_TEST_REDIS_URL";

export interface RedisServer extends TestServer {
  /** `redis://127.0.0.1:PORT` */
  readonly url: string;
  readonly port: number;
}

export interface RedisOptions {
  /** When a write is on disk; `everysec` unless told. `always`: before it is answered. */
  readonly appendfsync?: "always" | "everysec" | "no";
  /** More of redis-server's arguments, as `["--maxmemory", "10mb"]`. */
  readonly args?: readonly string[];
}

/** Where a Redis is to be had: an address that somebody gave, or the installed program. */
export function findRedis(): string | undefined {
  return givenAddress(GIVEN) ?? findOwnRedis();
}

/** For tests that crash it or need it set up in a certain way: the installed program only. */
export function findOwnRedis(): string | undefined {
  return onPath("redis-server");
}

/** The Redis that somebody gave, else one of one's own. */
export async function someRedis(): Promise<RedisServer> {
  const url = givenAddress(GIVEN);
  if (url === undefined) return await startRedis();
  return { ...givenServer(GIVEN), url, port: Number(new URL(url).port || 6379) };
}

/** Starts a Redis with an append-only file in a temporary folder, on a free loopback port. */
export async function startRedis(options: RedisOptions = {}): Promise<RedisServer> {
  const program = findOwnRedis();
  if (program === undefined) throw new Error("redis-server is not installed");
  const temp = tempDir("redis");
  const port = await lastingPort();
  const settings = [
    `--port ${port} --bind 127.0.0.1 --daemonize no --appendonly yes`,
    `--appendfsync ${options.appendfsync ?? "everysec"}`,
  ];
  const args = settings.flatMap((each) => each.split(" "));
  try {
    const server = await startProgram({
      name: "redis",
      // No snapshots: the append-only file is all there is.
      command: [program, "--dir", temp.path, "--save", "", ...args, ...(options.args ?? [])],
      dir: temp.path,
      isUp: async () => (await reply(port, "PING\r\n")).startsWith("+PONG"),
    });
    return {
      ...server,
      port,
      url: `redis://127.0.0.1:${port}`,
      async [Symbol.asyncDispose]() {
        await server.kill();
        temp.remove();
      },
    };
  } catch (error) {
    temp.remove();
    throw error;
  }
}
