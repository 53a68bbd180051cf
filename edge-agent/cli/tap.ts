import type { CardFormat } from "@clockleaf/shared/wire/card-format.ts";
import { CARD_FORMATS } from "@clockleaf/shared/wire/card-formats.ts";
import { punchedAtMs } from "@clockleaf/shared/wire/punch.ts";
import type { Accepted } from "../accept.ts";
import { agentIsUp, followTaps } from "../health/control-client.ts";
import { badgeText } from "./badge-text.ts";
import { type AddCommand, WITH_CONFIG, WITH_JSON } from "./command.ts";
import { printJson } from "./output.ts";
import { wholeNumber } from "./whole-number.ts";

/** `clockleaf-edge tap`: every punch of this gateway once it is durable, until Ctrl-C. Sends nothing anywhere. */
export const addTapCommand: AddCommand = (program, { terminal, load }) => {
  program
    .command("tap")
    .description("follow accepted punches live; prints badges, sends nothing")
    .option(...WITH_CONFIG)
    .option(...WITH_JSON)
    .option("-r, --reader <id>", "only this reader")
    .option("--wait", "for an agent that is not up yet")
    .option("-n, --count <n>", "end after so many punches", wholeNumber("count", 1, 1_000_000))
    .action(async (options) => {
      const { runtimeDir, cardFormats } = await load(options.config);
      const formats = [...cardFormats, ...CARD_FORMATS];
      if (options.wait === true) await agentIsUp(runtimeDir);
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
