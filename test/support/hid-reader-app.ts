import { once } from "node:events";
import { writeSync } from "node:fs";
import { createInterface } from "node:readline";
import { type DriverName, driverOf } from "../../edge-agent/devices/catalogue.ts";
import { supervise } from "../../edge-agent/devices/supervise.ts";
import {
  type HidHandle,
  type HidLibrary,
  hidConfigSchema,
  loadNodeHid,
  openHid,
} from "../../edge-agent/ports/hid.ts";
import { silentLog } from "../../shared/lib/log.ts";

/**
 * A process that runs a HID driver under its supervisor on the genuine node-hid and prints what happens, one JSON object per
 * line. It waits for a line on standard input before it begins, and ends when that is closed:
 *
 *     node hid-reader-app.ts <driver> <hid settings> <driver settings>
 */
const [driverName, usbText = "{}", settingsText = "{}"] = process.argv.slice(2);
// The test that starts this names a driver of the catalogue.
const driver = driverOf(driverName as DriverName);
if (!("run" in driver)) throw new Error(`${driver.name} reads no device`);
const usb = hidConfigSchema.parse(JSON.parse(usbText));
const controller = new AbortController();

const say = (what: object): void => {
  writeSync(1, `${JSON.stringify(what)}\n`);
};

const nodeHid = await loadNodeHid();

/** node-hid itself, telling which device is opened and each report as it comes. */
const told: HidLibrary = {
  devicesAsync: () => nodeHid.devicesAsync(),
  HIDAsync: {
    async open(path) {
      const handle = await nodeHid.HIDAsync.open(path);
      say({ opened: path });
      return telling(handle);
    },
  },
};

/** It takes one listener to its reports only: a second one is an error ("read is already running"). */
function telling(handle: HidHandle): HidHandle {
  return {
    on(event: "data" | "error", listener: (value: Uint8Array) => void) {
      if (event === "error") return handle.on(event, listener as (error: unknown) => void);
      return handle.on(event, (report) => {
        say({ report: Buffer.from(report).toString("hex") });
        listener(report);
      });
    },
    write: (values) => handle.write(values),
    sendFeatureReport: (values) => handle.sendFeatureReport(values),
    getFeatureReport: (reportId, length) => handle.getFeatureReport(reportId, length),
    close: () => handle.close(),
  };
}

say({ umockdevDir: process.env["UMOCKDEV_DIR"] });
const input = createInterface({ input: process.stdin });
await once(input, "line");
input.once("close", () => controller.abort());

await supervise(
  {
    driver,
    config: driver.config.parse(JSON.parse(settingsText)),
    openPort: () => openHid(usb, { use: driver.hidUse, load: () => Promise.resolve(told) }),
    deps: {
      accept: (reading) => {
        say({ reading });
        return Promise.resolve({ light: "green", text: null });
      },
      checkPin: () => "none-set",
      lastDeviceSeq: () => null,
      progress: () => undefined,
      offer: () => () => undefined,
      deviceClock: () => ({ offset: null, advice: "leave" }),
      localTime: () => null,
      statusChanged: (reader, status) => say({ reader, status }),
      report: ({ state, fault, counters, facts }) => say({ state, fault, counters, facts }),
      now: () => performance.now(),
      runtimeDir: ".",
      log: silentLog(),
    },
    backoff: { firstMs: 20, maxMs: 100, jitter: 0 },
  },
  controller.signal,
);
