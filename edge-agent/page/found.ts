import type { Access, Holder } from "../discovery/device-access.ts";
import type { FoundHid } from "../discovery/hid-devices.ts";
import type { Scan } from "../discovery/scan.ts";
import { type FoundSerial, lastingPath } from "../discovery/serial-ports.ts";

/** What a reader may hang on, as the page shows it. */
export interface FoundDevice {
  /** Its lasting name, where it has one. */
  readonly name: string;
  readonly product: string | null;
  /** The `port` of its line in the configuration. */
  readonly port: PortChoice;
  readonly access: Access;
  readonly heldBy: readonly Holder[];
  /** Drivers that fit, the likeliest first; empty = nobody knows. */
  readonly drivers: readonly string[];
  readonly reason: string;
}

type PortChoice =
  | { readonly serial: { readonly path: string } }
  | {
      readonly hid: {
        readonly vendorId: string;
        readonly productId: string;
        readonly serial?: string;
      };
    };

export interface Found {
  readonly devices: readonly FoundDevice[];
  /** What could not be looked at or may not be used, each with what to type. */
  readonly problems: readonly string[];
}

/** Mice and the like are left out. A keyboard may be a reader: nobody can tell by its ids. */
export function foundBy({ serial, hid, problems }: Scan): Found {
  const mayRead = hid.filter(({ guess, usagePage, usage }) => {
    const isKeyboard = usagePage === 0x01 && usage === 0x06;
    return guess.drivers.length > 0 || isKeyboard;
  });
  return { devices: [...serial.map(fromSerial), ...mayRead.map(fromHid)], problems };
}

function fromSerial(port: FoundSerial): FoundDevice {
  const { usb, access, heldBy, guess } = port;
  const name = lastingPath(port);
  return {
    name,
    product: usb?.product ?? null,
    port: { serial: { path: name } },
    access,
    heldBy,
    ...guess,
  };
}

function fromHid({
  path,
  vendorId,
  productId,
  serial,
  product,
  access,
  heldBy,
  guess,
}: FoundHid): FoundDevice {
  const known = serial === null || serial === "" ? {} : { serial };
  return {
    name: `USB ${vendorId}:${productId} (${path})`,
    product,
    port: { hid: { vendorId, productId, ...known } },
    access,
    heldBy,
    ...guess,
  };
}
