import { readFileSync, statSync } from "node:fs";
import { PlatformError } from "@clockleaf/shared/lib/errors.ts";

/** Terminals take six digits. */
const MAX_KEY = 999_999;

/** The communication key in a file; 0 without one. Throws `device.key`, and what to do, never with the key in it. */
export function readCommKey(file: string | undefined): number {
  if (file === undefined) return 0;
  let text: string;
  let mode: number;
  try {
    mode = statSync(file).mode;
    text = readFileSync(file, "utf8").trim();
  } catch (cause) {
    throw keyFault(`cannot read the key file ${file}: check path and owner`, cause);
  }
  if ((mode & 0o077) !== 0) throw keyFault(`${file} can be read by others: chmod 600 ${file}`);
  if (!/^\d{1,6}$/.test(text) || Number(text) > MAX_KEY) {
    throw keyFault(`${file} must hold the communication key, one number of up to six digits`);
  }
  return Number(text);
}

const keyFault = (message: string, cause?: unknown): PlatformError =>
  new PlatformError("device.key", message, cause === undefined ? {} : { cause });
