import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { heardAt } from "@clockleaf/hardware-sim/faults/wrong-speed.ts";
import { attachBus } from "@clockleaf/hardware-sim/osdp/bus.ts";
import { createReader, type OsdpReader } from "@clockleaf/hardware-sim/osdp/reader.ts";
import type { Pty } from "@clockleaf/hardware-sim/pty.ts";
import { encodeTag } from "@clockleaf/hardware-sim/serial-badge/reader.ts";
import type { DoctorRig } from "./doctor-rig.ts";

export const badgeLine = (path: string): object => ({
  driver: "serial-badge",
  port: { serial: { path } },
  settings: { reader: "gate", preset: "rdm6300" },
});

export const hidLine = {
  driver: "hid-keyboard",
  port: { hid: { vendorId: "0c27", productId: "3bfa" } },
  settings: { reader: "desk" },
};

/** A bus with one reader, and the key that the gateway has for it, in hex. */
export function osdpLine(rig: DoctorRig, path: string, key: string): object {
  const keyFile = join(rig.dir, "gate-in.scbk");
  writeFileSync(keyFile, key, { mode: 0o600 });
  return {
    driver: "osdp",
    port: { serial: { path, baudRate: 115_200 } },
    settings: { readers: [{ id: "gate-in", address: 0, keyFile }] },
  };
}

/** The reader at its other end, with the key that it has itself. */
export function osdpReader(line: Pty, key: string): OsdpReader {
  const reader = createReader({
    address: 0,
    scbk: Buffer.from(key, "hex"),
    random: (length) => Uint8Array.from(randomBytes(length)),
    now: () => performance.now(),
  });
  attachBus(line, { readers: [reader], now: () => performance.now() });
  return reader;
}

/** A tag that lies on a reader which sends at another speed than its line is set to. */
export function misheardTag(rig: DoctorRig, line: Pty): void {
  const garbage = heardAt({ sent: 9600, heard: 19_200 }, encodeTag("rdm6300", "0A00B1C2D3"));
  const timer = setInterval(() => void line.write(garbage), 50);
  rig.atEnd(() => clearInterval(timer));
}
