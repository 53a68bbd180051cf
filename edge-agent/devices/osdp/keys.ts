import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { isSame, SCBK_DEFAULT } from "./secure-channel.ts";

const KEY_BYTES = 16;

/**
 * Before this date the gateway's clock is plainly not set, and a clock that is not set must not hold an install
 * window open.
 */
const CLOCK_FLOOR_MS = Date.UTC(2026, 0, 1);

/** Whether the default key may be used now. */
export function isInstallOpen(until: string | undefined, wallMs: number): boolean {
  return until !== undefined && wallMs >= CLOCK_FLOOR_MS && wallMs < Date.parse(until);
}

/**
 * Reads a reader's key. Rejects with `device.key`, and what to do, for a file that is missing, open to others, not 32
 * hex digits, or a key that anybody would try first.
 */
export function readKeyFile(file: string): Uint8Array {
  const text = readPrivate(file);
  if (!/^[0-9a-fA-F]{32}$/.test(text)) {
    throw keyFault(`${file} must hold one key of 32 hex digits and nothing else`);
  }
  const key = Buffer.from(text, "hex");
  const weakness = weaknessOf(key);
  if (weakness !== undefined) throw keyFault(`the key in ${file} ${weakness}: make a random one`);
  return key;
}

const nextOf = (file: string): string => `${file}.next`;

/**
 * A new key, on disk beside the old one before anybody hears of it. One that was made before and is still in doubt is
 * used again: the reader may have it. Throws `device.key` when it cannot be kept.
 */
export function makeNextKey(file: string): Uint8Array {
  const waiting = readNextKey(file);
  if (waiting !== undefined) return waiting;
  const key = randomBytes(KEY_BYTES);
  try {
    writeFileSync(nextOf(file), `${key.toString("hex")}\n`, {
      mode: 0o600,
      flag: "wx",
      flush: true,
    });
  } catch (error) {
    throw keyFault(
      `cannot write ${nextOf(file)}: let the agent's user write in that folder`,
      error,
    );
  }
  return key;
}

/** The key that a reader was offered and may have taken; undefined when none is in doubt. Throws `device.key`. */
export function readNextKey(file: string): Uint8Array | undefined {
  return existsSync(nextOf(file)) ? readKeyFile(nextOf(file)) : undefined;
}

/** The reader has it: it is the key from now on. Throws what the file system says. */
export function adoptNextKey(file: string): void {
  renameSync(nextOf(file), file);
}

function readPrivate(file: string): string {
  let mode: number;
  let text: string;
  try {
    mode = statSync(file).mode;
    text = readFileSync(file, "utf8").trim();
  } catch (error) {
    throw keyFault(`cannot read the key file ${file}: check path and owner`, error);
  }
  if ((mode & 0o077) !== 0) throw keyFault(`${file} can be read by others: chmod 600 ${file}`);
  return text;
}

/** Why a key is none, or undefined for one that will do. */
export function weaknessOf(key: Uint8Array): string | undefined {
  if (key.length !== KEY_BYTES) return "is not 16 bytes long";
  if (isSame(key, SCBK_DEFAULT)) return "is the default key that every reader ships with";
  const steps = new Set(key.subarray(1).map((byte, at) => (byte - (key[at] ?? 0) + 0x100) & 0xff));
  if (steps.size === 1) {
    return steps.has(0) ? "is one byte repeated" : "is a plain counting pattern";
  }
  if (new Set(key).size <= 4) return "uses only a few different bytes";
  return undefined;
}

const keyFault = (message: string, cause?: unknown): PlatformError =>
  new PlatformError("device.key", message, cause === undefined ? {} : { cause });
