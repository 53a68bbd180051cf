import type { ParseArgsOptionsConfig } from "node:util";
import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { createRandom, type Random } from "./random.ts";

/** Options of one command as typed; every option here takes a text or is a switch. */
export type Values = Readonly<Record<string, string | boolean | undefined>>;

/** What every command may use: the ways out, and when to stop. */
export interface Surroundings {
  /** Resolves on SIGINT and SIGTERM. */
  readonly stopped: Promise<unknown>;
  /** From `--seed`: same seed, same people, keys and faults. */
  readonly random: Random;
  /** Words for people, on standard error. */
  readonly say: (text: string) => void;
  /** A fact as a JSON line on standard output with `--json`; as words otherwise. */
  readonly fact: (value: Readonly<Record<string, unknown>>) => void;
}

/** One kind of terminal (or a site of them) on the command line; a protocol's folder has it in `command.ts`. */
export interface SimCommand {
  readonly name: string;
  /** Its part of `--help`: the first line says how to call it, the others its options. */
  readonly help: string;
  readonly options: ParseArgsOptionsConfig;
  /** Runs until `stopped`, or until everything is done. Throws `config.invalid` for options that make no sense. */
  run(values: Values, around: Surroundings): Promise<void>;
}

/** Options that every command has. */
export const COMMON_OPTIONS = {
  seed: { type: "string", default: "1" },
  json: { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} as const satisfies ParseArgsOptionsConfig;

/** The text of an option, undefined when it was not given. */
export function textOf(values: Values, name: string): string | undefined {
  const value = values[name];
  return typeof value === "string" ? value : undefined;
}

/** The text of an option that must be there. Throws `config.invalid`. */
export function needed(values: Values, name: string): string {
  const value = textOf(values, name);
  if (value === undefined) throw new PlatformError("config.invalid", `--${name} is needed`);
  return value;
}

/** A line for people, on standard error. */
export const say = (text: string): void => void process.stderr.write(`${text}\n`);

export function surroundings(values: Values, stopped: Promise<unknown>): Surroundings {
  const isJson = values["json"] === true;
  return {
    stopped,
    random: createRandom(textOf(values, "seed") ?? "1"),
    say,
    fact(value) {
      if (isJson) process.stdout.write(`${JSON.stringify(value)}\n`);
      else say(JSON.stringify(value));
    },
  };
}
