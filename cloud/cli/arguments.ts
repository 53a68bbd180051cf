import { parseArgs } from "node:util";
import { type CloudConfig, loadCloudConfig } from "../config.ts";

/** Wrong words on the command line. */
export class Usage extends Error {}

const parse = () =>
  parseArgs({
    allowPositionals: true,
    options: {
      config: { type: "string" },
      "new-master-key-file": { type: "string" },
      role: { type: "string" },
      instance: { type: "string" },
      check: { type: "boolean" },
      name: { type: "string" },
      scopes: { type: "string" },
      facts: { type: "string" },
      rules: { type: "string" },
      person: { type: "string" },
      date: { type: "string" },
      json: { type: "boolean" },
      head: { type: "string" },
      consumer: { type: "string" },
      all: { type: "boolean" },
      help: { type: "boolean", short: "h" },
    },
  });

type Arguments = ReturnType<typeof parse>;
export type Values = Arguments["values"];

export function readArguments(): Arguments {
  try {
    return parse();
  } catch (error) {
    throw new Usage(error instanceof Error ? error.message : "cannot read the arguments");
  }
}

export function needed(
  values: Values,
  name: "config" | "facts" | "rules" | "person" | "date" | "new-master-key-file",
): string {
  const value = values[name];
  if (value === undefined) throw new Usage(`--${name} is missing`);
  return value;
}

export const configOf = (values: Values): CloudConfig => loadCloudConfig(needed(values, "config"));
