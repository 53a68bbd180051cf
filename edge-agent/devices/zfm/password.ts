import { readFileSync } from "node:fs";
import { PlatformError } from "@clockleaf/shared/lib/errors.ts";

const FACTORY = 0;

/** The module's password; the factory's without a file. Throws `config.unreadable` and never shows what is in it. */
export function readPassword(file: string | undefined): number {
  if (file === undefined) return FACTORY;
  const text = readText(file).trim();
  if (/^[0-9a-fA-F]{8}$/.test(text)) return Number.parseInt(text, 16);
  throw new PlatformError("config.unreadable", `${file} must hold 8 hex digits`);
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new PlatformError("config.unreadable", `cannot read the password ${file}`, {
      cause: error,
    });
  }
}
