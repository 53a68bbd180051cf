import { rmSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import type { Line } from "../line.ts";

/** The kernel's limit for the path of a Unix socket, less its end mark. */
const MAX_PATH = 107;

/** Where a simulated HID device can be plugged in and pulled out. */
export interface HidSocket {
  readonly path: string;
  /** Sends to every agent that has the device open; false when none has. */
  write(bytes: Uint8Array): boolean;
  /** Unplugs the device: the agent's end sees it lost. It can connect again at once. */
  unplug(): void;
  readonly connected: () => boolean;
  close(): Promise<void>;
}

/**
 * Listens on a Unix socket in place of a device file; `attach` gets each opening of it. Rejects with `port.unavailable` when
 * the path cannot be listened on. A left-over socket of a dead simulator is replaced.
 */
export async function listenHid(path: string, attach: (line: Line) => void): Promise<HidSocket> {
  if (Buffer.byteLength(path) > MAX_PATH) {
    throw new PlatformError(
      "port.unavailable",
      `socket path longer than ${MAX_PATH} bytes: ${path}`,
    );
  }
  const agents = new Set<Socket>();
  const server = createServer((socket) => {
    agents.add(socket);
    socket.resume();
    socket.on("error", () => socket.destroy());
    socket.on("close", () => agents.delete(socket));
    attach(lineOf(socket));
  });
  rmSync(path, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause) => {
      reject(new PlatformError("port.unavailable", `cannot listen on ${path}`, { cause }));
    });
    server.listen(path, resolve);
  });
  const unplug = (): void => {
    for (const agent of agents) agent.destroy();
  };

  return {
    path,
    write(bytes) {
      for (const agent of agents) agent.write(bytes);
      return agents.size > 0;
    },
    unplug,
    connected: () => agents.size > 0,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      unplug();
      await closed;
    },
  };
}

function lineOf(socket: Socket): Line {
  let listener: ((chunk: Uint8Array) => void) | undefined;
  socket.on("data", (chunk: Buffer) => listener?.(chunk));
  return {
    write: (bytes) =>
      new Promise((resolve) => {
        if (socket.destroyed) resolve();
        else socket.write(bytes, () => resolve());
      }),
    onData(next) {
      listener = next;
    },
    async close() {
      socket.destroy();
    },
  };
}
