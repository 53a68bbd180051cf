import { rmSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { type TypingStyle, typeBadge } from "./keyboard.ts";

/** The kernel's limit for the path of a Unix socket, less its end mark. */
const MAX_PATH = 107;

export interface HidReader {
  readonly path: string;
  /**
   * Types a badge. False when nobody listens: a keyboard has no memory, the badge is gone, and the person sees nothing
   * either way.
   */
  tap(text: string): boolean;
  /** Unplugs the reader: the agent's end sees a lost device. It can connect again at once. */
  unplug(): void;
  readonly connected: () => boolean;
  close(): Promise<void>;
}

/**
 * A keyboard-wedge reader behind a Unix socket: one length byte and one report, over and over. Rejects with
 * `port.unavailable` when the path cannot be listened on. A left-over socket of a dead simulator is replaced.
 */
export async function listenHidReader(path: string, style: TypingStyle = {}): Promise<HidReader> {
  if (Buffer.byteLength(path) > MAX_PATH) {
    throw new PlatformError(
      "port.unavailable",
      `socket path longer than ${MAX_PATH} bytes: ${path}`,
    );
  }
  const agents = new Set<Socket>();
  const server = createServer((socket) => {
    agents.add(socket);
    socket.resume(); // output reports (the LEDs of a keyboard) are of no interest
    socket.on("error", () => socket.destroy());
    socket.on("close", () => agents.delete(socket));
  });
  rmSync(path, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause) => {
      reject(new PlatformError("port.unavailable", `cannot listen on ${path}`, { cause }));
    });
    server.listen(path, resolve);
  });

  return {
    path,
    tap(text) {
      const reports = typeBadge(text, style);
      const bytes = Buffer.concat(reports.map((report) => Uint8Array.of(report.length, ...report)));
      for (const agent of agents) agent.write(bytes);
      return agents.size > 0;
    },
    unplug() {
      for (const agent of agents) agent.destroy();
    },
    connected: () => agents.size > 0,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const agent of agents) agent.destroy();
      await closed;
    },
  };
}
