import type { CaptureHeader } from "@clockleaf/shared/wire/capture.ts";
import { z } from "zod";
import { type HidUse, hidConfigSchema, openHid } from "./hid.ts";
import { hidSocketConfigSchema, openHidSocket } from "./hid-socket.ts";
import { type Plugged, pluggedIn } from "./plugged.ts";
import type { OpenPort } from "./port.ts";
import { openSerial, serialConfigSchema } from "./serial.ts";
import { openTcp, tcpConfigSchema } from "./tcp.ts";

/** What a line of terminals hangs on; exactly one of these. */
export const portConfigSchema = z.union([
  z.strictObject({
    serial: serialConfigSchema.describe("A serial line: RS-485, RS-232, USB-serial"),
  }),
  z.strictObject({ tcp: tcpConfigSchema.describe("A terminal on the network that we call") }),
  z.strictObject({ hid: hidConfigSchema.describe("A USB HID device of this machine") }),
  z.strictObject({ hidSocket: hidSocketConfigSchema.describe("HID reports from the simulator") }),
]);
export type PortConfig = z.output<typeof portConfigSchema>;

/** How to open the port, again and again; errors as the ports define them. `use`: what to look for in a HID device. */
export function portOpener(config: PortConfig, use?: HidUse): OpenPort {
  if ("serial" in config) return () => openSerial(config.serial);
  if ("tcp" in config) return () => openTcp(config.tcp);
  if ("hid" in config) return () => openHid(config.hid, { use });
  return () => openHidSocket(config.hidSocket);
}

/** How to know at once that it was plugged in again; undefined where only trying tells. */
export function pluggedOf(config: PortConfig): Plugged | undefined {
  return "serial" in config ? pluggedIn(config.serial.path) : undefined;
}

/** What a recording says of the port. */
export function portFacts(config: PortConfig): CaptureHeader["port"] {
  if ("serial" in config) {
    return { kind: "serial", name: config.serial.path, baudRate: config.serial.baudRate };
  }
  if ("tcp" in config) {
    return { kind: "tcp", name: `${config.tcp.host}:${config.tcp.port}`, baudRate: null };
  }
  if ("hidSocket" in config) {
    return { kind: "hidSocket", name: config.hidSocket.path, baudRate: null };
  }
  const { path, vendorId = "", productId = "" } = config.hid;
  return { kind: "hid", name: path ?? `${vendorId}:${productId}`, baudRate: null };
}
