import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { compareSync, hashSync } from "bcryptjs";
import { keyIn, secretIn, write } from "./files.ts";
import type { MqttOptions, TerminalOptions, TerminalUser } from "./terminals.ts";

/** Terminals of one gateway, as wanted now; keys and passwords that are there are kept. */
export interface NewTerminals {
  /** Where the leaf server listens for them, instead of on loopback only. */
  readonly host?: string | undefined;
  /** Ids of readers. */
  readonly ids: readonly string[];
  readonly mqtt?: MqttOptions | undefined;
}

/** Where the secrets are: with the agent's driver, and in the terminals. */
export interface TerminalFiles {
  /** Seed that the agent's driver logs in with. */
  readonly readerSeedFile: string;
  /** Seed of a terminal over NATS, password of a terminal over MQTT. */
  terminal(id: string): { readonly seedFile: string; readonly passwordFile: string };
}

const PASSWORD_BYTES = 24;
/** bcrypt reads no more of a password. */
const MAX_PASSWORD_BYTES = 72;
/** A connecting terminal costs the gateway a tenth of a second; passwords made here would be safe with any cost. */
const BCRYPT_COST = 10;

export function terminalFiles(gatewayFolder: string): TerminalFiles {
  const folder = join(gatewayFolder, "terminals");
  return {
    readerSeedFile: join(gatewayFolder, "terminal-reader.nk"),
    terminal: (id) => ({
      seedFile: join(folder, `${id}.nk`),
      passwordFile: join(folder, `${id}.password`),
    }),
  };
}

/**
 * Makes what is missing. A password may also be put there by hand, for terminals on which it has to be typed.
 * Throws `config.invalid` for one that bcrypt would cut.
 */
export function enrolTerminals(gatewayFolder: string, wanted: NewTerminals): TerminalOptions {
  const files = terminalFiles(gatewayFolder);
  mkdirSync(join(gatewayFolder, "terminals"), { recursive: true, mode: 0o700 });
  const terminals = wanted.ids.map((id): TerminalUser => {
    const { seedFile, passwordFile } = files.terminal(id);
    return { id, publicKey: keyIn(seedFile), passwordHash: hashIn(passwordFile) };
  });
  const readerPublicKey = keyIn(files.readerSeedFile);
  return { host: wanted.host, readerPublicKey, terminals, mqtt: wanted.mqtt };
}

/** The hash beside the password; made once, for another hash of the same password would disconnect the terminal. */
function hashIn(passwordFile: string): string {
  const password = secretIn(passwordFile, PASSWORD_BYTES);
  if (password === "" || Buffer.byteLength(password) > MAX_PASSWORD_BYTES) {
    throw new PlatformError("config.invalid", `${passwordFile}: 1 to ${MAX_PASSWORD_BYTES} bytes`);
  }
  const hashFile = passwordFile.replace(/password$/, "bcrypt");
  const kept = existsSync(hashFile) ? readFileSync(hashFile, "utf8").trim() : "";
  if (kept !== "" && compareSync(password, kept)) return kept;
  const hash = hashSync(password, BCRYPT_COST);
  write(hashFile, `${hash}\n`, 0o600);
  return hash;
}
