import type { DeviceDriver } from "./driver.ts";
import { hidKeyboardDriver } from "./hid-keyboard/driver.ts";
import { osdpDriver } from "./osdp/driver.ts";

/** Every terminal protocol this gateway speaks, by the name used in the configuration. One line adds one. */
export const drivers = {
  "hid-keyboard": hidKeyboardDriver,
  osdp: osdpDriver,
} satisfies Record<string, DeviceDriver<unknown>>;
