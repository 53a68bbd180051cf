import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { z } from "zod";
import { createInlet } from "./inlet.ts";
import type { FeatureReports, Port } from "./port.ts";

const usbId = z
  .string()
  .regex(/^[0-9a-fA-F]{4}$/, 'write four hex digits in quotes, such as "0c27"');

export const hidConfigSchema = z
  .strictObject({
    vendorId: usbId.optional().describe('USB vendor, four hex digits in quotes: "0c27" (lsusb)'),
    productId: usbId.optional().describe('USB product, four hex digits in quotes: "3bfa" (lsusb)'),
    serial: z.string().min(1).max(126).optional().describe("USB serial number of the device"),
    path: z.string().min(1).max(256).optional().describe("Device file, such as /dev/hidraw0"),
    interface: z
      .int()
      .min(0)
      .max(31)
      .optional()
      .describe(
        "Number of the USB interface, where a device has several; default: the one the driver looks for",
      ),
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

/** Usages of HID interfaces, `usage` left out for every one of a page or of a range of pages. */
export interface HidUsage {
  readonly usagePage: number | { readonly from: number; readonly to: number };
  readonly usage?: number;
}

/** What a driver looks for in a HID device. */
export interface HidUse {
  /** Interfaces it can talk to, best first: of several, the first kind that exactly one interface has is taken. */
  readonly usages: readonly HidUsage[];
  /** Refuses a device that has none of them, and says what to do; left out where the driver finds out itself. */
  readonly otherwise?: string;
}

export interface HidChoice {
  readonly use?: HidUse | undefined;
  readonly load?: () => Promise<HidLibrary>;
}

export interface HidHandle {
  on(event: "data", listener: (report: Uint8Array) => void): unknown;
  /** node-hid 3.4 emits a string here, not an Error. */
  on(event: "error", listener: (error: unknown) => void): unknown;
  write(values: number[]): Promise<number>;
  sendFeatureReport(values: number[]): Promise<number>;
  getFeatureReport(reportId: number, length: number): Promise<Uint8Array>;
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
  { use, load = loadNodeHid }: HidChoice = {},
): Promise<Port> {
  const name = nameOf(config);
  const library = await load();
  const path = await locateHid(config, { use, load: () => Promise.resolve(library) });
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

/** The device file of the one HID device that fits, without opening it. Rejects as {@link openHid} does. */
export async function locateHid(
  config: HidConfig,
  { use, load = loadNodeHid }: HidChoice = {},
): Promise<string> {
  return pick(config, use, await listHid(load));
}

/** Every HID device of this machine, an entry per use of it; rejects with `port.library-missing`. */
export async function listHid(
  load: () => Promise<HidLibrary> = loadNodeHid,
): Promise<readonly HidDevice[]> {
  const library = await load();
  return withLibrary(() => library.devicesAsync());
}

/** The genuine library. Imported only when a HID device is configured or looked for: gateways without one need no libusb. */
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

/** A device shows an entry for each interface, and for each use of an interface; those of one interface have one path. */
function pick(config: HidConfig, use: HidUse | undefined, devices: readonly HidDevice[]): string {
  const usages = use?.usages ?? [];
  const fitting = devices.filter((device) => fits(config, device));
  refuseOtherKinds(config, use, fitting);
  const choices = [
    fitting,
    ...usages.map((usage) => fitting.filter((device) => hasUsage(usage, device))),
  ];
  for (const candidates of choices.map(pathsOf)) {
    const [only] = candidates;
    if (candidates.length === 1 && only !== undefined) return only;
  }
  if (fitting.length === 0) {
    throw unavailable(`no HID device is ${nameOf(config)}: check the cable and compare with lsusb`);
  }
  throw unavailable(
    `several HID devices are ${nameOf(config)}: add serial, interface or path to tell them apart (${fitting.map(spelled).join(", ")})`,
  );
}

/** A device whose usages are not told is given the benefit of the doubt. */
function refuseOtherKinds(
  config: HidConfig,
  use: HidUse | undefined,
  fitting: readonly HidDevice[],
): void {
  if (use?.otherwise === undefined || fitting.length === 0) return;
  const isKnown = fitting.every(({ usagePage }) => usagePage !== undefined && usagePage !== 0);
  const isFound = fitting.some((device) => use.usages.some((usage) => hasUsage(usage, device)));
  if (isKnown && !isFound) throw unavailable(`${nameOf(config)} ${use.otherwise}`);
}

const pathsOf = (devices: readonly HidDevice[]): readonly string[] => [
  ...new Set(devices.flatMap(({ path }) => (path === undefined ? [] : [path]))),
];

function hasUsage(wanted: HidUsage, { usagePage, usage }: HidDevice): boolean {
  const { from, to } =
    typeof wanted.usagePage === "number"
      ? { from: wanted.usagePage, to: wanted.usagePage }
      : wanted.usagePage;
  if (usagePage === undefined || usagePage < from || usagePage > to) return false;
  return wanted.usage === undefined || wanted.usage === usage;
}

/** An entry as a person tells it from the others. */
const spelled = ({ path, serialNumber, interface: number }: HidDevice): string =>
  [
    path ?? "no path",
    ...(serialNumber === undefined || serialNumber === "" ? [] : [`serial ${serialNumber}`]),
    ...(number === undefined || number < 0 ? [] : [`interface ${number}`]),
  ].join(" ");

function isId(wanted: string | undefined, found: number): boolean {
  return wanted === undefined || Number.parseInt(wanted, 16) === found;
}

function fits(config: HidConfig, device: HidDevice): boolean {
  return (
    isId(config.vendorId, device.vendorId) &&
    isId(config.productId, device.productId) &&
    (config.serial === undefined || config.serial === device.serialNumber) &&
    (config.path === undefined || config.path === device.path) &&
    (config.interface === undefined || config.interface === device.interface)
  );
}

function nameOf(config: HidConfig): string {
  const ids =
    config.vendorId === undefined || config.productId === undefined
      ? []
      : [`${config.vendorId}:${config.productId}`];
  const number = config.interface === undefined ? [] : [`interface ${config.interface}`];
  return [...ids, config.serial, ...number, config.path]
    .filter((part) => part !== undefined)
    .join(" ");
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
    features: featuresOf(handle, name, () => {
      if (!inlet.isOpen()) throw lostError(inlet.lost());
    }),
    onData: inlet.onData,
    onClosed: inlet.onClosed,
    async close() {
      if (!inlet.isOpen()) return;
      inlet.end();
      await closeQuietly(handle);
    },
  };
}

/**
 * A refusal and a device that was pulled out in this instant look the same here; the latter becomes `port.lost` through the
 * reading that goes on beside it.
 */
function featuresOf(handle: HidHandle, name: string, throwIfLost: () => void): FeatureReports {
  const refused = (cause: unknown): PlatformError =>
    new PlatformError("device.refused", `${name} does not answer to feature reports`, {
      retriable: true,
      cause,
    });
  const attempt = async <T>(call: () => Promise<T>): Promise<T> => {
    throwIfLost();
    try {
      return await call();
    } catch (error) {
      throwIfLost();
      throw refused(error);
    }
  };
  return {
    // hidraw has the report id first in both directions, also of devices that do not number their reports.
    send: (reportId, bytes) =>
      attempt(async () => void (await handle.sendFeatureReport([reportId, ...bytes]))),
    get: (reportId, length) =>
      attempt(async () =>
        Uint8Array.from((await handle.getFeatureReport(reportId, length + 1)).subarray(1)),
      ),
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
