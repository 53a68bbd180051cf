import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, readFileSync } from "node:fs";

/** A program of ours in a process of its own, that can be killed and started again. Dies with this process at the latest. */
export interface Child {
  /** Resolves when the process runs; that it also serves is the caller's to find out. */
  start(): void;
  /** Undefined while none runs. */
  pid(): number | undefined;
  /** `kill -9`: nothing gets a chance to be saved. */
  kill(): Promise<void>;
  /** Orderly stop (SIGTERM), by force after 10 s. */
  stop(): Promise<void>;
  /** The last lines it wrote, for the message when something went wrong. */
  tail(): string;
}

const STOP_MS = 10_000;
const TAIL_LINES = 15;

export interface ChildOptions {
  /** What is run; Node unless told. It must not leave another process to do its work. */
  readonly program?: string;
  readonly args: readonly string[];
  /** Gets everything the program writes. */
  readonly logFile: string;
  readonly env?: Readonly<Record<string, string>>;
}

export function createChild(options: ChildOptions): Child {
  let child: ChildProcess | undefined;
  const killLast = (): void => void child?.kill("SIGKILL");
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const ending = child;
    child = undefined;
    process.off("exit", killLast);
    if (ending === undefined || ending.exitCode !== null || ending.signalCode !== null) return;
    const closed = once(ending, "close");
    const force = setTimeout(() => ending.kill("SIGKILL"), STOP_MS);
    ending.kill(signal);
    await closed;
    clearTimeout(force);
  };
  return {
    start() {
      const started = spawn(options.program ?? process.execPath, [...options.args], {
        stdio: ["ignore", "pipe", "pipe"],
        env: { ...process.env, ...options.env },
      });
      child = started;
      process.once("exit", killLast);
      for (const output of [started.stdout, started.stderr]) {
        output.on("data", (chunk: Buffer) => appendFileSync(options.logFile, chunk));
      }
    },
    pid: () => child?.pid,
    kill: () => end("SIGKILL"),
    stop: () => end("SIGTERM"),
    tail: () =>
      readFileSync(options.logFile, "utf8").trimEnd().split("\n").slice(-TAIL_LINES).join("\n"),
  };
}
