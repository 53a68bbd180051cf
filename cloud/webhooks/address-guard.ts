import { lookup as resolve } from "node:dns";
import { BlockList, isIP, type LookupFunction } from "node:net";
import { PlatformError } from "@clockleaf/shared/lib/errors.ts";

/**
 * What no endpoint may be at: this machine, its network, and whatever else is not the public internet (IANA special-purpose
 * address registries, RFC 6890). Addresses of version 6 that carry one of version 4 are judged by that.
 */
const CLOSED_V4: ReadonlyArray<readonly [string, number]> = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
];
/** Public addresses of version 6 are all in here; within it these are not. */
const OPEN_V6 = ["2000::", 3] as const;
const CLOSED_V6: ReadonlyArray<readonly [string, number]> = [
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["3fff::", 20],
];
/** NAT64 (RFC 6052): the last 32 bits are an address of version 4. */
const NAT64 = ["64:ff9b::", 96] as const;
const MAPPED = ["::ffff:0:0", 96] as const;

const closedV4 = listOf(CLOSED_V4, "ipv4");
const closedV6 = listOf(CLOSED_V6, "ipv6");
const openV6 = listOf([OPEN_V6], "ipv6");
const nat64 = listOf([NAT64], "ipv6");
const mapped = listOf([MAPPED], "ipv6");

function listOf(
  subnets: ReadonlyArray<readonly [string, number]>,
  family: "ipv4" | "ipv6",
): BlockList {
  const list = new BlockList();
  for (const [net, prefix] of subnets) list.addSubnet(net, prefix, family);
  return list;
}

/** Whether an address is one of the public internet. False for what is no address. */
export function isPublicAddress(address: string): boolean {
  const [bare = ""] = address.split("%", 1);
  switch (isIP(bare)) {
    case 4:
      return !closedV4.check(bare, "ipv4");
    case 6: {
      if (mapped.check(bare, "ipv6") || nat64.check(bare, "ipv6")) {
        return isPublicAddress(lastFour(bare));
      }
      return openV6.check(bare, "ipv6") && !closedV6.check(bare, "ipv6");
    }
    default:
      return false;
  }
}

/** The last 32 bits of an address of version 6, as one of version 4. */
function lastFour(address: string): string {
  const host = new URL(`http://[${address}]/`).hostname.slice(1, -1);
  const [low = "0", high = "0"] = host.split(":").toReversed();
  const bits = (Number.parseInt(high || "0", 16) << 16) | Number.parseInt(low || "0", 16);
  return [24, 16, 8, 0].map((shift) => (bits >>> shift) & 0xff).join(".");
}

export const addressRefused = (): PlatformError =>
  new PlatformError("webhook.address-refused", "the address is not one of the public internet");

/** The address in a URL's host, if it is none of a name. Node resolves no address, so `guardedLookup` never sees it. */
export function literalAddress({ hostname }: URL): string | undefined {
  const bare = hostname.replace(/^\[|\]$/g, "");
  return isIP(bare) === 0 ? undefined : bare;
}

/**
 * Resolves names for a connection and lets through public addresses only. It is asked whenever a connection is made, so a
 * name that pointed elsewhere when the endpoint was registered gets nowhere. A name with one closed address is refused
 * whole: which of its addresses is tried first is not ours to say.
 */
export const guardedLookup: LookupFunction = (hostname, options, callback) => {
  resolve(hostname, { ...options, all: true }, (error, addresses) => {
    if (error !== null) return callback(error, "", 0);
    const [first] = addresses;
    if (first === undefined || addresses.some(({ address }) => !isPublicAddress(address))) {
      return callback(addressRefused(), "", 0);
    }
    if (options.all === true) return callback(null, addresses);
    callback(null, first.address, first.family);
  });
};
