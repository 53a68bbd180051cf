import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { PunchRow } from "@clockleaf/shared/wire/punch.ts";
import { stringify } from "yaml";
import { askStatus } from "../../edge-agent/health/control-client.ts";
import type { AgentStatus } from "../../edge-agent/health/status.ts";
import { exportRows } from "../../edge-agent/journal/inspect.ts";
import { type AgentProcess, startAgentProcess } from "./agent-process.ts";
import { type Site, TEST_GATEWAY } from "./nats.ts";

/** The real agent, a process of its own, with terminals that push to the leaf server of {@link TEST_GATEWAY}. */
export interface PushAgent extends AsyncDisposable {
  /** Resolves when it runs; it listens to terminals a moment later. */
  start(): Promise<void>;
  /** `kill -9`. */
  kill(): Promise<void>;
  status(): Promise<AgentStatus>;
  /** Counters of one reader. */
  counters(reader: string): Promise<Readonly<Record<string, number>>>;
  /** Every punch in its journal; works while it runs and when it is dead. */
  punches(): readonly PunchRow[];
}

export interface PushAgentOptions {
  readonly readers: readonly string[];
  /** Where its driver finds the leaf server; the leaf server itself unless told. */
  readonly server?: string;
}

/** Not started yet. Its files are in the site's folder. */
export function pushAgent(site: Site, { readers, server }: PushAgentOptions): PushAgent {
  const dir = join(site.dir, "agent");
  mkdirSync(dir, { recursive: true });
  const config = join(dir, "gateway.yaml");
  const journal = join(dir, "journal.db");
  const runtimeDir = join(dir, "run");
  const { seedFile, terminals } = site.deployment.gateway(TEST_GATEWAY);
  const leaf = site.leaf().server.url;
  writeFileSync(
    config,
    stringify({
      configVersion: 1,
      ...TEST_GATEWAY,
      timeZone: "Europe/Berlin",
      runtimeDir,
      page: "off",
      directoryFile: join(dir, "directory.db"),
      journal: { path: journal },
      nats: { servers: [leaf], seedFile },
      lines: [
        {
          driver: "nats-push",
          settings: {
            servers: [server ?? leaf],
            seedFile: terminals.readerSeedFile,
            readers: readers.map((id) => ({ id })),
          },
        },
      ],
    }),
  );
  let agent: AgentProcess | undefined;
  const kill = async (): Promise<void> => {
    await agent?.kill();
    agent = undefined;
  };
  return {
    async start() {
      agent = await startAgentProcess(config, runtimeDir);
    },
    kill,
    status: () => askStatus(runtimeDir),
    async counters(reader) {
      const { readers: all } = await askStatus(runtimeDir);
      return all.find((each) => each.reader === reader)?.counters ?? {};
    },
    punches: () =>
      [...exportRows(journal)].flatMap(({ record }) => (record?.kind === "punch" ? [record] : [])),
    [Symbol.asyncDispose]: kill,
  };
}
