import { chmodSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { join } from "node:path";

/**
 * The agent's local door: HTTP on a unix socket that only the agent's user can open. `clockleaf-edge status` and `tap`
 * ask here; a display beside a reader without a light may follow `/tap` too.
 */
export const CONTROL_SOCKET = "agent.sock";
const MAX_FOLLOWERS = 32;
const MAX_BUFFERED_BYTES = 1024 * 1024;

export interface ControlDeps {
  readonly runtimeDir: string;
  status(): unknown;
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
  const server = createServer((request, response) =>
    answer(request, response, { deps, followers }),
  );
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(path, resolve);
  });
  chmodSync(path, 0o600);
  return {
    publish(item) {
      const line = `${JSON.stringify(item)}\n`;
      for (const follower of followers) {
        if (follower.writableLength > MAX_BUFFERED_BYTES) follower.destroy();
        else follower.write(line);
      }
    },
    async close() {
      for (const follower of followers) follower.end();
      await closeServer(server);
      rmSync(path, { force: true });
    },
  };
}

interface Context {
  readonly deps: ControlDeps;
  readonly followers: Set<ServerResponse>;
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { deps, followers }: Context,
): void {
  switch (request.url) {
    case "/status":
      return json(response, deps.status());
    case "/tap":
      if (followers.size >= MAX_FOLLOWERS)
        return json(response, { error: "too many followers" }, 503);
      response.writeHead(200, { "content-type": "application/x-ndjson" });
      response.flushHeaders();
      followers.add(response);
      response.once("close", () => followers.delete(response));
      return undefined;
    default:
      return json(response, { error: "no such page" }, 404);
  }
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
