import { createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import { createUser, fromPublic, fromSeed } from "@nats-io/nkeys";
import { PlatformError } from "../lib/errors.ts";

// An NKey is an Ed25519 key in NATS's own text form. The fixed DER prefixes of RFC 8410 around its 32 bytes let
// node:crypto sign and verify, about a hundred times faster than the JavaScript that the nkeys package brings.
const PKCS8_ED25519 = Buffer.from("302e020100300506032b657004220420", "hex");
const SPKI_ED25519 = Buffer.from("302a300506032b6570032100", "hex");
const RAW_BYTES = 32;
const SEED_PREFIX_BYTES = 2;
const PUBLIC_PREFIX_BYTES = 1;
/** Makes the first letter a U. */
const USER_PREFIX = 20 << 3;
const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

export interface NkeyPair {
  /** `U…`, safe to publish. */
  readonly publicKey: string;
  /** `SU…`, a secret: to a file with mode 0600 and nowhere else. */
  readonly seed: string;
}

export function createNkey(): NkeyPair {
  const pair = createUser();
  return { publicKey: pair.getPublicKey(), seed: new TextDecoder().decode(pair.getSeed()) };
}

/** The private key of a user seed (`SU…`). Throws `config.invalid` for anything else; the text is not repeated. */
export function privateKeyOfSeed(seed: string): KeyObject {
  return build("not an NKey user seed (SU…)", () => {
    fromSeed(new TextEncoder().encode(seed.trim())); // checks the checksum
    if (!seed.trim().startsWith("SU")) throw new Error("another kind of seed");
    const raw = base32(seed.trim()).subarray(SEED_PREFIX_BYTES, SEED_PREFIX_BYTES + RAW_BYTES);
    return createPrivateKey({
      key: Buffer.concat([PKCS8_ED25519, raw]),
      format: "der",
      type: "pkcs8",
    });
  });
}

/** The public key `U…` that belongs to a seed. Throws as {@link privateKeyOfSeed} does. */
export function publicNkeyOfSeed(seed: string): string {
  return publicNkeyOf(privateKeyOfSeed(seed));
}

/** The public key `U…` that belongs to an Ed25519 key. */
export function publicNkeyOf(key: KeyObject): string {
  const raw = createPublicKey(key).export({ format: "der", type: "spki" }).subarray(-RAW_BYTES);
  const named = Buffer.concat([Buffer.of(USER_PREFIX), raw]);
  const sum = Buffer.alloc(2);
  sum.writeUInt16LE(crc16(named));
  return toBase32(Buffer.concat([named, sum]));
}

/** The verifying key of a public user NKey (`U…`). Throws `config.invalid` for anything else. */
export function keyOfPublicNkey(publicKey: string): KeyObject {
  return build("not a public NKey (U…)", () => {
    fromPublic(publicKey); // checks the checksum
    if (!publicKey.startsWith("U")) throw new Error("another kind of key");
    const raw = base32(publicKey).subarray(PUBLIC_PREFIX_BYTES, PUBLIC_PREFIX_BYTES + RAW_BYTES);
    return createPublicKey({
      key: Buffer.concat([SPKI_ED25519, raw]),
      format: "der",
      type: "spki",
    });
  });
}

function build<T>(message: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    throw new PlatformError("config.invalid", message, { cause: error });
  }
}

/** RFC 4648 base32 without padding, as NKeys write it. */
function base32(text: string): Buffer {
  const bytes: number[] = [];
  let bits = 0;
  let value = 0;
  for (const character of text) {
    value = (value << 5) | BASE32.indexOf(character);
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes.push((value >>> bits) & 0xff);
      value &= (1 << bits) - 1;
    }
  }
  return Buffer.from(bytes);
}

function toBase32(bytes: Uint8Array): string {
  const bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, "0")).join("");
  const fives = bits.match(/.{1,5}/g) ?? [];
  return fives.map((five) => BASE32[Number.parseInt(five.padEnd(5, "0"), 2)]).join("");
}

/** CRC-16/XMODEM, which closes every NKey. */
function crc16(bytes: Uint8Array): number {
  let sum = 0;
  for (const byte of bytes) {
    sum ^= byte << 8;
    for (let bit = 0; bit < 8; bit += 1) {
      sum = (sum & 0x8000) === 0 ? sum << 1 : (sum << 1) ^ 0x1021;
    }
    sum &= 0xffff;
  }
  return sum;
}
