import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { askStatus } from "../../edge-agent/health/control-client.ts";
import { startEdge } from "./edge-cli.ts";
import { eventually } from "./eventually.ts";

export interface AgentProcess extends AsyncDisposable {
  /** `kill -9`, and waits for the end. */
  kill(): Promise<void>;
  /** In order, as a service manager would; the exit code. */
  stop(): Promise<number | null>;
}

/** `clockleaf-edge run`, once it answers on its socket. Rejects with what it said when it ends before that. */
export async function startAgentProcess(config: string, runtimeDir: string): Promise<AgentProcess> {
  const child = startEdge("run", "-c", config);
  let said = "";
  child.stdout?.resume();
  child.stderr?.setEncoding("utf8").on("data", (part: string) => void (said += part));
  await eventually(
    () => {
      if (child.exitCode !== null) throw new Error(said);
      return askStatus(runtimeDir);
    },
    { what: "the agent to run" },
  );
  const end = async (signal: "SIGKILL" | "SIGTERM"): Promise<number | null> => {
    if (hasEnded(child)) return child.exitCode;
    const closed = once(child, "close");
    child.kill(signal);
    await closed;
    return child.exitCode;
  };
  const kill = async (): Promise<void> => void (await end("SIGKILL"));
  return { kill, stop: () => end("SIGTERM"), [Symbol.asyncDispose]: kill };
}

const hasEnded = ({ exitCode, signalCode }: ChildProcess): boolean =>
  exitCode !== null || signalCode !== null;
