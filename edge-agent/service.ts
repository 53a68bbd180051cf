import { mkdirSync } from "node:fs";
import { resolve } from "node:path";
import { codeOf, PlatformError } from "@clockleaf/shared/lib/errors.ts";
import type { Log } from "@clockleaf/shared/lib/log.ts";
import { configProblemsOf, problemLine } from "@clockleaf/shared/lib/yaml-config.ts";
import type { Accepted } from "./accept.ts";
import type { AgentHost } from "./agent.ts";
import { type ChosenConfig, chooseConfig } from "./chosen-config.ts";
import type { EdgeConfig } from "./config.ts";
import { type Control, type Order, openControl } from "./health/control.ts";
import {
  type AgentStatus,
  type ConfigurationStatus,
  type IdleStatus,
  idleStatusOf,
} from "./health/status.ts";
import { keepLastGood } from "./last-good-config.ts";
import type { PageConfig } from "./page/config.ts";
import { type Session, startSession } from "./session.ts";

export interface ServiceOptions {
  readonly file: string;
  readonly log: Log;
  /** What the control socket takes besides the agent's own orders. */
  readonly orders: Readonly<Record<string, Order>>;
  /** Called when nothing runs any more and nothing can: the process should end. */
  onFailed(error: unknown): void;
}

/**
 *   file ──good──▶ session: stop the old one, start the new one ──▶ kept as the last good
 *     └───bad────▶ safe mode: the running session goes on; else one with the last good copy; else nothing is read
 *
 * The agent as a process with one configuration file: it goes from one configuration to the next without ending, and
 * never writes the file. What it runs with, and why, is in `status()`.
 */
export interface Service {
  /** Rejects as `chooseConfig` does, or as `startAgent` does when the file is good and the agent cannot start. */
  begin(): Promise<void>;
  status(): AgentStatus | IdleStatus;
  /** What it runs with; undefined when no reader is read. */
  config(): EdgeConfig | undefined;
  /** Where its page is to be, as far as the file tells in safe mode. */
  page(): PageConfig;
  /**
   * Reads the file again and starts anew with it: the running agent is stopped in order first. Resolves when that is
   * done, also in safe mode. One at a time. Rejects when nothing could be started any more; `onFailed` is called too.
   */
  reload(reason: string): Promise<void>;
  /** Calls `listener` for every punch once it is durable, across reloads. Returns how to stop that. */
  follow(listener: (accepted: Accepted) => void): () => void;
  /**
   * Resolves when this process shows that it does its work: no change of the configuration hangs, and the journal's thread
   * comes round. Rejects as `Journal.answers` does.
   */
  answers(): Promise<void>;
  stop(reason: string): Promise<void>;
}

/** What of a service runs right now; `idle` is only the control socket. */
type Running =
  | { readonly kind: "session"; readonly session: Session }
  | { readonly kind: "idle"; readonly control: Control; readonly runtimeDir: string };

export const createService = (options: ServiceOptions): Service => new ConfiguredService(options);

class ConfiguredService implements Service {
  readonly #options: ServiceOptions;
  readonly #host: AgentHost;
  readonly #followers = new Set<(accepted: Accepted) => void>();
  readonly #startedAtMs = Date.now();
  #configuration: ConfigurationStatus;
  #page: PageConfig = "off";
  #running: Running | undefined;
  /** The end of what was asked for last: one change at a time. */
  #queue: Promise<void> = Promise.resolve();
  #isStopping = false;

