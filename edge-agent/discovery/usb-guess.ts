/** Drivers of this agent that a device found may be read with, likeliest first; `--probe` makes sure of serial ones. */
export interface Guess {
  readonly drivers: readonly string[];
  /** Why, or why none, in a few words. */
  readonly reason: string;
}

export interface UsbIds {
  /** Four lower-case hex digits each. */
  readonly vendorId: string;
  readonly productId: string;
}

const NOTHING: readonly string[] = [];
/** Whatever speaks first or answers on a plain serial line, the commonest first. */
const ON_ANY_LINE = ["osdp", "serial-badge", "anviz", "zfm", "sfm"];

/** Chips that are only a cable: their ids say nothing of what hangs behind them. By vendor; null = any product. */
const ADAPTERS: Readonly<Record<string, { name: string; products: readonly string[] | null }>> = {
  "0403": { name: "FTDI", products: null },
  "067b": { name: "PL2303", products: null },
  "10c4": { name: "CP210x", products: ["ea60", "ea61", "ea63", "ea70", "ea71"] },
  "1a86": { name: "CH340 or CH9102", products: null },
  "04e2": { name: "Exar XR21", products: null },
  "0483": { name: "STM32 virtual COM", products: ["5740"] },
};

/** Who makes nothing but readers of badges and barcodes, on a serial line as on a keyboard. */
const READER_VENDORS: Readonly<Record<string, string>> = {
  "05e0": "Zebra (Symbol)",
  "05f9": "Datalogic",
  "076b": "HID OMNIKEY",
  "0801": "MagTek",
  "09d8": "Elatec",
  "0acd": "ID TECH",
  "0c27": "rf IDEAS",
  "0c2e": "Honeywell (Metrologic)",
  "1eab": "Newland",
  ffff: "Sycreader",
};

export function guessSerial(usb: UsbIds | null): Guess {
  if (usb === null) {
    return { drivers: ON_ANY_LINE, reason: "a serial port of the board or a link: --probe asks" };
  }
  const reader = READER_VENDORS[usb.vendorId];
  if (reader !== undefined) return { drivers: ["serial-badge"], reason: `a reader by ${reader}` };
  const adapter = ADAPTERS[usb.vendorId];
  if (adapter === undefined || adapter.products?.includes(usb.productId) === false) {
    return { drivers: NOTHING, reason: "a USB serial device this agent does not know" };
  }
  return { drivers: ON_ANY_LINE, reason: `an adapter (${adapter.name}): --probe asks behind it` };
}

const KEYBOARD = { usagePage: 0x01, usage: 0x06 };
const FIRST_VENDOR_PAGE = 0xff00;
const PCPROX = { vendorId: "0c27", productId: "3bfa" };

export interface HidUsage {
  readonly usagePage: number | null;
  readonly usage: number | null;
}

/** Whether a HID device types like a keyboard. */
export const isKeyboard = ({ usagePage, usage }: HidUsage): boolean =>
  usagePage === KEYBOARD.usagePage && usage === KEYBOARD.usage;

export function guessHid(device: UsbIds & HidUsage): Guess {
  const { vendorId, productId } = device;
  const reader = READER_VENDORS[vendorId];
  if (reader === undefined) {
    const reason = isKeyboard(device)
      ? "a keyboard, not by a maker of readers: if it is a reader, hid-keyboard reads it"
      : "nothing this agent knows";
    return { drivers: NOTHING, reason };
  }
  const isPcprox = vendorId === PCPROX.vendorId && productId === PCPROX.productId;
  if (isKeyboard(device)) {
    // One that types may answer feature reports on the same interface.
    const drivers = isPcprox ? ["hid-keyboard", "pcprox"] : ["hid-keyboard"];
    return { drivers, reason: `types badges like a keyboard, by ${reader}` };
  }
  if (isPcprox || (vendorId === PCPROX.vendorId && isVendorPage(device))) {
    return { drivers: ["pcprox"], reason: "rf IDEAS pcProx, asked for raw cards" };
  }
  return { drivers: NOTHING, reason: `by ${reader}, but no keyboard: set it to keyboard mode` };
}

const isVendorPage = ({ usagePage }: HidUsage): boolean =>
  usagePage !== null && usagePage >= FIRST_VENDOR_PAGE;
