import { readdir, readFile, readlink, realpath } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Access, Holder } from "./device-access.ts";
import type { Places } from "./places.ts";
import { type Guess, guessSerial, type UsbIds } from "./usb-guess.ts";

export interface UsbIdentity extends UsbIds {
  readonly serial: string | null;
  readonly manufacturer: string | null;
  readonly product: string | null;
}

export interface FoundSerial {
  /** What the kernel calls it now, `/dev/ttyUSB0`; another name after the next plug-in. */
  readonly path: string;
  /** Its lasting name under `/dev/serial/by-id/`; null where udev made none, as for ports of the board. */
  readonly byId: string | null;
  /** Null for a port that is not on USB. */
  readonly usb: UsbIdentity | null;
  /** The kernel's driver, `cp210x`; null where the kernel names none. */
  readonly kernelDriver: string | null;
  readonly access: Access;
  /** Who has it open, as far as this user may know. */
  readonly heldBy: readonly Holder[];
  readonly guess: Guess;
}

/** The name to write into a configuration. */
export const lastingPath = ({ byId, path }: FoundSerial): string => byId ?? path;

/**
 * Every serial port with hardware behind it, in the order of their names. Also what a link under `by-id` leads to
 * without the kernel calling it a serial port, such as a simulator's pseudo-terminal. Rejects never: what cannot be read is not there.
 */
export async function serialPorts(places: Places): Promise<readonly FoundSerial[]> {
  const links = await lastingNames(places.byId);
  const consoles = await systemConsoles(places);
  const inKernel = await kernelPorts(places);
  const known = new Set(inKernel.map(({ path }) => path));
  const others = [...links.keys()]
    .filter((path) => !known.has(path))
    .map((path) => ({ path, usb: null, kernelDriver: null }));
  const complete = async (port: KernelPort): Promise<FoundSerial> => ({
    ...port,
    byId: links.get(port.path) ?? null,
    access: await places.accessOf(port.path),
    heldBy: await places.holdersOf(port.path),
    guess: consoles.has(port.path) ? CONSOLE : guessSerial(port.usb),
  });
  const found = await Promise.all([...inKernel, ...others].map(complete));
  return found.toSorted((a, b) => a.path.localeCompare(b.path, "en", { numeric: true }));
}

/** The port of that name, whether it is listed or not, such as a pseudo-terminal. Rejects never. */
export async function serialPortAt(name: string, places: Places): Promise<FoundSerial> {
  const path = await realpath(name).catch(() => name);
  const known = (await serialPorts(places)).find((port) => port.path === path);
  if (known !== undefined) return known;
  return {
    path: name,
    byId: null,
    usb: null,
    kernelDriver: null,
    access: await places.accessOf(name),
    heldBy: await places.holdersOf(name),
    guess: guessSerial(null),
  };
}

const CONSOLE: Guess = { drivers: [], reason: "the console of this machine" };

/** Where the kernel writes its messages, and somebody may be logged in. */
async function systemConsoles({ sys, dev }: Places): Promise<ReadonlySet<string>> {
  const names = (await textOf(join(sys, "class/tty/console/active"))) ?? "";
  return new Set(names.split(/\s+/u).map((name) => join(dev, name)));
}

/** Device file → its link. A link into nowhere belongs to something unplugged. */
async function lastingNames(folder: string): Promise<Map<string, string>> {
  const names = await readdir(folder).catch(() => []);
  const links = new Map<string, string>();
  for (const name of names.toSorted((a, b) => a.localeCompare(b))) {
    const target = await realpath(join(folder, name)).catch(() => undefined);
    if (target !== undefined) links.set(target, join(folder, name));
  }
  return links;
}

type KernelPort = Pick<FoundSerial, "path" | "usb" | "kernelDriver">;

async function kernelPorts({ sys, dev }: Places): Promise<readonly KernelPort[]> {
  const folder = join(sys, "class/tty");
  const names = await readdir(folder).catch(() => []);
  const found = await Promise.all(
    names.map(async (name): Promise<readonly KernelPort[]> => {
      // Consoles have no device, and a board announces more UARTs than are soldered: those are of type 0.
      const device = await realpath(join(folder, name, "device")).catch(() => undefined);
      const type = await textOf(join(folder, name, "type"));
      if (device === undefined || type === "0") return [];
      const [usb, kernelDriver] = await Promise.all([usbOf(device, sys), driverOf(device, sys)]);
      return [{ path: join(dev, name), usb, kernelDriver }];
    }),
  );
  return found.flat();
}

/** The USB device that a device of the kernel belongs to: the nearest folder above with ids. */
async function usbOf(device: string, sys: string): Promise<UsbIdentity | null> {
  for (const folder of upwards(device, await realpath(sys))) {
    const vendorId = await textOf(join(folder, "idVendor"));
    const productId = await textOf(join(folder, "idProduct"));
    if (vendorId === null || productId === null) continue;
    return {
      vendorId: vendorId.toLowerCase(),
      productId: productId.toLowerCase(),
      serial: await textOf(join(folder, "serial")),
      manufacturer: await textOf(join(folder, "manufacturer")),
      product: await textOf(join(folder, "product")),
    };
  }
  return null;
}

/** Since Linux 6.5 a UART of the board hangs below two devices of the serial core that drive nothing. */
const SERIAL_CORE = new Set(["port", "ctrl"]);

async function driverOf(device: string, sys: string): Promise<string | null> {
  for (const folder of upwards(device, await realpath(sys))) {
    const link = await readlink(join(folder, "driver")).catch(() => undefined);
    if (link !== undefined && !SERIAL_CORE.has(basename(link))) return basename(link);
  }
  return null;
}

/** A folder and those above it, up to `top` without it. */
function upwards(folder: string, top: string): readonly string[] {
  return folder.startsWith(`${top}/`) ? [folder, ...upwards(dirname(folder), top)] : [];
}

/** A line of `/sys`; null when it is not there or empty. */
async function textOf(file: string): Promise<string | null> {
  const text = await readFile(file, "utf8").catch(() => "");
  return text.trim() === "" ? null : text.trim();
}
