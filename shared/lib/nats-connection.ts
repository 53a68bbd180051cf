import { readFileSync } from "node:fs";
import { connect, type NatsConnection, nkeyAuthenticator } from "nats";
import { PlatformError } from "./errors.ts";
import type { Log } from "./log.ts";

export interface NatsOptions {
  /** `nats://`, `tls://` or `wss://` addresses, tried in turn. */
  readonly servers: readonly string[];
  /** File holding the NKey seed (`SU…`) this process logs in with. */
  readonly seedFile?: string;
  /** Shown in the server's connection list. */
  readonly name: string;
  /** Reply subjects start with this; the permissions in `deploy/nats/` allow no other. */
  readonly inboxPrefix: string;
  readonly log: Log;
  readonly onConnected?: () => void;
  readonly onDisconnected?: () => void;
}

/**
 * Connects for good: waits for the first server, reconnects for ever, notices a dead link in 20 s. The library's own
 * defaults give up after 10 tries, close on two equal authentication errors and take 4 minutes to see a dead link.
 *
 * Whoever publishes must still gate on the connection state: what is published while disconnected sits in a buffer
 * that the next dial throws away.
 */
export async function connectNats(options: NatsOptions): Promise<NatsConnection> {
  const nc = await connect({
    servers: [...options.servers],
    name: options.name,
    inboxPrefix: options.inboxPrefix,
    maxReconnectAttempts: -1,
    waitOnFirstConnect: true,
    reconnectTimeWait: 250,
    reconnectJitter: 250,
    pingInterval: 10_000,
    maxPingOut: 2,
    ignoreAuthErrorAbort: true,
    noAsyncTraces: true,
    ...(options.seedFile === undefined
      ? {}
      : { authenticator: nkeyAuthenticator(readSeed(options.seedFile)) }),
  });
  void watchStatus(nc, options);
  options.onConnected?.();
  return nc;
}

function readSeed(file: string): Uint8Array {
  try {
    return new TextEncoder().encode(readFileSync(file, "utf8").trim());
  } catch (error) {
    throw new PlatformError("config.unreadable", `cannot read the NKey seed ${file}`, {
      cause: error,
    });
  }
}

async function watchStatus(nc: NatsConnection, options: NatsOptions): Promise<void> {
  for await (const status of nc.status()) {
    if (status.type === "disconnect") {
      options.log.warn("nats connection lost");
      options.onDisconnected?.();
    } else if (status.type === "reconnect") {
      options.log.info("nats connection back");
      options.onConnected?.();
    } else if (status.type === "error") {
      options.log.warn({ err: status.error }, "nats reported an error");
    }
  }
}
