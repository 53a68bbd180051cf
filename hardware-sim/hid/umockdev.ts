import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { KEYBOARD_DESCRIPTOR, type TypingStyle, typeBadge } from "./keyboard.ts";

/** The fake device: rf IDEAS' vendor and product number with a plain boot-keyboard descriptor. */
export const MOCK_DEVICE = {
  node: "/dev/hidraw0",
  vendorId: 0x0c27,
  productId: 0x3bfa,
  serial: "KB0001",
  product: "RFIDeas USB Keyboard",
  manufacturer: "RFIDeas",
} as const;

export interface MockKeyboard {
  readonly badges: readonly string[];
  /** Between reports. The device node is a pty, where reports closer than 50 ms may merge. */
  readonly gapMs: number;
  /** Before the first report, so that the program under test is there; 1500 ms unless told. */
  readonly firstMs?: number;
  readonly style?: TypingStyle;
}

export interface UmockdevFiles {
  readonly device: string;
  readonly ioctl: string;
  readonly script: string;
  /** What goes between `umockdev-run` and the program. */
  readonly args: readonly string[];
}

/**
 * Writes what `umockdev-run` needs to show a real HID library a keyboard-wedge reader that types `badges`: device
 * description, answers to the descriptor ioctls, and the reports with their pauses.
 */
export function writeUmockdevFiles(dir: string, keyboard: MockKeyboard): UmockdevFiles {
  mkdirSync(dir, { recursive: true });
  const device = join(dir, "hid.umockdev");
  const ioctl = join(dir, "kbd.ioctl");
  const script = join(dir, "kbd.script");
  writeFileSync(device, describeDevice());
  writeFileSync(ioctl, describeIoctls());
  writeFileSync(script, describeReports(keyboard));
  const { node } = MOCK_DEVICE;
  const args = ["-d", device, "-i", `${node}=${ioctl}`, "-s", `${node}=${script}`, "--"];
  return { device, ioctl, script, args };
}

/** Four blocks, child to parent: hidraw node, HID device, USB interface, USB device. */
function describeDevice(): string {
  const vendor = MOCK_DEVICE.vendorId.toString(16).padStart(4, "0");
  const product = MOCK_DEVICE.productId.toString(16).padStart(4, "0");
  const usb = "/devices/pci0000:00/0000:00:14.0/usb1/1-2";
  const hid = `0003:${vendor.toUpperCase()}:${product.toUpperCase()}.0001`;
  const hidId = `0003:0000${vendor.toUpperCase()}:0000${product.toUpperCase()}`;
  const alias = `hid:b0003g0001v0000${vendor.toUpperCase()}p0000${product.toUpperCase()}`;
  return [
    `P: ${usb}/1-2:1.0/${hid}/hidraw/hidraw0`,
    "N: hidraw0",
    `E: DEVNAME=${MOCK_DEVICE.node}`,
    "E: MAJOR=240",
    "E: MINOR=0",
    "E: SUBSYSTEM=hidraw",
    "A: dev=240:0\\n",
    `L: device=../../../${hid}`,
    "",
    `P: ${usb}/1-2:1.0/${hid}`,
    "E: DRIVER=hid-generic",
    `E: HID_ID=${hidId}`,
    `E: HID_NAME=${MOCK_DEVICE.product}`,
    "E: HID_PHYS=usb-0000:00:14.0-2/input0",
    `E: HID_UNIQ=${MOCK_DEVICE.serial}`,
    `E: MODALIAS=${alias}`,
    "E: SUBSYSTEM=hid",
    `H: report_descriptor=${toHex(KEYBOARD_DESCRIPTOR)}`,
    "",
    `P: ${usb}/1-2:1.0`,
    "E: DEVTYPE=usb_interface",
    "E: DRIVER=usbhid",
    "E: INTERFACE=3/1/1",
    "E: SUBSYSTEM=usb",
    "A: bInterfaceClass=03\\n",
    "A: bInterfaceNumber=00\\n",
    "A: bInterfaceProtocol=01\\n",
    "A: bInterfaceSubClass=01\\n",
    "",
    `P: ${usb}`,
    "E: DEVTYPE=usb_device",
    "E: DRIVER=usb",
    "E: SUBSYSTEM=usb",
    "E: BUSNUM=001",
    "E: DEVNUM=002",
    `A: idVendor=${vendor}\\n`,
    `A: idProduct=${product}\\n`,
    "A: bcdDevice=0100\\n",
    `A: manufacturer=${MOCK_DEVICE.manufacturer}\\n`,
    `A: product=${MOCK_DEVICE.product}\\n`,
    `A: serial=${MOCK_DEVICE.serial}\\n`,
    "",
  ].join("\n");
}

/** `struct hidraw_report_descriptor`: 32-bit length, then 4096 bytes. */
function describeIoctls(): string {
  const size = Buffer.alloc(4);
  size.writeUInt32LE(KEYBOARD_DESCRIPTOR.length);
  const padded = Buffer.alloc(4_096);
  padded.set(KEYBOARD_DESCRIPTOR);
  return [
    `@DEV ${MOCK_DEVICE.node}`,
    `HIDIOCGRDESCSIZE 0 ${toHex(size)}`,
    `HIDIOCGRDESC 0 ${toHex(size)}${toHex(padded)}`,
    "",
  ].join("\n");
}

function describeReports({ badges, gapMs, firstMs = 1_500, style }: MockKeyboard): string {
  const reports = badges.flatMap((badge) => typeBadge(badge, style));
  const lines = reports.map(
    (report, index) => `r ${index === 0 ? firstMs : gapMs} ${escapeBytes(report)}`,
  );
  return [`d 0 ${MOCK_DEVICE.node}`, ...lines, ""].join("\n");
}

const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex").toUpperCase();

/** umockdev's spelling: control bytes as `^` and a letter, `^` itself as ^`. Reports hold no bytes above 7Eh. */
function escapeBytes(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => {
    if (byte < 0x20) return `^${String.fromCharCode(byte + 0x40)}`;
    return byte === 0x5e ? "^`" : String.fromCharCode(byte);
  }).join("");
}
