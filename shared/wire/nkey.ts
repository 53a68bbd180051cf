import { createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import { createUser, fromPublic, fromSeed, type KeyPair } from "@nats-io/nkeys";
import { PlatformError } from "../lib/errors.ts";

// An NKey is an Ed25519 key in NATS's own text form. The fixed DER prefixes of RFC 8410 around its 32 bytes let
// node:crypto sign and verify, about a hundred times faster than the JavaScript that the nkeys package brings.
const PKCS8_ED25519 = Buffer.from("302e020100300506032b657004220420", "hex");
const SPKI_ED25519 = Buffer.from("302a300506032b6570032100", "hex");
const RAW_BYTES = 32;
const SEED_PREFIX_BYTES = 2;
const PUBLIC_PREFIX_BYTES = 1;
const NO_SEED = "not an NKey user seed (SU…)";

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
  return build(NO_SEED, () => {
    checkedSeed(seed);
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
  return build(NO_SEED, () => checkedSeed(seed).getPublicKey());
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

/** The library checks prefix and checksum, but takes seeds of accounts and servers, too. */
function checkedSeed(seed: string): KeyPair {
  const pair = fromSeed(new TextEncoder().encode(seed.trim()));
  if (!seed.trim().startsWith("SU")) throw new Error("another kind of seed");
  return pair;
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
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bytes: number[] = [];
  let bits = 0;
  let value = 0;
  for (const character of text) {
    value = (value << 5) | alphabet.indexOf(character);
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes.push((value >>> bits) & 0xff);
      value &= (1 << bits) - 1;
    }
  }
  return Buffer.from(bytes);
}
