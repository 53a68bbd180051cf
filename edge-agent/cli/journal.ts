import { exportRows } from "../journal/inspect.ts";
import { verifyJournal } from "../journal/verify.ts";
import { type AddCommand, WITH_CONFIG, WITH_JSON } from "./command.ts";
import { EXIT, printJson } from "./output.ts";

/** `clockleaf-edge journal …`: the journal file itself; works with and without an agent. */
export const addJournalCommands: AddCommand = (program, { terminal, load }) => {
  const journal = program.command("journal").description("the journal file");
  journal
    .command("verify")
    .description("check the hash chain over every kept row")
    .option(...WITH_CONFIG)
    .option(...WITH_JSON)
    .action(async (options) => {
      const report = verifyJournal((await load(options.config)).journal.path);
      if (options.json === true) printJson(terminal, report);
      else if (report.damage === null) {
        terminal.out(`sound: ${report.rows} rows, ${report.firstRow} to ${report.lastRow}\n`);
      } else terminal.out(`damaged: ${JSON.stringify(report.damage)}\n`);
      process.exitCode = report.damage === null ? EXIT.ok : EXIT.failed;
    });
  journal
    .command("export")
    .description("every kept row as a line of JSON; holds badge numbers")
    .option(...WITH_CONFIG)
    .action(async (options) => {
      const { path } = (await load(options.config)).journal;
      for (const { row, committedAtMs, isSound, record } of exportRows(path)) {
        printJson(terminal, { row, committedAtMs, isSound, record });
      }
    });
};
