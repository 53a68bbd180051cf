import type { IncomingMessage } from "node:http";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { type ErrorCode, hasCode, PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { request } from "@clockleaf/shared/lib/node-http.ts";
import { z } from "zod";
import type { Accepted } from "../accept.ts";
import { CONTROL_SOCKET } from "./control.ts";
import type { RawItem, RawRequest } from "./raw-lines.ts";
import type { AgentStatus, IdleStatus } from "./status.ts";

/**
 * Asks a running agent that reads terminals how it is. Throws `agent.not-running` when nobody answers on the socket, and
 * `config.invalid` when one does that has no configuration to run with.
 */
export async function askStatus(runtimeDir: string): Promise<AgentStatus> {
  const status = await askAnyStatus(runtimeDir);
  if ("journal" in status) return status;
  throw new PlatformError("config.invalid", status.problems.join("\n"));
}

/** The same for an agent that may have nothing to run with. Throws `agent.not-running`. */
export async function askAnyStatus(runtimeDir: string): Promise<AgentStatus | IdleStatus> {
  // The agent of this very release answers: it is the same type on both ends.
  const status: AgentStatus | IdleStatus = JSON.parse(
    await text(await open(runtimeDir, "/status")),
  );
  return status;
}

const LOOK_MS = 200;

/** Resolves once an agent answers; waits as long as it takes. */
export async function agentIsUp(runtimeDir: string): Promise<void> {
  for (;;) {
    try {
      await askStatus(runtimeDir);
      return;
    } catch (error) {
      if (!hasCode(error, "agent.not-running")) throw error;
      await sleep(LOOK_MS);
    }
  }
}

/**
 * Has a running agent do something, and returns its answer. Throws `agent.not-running`, or what the order failed with.
 * Waits as long as it takes: a person may have to come to the reader.
 */
export async function giveOrder(runtimeDir: string, name: string, body: unknown): Promise<unknown> {
  const response = await open(runtimeDir, `/orders/${name}`, JSON.stringify(body));
  const said: unknown = JSON.parse(await text(response));
  const answer = answerSchema.parse(said);
  if ("result" in answer) return answer.result;
  if (!("code" in answer)) throw new PlatformError("agent.not-running", OTHER_RELEASE);
  // The agent of this very release answers: its codes are ours.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  throw new PlatformError(answer.code as ErrorCode, answer.message);
}

const answerSchema = z.union([
  z.object({ code: z.string(), message: z.string() }),
  z.object({ error: z.string() }),
  z.object({ result: z.unknown() }),
]);
const OTHER_RELEASE =
  "the running agent does not know this order: it is of another release; restart it";

/** Follows accepted punches as they become durable, until the agent stops or `signal` aborts. Throws `agent.not-running`. */
export const followTaps = (
  runtimeDir: string,
  signal?: AbortSignal,
): AsyncGenerator<Accepted, void> => follow<Accepted>(runtimeDir, "/tap", signal);

/**
 * Follows what goes over the lines, both ways, until the agent stops or `signal` aborts. Throws `agent.not-running`, and
 * `config.invalid` for a reader on no line of ours.
 */
export function followRaw(
  runtimeDir: string,
  { reader, restart }: RawRequest,
  signal?: AbortSignal,
): AsyncGenerator<RawItem, void> {
  const query = new URLSearchParams({
    ...(reader === undefined ? {} : { reader }),
    ...(restart ? { restart: "1" } : {}),
  });
  return follow<RawItem>(runtimeDir, `/raw?${query.toString()}`, signal);
}

async function* follow<T>(
  runtimeDir: string,
  page: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<T, void> {
  const response = await openStream(runtimeDir, page);
  const stop = (): void => void response.destroy();
  signal?.addEventListener("abort", stop);
  let rest = "";
  try {
    for await (const chunk of response.setEncoding("utf8")) {
      const lines = `${rest}${String(chunk)}`.split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        const item: T = JSON.parse(line);
        yield item;
      }
    }
  } catch (error) {
    // Destroyed by us: that is how it ends.
    if (signal?.aborted === true) return;
    const message = "the agent ended this: it stopped, or what it said was not read fast enough";
    throw new PlatformError("agent.not-running", message, { cause: error });
  } finally {
    signal?.removeEventListener("abort", stop);
  }
}

async function openStream(runtimeDir: string, page: string): Promise<IncomingMessage> {
  const response = await open(runtimeDir, page);
  if ((response.statusCode ?? 0) < 400) return response;
  const { error = "refused" }: { readonly error?: string } = JSON.parse(await text(response));
  throw new PlatformError(response.statusCode === 404 ? "config.invalid" : "api.busy", error);
}

function open(runtimeDir: string, page: string, body?: string): Promise<IncomingMessage> {
  const socketPath = join(runtimeDir, CONTROL_SOCKET);
  return new Promise((resolve, reject) => {
    const method = body === undefined ? "GET" : "POST";
    const asked = request({ socketPath, path: page, method }, resolve);
    asked.once("error", (cause) => {
      const message = `no agent answers on ${socketPath}; start it with \`clockleaf-edge run --config FILE\``;
      reject(new PlatformError("agent.not-running", message, { cause }));
    });
    asked.end(body);
  });
}
