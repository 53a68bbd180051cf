import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import type * as serialport from "serialport";
import { z } from "zod";
import { groupOf } from "./group-of.ts";
import { createInlet } from "./inlet.ts";
import type { Port } from "./port.ts";

export const serialConfigSchema = z.strictObject({
  path: z
    .string()
    .min(1)
    .max(256)
    .describe("Device file of the line. Use a stable name under /dev/serial/by-id/"),
  baudRate: z.int().min(300).max(1_000_000).default(9600).describe("Bit/s; default 9600"),
  dataBits: z
    .union([z.literal(7), z.literal(8)])
    .default(8)
    .describe("Default 8"),
  parity: z.enum(["none", "even", "odd"]).default("none").describe("Default none"),
  stopBits: z
    .union([z.literal(1), z.literal(2)])
    .default(1)
    .describe("Default 1"),
});
export type SerialConfig = z.output<typeof serialConfigSchema>;

/** Why a line does not open. */
export type WhyNot = "in-use" | "denied" | "missing" | "other";

/**
 * Opens a serial line for this process alone. Rejects with `port.library-missing` when the native module does not
 * load, and with `port.unavailable` and what to do when the line is missing, locked or not permitted; `details.why` is a
 * {@link WhyNot}.
 */
export async function openSerial(config: SerialConfig): Promise<Port> {
  const library = await loadSerialport();
  const serial = new library.SerialPort({ ...config, autoOpen: false, lock: true });
  // Attached before opening: a port that nobody reads never notices that its adapter was pulled out.
  const port = wrap(serial, config.path);
  await new Promise<void>((resolve, reject) => {
    serial.open((error) => {
      if (error === null || error === undefined) resolve();
      else reject(explain(error, config.path));
    });
  });
  return port;
}

/** Rejects with `port.library-missing`. */
export async function loadSerialport(): Promise<typeof serialport> {
  try {
    return await import("serialport");
  } catch (error) {
    throw new PlatformError(
      "port.library-missing",
      "the native module `serialport` does not load: run the set-up again on this machine",
      { cause: error },
    );
  }
}

/** How often a line is asked whether it is still there. */
const HANG_UP_CHECK_MS = 1_000;

/** What any question to a line that was hung up is answered with; a pty answers "inappropriate ioctl" as long as it lives. */
const isHungUp = (error: Error | null | undefined): boolean =>
  /input\/output error|no such device|bad file/i.test(error?.message ?? "");

/** Text of the operating system becomes a sentence that says what to do; with `isHungUp` the only place that reads it. */
function explain(error: Error, path: string): PlatformError {
  const text = error.message;
  const unavailable = (why: WhyNot, message: string): PlatformError =>
    new PlatformError("port.unavailable", message, {
      retriable: true,
      cause: error,
      details: { path, why },
    });
  if (/cannot lock port|resource temporarily unavailable|device or resource busy/i.test(text)) {
    return unavailable(
      "in-use",
      `${path} is in use by another program: stop it, or give each line one user`,
    );
  }
  if (/permission denied|EACCES/i.test(text)) {
    const group = groupOf(path);
    return unavailable(
      "denied",
      `no permission for ${path}: add the agent's user to the group ${group}, then restart it`,
    );
  }
  if (/no such file|ENOENT|no such device/i.test(text)) {
    return unavailable(
      "missing",
      `${path} is not there: check the cable and look in /dev/serial/by-id/`,
    );
  }
  return unavailable("other", `${path} does not open: ${text}`);
}

function wrap(serial: serialport.SerialPort, path: string): Port {
  const inlet = createInlet();
  const lostError = (cause: unknown): PlatformError =>
    new PlatformError(
      "port.lost",
      `the line ${path} is gone: plug it in again, and it is opened by itself`,
      { retriable: true, cause },
    );

  let failure: unknown;
  const giveUp = (cause: unknown): void => {
    failure = cause;
    if (serial.isOpen) serial.close(() => inlet.end(lostError(cause)));
  };
  // An adapter pulled out hangs the line up, and reads of it then end at once with nothing: serialport 13 reads again for
  // ever and tells nobody (seen on about one unplugging in five).
  let check: NodeJS.Timeout | undefined;
  serial.on("open", () => {
    check = setInterval(() => {
      serial.get((error) => void (isHungUp(error) && giveUp(error)));
    }, HANG_UP_CHECK_MS);
  });

  serial.on("data", (chunk: Buffer) => inlet.push(chunk));
  serial.on("close", (error: (Error & { disconnected?: boolean }) | null | undefined) => {
    clearInterval(check);
    const reason = error?.disconnected === true ? error : failure;
    inlet.end(reason === undefined ? undefined : lostError(reason));
  });
  // Before it was open, `open` itself reports the failure.
  serial.on("error", (error) => void (serial.isOpen && giveUp(error)));

  return {
    name: path,
    write: (bytes) =>
      new Promise((resolve, reject) => {
        if (!inlet.isOpen() || !serial.isOpen) {
          reject(lostError(inlet.lost()));
          return;
        }
        serial.write(Buffer.from(bytes), undefined, (error) => {
          if (error === null || error === undefined) resolve();
          else reject(lostError(error));
        });
      }),
    onData: inlet.onData,
    onClosed: inlet.onClosed,
    setBaudRate: (baudRate) =>
      new Promise((resolve, reject) => {
        if (!inlet.isOpen() || !serial.isOpen) {
          reject(lostError(inlet.lost()));
          return;
        }
        serial.update({ baudRate }, (error) => {
          if (error === null || error === undefined) resolve();
          else reject(lostError(error));
        });
      }),
    close: () =>
      new Promise((resolve) => {
        if (serial.isOpen) serial.close(() => resolve());
        else resolve();
      }),
  };
}
