import { stringify } from "yaml";
import { type DriverName, driverOf, drivers } from "../devices/catalogue.ts";
import type { FoundHid } from "../discovery/hid-devices.ts";
import type { Scan } from "../discovery/scan.ts";
import { type FoundSerial, lastingPath } from "../discovery/serial-ports.ts";
import type { Probed } from "./scan-probe.ts";

interface Line {
  readonly driver: string;
  readonly port: object;
  readonly settings: object;
}
/** A line without its reader's name, which depends on how many come before; or why there is none. */
type Draft = ((reader: string) => Line) | string;

/** Settings to begin with where a device is guessed and not asked. */
const GUESSED: Readonly<Record<string, object>> = {
  "hid-keyboard": {},
  pcprox: {},
  "serial-badge": { preset: "ascii-line" },
};

/**
 * The `lines:` of a configuration for what was found, ready for it once readers have names of their own. What cannot be
 * said for sure is a comment with what to do.
 */
export function linesOf(scan: Scan, probed: readonly Probed[]): string {
  const drafts: Draft[] = [
    ...scan.serial.map((port) => serialDraft(port, probed)),
    ...probed.flatMap((one) => (isListed(one, scan) ? [] : probedDraft(one))),
    ...scan.hid.map((device) => hidDraft(device, scan.hid)),
  ];
  const lines = drafts
    .filter((draft) => typeof draft !== "string")
    .map((draft, at) => draft(`reader-${at + 1}`));
  const comments = [
    "Found by `clockleaf-edge scan`. Give every reader a name, then: clockleaf-edge config check",
    ...(lines.some(hasClock)
      ? ["Terminals with a clock need the time zone of this place: timeZone: Europe/Berlin"]
      : []),
    ...drafts.filter((draft) => typeof draft === "string"),
  ];
  return `${comments.map((comment) => `# ${comment}\n`).join("")}${stringify({ lines })}`;
}

const isKnown = (driver: string): driver is DriverName => driver in drivers;
const hasClock = ({ driver }: Line): boolean =>
  isKnown(driver) && driverOf(driver).hasClock === true;
const isListed = ({ port }: Probed, { serial }: Scan): boolean =>
  serial.some((one) => lastingPath(one) === port);

function serialDraft(found: FoundSerial, probed: readonly Probed[]): Draft {
  const path = lastingPath(found);
  const asked = probed.find(({ port }) => port === path);
  if (asked?.outcome === "found") return heardOn(asked);
  const [guess, ...others] = found.guess.drivers;
  if (asked?.outcome === "nothing") return `${path}: nobody answered; ${found.guess.reason}`;
  if (guess !== undefined && others.length === 0 && isKnown(guess)) {
    return (reader) => ({
      driver: guess,
      port: { serial: { path } },
      settings: { reader, ...GUESSED[guess] },
    });
  }
  const next = guess === undefined ? "" : `; try: clockleaf-edge scan --probe ${path}`;
  return `${path}: ${found.guess.reason}${next}`;
}

/** A port that the scan does not list: one that was named, or one on the network. */
const probedDraft = (one: Probed): readonly Draft[] =>
  one.outcome === "found" ? [heardOn(one)] : [];

type Found = Extract<Probed, { outcome: "found" }>;

const heardOn =
  ({ port, driver, baudRate, answer }: Found) =>
  (reader: string): Line => ({
    driver,
    port: baudRate === null ? { tcp: addressOf(port) } : { serial: { path: port, baudRate } },
    settings: answer.settings(reader),
  });

function addressOf(name: string): { readonly host: string; readonly port: number } {
  const at = name.lastIndexOf(":");
  return { host: name.slice(0, at), port: Number(name.slice(at + 1)) };
}

function hidDraft(device: FoundHid, all: readonly FoundHid[]): Draft {
  const { vendorId, productId, serial, path } = device;
  const driver = device.guess.drivers.find(isKnown);
  const name = `${path} (${vendorId}:${productId}${device.product === null ? "" : ` ${device.product}`})`;
  if (driver === undefined) return `${name}: ${device.guess.reason}`;
  const isAlone =
    all.filter((one) => one.vendorId === vendorId && one.productId === productId).length === 1;
  const bySerial = serial === null ? {} : { serial };
  const which = serial === null && !isAlone ? { path } : bySerial;
  return (reader) => ({
    driver,
    port: { hid: { vendorId, productId, ...which } },
    settings: { reader, ...GUESSED[driver] },
  });
}
