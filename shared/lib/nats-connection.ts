import { sign } from "node:crypto";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import {
  type Authenticator,
  type ConnectionOptions,
  connect,
  errors,
  type NatsConnection,
} from "nats";
import { privateKeyOfSeed, publicNkeyOfSeed } from "../wire/nkey.ts";
import { PlatformError } from "./errors.ts";
import type { Log } from "./log.ts";

/**
 * For one dial. The library's own is 20 s, and all of it is waited for when a server hangs up amid the handshake, as one
 * that reads its keys anew just then does.
 */
const DIAL_TIMEOUT_MS = 5_000;
const REDIAL_MS = 250;
const REDIAL_JITTER_MS = 250;

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
  /** A server is there and does not take the key; dialled again all the same, for it may take it later. */
  readonly onRefused?: () => void;
  /** Ends the dialling for a first connection, which rejects then; a connection that stands is the caller's to close. */
  readonly signal?: AbortSignal;
}

type WhereAndWho = Pick<NatsOptions, "servers" | "seedFile" | "name" | "inboxPrefix">;

/**
 * Connects for good: waits for the first server, reconnects for ever, notices a dead link in 20 s. The library's own
 * defaults give up after 10 tries, close on two equal authentication errors and take 4 minutes to see a dead link.
 *
 * Whoever publishes must still gate on the connection state: what is published while disconnected sits in a buffer
 * that the next dial throws away.
 */
export async function connectNats(options: NatsOptions): Promise<NatsConnection> {
  const settings = {
    ...common(options),
    maxReconnectAttempts: -1,
    reconnectTimeWait: REDIAL_MS,
    reconnectJitter: REDIAL_JITTER_MS,
    ignoreAuthErrorAbort: true,
  };
  const nc = await firstConnection(settings, options);
  void watchStatus(nc, options);
  options.onConnected?.();
  return nc;
}

/** The library can wait for the first server itself (`waitOnFirstConnect`), but tells nobody then that a key is refused. */
async function firstConnection(
  settings: ConnectionOptions,
  options: NatsOptions,
): Promise<NatsConnection> {
  for (;;) {
    try {
      return await connect(settings);
    } catch (error) {
      // No server will ever be found by what is not an address.
      if (error instanceof errors.InvalidArgumentError || error instanceof TypeError) throw error;
      if (isKeyRefused(error)) options.onRefused?.();
      const { signal } = options;
      await sleep(REDIAL_MS + Math.random() * REDIAL_JITTER_MS, undefined, signal && { signal });
    }
  }
}

/** Whether a server answered that it does not know the key, or that the key may not do what was asked. */
export function isKeyRefused(error: unknown): boolean {
  if (
    error instanceof errors.AuthorizationError ||
    error instanceof errors.UserAuthenticationExpiredError ||
    error instanceof errors.PermissionViolationError
  ) {
    return true;
  }
  return error instanceof Error && error.cause !== undefined && isKeyRefused(error.cause);
}

/**
 * Connects once, for whoever begins anew by itself: rejects as the client library does when no server is there or the key is
 * refused, and ends for good when the connection is lost, noticed within 30 s at the latest (`closed()`).
 */
export function connectNatsOnce(options: WhereAndWho): Promise<NatsConnection> {
  return connect({ ...common(options), reconnect: false });
}

function common(options: WhereAndWho) {
  return {
    servers: [...options.servers],
    name: options.name,
    inboxPrefix: options.inboxPrefix,
    timeout: DIAL_TIMEOUT_MS,
    pingInterval: 10_000,
    maxPingOut: 2,
    noAsyncTraces: true,
    ...(options.seedFile === undefined
      ? {}
      : { authenticator: loginWith(readSeed(options.seedFile)) }),
  };
}

/**
 * As the client's own login by NKey, but signed by node:crypto: the other is JavaScript, and holds up everything else for 20
 * to 200 ms at each dial.
 */
function loginWith(seed: string): Authenticator {
  const [key, nkey] = [privateKeyOfSeed(seed), publicNkeyOfSeed(seed)];
  return (nonce = "") => ({ nkey, sig: sign(null, Buffer.from(nonce), key).toString("base64") });
}

function readSeed(file: string): string {
  try {
    return readFileSync(file, "utf8").trim();
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
      const isAboutKey = !(status.error instanceof errors.PermissionViolationError);
      if (isAboutKey && isKeyRefused(status.error)) options.onRefused?.();
    }
  }
}
