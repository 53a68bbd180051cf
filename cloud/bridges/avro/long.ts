import avro, { type Type } from "avsc";

const LONG_BYTES = 8;

/**
 * Avro's `long` for every whole number that JavaScript holds exactly, and no other. avsc's own reckons in floating point:
 * beyond ±2^52 it writes another number without a word (−2^52 − 1 comes back as +2^52).
 */
// oxlint-disable-next-line no-underscore-dangle -- avsc calls it so
export const exactLong: Type = avro.types.LongType.__with({
  // Only called with what `isValid` let pass.
  toBuffer: (value: number): Buffer => {
    const bytes = Buffer.alloc(LONG_BYTES);
    bytes.writeBigInt64LE(BigInt(value));
    return bytes;
  },
  fromBuffer: (bytes: Buffer): number => {
    const value = bytes.readBigInt64LE();
    const number = Number(value);
    if (Number.isSafeInteger(number)) return number;
    throw new RangeError(`${value} is no safe integer`);
  },
  isValid: (value: unknown): boolean => Number.isSafeInteger(value),
  fromJSON: Number,
  toJSON: Number,
  compare: (a: number, b: number): number => Math.sign(a - b),
});
