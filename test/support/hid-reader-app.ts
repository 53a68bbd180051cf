import { writeSync } from "node:fs";
import {
  hidKeyboardConfigSchema,
  hidKeyboardDriver,
} from "../../edge-agent/devices/hid-keyboard/driver.ts";
import { supervise } from "../../edge-agent/devices/supervise.ts";
import { hidConfigSchema, openHid } from "../../edge-agent/ports/hid.ts";
import { silentLog } from "../../shared/lib/log.ts";

/**
 * A process that runs the keyboard driver under its supervisor and prints what it takes, one JSON object per line:
 *
 *     node hid-reader-app.ts <vendorId> <productId> <badges>
 *
 * It ends after that many badges, or when the reader cannot be had.
 */
const [vendorId, productId, badges] = process.argv.slice(2);
const usb = hidConfigSchema.parse({ vendorId, productId });
let left = Number(badges);
const controller = new AbortController();

const say = (what: object): void => {
  writeSync(1, `${JSON.stringify(what)}\n`);
};

await supervise(
  {
    driver: hidKeyboardDriver,
    config: hidKeyboardConfigSchema.parse({ reader: "gate" }),
    openPort: () => openHid(usb),
    deps: {
      accept: (reading) => {
        say({ reading });
        left -= 1;
        if (left === 0) controller.abort();
        return Promise.resolve({ light: "green", text: null });
      },
      checkPin: () => "none-set",
      lastDeviceSeq: () => null,
      progress: () => undefined,
      offer: () => () => undefined,
      deviceClock: () => ({ offset: null, advice: "leave" }),
      localTime: () => null,
      statusChanged: (reader, status) => say({ reader, status }),
      report: (health) => {
        say({ state: health.state, code: health.fault?.code, counters: health.counters });
        if (health.fault !== null) controller.abort();
      },
      now: () => performance.now(),
      runtimeDir: ".",
      log: silentLog(),
    },
  },
  controller.signal,
);
