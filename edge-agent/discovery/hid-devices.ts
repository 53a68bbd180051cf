import { type HidDevice, listHid } from "../ports/hid.ts";
import type { Access, Holder } from "./device-access.ts";
import type { Places } from "./places.ts";
import { type Guess, guessHid, type HidUsage, isKeyboard, type UsbIds } from "./usb-guess.ts";

export interface FoundHid extends UsbIds, HidUsage {
  /** `/dev/hidraw0`; another name after the next plug-in. */
  readonly path: string;
  readonly serial: string | null;
  readonly product: string | null;
  /** Number of the USB interface; null where there is one only. */
  readonly interface: number | null;
  readonly access: Access;
  /** Who has it open, as far as this user may know. */
  readonly heldBy: readonly Holder[];
  readonly guess: Guess;
}

/**
 * Every USB HID device, a device file once: as the keyboard it is, where it is one among other things. Rejects with
 * `port.library-missing` and what to type when node-hid does not load.
 */
export async function hidDevices(places: Places): Promise<readonly FoundHid[]> {
  const byPath = new Map<string, Described>();
  for (const device of await listHid(places.loadHid)) {
    const next = described(device);
    if (next === null) continue;
    if (!byPath.has(next.path) || isKeyboard(next)) byPath.set(next.path, next);
  }
  const complete = async (device: Described): Promise<FoundHid> => ({
    ...device,
    access: await places.accessOf(device.path),
    heldBy: await places.holdersOf(device.path),
    guess: guessHid(device),
  });
  const found = await Promise.all([...byPath.values()].map(complete));
  return found.toSorted((a, b) => a.path.localeCompare(b.path, "en", { numeric: true }));
}

type Described = Omit<FoundHid, "access" | "heldBy" | "guess">;

function described(device: HidDevice): Described | null {
  const { path, serialNumber, product, interface: number, usagePage, usage } = device;
  if (path === undefined) return null;
  return {
    path,
    vendorId: usbId(device.vendorId),
    productId: usbId(device.productId),
    serial: textOf(serialNumber),
    product: textOf(product),
    usagePage: usagePage ?? null,
    usage: usage ?? null,
    interface: number === undefined || number < 0 ? null : number,
  };
}

const textOf = (text: string | undefined): string | null =>
  text === undefined || text === "" ? null : text;

const usbId = (id: number): string => id.toString(16).padStart(4, "0");
