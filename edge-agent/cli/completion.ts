import tab from "@bomb.sh/tab/commander";
import type { Command } from "@commander-js/extra-typings";
import type { Command as PlainCommand } from "commander";
import { readersOf } from "../config.ts";
import { type CliContext, DEFAULT_CONFIG } from "./command.ts";

/**
 * Adds `completion <shell>`, which prints a script for bash, zsh, fish or PowerShell, and the hidden `complete` that such
 * a script asks while somebody types. Call it last: it knows the commands that are there. Reader ids come from the
 * configuration named on the line, or the default one; a file that does not parse completes nothing.
 */
export async function addCompletion(
  program: Command,
  { load }: Pick<CliContext, "load">,
  argv: readonly string[],
): Promise<void> {
  // The typed command is the very class of commander with better types; the library knows the plain one.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const plain = program as unknown as PlainCommand;
  const completions = tab(plain, { completionCommandName: "completion" });
  if (argv[0] !== "complete") return;
  const readers = await readersIn(configNamedIn(argv), load);
  const tell = (complete: (value: string, description: string) => void): void => {
    for (const reader of readers) complete(reader, "reader");
  };
  for (const { options, arguments: positional } of completions.commands.values()) {
    const option = options.get("reader");
    if (option !== undefined) option.handler = tell;
    const argument = positional.get("reader");
    if (argument !== undefined) argument.handler = tell;
  }
}

function configNamedIn(argv: readonly string[]): string {
  const at = argv.findIndex((word) => word === "-c" || word === "--config");
  return (at < 0 ? undefined : argv[at + 1]) ?? DEFAULT_CONFIG;
}

async function readersIn(file: string, load: CliContext["load"]): Promise<readonly string[]> {
  try {
    return (await load(file)).lines.flatMap(readersOf);
  } catch {
    return []; // a line half typed is no place for an error message
  }
}
