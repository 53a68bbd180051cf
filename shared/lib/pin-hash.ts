import { randomBytes, type ScryptOptions, scrypt, scryptSync, timingSafeEqual } from "node:crypto";
import type { PinHash } from "../events/employee.ts";

// Small enough for a gateway to check in well under a second (16 MiB, some 50 ms on a small board). No cost makes a
// four-digit PIN safe against somebody who holds the hash; the salt only keeps equal PINs from showing as equal.
const COST: ScryptOptions = { N: 2 ** 14, r: 8, p: 1 };
const SALT_BYTES = 16;
const HASH_BYTES = 32;

/** Hashes a PIN with a fresh salt. The PIN is not kept; two hashes of one PIN differ. */
export async function hashPin(pin: string): Promise<PinHash> {
  const salt = randomBytes(SALT_BYTES);
  const hash = await derive(pin, salt);
  return { salt: salt.toString("hex"), hash: hash.toString("hex") };
}

/** Whether `pin` is the one that was hashed; takes the same time whatever the answer. */
export async function verifyPin(pin: string, expected: PinHash): Promise<boolean> {
  return isSame(await derive(pin, Buffer.from(expected.salt, "hex")), expected);
}

/** The same without a promise, for a caller that must answer at once; the process does nothing else meanwhile. */
export function verifyPinSync(pin: string, expected: PinHash): boolean {
  const salt = Buffer.from(expected.salt, "hex");
  return isSame(scryptSync(pin.normalize("NFC"), salt, HASH_BYTES, COST), expected);
}

function isSame(hash: Buffer, expected: PinHash): boolean {
  const wanted = Buffer.from(expected.hash, "hex");
  return wanted.length === hash.length && timingSafeEqual(hash, wanted);
}

function derive(pin: string, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(pin.normalize("NFC"), salt, HASH_BYTES, COST, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}
