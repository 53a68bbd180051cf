import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ChildSettings } from "./bridge-child.ts";

/** Bridges in a process of their own. */
export interface BridgeProcess {
  /** Resolves once it runs; its first batch may be on its way already. */
  start(): Promise<void>;
  /** `kill -9`, wherever it is. */
  kill(): Promise<void>;
  /** Stops it in its tracks; `thaw` lets it go on. */
  freeze(): void;
  thaw(): void;
}

const CHILD = join(import.meta.dirname, "bridge-child.ts");

/** `dir` is where its settings are written; the process dies with this one at the latest. */
export function bridgeProcess(dir: string, name: string, settings: ChildSettings): BridgeProcess {
  const file = join(dir, `bridge-${name}.json`);
  writeFileSync(file, JSON.stringify(settings));
  let child: ChildProcess | undefined;
  const killLast = (): void => void child?.kill("SIGKILL");
  process.once("exit", killLast);
  return {
    async start() {
      const started = spawn(process.execPath, [CHILD, file], { stdio: ["ignore", "pipe", "pipe"] });
      child = started;
      let said = "";
      started.stderr?.on("data", (chunk: Buffer) => {
        said = `${said}${chunk.toString()}`.slice(-4_000);
      });
      const ended = once(started, "exit").then(() => "ended" as const);
      const first = await Promise.race([once(started.stdout ?? started, "data"), ended]);
      if (first === "ended" && started.signalCode === null)
        throw new Error(`bridges ended:\n${said}`);
    },
    async kill() {
      const dying = child;
      child = undefined;
      if (dying === undefined || dying.exitCode !== null || dying.signalCode !== null) return;
      const ended = once(dying, "exit");
      dying.kill("SIGKILL");
      await ended;
    },
    freeze: () => void child?.kill("SIGSTOP"),
    thaw: () => void child?.kill("SIGCONT"),
  };
}
