import { createHash, randomUUID } from "node:crypto";
import { linkSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { newKey } from "../eventing/vault.ts";

/** Wraps the keys of persons. */
export interface MasterKey {
  /** Tells one master key from another and gives nothing of it away. */
  readonly id: string;
  readonly bytes: Uint8Array;
}

const OWNER_ONLY = 0o600;
const FORM = /^[0-9a-f]{64}$/;

/** Undefined if there is no such file. Throws `config.unreadable` or `config.invalid`. */
export function readMasterKey(file: string): MasterKey | undefined {
  let text: string;
  try {
    text = readFileSync(file, "utf8").trim();
    if ((statSync(file).mode & 0o007) !== 0) {
      throw new PlatformError(
        "config.invalid",
        `${file}: everybody may read it; run chmod 600 on it`,
      );
    }
  } catch (error) {
    if (error instanceof PlatformError) throw error;
    if (isNotThere(error)) return undefined;
    throw new PlatformError("config.unreadable", `cannot read the master key ${file}`, {
      cause: error,
    });
  }
  if (!FORM.test(text)) {
    throw new PlatformError("config.invalid", `${file}: not a master key (64 hexadecimal digits)`);
  }
  return masterKeyOf(new Uint8Array(Buffer.from(text, "hex")));
}

/** Makes the file, whole and synced to disk before anything rests on it; reads it if somebody else just made it. */
export function makeMasterKey(file: string): MasterKey {
  const bytes = newKey();
  const draft = `${file}.${randomUUID()}`;
  try {
    try {
      writeFileSync(draft, `${Buffer.from(bytes).toString("hex")}\n`, {
        mode: OWNER_ONLY,
        flag: "wx",
        flush: true,
      });
      linkSync(draft, file);
    } finally {
      rmSync(draft, { force: true });
    }
    return masterKeyOf(bytes);
  } catch (error) {
    const made = isThere(error) ? readMasterKey(file) : undefined;
    if (made !== undefined) return made;
    throw new PlatformError(
      "config.unreadable",
      `cannot make the master key ${file}; name a place that can be written in vault.masterKeyFile`,
      { cause: error },
    );
  }
}

function masterKeyOf(bytes: Uint8Array): MasterKey {
  const hash = createHash("sha256").update("clockleaf master key").update(bytes).digest("hex");
  return { id: hash.slice(0, 16), bytes };
}

const hasErrno = (error: unknown, code: string): boolean =>
  error instanceof Error && "code" in error && error.code === code;
const isNotThere = (error: unknown): boolean => hasErrno(error, "ENOENT");
const isThere = (error: unknown): boolean => hasErrno(error, "EEXIST");
