import type { AgentHost } from "../../edge-agent/agent.ts";

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
