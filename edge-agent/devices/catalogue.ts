import { admsDriver } from "./adms/driver.ts";
import { anvizDriver } from "./anviz/driver.ts";
import type { Driver } from "./driver.ts";
import { hidKeyboardDriver } from "./hid-keyboard/driver.ts";
import { natsPushDriver } from "./nats-push/driver.ts";
import { osdpDriver } from "./osdp/driver.ts";
import { pcproxDriver } from "./pcprox/driver.ts";
import type { Probe } from "./probe.ts";
import { serialBadgeDriver } from "./serial-badge/driver.ts";
import { sfmDriver } from "./sfm/driver.ts";
import { zfmDriver } from "./zfm/driver.ts";
import { zktecoDriver } from "./zkteco/driver.ts";

/** Every terminal protocol this gateway speaks, by the name used in the configuration. One line adds one. */
export const drivers = {
  adms: admsDriver,
  anviz: anvizDriver,
  "hid-keyboard": hidKeyboardDriver,
  "nats-push": natsPushDriver,
  osdp: osdpDriver,
  pcprox: pcproxDriver,
  "serial-badge": serialBadgeDriver,
  sfm: sfmDriver,
  zfm: zfmDriver,
  zkteco: zktecoDriver,
} satisfies Record<string, Driver<unknown>>;

export type DriverName = keyof typeof drivers;

/** The driver of a line, whatever its settings are. */
export const driverOf = (name: DriverName): Driver<unknown> => drivers[name];

/** The protocols a terminal can be found by, see `scan --probe`. */
export const probes: readonly { readonly driver: string; readonly probe: Probe }[] = Object.entries(
  drivers,
).flatMap(([driver, { probe }]) => (probe === undefined ? [] : [{ driver, probe }]));
