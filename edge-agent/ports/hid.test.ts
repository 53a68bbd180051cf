import { EventEmitter } from "node:events";
import { describe, expect, it } from "vitest";
import {
  type HidDevice,
  type HidHandle,
  type HidLibrary,
  hidConfigSchema,
  openHid,
} from "./hid.ts";
import type { Port } from "./port.ts";

// A library of node-hid's shape: a string as error, no "close" event, load failure at the first call.

class FakeHandle extends EventEmitter implements HidHandle {
  readonly written: number[][] = [];
  /** Feature reports sent, and those to be got, each with the report id first as hidraw has it. */
  readonly sent: number[][] = [];
  readonly toGet: number[][] = [];
  isClosed = false;
  write(values: number[]): Promise<number> {
    if (this.isClosed) return Promise.reject(new TypeError("Cannot write to hid device"));
    this.written.push(values);
    return Promise.resolve(values.length);
  }
  sendFeatureReport(values: number[]): Promise<number> {
    this.sent.push(values);
    return Promise.resolve(values.length);
  }
  getFeatureReport(reportId: number, length: number): Promise<Uint8Array> {
    const report = this.toGet.shift();
    return report?.[0] === reportId && report.length <= length
      ? Promise.resolve(Buffer.from(report))
      : Promise.reject(new TypeError("could not get feature report from device"));
  }
  close(): Promise<void> {
    this.isClosed = true;
    return Promise.resolve();
  }
}

const device = (path: string, some: Partial<HidDevice> = {}): HidDevice => ({
  vendorId: 0x0c27,
  productId: 0x3bfa,
  path,
  serialNumber: "KB0001",
  usagePage: 1,
  usage: 6,
  ...some,
});

function libraryWith(devices: readonly HidDevice[]): {
  handle: FakeHandle;
  opened: string[];
  library: HidLibrary;
  load: () => Promise<HidLibrary>;
} {
  const handle = new FakeHandle();
  const opened: string[] = [];
  const library: HidLibrary = {
    devicesAsync: () => Promise.resolve(devices),
    HIDAsync: {
      open: (path) => {
        opened.push(path);
        return Promise.resolve(handle);
      },
    },
  };
  return { handle, opened, library, load: () => Promise.resolve(library) };
}

const config = hidConfigSchema.parse({ vendorId: "0c27", productId: "3bfa" });
const closedWith = (port: Port): Promise<Error | undefined> =>
  new Promise((resolve) => port.onClosed(resolve));

describe("choosing the device", () => {
  it("takes the one with the configured ids among others", async () => {
    const fake = libraryWith([
      device("/dev/hidraw7", { vendorId: 0x046d }),
      device("/dev/hidraw3"),
    ]);
    await openHid(config, { load: fake.load });
    expect(fake.opened).toEqual(["/dev/hidraw3"]);
  });

  const composite = [
    device("/dev/hidraw1", { usagePage: 0xff00, usage: 1, interface: 1 }),
    device("/dev/hidraw2", { interface: 0 }),
  ];
  const KEYBOARD = { usagePage: 1, usage: 6 };
  const VENDOR = { usagePage: { from: 0xff00, to: 0xffff } };

  it("takes the interface of a composite device that the driver looks for first", async () => {
    const { opened, load } = libraryWith(composite);
    await openHid(config, { load, use: { usages: [KEYBOARD] } });
    await openHid(config, { load, use: { usages: [VENDOR, KEYBOARD] } });
    await openHid({ ...config, interface: 0 }, { load, use: { usages: [VENDOR, KEYBOARD] } });
    expect(opened).toEqual(["/dev/hidraw2", "/dev/hidraw1", "/dev/hidraw2"]);
  });

  it("takes a device that is both on one interface", async () => {
    const both = [device("/dev/hidraw1"), device("/dev/hidraw1", { usagePage: 0xff00, usage: 1 })];
    const { opened, load } = libraryWith(both);
    await openHid(config, { load, use: { usages: [VENDOR, KEYBOARD] } });
    expect(opened).toEqual(["/dev/hidraw1"]);
  });

  it("refuses one of another kind where the driver cannot find that out, and passes on what to do", async () => {
    const use = { usages: [KEYBOARD], otherwise: "is no keyboard: set it to one" };
    const raw = libraryWith([device("/dev/hidraw1", { usagePage: 0xff00, usage: 1 })]);
    await expect(openHid(config, { load: raw.load, use })).rejects.toMatchObject({
      code: "port.unavailable",
      message: "0c27:3bfa is no keyboard: set it to one",
    });
    const untold = libraryWith([device("/dev/hidraw1", { usagePage: undefined })]);
    await openHid(config, { load: untold.load, use });
    expect([raw.opened, untold.opened]).toEqual([[], ["/dev/hidraw1"]]);
  });

  it("does not guess between equal readers, and takes the one with the serial", async () => {
    const fake = libraryWith([
      device("/dev/hidraw1"),
      device("/dev/hidraw2", { serialNumber: "KB2" }),
    ]);
    await expect(openHid(config, { load: fake.load })).rejects.toMatchObject({
      code: "port.unavailable",
      message: expect.stringContaining("/dev/hidraw1 serial KB0001, /dev/hidraw2 serial KB2"),
    });
    await openHid({ ...config, serial: "KB2" }, { load: fake.load });
    expect(fake.opened).toEqual(["/dev/hidraw2"]);
  });

  it("looks again at every call, for a device that comes back under another path", async () => {
    const devices = [device("/dev/hidraw1")];
    const fake = libraryWith(devices);
    await openHid(config, { load: fake.load });
    devices.splice(0, 1, device("/dev/hidraw9"));
    await openHid(config, { load: fake.load });
    expect(fake.opened).toEqual(["/dev/hidraw1", "/dev/hidraw9"]);
  });

  it("says that nothing fits", async () => {
    await expect(openHid(config, { load: libraryWith([]).load })).rejects.toMatchObject({
      code: "port.unavailable",
      retriable: true,
    });
  });

  it("insists on quoted ids, which YAML would otherwise read as numbers, and on some way to find it", () => {
    expect(hidConfigSchema.safeParse({ vendorId: 416, productId: "3bfa" }).success).toBe(false);
    expect(hidConfigSchema.safeParse({ vendorId: "0c27" }).success).toBe(false);
    expect(hidConfigSchema.safeParse({ path: "/dev/hidraw0" }).success).toBe(true);
  });
});

