import { readFile } from "node:fs/promises";
import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { createClient, createCluster } from "redis";
import { z } from "zod";
import type { RedisConfig } from "./config.ts";
import { asBridgeError, isUnknownScript, type Where } from "./errors.ts";
import type { Script } from "./scripts.ts";

/**
 * A connection to a server, or to the node of a cluster that holds the key at hand. It is never mended: whoever has had an
 * error opens another one, and asks the server how far it is.
 */
export interface Link {
  readonly where: Where;
  readonly isCluster: boolean;
  /** Rejects with a `bridge.*` code, at the latest after the time allowed for an answer. */
  run(script: Script, keys: readonly string[], args: readonly string[]): Promise<unknown>;
  /** The longest single value that the node with `key` takes, bytes; undefined where it does not tell. Never rejects. */
  maxArgumentBytes(key: string): Promise<number | undefined>;
  /** At once; what is under way is rejected. Safe to call twice. */
  close(): void;
}

interface Client {
  connect(): Promise<unknown>;
  send(key: string, command: readonly string[]): Promise<unknown>;
  destroy(): void;
}

const CONNECT_MS = 5_000;

/** `answerMs`: how long any answer may take before the server counts as gone. */
export async function openLink(config: RedisConfig, answerMs: number): Promise<Link> {
  const { url, nodes = [], user = "default" } = config;
  const where: Where = { server: url ?? nodes.join(", "), user };
  const client = await createLinkClient(config, answerMs);
  const within = <T>(work: Promise<T>): Promise<T> => answerWithin(work, { answerMs, where });
  const link: Link = {
    where,
    isCluster: url === undefined,
    async run(script, keys, args) {
      const [key = ""] = keys;
      const rest = [String(keys.length), ...keys, ...args];
      try {
        return await within(client.send(key, ["EVALSHA", script.sha, ...rest]));
      } catch (error) {
        if (!isUnknownScript(error)) throw asBridgeError(error, where);
      }
      try {
        return await within(client.send(key, ["EVAL", script.text, ...rest]));
      } catch (error) {
        throw asBridgeError(error, where);
      }
    },
    async maxArgumentBytes(key) {
      try {
        const told = await within(client.send(key, ["CONFIG", "GET", "proto-max-bulk-len"]));
        return z.tuple([z.string(), z.coerce.number()]).parse(told)[1];
      } catch {
        return undefined; // Forbidden, or kept by whoever runs it: the server will say.
      }
    },
    close: () => client.destroy(),
  };
  try {
    await within(client.connect());
    return link;
  } catch (error) {
    link.close();
    throw asBridgeError(error, where);
  }
}

/** The client has no limit of its own for a command that was sent already: a server that hangs would hold us for ever. */
async function answerWithin<T>(
  work: Promise<T>,
  { answerMs, where }: { readonly answerMs: number; readonly where: Where },
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const message = `Redis at ${where.server}: no answer within ${answerMs} ms`;
      reject(new PlatformError("bridge.unreachable", message, { retriable: true }));
    }, answerMs);
  });
  try {
    return await Promise.race([work, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}

async function createLinkClient(config: RedisConfig, answerMs: number): Promise<Client> {
  const { url, nodes = [], user, passwordFile, tls } = config;
  const ca = tls.caFile === undefined ? {} : { ca: await readConfigured(tls.caFile) };
  const isTls = (url ?? nodes[0] ?? "").startsWith("rediss:");
  const connecting = { connectTimeout: CONNECT_MS, reconnectStrategy: false } as const;
  const password =
    passwordFile === undefined ? {} : { password: (await readConfigured(passwordFile)).trim() };
  const options = {
    // Flat replies, and no HELLO that an ACL would have to allow.
    RESP: 2,
    disableClientInfo: true,
    ...(user === undefined ? {} : { username: user }),
    ...password,
    socket: isTls ? { ...connecting, tls: true as const, ...ca } : connecting,
  } as const;
  return url === undefined ? clusterClient(nodes, options, answerMs) : singleClient(url, options);
}

type Options = NonNullable<Parameters<typeof createClient>[0]>;

function singleClient(url: string, options: Options): Client {
  const client = createClient({ ...options, url });
  // Whoever waits for an answer gets the error as well; without a listener it would end the process.
  client.on("error", () => undefined);
  return {
    connect: () => client.connect(),
    send: (_, command) => client.sendCommand([...command]),
    destroy: () => client.destroy(),
  };
}

function clusterClient(nodes: readonly string[], options: Options, answerMs: number): Client {
  const cluster = createCluster({
    // Only asked for the others, over short-lived connections that nothing else would end.
    rootNodes: nodes.map((url) => ({ url, socket: { socketTimeout: answerMs } })),
    defaults: options,
    RESP: 2,
    // A node that is down and holds none of our keys must not keep us from the one that does.
    minimizeConnections: true,
  });
  let last: unknown;
  cluster.on("error", (error: unknown) => {
    last = error;
  });
  return {
    async connect() {
      try {
        await cluster.connect();
      } catch (error) {
        // It says "none of the root nodes is available"; why, only the event told.
        throw last ?? error;
      }
    },
    send: (key, command) => cluster.sendCommand(key, false, [...command]),
    destroy: () => cluster.destroy(),
  };
}

async function readConfigured(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw new PlatformError(
      "bridge.refused",
      `cannot read ${file}, which the bridge to Redis needs`,
      {
        cause: error,
      },
    );
  }
}
