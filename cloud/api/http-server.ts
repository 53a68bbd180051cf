import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { Duplex } from "node:stream";
import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { getRequestListener } from "@hono/node-server";
import { problemBody } from "./problem.ts";

export interface HttpServer {
  /** The port really listened on. */
  readonly port: number;
  /** Takes no more connections, lets requests under way finish for a while, then cuts. */
  close(): Promise<void>;
}

export interface ListenOptions {
  readonly host: string;
  /** 0 = any free one. */
  readonly port: number;
  /** `env` leads to the socket. */
  readonly fetch: (request: Request, env: object) => Response | Promise<Response>;
}

/** Longest wait for requests under way when the process stops. */
const CLOSE_MS = 5_000;
const SWEEP_MS = 25;

/** Throws `port.unavailable` if the address cannot be listened on. */
export async function listen(options: ListenOptions): Promise<HttpServer> {
  const listener = getRequestListener(options.fetch);
  const server = createServer((request, response) => void listener(request, response));
  server.on("clientError", (error, socket) => answerUnread(error, socket));
  server.listen(options.port, options.host);
  try {
    await once(server, "listening");
  } catch (error) {
    const at = `${options.host}:${options.port}`;
    throw new PlatformError("port.unavailable", `cannot listen on ${at}`, { cause: error });
  }
  return { port: portOf(server), close: () => close(server) };
}

/** Of a request that could not be read: no route and no log has heard of it. Else as Node answers without a listener. */
function answerUnread(error: Error, socket: Duplex): void {
  if (!socket.writable || hasErrorCode(error, "ECONNRESET")) {
    socket.destroy(error);
    return;
  }
  const isTooLarge = hasErrorCode(error, "HPE_HEADER_OVERFLOW");
  const body = isTooLarge ? JSON.stringify(problemBody("api.headers-too-large")) : "";
  const status = isTooLarge
    ? "431 Request Header Fields Too Large"
    : hasErrorCode(error, "ERR_HTTP_REQUEST_TIMEOUT")
      ? "408 Request Timeout"
      : "400 Bad Request";
  const lines = [
    `HTTP/1.1 ${status}`,
    "Connection: close",
    ...(isTooLarge ? ["Content-Type: application/problem+json"] : []),
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  socket.end(`${lines.join("\r\n")}\r\n\r\n${body}`);
}

const hasErrorCode = (error: Error, code: string): boolean =>
  "code" in error && error.code === code;

/** Where a TCP server listens. */
export function portOf(server: Pick<Server, "address">): number {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("not a TCP server");
  return address.port;
}

async function close(server: Server): Promise<void> {
  const closed = once(server, "close");
  server.close();
  // A connection that becomes idle now would otherwise hold the process up until its keep-alive ends.
  const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
  const cut = setTimeout(() => server.closeAllConnections(), CLOSE_MS);
  await closed;
  clearInterval(sweep);
  clearTimeout(cut);
}
