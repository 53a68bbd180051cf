import { once } from "node:events";
import { askStatus } from "../../edge-agent/health/control-client.ts";
import { startEdge } from "./edge-cli.ts";
import { eventually } from "./eventually.ts";

/** `clockleaf-edge run` in a process of its own. */
export interface AgentProcess extends AsyncDisposable {
  /** What it logged. */
  log(): string;
  signal(name: NodeJS.Signals): void;
  /** `kill -9`, and waits for the end. */
  kill(): Promise<void>;
  /** In order, as a service manager would; the exit code. */
  stop(): Promise<number | null>;
}

/** Without waiting for anything. */
export function spawnAgent(config: string): AgentProcess {
  const child = startEdge("run", "-c", config);
  let said = "";
  child.stdout?.resume();
  child.stderr?.setEncoding("utf8").on("data", (part: string) => void (said += part));
  const end = async (signal: "SIGKILL" | "SIGTERM"): Promise<number | null> => {
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
    const closed = once(child, "close");
    child.kill(signal);
    await closed;
    return child.exitCode;
  };
  const kill = async (): Promise<void> => void (await end("SIGKILL"));
  return {
    log: () => said,
    signal: (name) => void child.kill(name),
    kill,
    stop: () => end("SIGTERM"),
    [Symbol.asyncDispose]: kill,
  };
}

/** Once it answers on its socket. Rejects with what it said when it does not. */
export async function startAgentProcess(config: string, runtimeDir: string): Promise<AgentProcess> {
  const agent = spawnAgent(config);
  try {
    await eventually(() => askStatus(runtimeDir), { what: "the agent to run" });
  } catch (cause) {
    await agent.kill();
    throw new Error(`the agent did not start:\n${agent.log()}`, { cause });
  }
  return agent;
}
