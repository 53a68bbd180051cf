import { createHash, randomUUIDv7 } from "node:crypto";

/** A fresh event id: UUID version 7, so that ids sort by time. */
export function newEventId(): string {
  return randomUUIDv7();
}

/**
 * The same id for the same parts, in every process and for ever: UUID version 8 (RFC 9562, 5.8) over SHA-256 of the
 * parts, each with its length, so that ("ab", "c") and ("a", "bc") differ.
 */
export function deriveEventId(...parts: readonly string[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(`${Buffer.byteLength(part)}:`).update(part);
  const bytes = hash.digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
