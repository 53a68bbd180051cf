import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { connectNatsOnce } from "@clockleaf/shared/lib/nats-connection.ts";
import { ALL_TERMINAL_PUNCHES } from "@clockleaf/shared/subjects.ts";
import type { NatsConnection } from "nats";
import type { PushDriver } from "../driver.ts";
import { type NatsPushConfig, natsPushConfigSchema } from "./config.ts";
import { createDesk, type Desk } from "./desk.ts";

/** How often it is looked whether a terminal has been silent for too long. */
const LOOK_MS = 10_000;

/**
 * Terminals that publish their punches to the gateway's nats-server by themselves, over NATS or over MQTT, and keep each
 * until it is answered. The answer is sent after the commit and never before.
 */
export const natsPushDriver: PushDriver<NatsPushConfig> = {
  name: "nats-push",
  summary: "Terminals that publish their punches to this gateway over NATS or MQTT",
  config: natsPushConfigSchema,
  hasClock: true,
  readers: ({ readers }) => readers.map(({ id }) => id),
  withAbsolutePaths: (config, absolute) => ({ ...config, seedFile: absolute(config.seedFile) }),
  async serve(config, deps, signal) {
    const connection = await connected(config);
    const desk = createDesk(config, deps, (subject, bytes) => connection.publish(subject, bytes));
    const takeBack = config.readers.map(({ id }) => deps.offer(id, {}));
    const looking = setInterval(() => desk.look(), LOOK_MS);
    try {
      const reason = await listen(connection, desk, signal);
      if (!signal.aborted) throw lost(config, reason);
      // What is being stored is answered still.
      await desk.idle();
      await connection.flush();
    } finally {
      clearInterval(looking);
      for (const take of takeBack) take();
      desk.end();
      await connection.close();
    }
  },
};

async function connected(config: NatsPushConfig): Promise<NatsConnection> {
  try {
    return await connectNatsOnce({
      servers: config.servers,
      seedFile: config.seedFile,
      name: "clockleaf-edge-terminals",
      // It asks nobody anything.
      inboxPrefix: "_INBOX_none",
    });
  } catch (error) {
    if (error instanceof PlatformError) throw error;
    const told = error instanceof Error ? error.message : String(error);
    throw new PlatformError(
      "port.unavailable",
      `${config.servers.join(", ")}: ${told}; is the server up, and is ${config.seedFile} in its configuration?`,
      { retriable: true, cause: error },
    );
  }
}

/** Hears terminals until the agent stops or nothing can be heard any more; resolves then, with the reason for the latter. */
async function listen(
  connection: NatsConnection,
  desk: Desk,
  signal: AbortSignal,
): Promise<unknown> {
  const ended = Promise.withResolvers<unknown>();
  void connection.closed().then(ended.resolve);
  const subscription = connection.subscribe(ALL_TERMINAL_PUNCHES, {
    callback(problem, { subject, reply, data }) {
      if (problem === null) desk.take({ subject, reply, data });
      else ended.resolve(problem);
    },
  });
  const stop = (): void => ended.resolve(undefined);
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop();
  try {
    return await ended.promise;
  } finally {
    signal.removeEventListener("abort", stop);
    subscription.unsubscribe();
  }
}

function lost(config: NatsPushConfig, reason: unknown): PlatformError {
  const told = reason instanceof Error ? `: ${reason.message}` : "";
  return new PlatformError("port.lost", `${config.servers.join(", ")} is gone${told}`, {
    retriable: true,
    cause: reason,
  });
}
