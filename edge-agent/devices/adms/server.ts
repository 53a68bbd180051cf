import { once } from "node:events";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { createServer } from "@clockleaf/shared/lib/node-http.ts";
import type { AdmsConfig } from "./config.ts";
import type { Answer, Body, Desk } from "./desk.ts";

/** Requests under way may finish for so long when the agent stops, milliseconds. */
const CLOSE_MS = 3_000;
const SWEEP_MS = 25;
const MAX_HEADER_BYTES = 8_192;
/** Besides two per terminal. */
const SPARE_CONNECTIONS = 16;

export interface Listening {
  /** The port really listened on. */
  readonly port: number;
  /** Rejects with `port.lost` when the listening end fails. */
  readonly lost: Promise<never>;
  close(): Promise<void>;
}

export interface Service {
  readonly desk: Desk;
  /** A request that never came to the desk, by reason. */
  readonly discarded: (reason: string) => void;
}

/** Throws `port.unavailable` if the address cannot be listened on. */
export async function listen(config: AdmsConfig, service: Service): Promise<Listening> {
  const timeoutMs = config.requestTimeoutSeconds * 1000;
  const server = createServer(
    {
      requestTimeout: timeoutMs,
      headersTimeout: timeoutMs,
      keepAliveTimeout: timeoutMs,
      connectionsCheckingInterval: Math.min(1_000, timeoutMs),
      maxHeaderSize: MAX_HEADER_BYTES,
    },
    (request, response) => void serve(request, response, { config, desk: service.desk }),
  );
  server.maxConnections = 2 * config.terminals.length + SPARE_CONNECTIONS;
  // One that is connected and says nothing, or does not take its answer.
  server.setTimeout(2 * timeoutMs);
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    service.discarded(
      error.code === "ERR_HTTP_REQUEST_TIMEOUT" ? "discarded_slow_request" : "discarded_no_http",
    );
    socket.destroy();
  });
  const { host, port } = config.listen;
  server.listen(port, host);
  try {
    await once(server, "listening");
  } catch (cause) {
    throw new PlatformError(
      "port.unavailable",
      `cannot listen on ${host}:${port}: is the address this gateway's own, and the port free?`,
      { retriable: true, cause },
    );
  }
  return { port: portOf(server), lost: lossOf(server), close: () => close(server) };
}

function lossOf(server: Server): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  promise.catch(() => undefined);
  server.on("error", (cause) =>
    reject(new PlatformError("port.lost", "no longer listening", { retriable: true, cause })),
  );
  return promise;
}

interface Serving {
  readonly config: AdmsConfig;
  readonly desk: Desk;
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  { config, desk }: Serving,
): Promise<void> {
  const { method = "", url = "" } = request;
  const said = await desk.answer({ method, url }, () => readBody(request, config.maxBodyBytes));
  finish(request, response, said);
}

function finish(
  request: IncomingMessage,
  response: ServerResponse,
  { status, text }: Answer,
): void {
  // What was not read would have to be read before the next request.
  if (!request.complete) response.shouldKeepAlive = false;
  response.writeHead(status, {
    "content-type": "text/plain",
    "content-length": Buffer.byteLength(text),
    date: new Date().toUTCString(),
  });
  response.end(text, () => {
    if (!request.complete) request.destroy();
  });
}

/** Resolves always: with the whole body, or why there is none. */
function readBody(request: IncomingMessage, maxBytes: number): Promise<Body> {
  if (Number(request.headers["content-length"] ?? 0) > maxBytes)
    return Promise.resolve("too-large");
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > maxBytes) {
        request.pause();
        resolve("too-large");
      } else {
        chunks.push(chunk);
      }
    });
    request.on("end", () => resolve(request.complete ? Buffer.concat(chunks) : "broken"));
    request.on("error", () => resolve("broken"));
    request.on("close", () => resolve("broken"));
  });
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

async function close(server: Server): Promise<void> {
  const closed = once(server, "close");
  server.close();
  const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
  const cut = setTimeout(() => server.closeAllConnections(), CLOSE_MS);
  await closed;
  clearInterval(sweep);
  clearTimeout(cut);
}
