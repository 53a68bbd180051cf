/**
 * The terminal's half of the OSDP secure channel (SIA OSDP v2.2 Annex D; vectors in Annex E).
 *
 *   CHLNG RND.A ─▶   ◀─ CCRYPT cUID RND.B client-cryptogram
 *   SCRYPT server-cryptogram ─▶   ◀─ RMAC_I first MAC
 *   then every command is MACed with the last reply's MAC as IV, and every reply with the last command's.
 */
import { createCipheriv, createDecipheriv } from "node:crypto";

const BLOCK = 16;
const PAD = 0x80;

/** The key of every reader fresh from its box; anybody knows it. */
export const DEFAULT_SCBK = Uint8Array.from({ length: BLOCK }, (_, index) => 0x30 + index);

export interface SessionKeys {
  readonly enc: Uint8Array;
  readonly mac1: Uint8Array;
  readonly mac2: Uint8Array;
}

export function deriveKeys(scbk: Uint8Array, rndA: Uint8Array): SessionKeys {
  const derive = (a: number, b: number): Uint8Array =>
    ecb(scbk, Uint8Array.of(a, b, ...rndA.subarray(0, 6), 0, 0, 0, 0, 0, 0, 0, 0));
  return { enc: derive(0x01, 0x82), mac1: derive(0x01, 0x01), mac2: derive(0x01, 0x02) };
}

/** `cryptogram(enc, A, B)` proves the terminal, `cryptogram(enc, B, A)` the controller. */
export function cryptogram(enc: Uint8Array, first: Uint8Array, second: Uint8Array): Uint8Array {
  const message = Uint8Array.of(...first, ...second);
  return Uint8Array.of(
    ...ecb(enc, message.subarray(0, BLOCK)),
    ...ecb(enc, message.subarray(BLOCK)),
  );
}

export function firstMac(keys: SessionKeys, serverCryptogram: Uint8Array): Uint8Array {
  return ecb(keys.mac2, ecb(keys.mac1, serverCryptogram));
}

/** CBC over the padded message: all blocks but the last under the first key, the last under the second. */
export function computeMac(keys: SessionKeys, iv: Uint8Array, covered: Uint8Array): Uint8Array {
  const message = covered.length % BLOCK === 0 ? covered : pad(covered);
  let chain = iv;
  for (let at = 0; at < message.length; at += BLOCK) {
    const mixed = Uint8Array.from(chain, (byte, index) => byte ^ (message[at + index] ?? 0));
    chain = ecb(at + BLOCK < message.length ? keys.mac1 : keys.mac2, mixed);
  }
  return chain;
}

/** Data of one direction; `lastMac` is the last MAC of the *other* direction, its complement the IV. */
export function encryptData(enc: Uint8Array, lastMac: Uint8Array, data: Uint8Array): Uint8Array {
  const cipher = createCipheriv("aes-128-cbc", enc, invert(lastMac)).setAutoPadding(false);
  return Uint8Array.from(Buffer.concat([cipher.update(pad(data)), cipher.final()]));
}

/** Undefined when the length or the padding is wrong. An empty block is taken as no data. */
export function decryptData(
  enc: Uint8Array,
  lastMac: Uint8Array,
  data: Uint8Array,
): Uint8Array | undefined {
  if (data.length === 0) return data;
  if (data.length % BLOCK !== 0) return undefined;
  const decipher = createDecipheriv("aes-128-cbc", enc, invert(lastMac)).setAutoPadding(false);
  const padded = Uint8Array.from(Buffer.concat([decipher.update(data), decipher.final()]));
  const end = padded.lastIndexOf(PAD);
  if (end === -1 || padded.subarray(end + 1).some((byte) => byte !== 0)) return undefined;
  return padded.subarray(0, end);
}

export const sameBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, index) => byte === b[index]);

const invert = (bytes: Uint8Array): Uint8Array => Uint8Array.from(bytes, (byte) => ~byte & 0xff);

function pad(bytes: Uint8Array): Uint8Array {
  const padded = new Uint8Array(Math.ceil((bytes.length + 1) / BLOCK) * BLOCK);
  padded.set(bytes);
  padded[bytes.length] = PAD;
  return padded;
}

function ecb(key: Uint8Array, block: Uint8Array): Uint8Array {
  const cipher = createCipheriv("aes-128-ecb", key, null).setAutoPadding(false);
  return Uint8Array.from(Buffer.concat([cipher.update(block), cipher.final()]));
}
