import { renderTable } from "@clockleaf/shared/lib/text-table.ts";
import type { Holder } from "../discovery/device-access.ts";
import type { FoundHid } from "../discovery/hid-devices.ts";
import type { Scan } from "../discovery/scan.ts";
import { type FoundSerial, lastingPath } from "../discovery/serial-ports.ts";
import type { Guess } from "../discovery/usb-guess.ts";
import type { Probed } from "./scan-probe.ts";

/** Everything that was found, for people. */
export function renderScan({ serial, hid, problems }: Scan): string {
  const tables = [
    serial.length === 0
      ? "no serial ports\n"
      : renderTable([
          ["serial port", "is", "device", "access", "perhaps"],
          ...serial.map(serialRow),
        ]),
    hid.length === 0
      ? "no HID devices\n"
      : renderTable([["HID device", "ids", "device", "access", "perhaps"], ...hid.map(hidRow)]),
  ];
  const said = problems.map((problem) => `! ${problem}\n`).join("");
  return `${tables.join("\n")}${said === "" ? "" : `\n${said}`}`;
}

function serialRow(port: FoundSerial): readonly string[] {
  const { path, usb, kernelDriver } = port;
  const device =
    usb === null
      ? "not on USB"
      : [`${usb.vendorId}:${usb.productId}`, usb.manufacturer, usb.product, usb.serial]
          .filter((text) => text !== null)
          .join(" ");
  const is = `${path}${kernelDriver === null ? "" : ` (${kernelDriver})`}`;
  return [lastingPath(port), is, device, accessText(port), guessText(port.guess)];
}

function hidRow(found: FoundHid): readonly string[] {
  const device = [found.product, found.serial].filter((text) => text !== null).join(" ");
  const ids = `${found.vendorId}:${found.productId}`;
  return [found.path, ids, device, accessText(found), guessText(found.guess)];
}

function accessText(found: { access: string; heldBy: readonly Holder[] }): string {
  const [holder] = found.heldBy;
  if (holder !== undefined) return `in use by ${holder.command} (${holder.pid})`;
  return found.access;
}

const guessText = ({ drivers, reason }: Guess): string =>
  drivers.length === 0 ? `? ${reason}` : `${drivers.join(", ")}: ${reason}`;

/** What became of each port that was asked. */
export const renderProbed = (probed: readonly Probed[]): string =>
  renderTable([["port", "speaks", "bit/s", "address", "says"], ...probed.map(probedRow)]);

function probedRow(probed: Probed): readonly string[] {
  const { port, outcome } = probed;
  if (outcome === "nothing") return [port, "nobody answered", "", "", ""];
  if (outcome === "skipped") return [port, "not asked", "", "", probed.reason];
  const { driver, baudRate, answer } = probed;
  const model = answer.model === null ? "" : `${answer.model}, `;
  return [
    port,
    driver,
    baudRate === null ? "" : String(baudRate),
    answer.address === null ? "" : String(answer.address),
    `${model}${answer.says}`,
  ];
}
