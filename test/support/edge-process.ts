import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createNkey } from "@clockleaf/shared/wire/nkey.ts";
import { stringify } from "yaml";
import { askAnyStatus } from "../../edge-agent/health/control-client.ts";
import type { AgentStatus, IdleStatus } from "../../edge-agent/health/status.ts";
import { exportRows } from "../../edge-agent/journal/inspect.ts";
import { type AgentProcess, spawnAgent } from "./agent-process.ts";
import { edge, edgeSettings } from "./edge-cli.ts";
import { eventually } from "./eventually.ts";

/** The real agent as a process of its own, without a leaf server, with its page on a free port. */
export interface EdgeProcess extends AsyncDisposable {
  readonly configFile: string;
  readonly runtimeDir: string;
  /** Writes the configuration: what a gateway needs, its page and these lines; `more` replaces keys. */
  write(lines: readonly unknown[], more?: object): void;
  start(): void;
  signal(name: NodeJS.Signals): void;
  status(): Promise<AgentStatus | IdleStatus>;
  /** Waits until it says so; throws with its log when it does not. */
  until(
    what: string,
    condition: (status: AgentStatus | IdleStatus) => boolean,
  ): Promise<AgentStatus | IdleStatus>;
  /** Numbers of all badges in its journal, in the order they were taken. */
  badges(): readonly string[];
  /** A link that logs in, once. */
  link(): Promise<string>;
  /** Of the one that was started last. */
  log(): string;
  /** SIGTERM, and what it ended with. */
  stop(): Promise<number | null>;
}

/** Not started yet. Its files are in `dir`. */
export function edgeProcess(dir: string): EdgeProcess {
  const configFile = join(dir, "gateway.yaml");
  const runtimeDir = join(dir, "run");
  writeFileSync(join(dir, "gateway.nk"), createNkey().seed, { mode: 0o600 });
  let agent: AgentProcess | undefined;
  const log = (): string => agent?.log() ?? "";
  const status = (): Promise<AgentStatus | IdleStatus> => askAnyStatus(runtimeDir);
  const stop = async (): Promise<number | null> => (await agent?.stop()) ?? null;
  return {
    configFile,
    runtimeDir,
    write(lines, more = {}) {
      const config = edgeSettings(lines, { page: { port: 0 }, ...more });
      writeFileSync(configFile, `# how this gateway reads\n${stringify(config)}`);
    },
    start() {
      agent = spawnAgent(configFile);
    },
    signal: (name) => agent?.signal(name),
    status,
    async until(what, condition) {
      try {
        return await eventually(
          async () => {
            const now = await status();
            return condition(now) ? now : undefined;
          },
          { what },
        );
      } catch (error) {
        throw new Error(`${what}; the agent said:\n${log()}`, { cause: error });
      }
    },
    badges() {
      const rows = [...exportRows(join(dir, "journal.db"))];
      return rows.flatMap(({ record }) =>
        record?.kind === "punch" && record.credential.kind === "number"
          ? [record.credential.value]
          : [],
      );
    },
    async link() {
      const { out, err } = await edge("page", "-c", configFile);
      if (!out.startsWith("http")) throw new Error(`no link: ${err}`);
      return out.trim();
    },
    log,
    stop,
    async [Symbol.asyncDispose]() {
      await stop();
    },
  };
}

/** A line for one reader of the simulator that types like a keyboard. */
export const hidLine = (socket: string, reader: string): object => ({
  driver: "hid-keyboard",
  port: { hidSocket: { path: socket } },
  settings: { reader },
});

/** Replaces text in the file, as a person with an editor does. */
export function editFile(file: string, from: string | RegExp, to: string): void {
  const before = readFileSync(file, "utf8");
  const after = before.replace(from, to);
  if (before === after) throw new Error(`nothing to replace: ${String(from)}`);
  writeFileSync(file, after);
}
