import { readFileSync } from "node:fs";
import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { type Channel, Connection } from "rabbitmq-client";
import { hostsOf, type RabbitHost, type RabbitServerConfig } from "./config.ts";
import { type RabbitSide, rabbitError } from "./errors.ts";

/** A connection that is not mended: once it is lost, or the server blocks it, it is over, and another one is made. */
export interface RabbitLink {
  readonly side: RabbitSide;
  channel(): Promise<Channel>;
  /** Rejects as `work` does, or with `bridge.unreachable` once the link is lost. */
  orLost<T>(work: Promise<T>): Promise<T>;
  /** Aborts when the link is lost or closed; the reason says why. */
  readonly lost: AbortSignal;
  close(): Promise<void>;
}

const CONNECT_TIMEOUT_MS = 5_000;
/** A peer that is gone without a word is noticed within twice this, on both sides. */
const HEARTBEAT_S = 5;
const CLOSE_TIMEOUT_MS = 1_000;

/**
 * Connects to the first node that lets us in; `name` is what the server shows of it. Rejects with `bridge.refused` if one
 * refused us and none let us in, else with `bridge.unreachable`.
 */
export async function connectRabbit(config: RabbitServerConfig, name: string): Promise<RabbitLink> {
  const password = readText(config.passwordFile, "password").trim();
  const ca = config.tls?.caFile === undefined ? undefined : readText(config.tls.caFile, "CA");
  const failures: PlatformError[] = [];
  for (const host of hostsOf(config)) {
    try {
      return await connectTo(host, { config, name, password, ca });
    } catch (error) {
      failures.push(rabbitError(error, sideOf(host, config)));
    }
  }
  const failure = failures.find(({ code }) => code === "bridge.refused") ?? failures[0];
  if (failure === undefined) throw new Error("hosts are configured");
  if (failures.length === 1 || failure.code === "bridge.refused") throw failure;
  const all = failures.map(({ message }) => message).join("; ");
  throw new PlatformError("bridge.unreachable", all, { retriable: true, cause: failure });
}

const sideOf = ({ hostname, port }: RabbitHost, config: RabbitServerConfig): RabbitSide => ({
  server: `${hostname}:${port}`,
  vhost: config.vhost,
  user: config.user,
  passwordFile: config.passwordFile,
});

interface Login {
  readonly config: RabbitServerConfig;
  readonly name: string;
  readonly password: string;
  readonly ca: string | undefined;
}

async function connectTo(host: RabbitHost, login: Login): Promise<RabbitLink> {
  const { config, name, password, ca } = login;
  const side = sideOf(host, config);
  const connection = new Connection({
    hostname: host.hostname,
    port: host.port,
    username: config.user,
    password,
    vhost: config.vhost,
    connectionName: name,
    heartbeat: HEARTBEAT_S,
    connectionTimeout: CONNECT_TIMEOUT_MS,
    acquireTimeout: CONNECT_TIMEOUT_MS,
    ...(host.isTls ? { tls: ca === undefined ? {} : { ca } } : {}),
  });
  const lost = new AbortController();
  const lose = (error: unknown): void => {
    lost.abort(rabbitError(error, side));
    // Before the client mends it: what held the lock would be a new connection without one.
    connection.unsafeDestroy();
  };
  connection.on("error", lose);
  connection.on("connection.blocked", (reason) =>
    lose(
      new PlatformError("bridge.unreachable", `${side.server} takes nothing just now: ${reason}`, {
        retriable: true,
        details: { server: side.server },
      }),
    ),
  );
  const orLost = <T>(work: Promise<T>): Promise<T> => orAborted(work, lost.signal, side);
  await orLost(
    new Promise<void>((resolve) => {
      connection.once("connection", resolve);
    }),
  );
  const channels = new Set<Channel>();
  return {
    side,
    lost: lost.signal,
    orLost,
    async channel() {
      const channel = await orLost(connection.acquire({ emitErrorsFromChannel: true }));
      // What goes wrong is told to whoever waits for it, and closes the channel; without a listener it would be thrown.
      channel.on("error", () => undefined);
      channel.once("close", () => channels.delete(channel));
      channels.add(channel);
      return channel;
    },
    async close() {
      const isOpen = !lost.signal.aborted;
      lost.abort(new PlatformError("bridge.unreachable", "closed", { retriable: true }));
      const orderly = async (): Promise<void> => {
        await Promise.all([...channels].map((channel) => channel.close()));
        await connection.close();
      };
      if (isOpen) await within(orderly(), CLOSE_TIMEOUT_MS);
      connection.unsafeDestroy();
    },
  };
}

function orAborted<T>(work: Promise<T>, signal: AbortSignal, side: RabbitSide): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const isOver = (): void => reject(rabbitError(signal.reason, side));
    if (signal.aborted) isOver();
    signal.addEventListener("abort", isOver, { once: true });
    work
      .then(resolve, (error: unknown) =>
        // Why the link was lost tells more than that the channel is closed.
        reject(rabbitError(signal.aborted ? signal.reason : error, side)),
      )
      .finally(() => signal.removeEventListener("abort", isOver));
  });
}

async function within(work: Promise<unknown>, timeoutMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, timeoutMs);
  });
  await Promise.race([work.catch(() => undefined), over]);
  clearTimeout(timer);
}

function readText(file: string, what: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new PlatformError("config.unreadable", `cannot read the ${what} in ${file}`, {
      cause: error,
    });
  }
}
