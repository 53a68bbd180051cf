import { renderTable } from "@clockleaf/shared/lib/text-table.ts";
import { z } from "zod";
import type { ReaderOrder } from "../commands/reader-orders.ts";
import { askStatus, giveOrder } from "../health/control-client.ts";
import { type AddCommand, type CliContext, WITH_CONFIG, WITH_JSON } from "./command.ts";
import { printJson } from "./output.ts";
import { wholeNumber } from "./whole-number.ts";

const slotsSchema = z.object({ capacity: z.int(), taken: z.array(z.int()) });

/** `clockleaf-edge readers …`: what an installer does with one reader, through the running agent. */
export const addReadersCommands: AddCommand = (program, context) => {
  const { terminal, loadRunning } = context;
  const readers = program
    .command("readers")
    .description("list the readers; show, test, key and teach one")
    .addHelpText(
      "after",
      `
Examples:
  clockleaf-edge readers list
  clockleaf-edge readers locate front-door --seconds 20
  clockleaf-edge readers set-key front-door
  clockleaf-edge readers enrol canteen --slot 12`,
    );
  readers
    .command("list", { isDefault: true })
    .description("every reader of the running agent, with its state")
    .option(...WITH_CONFIG)
    .option(...WITH_JSON)
    .action(async (options) => {
      const status = await askStatus((await loadRunning(options.config)).runtimeDir);
      if (options.json === true) printJson(terminal, { readers: status.readers });
      else {
        const rows = status.readers.map(({ reader, state, fault }) => [
          reader,
          state,
          fault?.message ?? "",
        ]);
        terminal.out(renderTable([["reader", "state", ""], ...rows]));
      }
    });
  readers
    .command("locate")
    .argument("<reader>")
    .description("have it blink and beep, so that a person finds it; never green")
    .option("-s, --seconds <n>", "how long, 1 to 60", wholeNumber("seconds", 1, 60), 10)
    .option(...WITH_CONFIG)
    .action(async (reader, { seconds, config }) => {
      await order({ verb: "locate", reader, seconds }, { config, context });
      terminal.out(`${reader} shows itself for ${seconds} s\n`);
    });
  readers
    .command("slots")
    .argument("<reader>")
    .description("places for fingers in a fingerprint module, and those in use")
    .option(...WITH_CONFIG)
    .option(...WITH_JSON)
    .action(async (reader, { config, json }) => {
      const slots = slotsSchema.parse(await order({ verb: "slots", reader }, { config, context }));
      if (json === true) printJson(terminal, slots);
      else {
        const taken = slots.taken.length === 0 ? "none" : slots.taken.join(", ");
        terminal.out(`slots 0 to ${slots.capacity - 1}; in use: ${taken}\n`);
      }
    });
  for (const verb of ["enrol", "delete-slot"] as const) {
    readers
      .command(verb)
      .argument("<reader>")
      .description(VERBS[verb].description)
      .requiredOption("--slot <n>", "which one", wholeNumber("slot", 0, 65_535))
      .option(...WITH_CONFIG)
      .action(async (reader, { slot, config }) => {
        if (verb === "enrol") terminal.err(`${reader}: put the finger on, twice, as it asks\n`);
        await order({ verb, reader, slot }, { config, context });
        terminal.out(`${reader}, slot ${slot}: ${VERBS[verb].done}\n`);
      });
  }
  for (const verb of ["set-key", "test-light", "resync-clock", "restart"] as const) {
    readers
      .command(verb)
      .argument("<reader>")
      .description(VERBS[verb].description)
      .option(...WITH_CONFIG)
      .action(async (reader, { config }) => {
        await order({ verb, reader }, { config, context });
        terminal.out(`${reader}: ${VERBS[verb].done}\n`);
      });
  }
};

const VERBS = {
  enrol: {
    description: "have a finger put on, which the module keeps in a slot; up to two minutes",
    done: "the module knows this finger",
  },
  "delete-slot": { description: "have the module forget the finger in a slot", done: "empty" },
  "set-key": {
    description: "make a new secure-channel key, hand it to the reader and keep it in its keyFile",
    done: "the reader has a new key",
  },
  "test-light": {
    description: "show red, amber and green in turn; the one green that no punch is behind",
    done: "red, amber and green were shown",
  },
  "resync-clock": {
    description: "set its own clock by the gateway's",
    done: "its clock was set",
  },
  restart: { description: "close its line and open it anew", done: "its line was opened anew" },
} as const;

async function order(
  body: ReaderOrder,
  { config, context }: { readonly config: string; readonly context: CliContext },
): Promise<unknown> {
  const { runtimeDir } = await context.loadRunning(config);
  return giveOrder(runtimeDir, "reader", body);
}
