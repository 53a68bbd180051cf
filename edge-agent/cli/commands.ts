import type { Command } from "@commander-js/extra-typings";
import { addBacklogCommand } from "./backlog.ts";
import type { CliContext } from "./command.ts";
import { addCompletion } from "./completion.ts";
import { addConfigCommands } from "./config.ts";
import { addDoctorCommand } from "./doctor.ts";
import { addJournalCommands } from "./journal.ts";
import { addPageCommand } from "./page.ts";
import { addReadersCommands } from "./readers.ts";
import { addRunCommand } from "./run.ts";
import { addScanCommand } from "./scan.ts";
import { addStatusCommand } from "./status.ts";
import { addSupportCommand } from "./support.ts";
import { addTapCommand } from "./tap.ts";

/** Every command, in the order of `--help`, and their completion. */
export async function addCommands(
  program: Command,
  context: CliContext,
  argv: readonly string[],
): Promise<void> {
  for (const add of [
    addRunCommand,
    addScanCommand,
    addStatusCommand,
    addBacklogCommand,
    addTapCommand,
    addReadersCommands,
    addDoctorCommand,
    addConfigCommands,
    addJournalCommands,
    addSupportCommand,
    addPageCommand,
  ]) {
    add(program, context);
  }
  await addCompletion(program, context, argv);
}
