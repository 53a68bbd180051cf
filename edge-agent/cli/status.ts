import { renderTable } from "@clockleaf/shared/lib/text-table.ts";
import { askStatus } from "../health/control-client.ts";
import { type AgentStatus, isUnauthorised } from "../health/status.ts";
import { type AddCommand, WITH_CONFIG, WITH_JSON } from "./command.ts";
import { EXIT, printJson, renderAge } from "./output.ts";

/** `clockleaf-edge status`: exit 0 = all well, 6 = a person should look, 5 = no agent runs, 4 = the gateway's key is refused. */
export const addStatusCommand: AddCommand = (program, { terminal, load }) => {
  program
    .command("status")
    .description("how the agent, its readers and its uplink are doing")
    .option(...WITH_CONFIG)
    .option(...WITH_JSON)
    .action(async (options) => {
      const { runtimeDir } = await load(options.config);
      const status = await askStatus(runtimeDir);
      if (options.json === true) printJson(terminal, status);
      else terminal.out(render(status));
      process.exitCode = exitOf(status);
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
  ];
  const readers = [
    ["reader", "state", "read", "discarded", "what it says"],
    ...status.readers.map(({ reader, state, fault, counters, facts, clock }) => [
      reader,
      state,
      String(counters["readings-accepted"] ?? counters["badges"] ?? 0),
      String(discarded(counters)),
      fault?.message ??
        [
          ...Object.entries(facts).map(([name, value]) => `${name} ${value}`),
          ...(clock === null ? [] : [`clock ${seconds(clock.offsetMs)} s`]),
        ].join(", "),
    ]),
  ];
  const problems = status.problems.map((problem) => `! ${problem}\n`).join("");
  return `${renderTable(head)}\n${renderTable(readers)}${problems === "" ? "" : `\n${problems}`}`;
}

const SYNC_WORDS = {
  synchronised: "synchronised",
  never: "not synchronised since boot",
  unknown: "no time service to ask",
} as const;

function clockText({ clock }: AgentStatus): string {
  const { uncertaintyMs, sync } = clock;
  const known = uncertaintyMs === null ? "not known" : `± ${(uncertaintyMs / 1000).toFixed(1)} s`;
  return `${known}, ${SYNC_WORDS[sync]}`;
}

const seconds = (ms: number): string => `${ms < 0 ? "" : "+"}${(ms / 1000).toFixed(1)}`;

function discarded(counters: Readonly<Record<string, number>>): number {
  return Object.entries(counters)
    .filter(([name]) => name.startsWith("discarded_") || name.startsWith("dropped_"))
    .reduce((sum, [, count]) => sum + count, 0);
}
