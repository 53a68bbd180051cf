import { createConnection, type Socket } from "node:net";
import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { z } from "zod";
import { hidOverStream } from "./hid-stream.ts";
import { createInlet } from "./inlet.ts";
import type { Port } from "./port.ts";

/**
 * HID reports over a Unix socket, for the simulator: Linux offers no pseudo-terminal for HID, and a container none of
 * uhid, usbip and gadget. What both directions carry is in `hid-frames.ts`.
 */
export const hidSocketConfigSchema = z.strictObject({
  path: z.string().min(1).max(107).describe("Unix socket on which the simulated device listens"),
});
export type HidSocketConfig = z.output<typeof hidSocketConfigSchema>;

/** Connects to a simulated HID device; rejects with `port.unavailable` when nothing listens. */
export async function openHidSocket(config: HidSocketConfig): Promise<Port> {
  const socket = createConnection(config.path);
  await new Promise<void>((resolve, reject) => {
    socket.once("connect", resolve);
    socket.once("error", (error) => {
      reject(
        new PlatformError(
          "port.unavailable",
          `no simulated HID device listens on ${config.path}: start the simulator first`,
          { retriable: true, cause: error },
        ),
      );
    });
  });
  socket.removeAllListeners("error");
  return hidOverStream(bytesOf(socket, config.path));
}

/** The socket as a port of plain bytes. */
function bytesOf(socket: Socket, name: string): Port {
  const inlet = createInlet();
  const lostError = (cause?: unknown): PlatformError =>
    new PlatformError("port.lost", `the connection to ${name} is gone`, {
      retriable: true,
      cause,
    });
  const end = (reason?: Error): void => {
    inlet.end(reason);
    socket.destroy();
  };
  socket.on("data", (chunk) => inlet.push(chunk));
  socket.on("error", (error) => end(lostError(error)));
  socket.on("close", () => end(lostError()));

  return {
    name,
    write: (bytes) =>
      new Promise((resolve, reject) => {
        if (!inlet.isOpen()) return reject(lostError(inlet.lost()));
        socket.write(bytes, (error) => {
          if (error === null || error === undefined) resolve();
          else reject(lostError(error));
        });
      }),
    onData: inlet.onData,
    onClosed: inlet.onClosed,
    close() {
      end();
      return Promise.resolve();
    },
  };
}
