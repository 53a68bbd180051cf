import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type FakeMachine, fakeMachine } from "../../test/support/fake-machine.ts";
import { type TempDir, tempDir } from "../../test/support/temp.ts";
import type { HidDevice, HidLibrary } from "../ports/hid.ts";
import { type Places, THIS_MACHINE } from "./places.ts";
import { scan } from "./scan.ts";
import { lastingPath } from "./serial-ports.ts";

const CP210X = { name: "ttyUSB0", driver: "cp210x", vendorId: "10c4", productId: "ea60" };
const BY_ID = "usb-Silicon_Labs_CP2102_0001-if00-port0";

let dir: TempDir;
let machine: FakeMachine;
beforeEach(() => {
  dir = tempDir("scan");
  machine = fakeMachine(dir.path);
});
afterEach(() => dir.remove());

const places = (some: Partial<Places> = {}): Places => ({
  ...THIS_MACHINE,
  ...machine,
  loadHid: hidLibrary([]),
  ...some,
});

const hidLibrary = (devices: readonly HidDevice[]) => (): Promise<HidLibrary> =>
  Promise.resolve({
    devicesAsync: () => Promise.resolve(devices),
    HIDAsync: { open: () => Promise.reject(new Error("a scan opens nothing")) },
  });

const hid = (some: Partial<HidDevice>): HidDevice => ({
  vendorId: 0x0c27,
  productId: 0x3bfa,
  path: "/dev/hidraw0",
  ...some,
});

describe("serial ports", () => {
  it("are told with their lasting name, their USB device and the kernel's driver", async () => {
    const texts = { serial: "0001", manufacturer: "Silicon Labs", product: "CP2102" };
    const path = machine.plugUsbSerial({ ...CP210X, texts, byId: BY_ID });
    const { serial, problems } = await scan(places());
    expect(serial).toEqual([
      {
        path,
        byId: join(machine.byId, BY_ID),
        usb: { vendorId: "10c4", productId: "ea60", ...texts },
        kernelDriver: "cp210x",
        access: "ok",
        heldBy: [],
        guess: {
          drivers: ["osdp", "serial-badge", "anviz", "zfm", "sfm"],
          reason: expect.stringContaining("CP210x"),
        },
      },
    ]);
    expect(problems).toEqual([]);
  });

  it("of the board have a driver and no USB device; consoles and UARTs without pins are none", async () => {
    const path = machine.addUart("ttyAMA0");
    machine.addUart("ttyS7", { isSoldered: false });
    machine.addConsole("tty1");
    const { serial } = await scan(places());
    expect(serial).toMatchObject([{ path, usb: null, byId: null, kernelDriver: "uart-pl011" }]);
  });

  it("come in the order of their numbers, and each is written down by its lasting name", async () => {
    for (const name of ["ttyUSB10", "ttyUSB2"]) machine.plugUsbSerial({ ...CP210X, name });
    machine.plugUsbSerial({ ...CP210X, name: "ttyUSB1", byId: BY_ID });
    const { serial } = await scan(places());
    expect(serial.map(lastingPath)).toEqual([
      join(machine.byId, BY_ID),
      join(machine.dev, "ttyUSB2"),
      join(machine.dev, "ttyUSB10"),
    ]);
  });

  it("that only a link names are told too, and a link into nowhere is nothing", async () => {
    mkdirSync(join(dir.path, "pts"));
    symlinkSync(join(dir.path, "pts"), join(machine.byId, "simulated"));
    symlinkSync(join(dir.path, "gone"), join(machine.byId, "unplugged"));
    const { serial } = await scan(places());
    expect(serial).toMatchObject([
      { path: join(dir.path, "pts"), byId: join(machine.byId, "simulated"), usb: null },
    ]);
  });

  it("are guessed by who made them", async () => {
    machine.plugUsbSerial({ ...CP210X, name: "ttyACM0", vendorId: "0C2E", productId: "0b61" });
    machine.plugUsbSerial({ ...CP210X, name: "ttyACM1", vendorId: "1234", productId: "0001" });
    const { serial } = await scan(places());
    expect(serial.map(({ guess }) => guess)).toEqual([
      { drivers: ["serial-badge"], reason: "a reader by Honeywell (Metrologic)" },
      { drivers: [], reason: "a USB serial device this agent does not know" },
    ]);
  });

  it("without permission or in use are told as that, with what to type", async () => {
    const path = machine.plugUsbSerial(CP210X);
    const holder = { pid: 42, command: "minicom" };
    const { serial, problems } = await scan(
      places({
        accessOf: () => Promise.resolve("denied"),
        holdersOf: () => Promise.resolve([holder]),
      }),
    );
    expect(serial).toMatchObject([{ access: "denied", heldBy: [holder] }]);
    expect(problems).toEqual([
      expect.stringMatching(`no permission for ${path}: sudo usermod -aG`),
    ]);
  });

  it("are none on a machine that tells of none", async () => {
    const nowhere = join(dir.path, "nowhere");
    const found = await scan(places({ sys: nowhere, dev: nowhere, byId: nowhere }));
    expect(found).toEqual({ serial: [], hid: [], problems: [] });
  });
});