  constructor(options: ServiceOptions) {
    this.#options = options;
    this.#configuration = {
      file: resolve(options.file),
      runsWith: "none",
      sinceMs: null,
      problem: null,
      reads: 0,
    };
    this.#host = {
      configuration: () => this.#configuration,
      orders: options.orders,
      accepted: (accepted) => {
        for (const listener of this.#followers) listener(accepted);
      },
    };
  }

  status(): AgentStatus | IdleStatus {
    if (this.#running?.kind === "session") return this.#running.session.agent.status();
    return idleStatusOf({ configuration: this.#configuration, startedAtMs: this.#startedAtMs });
  }

  config(): EdgeConfig | undefined {
    return this.#running?.kind === "session" ? this.#running.session.config : undefined;
  }

  page(): PageConfig {
    return this.#page;
  }

  follow(listener: (accepted: Accepted) => void): () => void {
    this.#followers.add(listener);
    return () => void this.#followers.delete(listener);
  }

  begin(): Promise<void> {
    const begun = this.#queue.then(() => this.#take(chooseConfig(this.#options.file)));
    this.#queue = begun.catch(() => undefined);
    return begun;
  }

  reload(reason: string): Promise<void> {
    const { log, file } = this.#options;
    const done = this.#queue.then(async () => {
      if (this.#isStopping) return;
      log.info({ reason, file }, "configuration read again");
      try {
        await this.#take(chooseConfig(file), reason);
      } catch (error) {
        // A file without even a `runtimeDir`, met while something runs: that goes on.
        if (this.#running === undefined) {
          this.#options.onFailed(error);
          throw error;
        }
        this.#keepRunning(error);
      }
    });
    this.#queue = done.catch(() => undefined);
    return done;
  }

  async answers(): Promise<void> {
    await this.#queue;
    if (this.#running?.kind === "session") await this.#running.session.agent.answers();
  }

  async stop(reason: string): Promise<void> {
    this.#isStopping = true;
    await this.#queue;
    await this.#end(reason);
  }

  async #take(chosen: ChosenConfig, reason = "start"): Promise<void> {
    if (chosen.kind === "file") {
      await this.#startWith(chosen, reason);
      return;
    }
    if (this.#running?.kind === "session") {
      this.#keepRunning(chosen.problem);
      return;
    }
    if (chosen.kind === "last-good") {
      await this.#end(reason);
      this.#say({
        runsWith: "last-good",
        sinceMs: chosen.keptAtMs,
        problem: problemText(chosen.problem),
      });
      await this.#start(chosen.config);
    } else {
      this.#say({ runsWith: "none", sinceMs: null, problem: problemText(chosen.problem) });
      this.#page = chosen.page;
      await this.#startIdle(chosen.runtimeDir);
    }
    this.#warn();
  }

  /** The file is good. Only what has started is kept as such; what cannot start gives way to what was there before. */
  async #startWith(
    { config, text }: ChosenConfig & { kind: "file" },
    reason: string,
  ): Promise<void> {
    const { file, log } = this.#options;
    const before = this.#running;
    const { sinceMs } = this.#configuration;
    await this.#end(`configuration: ${reason}`);
    this.#say({ runsWith: "file", sinceMs: Date.now(), problem: null });
    try {
      await this.#start(config);
      keepLastGood({ file, text, config, log });
    } catch (error) {
      if (before === undefined) throw error;
      const runsWith = before.kind === "session" ? "last-good" : "none";
      const problem = `${file}: nothing is wrong with it, yet the agent cannot start with it: ${problemText(error)}`;
      this.#configuration = { ...this.#configuration, runsWith, sinceMs, problem };
      if (before.kind === "session") await this.#start(before.session.config);
      else await this.#startIdle(before.runtimeDir);
      this.#warn();
    }
  }

  async #start(config: EdgeConfig): Promise<void> {
    const { log } = this.#options;
    const session = await startSession({ config, log, host: this.#host });
    this.#running = { kind: "session", session };
    this.#page = config.page;
  }

  /** Nothing but the control socket, so that `status` and `page` find somebody. */
  async #startIdle(runtimeDir: string): Promise<void> {
    await this.#end("safe mode");
    mkdirSync(runtimeDir, { recursive: true, mode: 0o700 });
    const { orders } = this.#options;
    const control = await openControl({
      runtimeDir,
      status: () => this.status(),
      orders,
      raw: () => "this agent is in safe mode and reads no line",
    });
    this.#running = { kind: "idle", control, runtimeDir };
  }

  /** The file went bad under a running agent: no reader need notice. */
  #keepRunning(problem: unknown): void {
    const runsWith = this.#configuration.runsWith === "none" ? "none" : "last-good";
    this.#say({ runsWith, sinceMs: this.#configuration.sinceMs, problem: problemText(problem) });
    this.#warn();
  }

  async #end(reason: string): Promise<void> {
    const ending = this.#running;
    this.#running = undefined;
    if (ending?.kind === "session") await ending.session.stop(reason);
    if (ending?.kind === "idle") await ending.control.close();
  }

  #say(said: Pick<ConfigurationStatus, "runsWith" | "sinceMs" | "problem">): void {
    this.#configuration = { ...this.#configuration, ...said, reads: this.#configuration.reads + 1 };
  }

  #warn(): void {
    const { problem, runsWith } = this.#configuration;
    this.#options.log.error({ problem, runsWith, code: "config.invalid" }, "safe mode");
  }
}

/** Line by line what and where, and never the lines themselves: this goes to logs and to the cloud, and they may hold keys. */
function problemText(error: unknown): string {
  const problems = configProblemsOf(error);
  if (problems.length === 0) return error instanceof Error ? error.message : codeOf(error);
  const file = error instanceof PlatformError ? String(error.details["file"]) : "";
  return problems.map((problem) => problemLine(file, problem)).join("\n");
}
