import { codeOf } from "@clockleaf/shared/lib/errors.ts";
import type { Log } from "@clockleaf/shared/lib/log.ts";
import { createShutdown } from "@clockleaf/shared/lib/shutdown.ts";
import { type Agent, type AgentHost, startAgent } from "./agent.ts";
import type { EdgeConfig } from "./config.ts";

/** One life of the agent with one configuration; the process may see several, one after the other. */
export interface Session {
  readonly config: EdgeConfig;
  readonly agent: Agent;
  /** Stops readers first, then what they fill. Never rejects. */
  stop(reason: string): Promise<void>;
}

export interface SessionOptions {
  readonly config: EdgeConfig;
  readonly log: Log;
  readonly host: AgentHost;
}

/** All of it or nothing: what had begun is stopped before this rejects as `startAgent` does. */
export async function startSession({ config, log, host }: SessionOptions): Promise<Session> {
  log.level = config.logLevel;
  const shutdown = createShutdown(log);
  try {
    const agent = await startAgent({ config, log, shutdown, host });
    return { config, agent, stop: (reason) => shutdown.stop(reason) };
  } catch (error) {
    log.error({ err: error, code: codeOf(error) }, "agent did not start");
    await shutdown.stop("start failed");
    throw error;
  }
}
