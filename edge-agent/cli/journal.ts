import { z } from "zod";
import { askStatus, giveOrder } from "../health/control-client.ts";
import { exportRows } from "../journal/inspect.ts";
import { verifyJournal } from "../journal/verify.ts";
import { type AddCommand, WITH_CONFIG, WITH_JSON } from "./command.ts";
import { EXIT, printJson } from "./output.ts";
import { wholeNumber } from "./whole-number.ts";

const MAX_ROW = Number.MAX_SAFE_INTEGER;

const requeuedSchema = z.object({ queued: z.int() });

/** `clockleaf-edge journal …`: the journal file itself, with and without an agent; only `requeue` needs one. */
export const addJournalCommands: AddCommand = (program, { terminal, loadRunning }) => {
  const journal = program.command("journal").description("the journal file");
  journal
    .command("verify")
    .description("check the hash chain over every kept row")
    .option(...WITH_CONFIG)
    .option(...WITH_JSON)
    .action(async (options) => {
      const report = verifyJournal((await loadRunning(options.config)).journal.path);
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
      const { path } = (await loadRunning(options.config)).journal;
      for (const { row, committedAtMs, isSound, record } of exportRows(path)) {
        printJson(terminal, { row, committedAtMs, isSound, record });
      }
    });
  journal
    .command("requeue")
    .description("send kept rows to the hub once more; the cloud takes none of them twice")
    .requiredOption("--from <row>", "the first row", wholeNumber("from", 1, MAX_ROW))
    .option("--to <row>", "the last row; the newest unless told", wholeNumber("to", 1, MAX_ROW))
    .option(...WITH_CONFIG)
    .option(...WITH_JSON)
    .action(async (options) => {
      const { runtimeDir } = await loadRunning(options.config);
      const last = options.to ?? (await askStatus(runtimeDir)).journal.lastRow;
      const range = { first: options.from, last };
      const said = requeuedSchema.parse(await giveOrder(runtimeDir, "requeue", range));
      if (options.json === true) printJson(terminal, { ...range, ...said });
      else terminal.out(`rows ${range.first} to ${last}, ${said.queued} in all, are sent again\n`);
    });
};
