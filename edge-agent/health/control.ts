import { chmodSync, rmSync } from "node:fs";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { join } from "node:path";
import { codeOf, PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { createServer } from "@clockleaf/shared/lib/node-http.ts";
import type { FollowRaw } from "./raw-lines.ts";

/**
 * The agent's local door: HTTP on a unix socket that only the agent's user can open. `clockleaf-edge status` and `tap`
 * ask here, `readers` and `journal requeue` give their orders (`POST /orders/NAME`); a display beside a reader without a
 * light may follow `/tap` too. `/raw` streams what goes over the lines.
 */
export const CONTROL_SOCKET = "agent.sock";
const MAX_FOLLOWERS = 32;
const MAX_BUFFERED_BYTES = 1024 * 1024;
const MAX_ORDER_BYTES = 4 * 1024;

/** What somebody on this machine may have the agent do. Takes the body as it came; what it returns is the answer. */
export type Order = (body: unknown) => Promise<unknown>;

export interface ControlDeps {
  readonly runtimeDir: string;
  status(): unknown;
  readonly orders?: Readonly<Record<string, Order>>;
  readonly raw: FollowRaw;
}

export interface Control {
  /** Sends one item to every follower of `/tap`; a follower that does not read is dropped, never waited for. */
  publish(item: unknown): void;
  close(): Promise<void>;
}

export async function openControl(deps: ControlDeps): Promise<Control> {
  const path = join(deps.runtimeDir, CONTROL_SOCKET);
  rmSync(path, { force: true }); // left by a killed agent; the journal's lock keeps a second agent out
  const followers = new Set<ServerResponse>();
  const streams = new Set<ServerResponse>();
  const server = createServer((request, response) =>
    answer(request, response, { deps, followers, streams }),
  );
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(path, resolve);
  });
  chmodSync(path, 0o600);
  return {
    publish(item) {
      for (const follower of followers) send(follower, item);
    },
    async close() {
      for (const each of streams) each.end();
      await closeServer(server);
      rmSync(path, { force: true });
    },
  };
}

interface Context {
  readonly deps: ControlDeps;
  /** Of `/tap`. */
  readonly followers: Set<ServerResponse>;
  /** Everything that goes on until somebody ends it. */
  readonly streams: Set<ServerResponse>;
}

function answer(request: IncomingMessage, response: ServerResponse, context: Context): void {
  if (request.method === "POST") return void obey(request, response, context.deps.orders ?? {});
  const url = new URL(request.url ?? "/", "http://agent");
  switch (url.pathname) {
    case "/status":
      return json(response, context.deps.status());
    case "/tap":
      return stream(response, context, () => {
        context.followers.add(response);
        return () => context.followers.delete(response);
      });
    case "/raw": {
      const reader = url.searchParams.get("reader") ?? undefined;
      const isRestart = url.searchParams.has("restart");
      return stream(response, context, () =>
        context.deps.raw({ reader, restart: isRestart }, (item) => send(response, item)),
      );
    }
    default:
      return json(response, { error: "no such page" }, 404);
  }
}

/** Answers with what the order returns, or with the code and words of its failure. */
async function obey(
  request: IncomingMessage,
  response: ServerResponse,
  orders: Readonly<Record<string, Order>>,
): Promise<void> {
  const [, name = ""] = /^\/orders\/([a-z-]{1,40})$/.exec(request.url ?? "") ?? [];
  const order = Object.hasOwn(orders, name) ? orders[name] : undefined;
  if (order === undefined) return json(response, { error: "no such order" }, 404);
  try {
    json(response, { result: await order(await bodyOf(request)) });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    json(response, { code: codeOf(error), message }, 409);
  }
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) {
    text += String(chunk);
    if (text.length > MAX_ORDER_BYTES) {
      throw new PlatformError("wire.too-large", `an order has at most ${MAX_ORDER_BYTES} bytes`);
    }
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new PlatformError("wire.malformed", "an order is JSON", { cause });
  }
}

/** `follow` begins what is sent and gives what ends it, or says why there is nothing to send. */
function stream(
  response: ServerResponse,
  { streams }: Context,
  follow: () => (() => unknown) | string,
): void {
  if (streams.size >= MAX_FOLLOWERS) return json(response, { error: "too many followers" }, 503);
  response.setHeader("content-type", "application/x-ndjson");
  const stop = follow();
  if (typeof stop === "string") return json(response, { error: stop }, 404);
  response.flushHeaders();
  streams.add(response);
  response.once("close", () => {
    streams.delete(response);
    stop();
  });
}

/** Nobody is waited for: a follower that does not read is dropped. */
function send(response: ServerResponse, item: unknown): void {
  if (response.writableLength > MAX_BUFFERED_BYTES) response.destroy();
  else response.write(`${JSON.stringify(item)}\n`);
}

function json(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
