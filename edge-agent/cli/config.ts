import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { renderTable } from "@clockleaf/shared/lib/text-table.ts";
import { stringify } from "yaml";
import { type AddCommand, WITH_CONFIG, WITH_JSON } from "./command.ts";
import { addReloadCommand } from "./config-reload.ts";
import { EXIT, printJson } from "./output.ts";

const ENVIRONMENT_HELP = `
Every key can be set in the environment, and wins over the file there. Two underscores go one level down, a number names
an entry of a list, lists and objects are JSON:
  CLOCKLEAF_EDGE__RUNTIME_DIR=/run/clockleaf                     runtimeDir
  CLOCKLEAF_EDGE__NATS__SERVERS='["nats://127.0.0.1:4222"]'      nats.servers
  CLOCKLEAF_EDGE__LINES__0__PORT__SERIAL__BAUD_RATE=19200        lines[0].port.serial.baudRate
An unknown variable with this prefix is an error.`;

/** `clockleaf-edge config …`: make, check, show and compare configuration files; none of them touches a device. */
export const addConfigCommands: AddCommand = (program, context) => {
  const { terminal, load } = context;
  const config = program
    .command("config")
    .description("the configuration file")
    .addHelpText("after", ENVIRONMENT_HELP);
  config
    .command("init")
    .description("a commented file to start from, on stdout or in FILE")
    .option("-o, --out <file>", "write it there; never over a file that exists")
    .option("--tenant <name>", "the company", "acme")
    .option("--site <name>", "the place", "plant-1")
    .option("--gateway <name>", "this gateway", "gw-1")
    .option("--no-readers", "without lines: readers are found on the gateway's own page")
    .option("--simulated", "for one simulated reader, with a key, all beside FILE: to try things")
    .action(async ({ out, simulated, readers, ...names }) => {
      const { initialConfig, writeNew, writeSimulated } = await import("./config-init.ts");
      if (out === undefined && simulated === true) {
        throw new PlatformError("config.invalid", "--simulated writes several files: add --out");
      }
      if (out === undefined) terminal.out(initialConfig(names, readers));
      else {
        if (simulated === true) writeSimulated(out, names);
        else writeNew(out, initialConfig(names, readers), 0o640);
        const next = simulated === true || !readers ? "" : "edit its lines, then ";
        terminal.err(`${out} written. Next: ${next}clockleaf-edge config check --config ${out}\n`);
      }
    });
  config
    .command("check")
    .description("read the file and say what is wrong with it, line by line; opens nothing")
    .option(...WITH_CONFIG)
    .option(...WITH_JSON)
    .action(async (options) => {
      const { readersOf } = await import("../config.ts");
      const { tenant, site, gateway, lines } = await load(options.config);
      const readers = lines.flatMap(readersOf);
      const line = `gateway ${tenant}/${site}/${gateway}, ${readers.length} readers: ${readers.join(", ")}`;
      if (options.json === true) printJson(terminal, { ok: true, tenant, site, gateway, readers });
      else terminal.out(`ok: ${line}\n`);
    });
  config
    .command("show")
    .description("what the agent makes of the file: every default filled in, secrets hidden")
    .option(...WITH_CONFIG)
    .option(...WITH_JSON)
    .action(async (options) => {
      const { redacted } = await import("./config-text.ts");
      const { variablesInUse } = await import("../config.ts");
      const shown = redacted(await load(options.config));
      const variables = variablesInUse();
      if (variables.length > 0) terminal.err(`from the environment: ${variables.join(", ")}\n`);
      if (options.json === true) printJson(terminal, shown);
      else terminal.out(stringify(shown));
    });
  config
    .command("schema")
    .description("the file's JSON Schema, for editors")
    .action(async () => {
      const { jsonSchemaOf } = await import("./config-text.ts");
      terminal.out(`${JSON.stringify(jsonSchemaOf(), null, 2)}\n`);
    });
  config
    .command("diff")
    .description("what differs from another file, or from the one the agent last started with")
    .argument("[before]", "the other file; default: the last one that an agent started with")
    .option(...WITH_CONFIG)
    .option(...WITH_JSON)
    .action(async (other, options) => {
      const { differences } = await import("./config-text.ts");
      const { lastGoodFile } = await import("../last-good-config.ts");
      const after = await load(options.config);
      const before =
        other === undefined ? await load(lastGoodFile(after), options.config) : await load(other);
      const found = differences(before, after);
      if (options.json === true) printJson(terminal, { differences: found });
      else {
        const rows = found.map((each) => [each.path, shown(each.before), shown(each.after)]);
        terminal.out(
          rows.length === 0 ? "the same\n" : renderTable([["", "before", "after"], ...rows]),
        );
      }
      process.exitCode = found.length === 0 ? EXIT.ok : EXIT.failed;
    });
  config
    .command("migrate")
    .description(
      "bring a file of an older release to this one's format; the agent itself does so in memory",
    )
    .option(...WITH_CONFIG)
    .option(
      "--stdout",
      "print it instead of writing the file; a copy of the old one is kept otherwise",
    )
    .action(async (options) => {
      const { readConfigText } = await import("@clockleaf/shared/lib/yaml-config.ts");
      const { keepAndReplace, migrated } = await import("../config-versions.ts");
      const { text, from, to } = migrated(readConfigText(options.config), options.config);
      if (options.stdout === true) terminal.out(text);
      else if (from === to)
        terminal.out(`${options.config} has the format of this release (${to})\n`);
      else {
        const kept = `${options.config}.v${from}`;
        keepAndReplace(options.config, text, kept);
        terminal.out(`${options.config}: ${from} to ${to}; the old one is ${kept}\n`);
      }
    });
  addReloadCommand(config, context);
};

const shown = (value: unknown): string => (value === undefined ? "" : JSON.stringify(value));