describe("HID devices", () => {
  it("are told with ids, use and interface, a device file once: as the keyboard it is", async () => {
    const both = [
      hid({ usagePage: 12, usage: 1 }),
      hid({ usagePage: 1, usage: 6, serialNumber: "KB1", product: "RFID Reader", interface: 0 }),
      hid({ usagePage: 1, usage: 2 }),
    ];
    const found = await scan(places({ loadHid: hidLibrary(both) }));
    expect(found.hid).toEqual([
      {
        path: "/dev/hidraw0",
        vendorId: "0c27",
        productId: "3bfa",
        serial: "KB1",
        product: "RFID Reader",
        usagePage: 1,
        usage: 6,
        interface: 0,
        access: expect.any(String),
        heldBy: [],
        guess: {
          drivers: ["hid-keyboard", "pcprox"],
          reason: "types badges like a keyboard, by rf IDEAS",
        },
      },
    ]);
  });

  it("are guessed: raw pcProx, keyboards of makers of readers, and not the keyboard of a person", async () => {
    const devices = [
      hid({ usagePage: 0xff00, usage: 1 }),
      hid({ path: "/dev/hidraw1", vendorId: 0xffff, productId: 0x0035, usagePage: 1, usage: 6 }),
      hid({ path: "/dev/hidraw2", vendorId: 0x046d, usagePage: 1, usage: 6 }),
      hid({ path: "/dev/hidraw3", vendorId: 0x05e0, usagePage: 0x8c, usage: 2 }),
      hid({ path: "/dev/hidraw4", usagePage: 1, usage: 6 }),
    ];
    const found = await scan(places({ loadHid: hidLibrary(devices) }));
    expect(found.hid.map(({ guess }) => guess.drivers)).toEqual([
      ["pcprox"],
      ["hid-keyboard"],
      [],
      [],
      ["hid-keyboard", "pcprox"],
    ]);
  });

  it("without permission are a problem only where they are readers", async () => {
    const devices = [
      hid({ usagePage: 1, usage: 6 }),
      hid({ path: "/dev/hidraw2", vendorId: 0x046d, usagePage: 1, usage: 6 }),
    ];
    const loadHid = hidLibrary(devices);
    const { problems } = await scan(places({ loadHid, accessOf: () => Promise.resolve("denied") }));
    expect(problems).toEqual([expect.stringMatching("no permission for /dev/hidraw0 .*udev rule")]);
  });

  it("that cannot be looked for without libusb are a problem with what to type; serial ports are told still", async () => {
    machine.plugUsbSerial(CP210X);
    const missing = Object.assign(new Error("libusb-1.0.so.0"), { code: "ERR_DLOPEN_FAILED" });
    const loadHid = (): Promise<HidLibrary> =>
      Promise.resolve({
        devicesAsync: () => Promise.reject(missing),
        HIDAsync: { open: () => Promise.reject(missing) },
      });
    const found = await scan(places({ loadHid }));
    expect(found.serial).toHaveLength(1);
    expect(found.hid).toEqual([]);
    expect(found.problems).toEqual([expect.stringContaining("apt-get install libusb-1.0-0")]);
  });
});
