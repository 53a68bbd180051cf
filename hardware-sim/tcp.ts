import { createServer, type Socket } from "node:net";
import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import type { Line } from "./line.ts";

export interface TcpListener {
  readonly port: number;
  /** Hangs up on whoever is connected. */
  hangUp(): void;
  close(): Promise<void>;
}

/**
 * Listens on loopback as a terminal does on its network port, for one caller at a time: the newest. Each call is a fresh
 * line. Port 0 takes any free one. Rejects with `port.unavailable`.
 */
export async function listenTcp(port: number, onCall: (line: Line) => void): Promise<TcpListener> {
  let caller: Socket | undefined;
  const server = createServer((socket) => {
    caller?.destroy();
    caller = socket;
    socket.setNoDelay(true);
    socket.on("error", () => socket.destroy());
    onCall(lineOf(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause) =>
      reject(new PlatformError("port.unavailable", `cannot listen on port ${port}`, { cause })),
    );
    server.listen(port, "127.0.0.1", resolve);
  });
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : port,
    hangUp: () => void caller?.destroy(),
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      caller?.destroy();
      await closed;
    },
  };
}

function lineOf(socket: Socket): Line {
  let listener: ((chunk: Uint8Array) => void) | undefined;
  socket.on("data", (chunk) => listener?.(chunk));
  return {
    write: (bytes) =>
      new Promise((resolve) => {
        if (socket.destroyed) return resolve();
        socket.write(Uint8Array.from(bytes), () => resolve());
      }),
    onData(next) {
      listener = next;
    },
    close: () =>
      new Promise((resolve) => {
        if (socket.closed) return resolve();
        socket.once("close", () => resolve());
        socket.destroy();
      }),
  };
}
