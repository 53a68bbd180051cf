import { join } from "node:path";
import type { AgentHost } from "../../edge-agent/agent.ts";
import { configSchema, type EdgeConfig } from "../../edge-agent/config.ts";
import { type Site, TEST_GATEWAY } from "./nats.ts";

/** What a process is to an agent that a test starts within its own. */
export const TEST_HOST: AgentHost = {
  configuration: () => ({
    file: "gateway.yaml",
    runsWith: "file",
    sinceMs: 0,
    problem: null,
    reads: 1,
  }),
  orders: {},
  accepted: () => undefined,
};

/** The configuration of such an agent: the gateway of `site`, reading these lines. */
export const agentConfigAt = (site: Site, lines: readonly unknown[]): EdgeConfig =>
  configSchema.parse({
    configVersion: 1,
    ...TEST_GATEWAY,
    runtimeDir: join(site.dir, "run"),
    directoryFile: join(site.dir, "directory.db"),
    journal: { path: join(site.dir, "journal.db") },
    nats: {
      servers: [site.leaf().server.url],
      seedFile: site.deployment.gateway(TEST_GATEWAY).seedFile,
    },
    lines,
  });
