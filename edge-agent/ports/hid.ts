import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { z } from "zod";
import { createInlet } from "./inlet.ts";
import type { Port } from "./port.ts";

const usbId = z
  .string()
  .regex(/^[0-9a-fA-F]{4}$/, 'write four hex digits in quotes, such as "0c27"');

export const hidConfigSchema = z
  .strictObject({
    vendorId: usbId.optional().describe('USB vendor, four hex digits in quotes: "0c27" (lsusb)'),
    productId: usbId.optional().describe('USB product, four hex digits in quotes: "3bfa" (lsusb)'),
    serial: z.string().min(1).max(126).optional().describe("USB serial number of the device"),
    path: z.string().min(1).max(256).optional().describe("Device file, such as /dev/hidraw0"),
  })
  .refine(
    (config) =>
      config.path !== undefined ||
      (config.vendorId !== undefined && config.productId !== undefined),
    "give vendorId and productId, or path",
  );
export type HidConfig = z.output<typeof hidConfigSchema>;

/** What we use of node-hid. */
export interface HidLibrary {
  devicesAsync(): Promise<readonly HidDevice[]>;
  readonly HIDAsync: { open(path: string): Promise<HidHandle> };
}

export interface HidDevice {
  readonly vendorId: number;
  readonly productId: number;
  readonly path?: string | undefined;
  readonly serialNumber?: string | undefined;
  readonly product?: string | undefined;
  readonly usagePage?: number | undefined;
  readonly usage?: number | undefined;
  /** Number of the USB interface, -1 where there is one only. */
  readonly interface?: number | undefined;
}

export interface HidHandle {
  on(event: "data", listener: (report: Uint8Array) => void): unknown;
  /** node-hid 3.4 emits a string here, not an Error. */
  on(event: "error", listener: (error: unknown) => void): unknown;
  write(values: number[]): Promise<number>;
  close(): Promise<void>;
}

/**
 * Opens the one HID device that fits `config`; each chunk of the port is one input report, without report id.
 * Looks the device up anew at every call, since a device that comes back has a new path. Rejects with
 * `port.library-missing` when node-hid's native part does not load, with `port.unavailable` when no device fits,
 * when several do, or when it may not be opened.
 */
export async function openHid(
  config: HidConfig,
  load: () => Promise<HidLibrary> = loadNodeHid,
): Promise<Port> {
  const name = nameOf(config);
  const library = await load();
  const path = pick(config, await listHid(() => Promise.resolve(library)));
  try {
    return wrap(await withLibrary(() => library.HIDAsync.open(path)), name);
  } catch (error) {
    if (error instanceof PlatformError) throw error;
    throw unavailable(
      `${name} at ${path} does not open: give the agent's user access with the udev rule in edge-agent/devices/hid-keyboard/README.md`,
      error,
    );
  }
}

/** Every HID device of this machine, an entry per use of it; rejects with `port.library-missing`. */
export async function listHid(
  load: () => Promise<HidLibrary> = loadNodeHid,
): Promise<readonly HidDevice[]> {
  const library = await load();
  return withLibrary(() => library.devicesAsync());
}

/** Imported only when a HID device is configured or looked for: gateways without one need no libusb. */
export async function loadNodeHid(): Promise<HidLibrary> {
  return withLibrary(() => import("node-hid"));
}

/** node-hid loads its native part at the first call, so that a missing libusb shows there and not at import. */
async function withLibrary<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (!isLoadFailure(error)) throw error;
    throw new PlatformError(
      "port.library-missing",
      "node-hid does not load: sudo apt-get install libusb-1.0-0 libudev1, then restart the agent",
      { cause: error },
    );
  }
}

function isLoadFailure(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = "code" in error ? error.code : undefined;
  return (
    code === "ERR_DLOPEN_FAILED" || code === "MODULE_NOT_FOUND" || code === "ERR_MODULE_NOT_FOUND"
  );
}

const KEYBOARD = { usagePage: 1, usage: 6 };

function pick(config: HidConfig, devices: readonly HidDevice[]): string {
  const fitting = devices.filter((device) => fits(config, device));
  const keyboards = fitting.filter(
    (device) => device.usagePage === KEYBOARD.usagePage && device.usage === KEYBOARD.usage,
  );
  const pathsOf = (some: readonly HidDevice[]): string[] => [
    ...new Set(some.flatMap((device) => (device.path === undefined ? [] : [device.path]))),
  ];
  // A composite device shows one entry per interface; a reader's badges come through its keyboard.
  for (const candidates of [pathsOf(fitting), pathsOf(keyboards)]) {
    const [only] = candidates;
    if (candidates.length === 1 && only !== undefined) return only;
  }
  if (fitting.length === 0) {
    throw unavailable(`no HID device is ${nameOf(config)}: check the cable and compare with lsusb`);
  }
  throw unavailable(
    `several HID devices are ${nameOf(config)}: add serial or path to tell them apart (${pathsOf(fitting).join(", ")})`,
  );
}

function isId(wanted: string | undefined, found: number): boolean {
  return wanted === undefined || Number.parseInt(wanted, 16) === found;
}

function fits(config: HidConfig, device: HidDevice): boolean {
  return (
    isId(config.vendorId, device.vendorId) &&
    isId(config.productId, device.productId) &&
    (config.serial === undefined || config.serial === device.serialNumber) &&
    (config.path === undefined || config.path === device.path)
  );
}

function nameOf(config: HidConfig): string {
  const ids =
    config.vendorId === undefined || config.productId === undefined
      ? []
      : [`${config.vendorId}:${config.productId}`];
  return [...ids, config.serial, config.path].filter((part) => part !== undefined).join(" ");
}

function wrap(handle: HidHandle, name: string): Port {
  const inlet = createInlet();
  const lostError = (cause: unknown): PlatformError =>
    new PlatformError("port.lost", `the HID device ${name} is gone`, {
      retriable: true,
      cause,
      details: { said: typeof cause === "string" ? cause : "" },
    });

  // Both attached at once: reading is what notices an unplugged device, and there is no "close" event for it.
  handle.on("error", (error) => {
    inlet.end(lostError(error));
    void closeQuietly(handle);
  });
  handle.on("data", (report) => inlet.push(report));

  return {
    name,
    async write(bytes) {
      if (!inlet.isOpen()) throw lostError(inlet.lost());
      try {
        // hidraw wants the report id first; 0 means that the device does not number its reports.
        await handle.write([0, ...bytes]);
      } catch (error) {
        throw lostError(error);
      }
    },
    onData: inlet.onData,
    onClosed: inlet.onClosed,
    async close() {
      if (!inlet.isOpen()) return;
      inlet.end();
      await closeQuietly(handle);
    },
  };
}

async function closeQuietly(handle: HidHandle): Promise<void> {
  try {
    await handle.close();
  } catch {
    // The device is gone already.
  }
}

function unavailable(message: string, cause?: unknown): PlatformError {
  return new PlatformError("port.unavailable", message, { retriable: true, cause });
}