describe("a missing library", () => {
  it("is its own fault and says what to type", async () => {
    const failure = Object.assign(new Error("libusb-1.0.so.0: cannot open shared object file"), {
      code: "ERR_DLOPEN_FAILED",
    });
    const fake = libraryWith([]);
    const broken: HidLibrary = { ...fake.library, devicesAsync: () => Promise.reject(failure) };
    await expect(openHid(config, { load: () => Promise.resolve(broken) })).rejects.toMatchObject({
      code: "port.library-missing",
      message: expect.stringContaining("apt-get install libusb-1.0-0"),
    });
  });
});

describe("an open device", () => {
  it("gives each report as one chunk, also those that came before anybody listened", async () => {
    const { handle, load } = libraryWith([device("/dev/hidraw1")]);
    const port = await openHid(config, { load });
    handle.emit("data", Buffer.from([1, 2]));
    const got: Uint8Array[] = [];
    port.onData((report) => got.push(report));
    handle.emit("data", Buffer.from([3]));
    expect(got).toEqual([Buffer.from([1, 2]), Buffer.from([3])]);
  });

  it("puts report id 0 before what it writes", async () => {
    const { handle, load } = libraryWith([device("/dev/hidraw1")]);
    const port = await openHid(config, { load });
    await port.write(Uint8Array.of(9, 8));
    expect(handle.written).toEqual([[0, 9, 8]]);
  });

  it("puts the report id before feature reports, and takes it off", async () => {
    const { handle, load } = libraryWith([device("/dev/hidraw1")]);
    const { features } = await openHid(config, { load });
    await features?.send(0, Uint8Array.of(0x8f, 1));
    expect(handle.sent).toEqual([[0, 0x8f, 1]]);
    handle.toGet.push([0, 1, 2, 3]);
    expect(await features?.get(0, 3)).toEqual(Uint8Array.of(1, 2, 3));
  });

  it("says that a device does not answer to feature reports, unless it is gone", async () => {
    const { handle, load } = libraryWith([device("/dev/hidraw1")]);
    const { features } = await openHid(config, { load });
    await expect(features?.get(0, 8)).rejects.toMatchObject({ code: "device.refused" });
    handle.emit("error", "gone");
    await expect(features?.get(0, 8)).rejects.toMatchObject({ code: "port.lost" });
    await expect(features?.send(0, Uint8Array.of(1))).rejects.toMatchObject({ code: "port.lost" });
  });

  it("turns the string that node-hid emits into port.lost, once, and closes the handle", async () => {
    const { handle, load } = libraryWith([device("/dev/hidraw1")]);
    const port = await openHid(config, { load });
    const reasons: unknown[] = [];
    port.onClosed((reason) => reasons.push(reason));
    handle.emit("error", "could not read from HID device: device disconnected");
    handle.emit("error", "could not read from HID device: device disconnected");
    expect(reasons).toEqual([
      expect.objectContaining({
        code: "port.lost",
        details: { said: "could not read from HID device: device disconnected" },
      }),
    ]);
    expect(handle.isClosed).toBe(true);
    await expect(port.write(Uint8Array.of(1))).rejects.toMatchObject({ code: "port.lost" });
  });

  it("tells a late listener that it is gone, and a close has no reason", async () => {
    const { handle, load } = libraryWith([device("/dev/hidraw1")]);
    const lost = await openHid(config, { load });
    handle.emit("error", "gone");
    expect(await closedWith(lost)).toMatchObject({ code: "port.lost" });

    const port = await openHid(config, { load: libraryWith([device("/dev/hidraw1")]).load });
    const closed = closedWith(port);
    await port.close();
    expect(await closed).toBeUndefined();
  });
});
