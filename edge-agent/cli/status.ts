import { renderTable } from "@clockleaf/shared/lib/text-table.ts";
import { askAnyStatus } from "../health/control-client.ts";
import { type AgentStatus, type IdleStatus, isUnauthorised } from "../health/status.ts";
import { clockText, discardedOf, readOf, saysOf } from "../health/status-text.ts";
import { type AddCommand, WITH_CONFIG, WITH_JSON } from "./command.ts";
import { EXIT, printJson, renderAge } from "./output.ts";

/** `clockleaf-edge status`: exit 0 = all well, 6 = a person should look, 5 = no agent runs, 4 = the gateway's key is refused. */
export const addStatusCommand: AddCommand = (program, { terminal, runtimeDirOf }) => {
  program
    .command("status")
    .description("how the agent, its readers and its uplink are doing")
    .option(...WITH_CONFIG)
    .option(...WITH_JSON)
    .action(async (options) => {
      const status = await askAnyStatus(await runtimeDirOf(options.config));
      if (options.json === true) printJson(terminal, status);
      else if ("journal" in status) terminal.out(render(status));
      else terminal.out(`${renderTable([["state", status.state]])}\n${problemLines(status)}`);
      process.exitCode = "journal" in status ? exitOf(status) : EXIT.degraded;
    });
};

function exitOf(status: AgentStatus): number {
  if (status.state === "ok") return EXIT.ok;
  return isUnauthorised(status) ? EXIT.unauthorised : EXIT.degraded;
}

function render(status: AgentStatus): string {
  const { gateway, journal, directory } = status;
  const age = directory.ageMs === null ? "never heard" : `heard ${renderAge(directory.ageMs)} ago`;
  const head = [
    [
      "gateway",
      `${gateway.tenant} / ${gateway.site} / ${gateway.gateway}, agent ${status.version}`,
    ],
    ["state", status.state],
    ["clock", clockText(status)],
    ["uplink", status.uplink.state.kind],
    ["journal", `${journal.state}, ${journal.lastRow} rows, ${journal.waiting} waiting`],
    ["directory", `${directory.state}, ${directory.entries} badges, ${age}`],
    ["process", processText(status)],
  ];
  const readers = [
    ["reader", "state", "read", "discarded", "what it says"],
    ...status.readers.map((each) => [
      each.reader,
      each.state,
      String(readOf(each)),
      String(discardedOf(each)),
      saysOf(each),
    ]),
  ];
  const problems = problemLines(status);
  return `${renderTable(head)}\n${renderTable(readers)}${problems === "" ? "" : `\n${problems}`}`;
}

const problemLines = ({ problems }: IdleStatus): string =>
  problems.map((problem) => `! ${problem.replaceAll("\n", "\n  ")}\n`).join("");

function processText({ process: { rssBytes, loopDelay } }: AgentStatus): string {
  const { p99Ms, maxMs } = loopDelay.lastMinute;
  return `${Math.round(rssBytes / 1e6)} MB, late by ${p99Ms} ms at most in 99 of 100 turns, ${maxMs} ms once`;
}
