import { createHash } from "node:crypto";
import type { Credential } from "@clockleaf/shared/wire/punch.ts";

/** What a credential's number may hold, see `credentialSchema`. */
const MAX_VALUE = 48;
const HASH_DIGITS = 40;

const isPlain = (byte: number): boolean =>
  (byte >= 0x30 && byte <= 0x39) ||
  (byte >= 0x41 && byte <= 0x5a) ||
  (byte >= 0x61 && byte <= 0x7a);

/**
 * The credential of a user number that means somebody only together with the terminals it was given on: user 7 of one
 * terminal and user 7 of another are two people unless both terminals name the same `group`.
 *
 * Different users never share a value, and no user is dropped: letters and digits stand as they are, any other byte as
 * `_` and two hex digits (also `-`, so that the last `-` always ends the group), no user number at all as `_`. What is
 * too long then becomes `__` and a hash.
 */
export function userCredential(group: string, id: Uint8Array): Credential {
  const escaped = Array.from(id, (byte) =>
    isPlain(byte) ? String.fromCharCode(byte) : `_${byte.toString(16).padStart(2, "0")}`,
  ).join("");
  const value = `${group}-${escaped === "" ? "_" : escaped}`;
  if (value.length <= MAX_VALUE) return { kind: "number", value };
  const hash = createHash("sha256").update(`${group}\n`).update(id).digest("hex");
  return { kind: "number", value: `__${hash.slice(0, HASH_DIGITS)}` };
}
