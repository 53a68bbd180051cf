import { EventEmitter } from "node:events";
import { type RecordedDeps, recordedDeps } from "@clockleaf/edge-agent/devices/driver.contract.ts";
import { pcproxConfigSchema } from "@clockleaf/edge-agent/devices/pcprox/config.ts";
import { pcproxDriver } from "@clockleaf/edge-agent/devices/pcprox/driver.ts";
import { supervise } from "@clockleaf/edge-agent/devices/supervise.ts";
import {
  type HidDevice,
  type HidHandle,
  type HidLibrary,
  hidConfigSchema,
  openHid,
} from "@clockleaf/edge-agent/ports/hid.ts";
import { cardCredential, makeCard } from "@clockleaf/hardware-sim/cards.ts";
import { PcproxReader } from "@clockleaf/hardware-sim/hid/pcprox.ts";
import { afterEach, beforeEach, expect, test } from "vitest";
import { eventually } from "../support/eventually.ts";
import { type TempDir, tempDir } from "../support/temp.ts";

// Two readers of one kind, told apart by their serial numbers, on a library of node-hid's shape.

let dir: TempDir;
let stopping: AbortController;
let lines: Promise<void>[];
beforeEach(() => {
  dir = tempDir("hot-plug");
  stopping = new AbortController();
  lines = [];
});
afterEach(async () => {
  stopping.abort();
  await Promise.all(lines);
  dir.remove();
});

/** A reader in a USB socket; there is no "close" event, and the error is a string. */
class Handle extends EventEmitter implements HidHandle {
  private readonly reader: PcproxReader;
  constructor(reader: PcproxReader) {
    super();
    this.reader = reader;
  }
  write(): Promise<number> {
    return Promise.resolve(0);
  }
  async sendFeatureReport([id = 0, ...bytes]: number[]): Promise<number> {
    if (this.reader.setFeature(id, Uint8Array.from(bytes)) !== true) throw new TypeError("stalled");
    return bytes.length + 1;
  }
  async getFeatureReport(id: number, length: number): Promise<Uint8Array> {
    return Uint8Array.of(id, ...(this.reader.getFeature(id, length - 1) ?? []));
  }
  close(): Promise<void> {
    return Promise.resolve();
  }
}

class UsbBus implements HidLibrary {
  readonly opened: string[] = [];
  private readonly sockets = new Map<string, { device: HidDevice; handle: Handle }>();
  readonly HIDAsync = {
    open: (path: string): Promise<HidHandle> => {
      const socket = this.sockets.get(path);
      this.opened.push(path);
      return socket === undefined
        ? Promise.reject(new TypeError("cannot open device"))
        : Promise.resolve(socket.handle);
    },
  };

  devicesAsync(): Promise<HidDevice[]> {
    return Promise.resolve([...this.sockets.values()].map(({ device }) => device));
  }
  plug(path: string, serialNumber: string, reader: PcproxReader): void {
    const ids = { vendorId: 0x0c27, productId: 0x3bfa, usagePage: 1, usage: 6 };
    this.sockets.set(path, { device: { ...ids, path, serialNumber }, handle: new Handle(reader) });
  }
  unplug(path: string): void {
    const socket = this.sockets.get(path);
    this.sockets.delete(path);
    socket?.handle.emit("error", "could not read from HID device: device disconnected");
  }
}

function startLine(bus: UsbBus, serial: string): RecordedDeps {
  const deps = recordedDeps(dir.path);
  const usb = hidConfigSchema.parse({ vendorId: "0c27", productId: "3bfa", serial });
  const line = {
    driver: pcproxDriver,
    config: pcproxConfigSchema.parse({ reader: serial, pollMs: 1 }),
    openPort: () => openHid(usb, { use: pcproxDriver.hidUse, load: () => Promise.resolve(bus) }),
    deps,
    backoff: { firstMs: 5, maxMs: 10, jitter: 0 },
  };
  lines.push(supervise(line, stopping.signal));
  return deps;
}
const statuses = ({ statuses: all }: RecordedDeps): string[] => all.map(([, what]) => what);

test("a reader that is pulled out and plugged in elsewhere is found again, and its neighbour notices nothing", async () => {
  const bus = new UsbBus();
  const [moved, neighbour] = [new PcproxReader(), new PcproxReader()];
  bus.plug("/dev/hidraw0", "PX1", moved);
  bus.plug("/dev/hidraw1", "PX2", neighbour);
  const [one, other] = [startLine(bus, "PX1"), startLine(bus, "PX2")];
  await eventually(() => statuses(one).includes("online") && statuses(other).includes("online"));

  bus.unplug("/dev/hidraw0");
  moved.powerCut();
  await eventually(() => statuses(one).at(-1) === "offline");
  await eventually(() => one.health.get("PX1")?.fault?.code === "port.unavailable");
  const looks = other.progressed;
  neighbour.place(makeCard(26, 1, 1));
  await eventually(() => other.readings.length === 1 && other.progressed > looks);

  bus.plug("/dev/hidraw7", "PX1", moved);
  await eventually(() => statuses(one).at(-1) === "online");
  moved.place(makeCard(26, 1, 2));
  await eventually(() => one.readings.length === 1);
  expect(one.readings.map(({ credential }) => credential)).toEqual([
    cardCredential(makeCard(26, 1, 2)),
  ]);
  expect([statuses(one), statuses(other)]).toEqual([["online", "offline", "online"], ["online"]]);
  expect(bus.opened.toSorted()).toEqual(["/dev/hidraw0", "/dev/hidraw1", "/dev/hidraw7"]);
});
