import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { tokenSchema } from "@clockleaf/shared/subjects.ts";
import { createNkey } from "@clockleaf/shared/wire/nkey.ts";
import { SCHEMA_LINE } from "./config-text.ts";

/** The tested samples are the files to start from: one text to keep true. */
const SAMPLES = join(import.meta.dirname, "../../deploy/edge");

export interface GatewayNames {
  readonly tenant: string;
  readonly site: string;
  readonly gateway: string;
}

/**
 * A commented configuration for this gateway, with examples of readers or with none. Throws `config.invalid` for names that
 * cannot be part of a subject.
 */
export function initialConfig(names: GatewayNames, hasReaders: boolean): string {
  const text = SCHEMA_LINE + named(sample("gateway.sample.yaml"), names);
  return hasReaders ? text : text.replace(/^lines:\n[^]*$/mu, "lines: []\n");
}

/**
 * Writes a gateway with one simulated reader, and a key of its own beside it; its folder is made. Throws
 * `config.invalid` for impossible names, and when the file is there already.
 */
export function writeSimulated(file: string, names: GatewayNames): void {
  const folder = dirname(resolve(file));
  const text = named(sample("gateway.simulated.yaml"), names).replaceAll("FOLDER", folder);
  mkdirSync(folder, { recursive: true });
  writeNew(file, text, 0o640);
  const seedFile = join(folder, "gateway.nk");
  if (!existsSync(seedFile)) writeNew(seedFile, createNkey().seed, 0o600);
}

/** Throws `config.invalid` for a file that is there already. */
export function writeNew(file: string, text: string, mode: number): void {
  if (existsSync(file)) {
    throw new PlatformError("config.invalid", `${file} is there already; give --out another name`);
  }
  writeFileSync(file, text, { mode, flag: "wx" });
}

const sample = (name: string): string => readFileSync(join(SAMPLES, name), "utf8");

function named(sampleText: string, names: GatewayNames): string {
  let text = sampleText;
  for (const [key, name] of Object.entries(names)) {
    if (!tokenSchema.safeParse(name).success) {
      throw new PlatformError("config.invalid", `--${key} ${name}: letters, digits, - and _ only`);
    }
    text = text.replace(new RegExp(`^${key}: .*$`, "mu"), `${key}: ${name}`);
  }
  return text;
}
