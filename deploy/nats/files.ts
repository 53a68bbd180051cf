import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { createNkey, publicNkeyOfSeed } from "@clockleaf/shared/wire/nkey.ts";

/** The public key of the seed in `file`; a new seed if there is no file. */
export function keyIn(file: string): string {
  if (!existsSync(file)) write(file, `${createNkey().seed}\n`, 0o600);
  return publicNkeyOfSeed(seedIn(file));
}

/** A password of its own making, kept from the first run on; `bytes` of chance in hex. */
export function secretIn(file: string, bytes = 32): string {
  if (!existsSync(file)) write(file, `${randomBytes(bytes).toString("hex")}\n`, 0o600);
  return readFileSync(file, "utf8").trim();
}

export function seedIn(file: string): string {
  try {
    return readFileSync(file, "utf8").trim();
  } catch (error) {
    throw new PlatformError("config.unreadable", `cannot read the seed ${file}`, { cause: error });
  }
}

/** Replaces the file as a whole, so that a server that reloads meanwhile reads the old one or the new one. */
export function write(file: string, text: string, mode = 0o644): void {
  const draft = `${file}.draft`;
  writeFileSync(draft, text, { mode });
  renameSync(draft, file);
}
