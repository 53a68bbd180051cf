import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

/** A small machine in a folder: what `/sys`, `/dev` and `/dev/serial/by-id` of a real one hold, as far as `scan` looks. */
export interface FakeMachine {
  readonly sys: string;
  readonly dev: string;
  readonly byId: string;
  /** An adapter is plugged in, as the kernel tells of it; the result is its device file. `byId` names its lasting link. */
  plugUsbSerial(port: UsbSerial): string;
  /** A UART of the board; one that is announced but not soldered has `isSoldered: false`. */
  addUart(name: string, options?: { readonly isSoldered?: boolean }): string;
  /** A console without hardware. */
  addConsole(name: string): void;
  /** The kernel writes its messages there. */
  setConsole(name: string): void;
}

export interface UsbSerial {
  /** `ttyUSB0` */
  readonly name: string;
  readonly driver: string;
  readonly vendorId: string;
  readonly productId: string;
  readonly texts?: Readonly<Partial<Record<"serial" | "manufacturer" | "product", string>>>;
  readonly byId?: string;
}

export function fakeMachine(folder: string): FakeMachine {
  const sys = join(folder, "sys");
  const dev = join(folder, "dev");
  const byId = join(dev, "serial/by-id");
  const classes = join(sys, "class/tty");
  for (const one of [classes, dev, byId]) mkdirSync(one, { recursive: true });

  const addTty = (name: string, device: string, driver: string): string => {
    const tty = join(device, "tty", name);
    link(join(classes, name), tty);
    link(join(tty, "device"), device);
    link(join(device, "driver"), join(sys, "bus/any/drivers", driver));
    writeFileSync(join(dev, name), "");
    return join(dev, name);
  };

  return {
    sys,
    dev,
    byId,
    plugUsbSerial({ name, driver, vendorId, productId, texts = {}, byId: lasting }) {
      const usb = join(sys, "devices/pci0000:00/usb1", `1-${name}`);
      write(join(usb, "idVendor"), vendorId);
      write(join(usb, "idProduct"), productId);
      for (const [text, said] of Object.entries(texts)) write(join(usb, text), said);
      const path = addTty(name, join(usb, "1-1:1.0", name), driver);
      if (lasting !== undefined) symlinkSync(path, join(byId, lasting));
      return path;
    },
    addUart(name, { isSoldered = true } = {}) {
      // Below the two devices of the serial core, as since Linux 6.5.
      const board = join(sys, "devices/platform/uart", name);
      link(join(board, "driver"), join(sys, "bus/platform/drivers/uart-pl011"));
      const device = join(board, `${name}:0/${name}:0.0`);
      link(join(board, `${name}:0/driver`), join(sys, "bus/serial-base/drivers/ctrl"));
      const path = addTty(name, device, "port");
      write(join(device, "tty", name, "type"), isSoldered ? "32" : "0");
      return path;
    },
    addConsole(name) {
      mkdirSync(join(sys, "devices/virtual/tty", name), { recursive: true });
      symlinkSync(join(sys, "devices/virtual/tty", name), join(classes, name));
    },
    setConsole: (name) => write(join(classes, "console/active"), name),
  };
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${text}\n`);
}

function link(at: string, target: string): void {
  mkdirSync(dirname(at), { recursive: true });
  mkdirSync(target, { recursive: true });
  symlinkSync(relative(dirname(at), target), at);
}
