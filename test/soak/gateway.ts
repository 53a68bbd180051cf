import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { STREAMS } from "@clockleaf/shared/subjects.ts";
import { decode } from "@clockleaf/shared/wire/codec.ts";
import {
  badgeKey,
  type JournalRow,
  journalRowSchema,
  punchIdOf,
} from "@clockleaf/shared/wire/punch.ts";
import { readSegment } from "@clockleaf/shared/wire/segment.ts";
import { jetstreamManager } from "@nats-io/jetstream";
import { stringify } from "yaml";
import { exportRows, readJournalStats } from "../../edge-agent/journal/inspect.ts";
import { type Child, createChild } from "../demo/child.ts";
import { type Site, TEST_GATEWAY } from "../support/nats.ts";
import type { Row } from "./judge.ts";

const MAIN = join(import.meta.dirname, "../../edge-agent/main.ts");
const LAUNCHER = join(import.meta.dirname, "../../deploy/edge/clockleaf-edge");
const ENVIRONMENT = join(import.meta.dirname, "../../deploy/edge/agent.env");

/** Folders and files of the gateway, made before anything runs. */
export interface GatewayFiles {
  readonly dir: string;
  readonly runtimeDir: string;
  readonly journal: string;
  readonly config: string;
}

export function gatewayFiles(nats: Site): GatewayFiles {
  const dir = join(nats.dir, "gateway");
  const runtimeDir = join(dir, "run");
  mkdirSync(runtimeDir, { recursive: true, mode: 0o700 });
  return {
    dir,
    runtimeDir,
    journal: join(dir, "journal.db"),
    config: join(dir, "gateway.yaml"),
  };
}

export interface AgentOptions {
  readonly lines: readonly object[];
  /** Planted: lights before the disk has the punch. */
  readonly isFaulty: boolean;
  /** As gateways are shipped: by the launcher, in the environment of `deploy/edge`; false: plain Node. */
  readonly isShipped: boolean;
}

/** The real agent with its configuration written, not started yet. */
export function openAgent(nats: Site, files: GatewayFiles, options: AgentOptions): Child {
  const { seedFile } = nats.deployment.gateway(TEST_GATEWAY);
  const planted = { testHooks: { confirmBeforeCommit: true, commitDelayMs: 300 } };
  const config = {
    configVersion: 1,
    ...TEST_GATEWAY,
    timeZone: "UTC",
    page: { port: 0 },
    runtimeDir: files.runtimeDir,
    directoryFile: join(files.dir, "directory.db"),
    journal: { path: files.journal },
    nats: { servers: [nats.leaf().server.url], seedFile },
    lines: options.lines,
    ...(options.isFaulty ? planted : {}),
  };
  writeFileSync(files.config, stringify(config));
  const command = ["run", "--config", files.config];
  return createChild({
    ...(options.isShipped ? { program: LAUNCHER, args: command } : { args: [MAIN, ...command] }),
    logFile: join(nats.dir, "agent.log"),
    env: {
      ...(options.isShipped ? shippedEnvironment(files) : {}),
      ...(options.isFaulty ? { CLOCKLEAF_TEST_HOOKS: "1" } : {}),
    },
  });
}

function shippedEnvironment({ dir }: GatewayFiles): Record<string, string> {
  const shipped = parseEnv(readFileSync(ENVIRONMENT, "utf8"));
  const values = Object.entries(shipped).map(([name, value]) => [name, value ?? ""] as const);
  return { ...Object.fromEntries(values), NODE_COMPILE_CACHE: join(dir, "compiled") };
}

/** Every punch in the journal, read from its file. */
export function journaledRows({ journal }: GatewayFiles): Row[] {
  const { epoch } = readJournalStats(journal);
  return [...exportRows(journal)].flatMap(({ row, record }) =>
    record === null ? [] : punchRow(record, punchIdOf(TEST_GATEWAY.gateway, epoch, row)),
  );
}

/** Every punch in the hub's stream, as often as it is there. */
export async function storedRows(nats: Site): Promise<Row[]> {
  const jsm = await jetstreamManager(await nats.connectCloud("cloud-all"), { checkAPI: false });
  const { state } = await jsm.streams.info(STREAMS.clock);
  const rows: Row[] = [];
  for (let seq = state.first_seq; seq <= state.last_seq; seq += 1) {
    const message = await jsm.direct.getMessage(STREAMS.clock, { seq });
    if (message === null) continue;
    const { segment } = readSegment(message.data);
    for (const [index, body] of segment.rows.entries()) {
      const id = punchIdOf(segment.gateway, segment.epoch, segment.first + index);
      rows.push(...punchRow(decode(body, journalRowSchema, { what: "journal row" }), id));
    }
  }
  return rows;
}

function punchRow(record: JournalRow, punchId: string): Row[] {
  if (record.kind !== "punch") return [];
  return [{ punchId, reader: record.reader, badge: badgeKey(record.credential) }];
}
