import { type IncomingMessage, request } from "node:http";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { CONTROL_SOCKET } from "./control.ts";

/** Asks a running agent for one page. Throws `agent.not-running` when nobody answers on the socket. */
export async function askAgent(runtimeDir: string, page: "/status" | "/backlog"): Promise<unknown> {
  const response = await open(runtimeDir, page);
  return JSON.parse(await text(response));
}

/** Follows accepted punches as they become durable, until the agent stops. Throws `agent.not-running`. */
export async function* followTaps(runtimeDir: string): AsyncGenerator {
  const response = await open(runtimeDir, "/tap");
  for await (const line of createInterface({ input: response })) yield JSON.parse(line);
}

function open(runtimeDir: string, page: string): Promise<IncomingMessage> {
  const socketPath = join(runtimeDir, CONTROL_SOCKET);
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath, path: page }, resolve);
    asked.once("error", (cause) => {
      const message = `no agent answers on ${socketPath}; start it with \`clockleaf-edge run --config FILE\``;
      reject(new PlatformError("agent.not-running", message, { cause }));
    });
    asked.end();
  });
}
