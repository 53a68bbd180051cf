import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { tokenSchema } from "@clockleaf/shared/subjects.ts";
import { SCHEMA_LINE } from "./config-text.ts";

/** The tested sample is the file to start from: one text to keep true. */
const SAMPLE = join(import.meta.dirname, "../../deploy/edge/gateway.sample.yaml");

export interface GatewayNames {
  readonly tenant: string;
  readonly site: string;
  readonly gateway: string;
}

/** A commented configuration for this gateway. Throws `config.invalid` for names that cannot be part of a subject. */
export function initialConfig(names: GatewayNames): string {
  let text = readFileSync(SAMPLE, "utf8");
  for (const [key, name] of Object.entries(names)) {
    if (!tokenSchema.safeParse(name).success) {
      throw new PlatformError("config.invalid", `--${key} ${name}: letters, digits, - and _ only`);
    }
    text = text.replace(new RegExp(`^${key}: .*$`, "mu"), `${key}: ${name}`);
  }
  return SCHEMA_LINE + text;
}
