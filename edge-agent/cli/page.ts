import { z } from "zod";
import { giveOrder } from "../health/control-client.ts";
import { type AddCommand, WITH_CONFIG, WITH_JSON } from "./command.ts";
import { printJson } from "./output.ts";

const answerSchema = z.object({ url: z.string() });

/** `clockleaf-edge page`: a link that logs in, for whoever may open the control socket: the agent's user, and root. */
export const addPageCommand: AddCommand = (program, { terminal, runtimeDirOf }) => {
  program
    .command("page")
    .description("a link to the gateway's own page, good once and for ten minutes")
    .option(...WITH_CONFIG)
    .option(...WITH_JSON)
    .addHelpText(
      "after",
      `
The page listens on this machine only. From elsewhere, with the port that the link shows:
  ssh -L 8480:127.0.0.1:8480 gateway`,
    )
    .action(async (options) => {
      const answer = await giveOrder(await runtimeDirOf(options.config), "page", {});
      const { url } = answerSchema.parse(answer);
      if (options.json === true) printJson(terminal, { url });
      else terminal.out(`${url}\n`);
    });
};
