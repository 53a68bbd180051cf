import { connect, type Socket } from "node:net";
import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { z } from "zod";
import { createInlet } from "./inlet.ts";
import type { Port } from "./port.ts";

export const tcpConfigSchema = z.strictObject({
  host: z.string().min(1).max(253).describe("Name or address of the terminal"),
  port: z.int().min(1).max(65_535).describe("TCP port the terminal listens on"),
  connectTimeoutMs: z
    .int()
    .min(100)
    .max(60_000)
    .default(5_000)
    .describe("Longest wait for the connection, milliseconds; default 5000"),
});
export type TcpConfig = z.output<typeof tcpConfigSchema>;

/** Between two probes of a connection that carries nothing, so that a terminal pulled out of the wall is noticed. */
const KEEP_ALIVE_MS = 10_000;

/** Calls the terminal. Rejects with `port.unavailable` and what to look at; chunks are as the network cuts them. */
export async function openTcp(config: TcpConfig): Promise<Port> {
  const name = `${config.host}:${config.port}`;
  const socket = connect({ host: config.host, port: config.port, noDelay: true });
  socket.setKeepAlive(true, KEEP_ALIVE_MS);
  // Attached before the connection is there, so that nothing it says first is lost.
  const port = wrap(socket, name);
  await connected(socket, name, config.connectTimeoutMs);
  return port;
}

function connected(socket: Socket, name: string, timeoutMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      fail(new Error(`no answer within ${timeoutMs} ms`));
    }, timeoutMs);
    const fail = (cause: Error): void => {
      clearTimeout(timer);
      socket.off("connect", succeed);
      socket.destroy();
      reject(unavailable(name, cause));
    };
    const succeed = (): void => {
      clearTimeout(timer);
      socket.off("error", fail);
      resolve();
    };
    socket.once("connect", succeed);
    socket.once("error", fail);
  });
}

function unavailable(name: string, cause: Error): PlatformError {
  return new PlatformError(
    "port.unavailable",
    `no connection to ${name} (${cause.message}): is the terminal on, is the address right, is the port open in the firewall?`,
    { retriable: true, cause, details: { address: name } },
  );
}

function wrap(socket: Socket, name: string): Port {
  const inlet = createInlet();
  const lostError = (cause: unknown): PlatformError =>
    new PlatformError("port.lost", `the connection to ${name} is gone`, { retriable: true, cause });
  let failure: Error | undefined;
  let isOurs = false;
  socket.on("data", (chunk) => inlet.push(chunk));
  socket.on("error", (error) => (failure = error));
  // An end from the far side closes ours as well (allowHalfOpen is off), so "close" comes after whatever happened.
  socket.on("close", () => inlet.end(isOurs ? undefined : lostError(failure)));
  return {
    name,
    write: (bytes) =>
      new Promise((resolve, reject) => {
        if (!inlet.isOpen() || socket.destroyed) {
          reject(lostError(inlet.lost()));
          return;
        }
        socket.write(Buffer.from(bytes), (error) => {
          if (error === null || error === undefined) resolve();
          else reject(lostError(error));
        });
      }),
    onData: inlet.onData,
    onClosed: inlet.onClosed,
    close: () =>
      new Promise((resolve) => {
        isOurs = true;
        inlet.end();
        if (socket.closed) return resolve();
        socket.once("close", () => resolve());
        socket.destroy();
      }),
  };
}
