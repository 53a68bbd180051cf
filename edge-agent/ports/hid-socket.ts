import { createConnection, type Socket } from "node:net";
import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { z } from "zod";
import { createInlet } from "./inlet.ts";
import type { Port } from "./port.ts";

/**
 * HID reports over a Unix socket, for the simulator: Linux offers no pseudo-terminal for HID, and a container none of
 * uhid, usbip and gadget. Both directions carry frames of one length byte (1 to 255) and that many bytes of one report.
 */
export const hidSocketConfigSchema = z.strictObject({
  path: z.string().min(1).max(107).describe("Unix socket on which the simulated device listens"),
});
export type HidSocketConfig = z.output<typeof hidSocketConfigSchema>;

const MAX_REPORT_BYTES = 255;

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
  return wrap(socket, config.path);
}

function wrap(socket: Socket, path: string): Port {
  const inlet = createInlet();
  const lostError = (cause?: unknown): PlatformError =>
    new PlatformError("port.lost", `the simulated HID device ${path} is gone`, {
      retriable: true,
      cause,
    });
  const end = (reason?: Error): void => {
    inlet.end(reason);
    socket.destroy();
  };
  const reports = createReportSplitter((report) => inlet.push(report));
  socket.on("data", (chunk) => {
    if (!inlet.isOpen()) return;
    if (!reports.push(chunk)) end(lostError(new Error("a frame of length 0")));
  });
  socket.on("error", (error) => end(lostError(error)));
  socket.on("close", () => end(lostError()));

  return {
    name: path,
    write: (bytes) =>
      new Promise((resolve, reject) => {
        if (!inlet.isOpen()) return reject(lostError(inlet.lost()));
        if (bytes.length === 0 || bytes.length > MAX_REPORT_BYTES) {
          return reject(
            new PlatformError("wire.too-large", `a report has 1 to ${MAX_REPORT_BYTES} bytes`),
          );
        }
        socket.write(Uint8Array.of(bytes.length, ...bytes), (error) => {
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

/** Cuts a byte stream into reports, however it was split on the way; false after a frame of length 0. */
export function createReportSplitter(emit: (report: Uint8Array) => void): {
  push(chunk: Uint8Array): boolean;
} {
  let rest: Uint8Array = new Uint8Array(0);
  return {
    push(chunk) {
      let bytes: Uint8Array = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      for (;;) {
        const [length] = bytes;
        if (length === 0) return false;
        if (length === undefined || bytes.length < length + 1) break;
        emit(Uint8Array.from(bytes.subarray(1, length + 1)));
        bytes = bytes.subarray(length + 1);
      }
      rest = Uint8Array.from(bytes);
      return true;
    },
  };
}
