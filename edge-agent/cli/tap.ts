import type { CardFormat } from "@clockleaf/shared/wire/card-format.ts";
import { CARD_FORMATS } from "@clockleaf/shared/wire/card-formats.ts";
import { punchedAtMs } from "@clockleaf/shared/wire/punch.ts";
import type { Accepted } from "../accept.ts";
import { agentIsUp, followTaps } from "../health/control-client.ts";
import { badgeText } from "./badge-text.ts";
import { type AddCommand, WITH_CONFIG, WITH_JSON } from "./command.ts";
import { printJson } from "./output.ts";
import { saveLine, showRaw } from "./tap-raw.ts";
import { wholeNumber } from "./whole-number.ts";

/**
 * `clockleaf-edge tap`: every punch of this gateway once it is durable, or with `--raw` and `--save` the bytes of its lines,
 * until Ctrl-C. Sends nothing anywhere.
 */
export const addTapCommand: AddCommand = (program, { terminal, loadRunning }) => {
  program
    .command("tap")
    .description("follow accepted punches live; prints badges, sends nothing")
    .option(...WITH_CONFIG)
    .option(...WITH_JSON)
    .option("-r, --reader <id>", "only this reader; with --raw or --save the line it is on")
    .option("--wait", "for an agent that is not up yet")
    .option("-n, --count <n>", "end after so many punches", wholeNumber("count", 1, 1_000_000))
    .option("--raw", "the bytes of the lines instead, both ways, in hex")
    .option("--save <file>", "record the bytes of one line, for `hardware-sim replay`")
    .option("--restart", "begin the line anew first, so that --raw and --save have its beginning")
    .action(async (options) => {
      const config = await loadRunning(options.config);
      const { runtimeDir, cardFormats } = config;
      if (options.wait === true) await agentIsUp(runtimeDir);
      if (options.save !== undefined) return saveLine(options.save, { config, options, terminal });
      if (options.raw === true) return showRaw({ config, options, terminal });
      const formats = [...cardFormats, ...CARD_FORMATS];
      let left = options.count ?? Number.POSITIVE_INFINITY;
      for await (const accepted of followTaps(runtimeDir)) {
        if (options.reader !== undefined && options.reader !== accepted.punch.reader) continue;
        if (options.json === true) printJson(terminal, accepted);
        else terminal.out(render(accepted, formats));
        left -= 1;
        if (left <= 0) return;
      }
      terminal.err("the agent stopped\n");
    });
};

function render(
  { row, isRepeat, punch, feedback, told }: Accepted,
  formats: readonly CardFormat[],
): string {
  const at = new Date(punchedAtMs(punch.time)).toISOString();
  const again = isRepeat ? " (read again, stored before)" : "";
  const why = told === null ? "" : `  ${told.meaning}: ${told.reason}`;
  return `${at}  ${punch.reader}  ${badgeText(punch.credential, formats)}  ${feedback.light}  ${feedback.text ?? ""}${why}  row ${row}${again}\n`;
}
