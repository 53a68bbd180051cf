import { writeFileSync } from "node:fs";
import { gatherBundle } from "../support/bundle.ts";
import { type AddCommand, WITH_CONFIG } from "./command.ts";

/** `clockleaf-edge support`: everything that somebody who helps from afar asks for, in one file that can be read first. */
export const addSupportCommand: AddCommand = (program, { terminal, load }) => {
  program
    .command("support")
    .description(
      "gather what support asks for into one file of JSON; no badges, names, keys or passwords",
    )
    .option(...WITH_CONFIG)
    .option("-o, --out <file>", "write it there, never over a file that exists; default: stdout")
    .action(async ({ config, out }) => {
      const bundle = await gatherBundle({ configFile: config, load });
      const text = `${JSON.stringify(bundle, null, 2)}\n`;
      if (out === undefined) terminal.out(text);
      else {
        writeFileSync(out, text, { mode: 0o600, flag: "wx" });
        terminal.err(`${out} written. Read it before you send it: it is plain text\n`);
      }
    });
};
