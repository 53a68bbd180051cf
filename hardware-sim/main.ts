#!/usr/bin/env node
import { once } from "node:events";
import { parseArgs } from "node:util";
import { codeOf, PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { COMMON_OPTIONS, say, surroundings } from "./command.ts";
import { commands } from "./commands.ts";

const HELP = `Clockleaf hardware simulator: the other end of every wire.

${commands.map(({ help }) => indented(`clockleaf-sim ${help}`)).join("\n")}
  Everywhere
      --seed TEXT        same seed, same people, keys, plan and faults; default 1
      --json             facts as JSON lines on standard output
      --help

Ends on SIGINT or SIGTERM.
`;

function indented(text: string): string {
  return text.replaceAll(/^/gmu, "  ");
}

const stopping = new AbortController();
process.once("SIGINT", () => stopping.abort());
process.once("SIGTERM", () => stopping.abort());
const stopped = once(stopping.signal, "abort");

async function main([name, ...args]: readonly string[]): Promise<void> {
  if (name === undefined || name === "--help") {
    process.stdout.write(HELP);
    return;
  }
  const command = commands.find((each) => each.name === name);
  if (command === undefined) {
    const known = commands.map((each) => each.name).join(", ");
    throw new PlatformError("config.invalid", `${name}: ${known}; see --help`);
  }
  const { values } = parseArgs({ args, options: { ...command.options, ...COMMON_OPTIONS } });
  if (values.help) process.stdout.write(`${command.help}\n`);
  else await command.run(values, surroundings(values, stopped));
}

/** parseArgs throws a TypeError with a good sentence for what it does not know. */
const isUsage = (error: unknown): error is Error =>
  error instanceof TypeError || codeOf(error) === "config.invalid";

main(process.argv.slice(2)).catch((error: unknown) => {
  if (isUsage(error)) say(error.message);
  else say(error instanceof PlatformError ? `${error.code}: ${error.message}` : String(error));
  process.exit(isUsage(error) ? 2 : 1);
});
