import { mkdirSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { openPty } from "../pty.ts";
import { type MockedHid, serveIoctls } from "./umockdev-ioctl.ts";

/** A HID device as `umockdev-run` shows it to a program: the number of its node, `/dev/hidraw<node>`, and what it is. */
export interface MockDevice {
  readonly node: number;
  readonly serial: string;
  readonly product: string;
  readonly descriptor: Uint8Array;
}

/** The ids of every mocked device: rf IDEAS' vendor and product number. */
export const MOCK_IDS = { vendorId: "0c27", productId: "3bfa" } as const;
const MANUFACTURER = "RFIDeas";
/** Major number of the nodes; any that the kernel leaves free. */
const MAJOR = 240;

/** The device description for `umockdev-run -d`. */
export const describeDevices = (devices: readonly MockDevice[]): string =>
  devices.map(describeDevice).join("\n");

/** Four blocks, child to parent: hidraw node, HID device, USB interface, USB device. Each device has a USB port of its own. */
function describeDevice({ node, serial, product, descriptor }: MockDevice): string {
  const [vendorId, productId] = [MOCK_IDS.vendorId, MOCK_IDS.productId];
  const [VENDOR, PRODUCT] = [vendorId.toUpperCase(), productId.toUpperCase()];
  const port = `1-${node + 2}`;
  const usb = `/devices/pci0000:00/0000:00:14.0/usb1/${port}`;
  const hid = `0003:${VENDOR}:${PRODUCT}.${String(node + 1).padStart(4, "0")}`;
  return [
    `P: ${usb}/${port}:1.0/${hid}/hidraw/hidraw${node}`,
    `N: hidraw${node}`,
    `E: DEVNAME=/dev/hidraw${node}`,
    `E: MAJOR=${MAJOR}`,
    `E: MINOR=${node}`,
    "E: SUBSYSTEM=hidraw",
    `A: dev=${MAJOR}:${node}\\n`,
    `L: device=../../../${hid}`,
    "",
    `P: ${usb}/${port}:1.0/${hid}`,
    "E: DRIVER=hid-generic",
    `E: HID_ID=0003:0000${VENDOR}:0000${PRODUCT}`,
    `E: HID_NAME=${product}`,
    `E: HID_PHYS=usb-0000:00:14.0-${node + 2}/input0`,
    `E: HID_UNIQ=${serial}`,
    `E: MODALIAS=hid:b0003g0001v0000${VENDOR}p0000${PRODUCT}`,
    "E: SUBSYSTEM=hid",
    `H: report_descriptor=${Buffer.from(descriptor).toString("hex").toUpperCase()}`,
    "",
    `P: ${usb}/${port}:1.0`,
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
    `E: DEVNUM=${String(node + 2).padStart(3, "0")}`,
    `A: idVendor=${vendorId}\\n`,
    `A: idProduct=${productId}\\n`,
    "A: bcdDevice=0100\\n",
    `A: manufacturer=${MANUFACTURER}\\n`,
    `A: product=${product}\\n`,
    `A: serial=${serial}\\n`,
    "",
  ].join("\n");
}

export interface PluggedIn {
  /** An input report. Two that come before the program reads may reach it as one: wait until it has the one before. */
  report(bytes: Uint8Array): Promise<void>;
  /** The device is pulled out: it is in no list any more, and whoever has it open is told. */
  unplug(): Promise<void>;
  /** Lets go of what was opened for it, when there is no program left to see anything. */
  close(): Promise<void>;
}

const listed = (root: string, node: number): string => join(root, `sys/class/hidraw/hidraw${node}`);
const unlisted = (root: string, node: number): string => join(root, `unplugged-hidraw${node}`);

/** Takes a device out of the list that `umockdev-run` began with. `root` is its `UMOCKDEV_DIR`. */
export function unlist(root: string, node: number): void {
  renameSync(listed(root, node), unlisted(root, node));
}

/**
 * Puts a device that was taken out of the list back, with us behind its node: a pseudo-terminal for input reports, and answers
 * to what is asked of it by ioctl. Seen from the program it was just plugged in.
 */
export async function plugIn(root: string, node: number, device: MockedHid): Promise<PluggedIn> {
  const pty = openPty();
  mkdirSync(join(root, "ioctl/dev"), { recursive: true });
  const asked = await serveIoctls(join(root, `ioctl/dev/hidraw${node}`), device);
  replaceLink(join(root, `dev/hidraw${node}`), pty.slavePath);
  // By this umockdev knows that opening the pseudo-terminal was opening the device.
  const ptymap = join(root, "dev/.ptymap", pty.slavePath.replaceAll("/", "_"));
  replaceLink(ptymap, `${MAJOR}:${node}`);
  renameSync(unlisted(root, node), listed(root, node));
  return {
    report: (bytes) => pty.write(bytes),
    async unplug() {
      unlist(root, node);
      rmSync(ptymap);
      asked.unplug();
      await pty.close();
    },
    async close() {
      await pty.close();
      await asked.close();
    },
  };
}

function replaceLink(path: string, target: string): void {
  rmSync(path, { force: true });
  symlinkSync(target, path);
}
