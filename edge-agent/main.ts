#!/usr/bin/env node
import { codeOf, type ErrorCode, hasCode } from "@clockleaf/shared/lib/errors.ts";
import { Command } from "@commander-js/extra-typings";
import type { CliContext } from "./cli/command.ts";
import { EXIT, type Terminal } from "./cli/output.ts";
import { addRunCommand } from "./cli/run.ts";
import type { EdgeConfig } from "./config.ts";
import { AGENT_VERSION } from "./health/status.ts";

const NODE_MAJOR = 24;

const terminal: Terminal = {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
};

/** better-sqlite3 crashes an older Node without a word, so this comes before anything loads it. */
if (Number(process.versions.node.split(".")[0]) < NODE_MAJOR) {
  terminal.err(
    `clockleaf-edge needs Node ${NODE_MAJOR} or newer, this is ${process.versions.node}; use \`make\`\n`,
  );
  process.exit(EXIT.failed);
}

const program = new Command("clockleaf-edge")
  .description(
    "Reads the terminals of a site, keeps every punch through any outage, and hands it to the hub.",
  )
  .version(AGENT_VERSION)
  .showSuggestionAfterError()
  .addHelpText(
    "after",
    `
Exit codes: 0 ok · 1 failed · 2 usage · 3 configuration · 4 not enrolled, or the key is refused ·
            5 no agent, hub or reader reached · 6 degraded

Examples:
  clockleaf-edge scan                       what is plugged in, and --probe: who answers
  clockleaf-edge config check --config gateway.yaml
  clockleaf-edge run --config gateway.yaml
  clockleaf-edge page                       a link to the gateway's own page: readers, backlog, taps, configuration
  clockleaf-edge status                     how every reader, the journal and the uplink are doing
  clockleaf-edge tap --reader door-1        punches at one reader as they become durable
  clockleaf-edge backlog --json             what the hub does not have yet
  clockleaf-edge doctor                     what is wrong, and what to type`,
  );

const { LC_ALL, LC_CTYPE, LANG } = process.env;
const context: CliContext = {
  terminal,
  load,
  loadRunning: async (file) => (await import("./chosen-config.ts")).loadRunningConfig(file),
  runtimeDirOf: async (file) => (await import("./chosen-config.ts")).runtimeDirOf(file),
  // The first that is set and not empty counts, as setlocale(3) has it.
  isUtf8: /utf-?8/i.test(LC_ALL || LC_CTYPE || LANG || ""),
  exit: (code) => process.exit(code),
};
const argv = process.argv.slice(2);
// An agent runs for months: whatever the other commands load would stay in its memory, 1 MB.
if (argv[0] === "run") addRunCommand(program, context);
else await (await import("./cli/commands.ts")).addCommands(program, context, argv);

for (const command of [
  program,
  ...program.commands,
  ...program.commands.flatMap(({ commands }) => commands),
]) {
  command.exitOverride();
}

const EXIT_BY_CODE: Partial<Record<ErrorCode, number>> = {
  "config.invalid": EXIT.config,
  "config.unreadable": EXIT.config,
  "uplink.unauthorised": EXIT.unauthorised,
  "agent.not-running": EXIT.unreachable,
  "device.no-reply": EXIT.unreachable,
  "uplink.not-connected": EXIT.unreachable,
};

try {
  await program.parseAsync();
} catch (error) {
  // Not just the exit code: what a failed start left behind, such as dialling the leaf server, must not keep it alive.
  process.exit(report(error));
}

async function load(file: string, home?: string): Promise<EdgeConfig> {
  const { loadEdgeConfig } = await import("./config.ts");
  return loadEdgeConfig(file, home);
}

/** Says what went wrong in one place, and with what the shell may branch on. */
function report(error: unknown): number {
  if (error instanceof Error && "exitCode" in error && typeof error.exitCode === "number") {
    return error.exitCode === 0 ? EXIT.ok : EXIT.usage; // commander has printed its own words
  }
  terminal.err(`${error instanceof Error ? error.message : String(error)}\n`);
  return hasCode(error, codeOf(error)) ? (EXIT_BY_CODE[codeOf(error)] ?? EXIT.failed) : EXIT.failed;
}
