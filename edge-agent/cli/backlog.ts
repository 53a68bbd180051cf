import { renderTable } from "@clockleaf/shared/lib/text-table.ts";
import { type Backlog, readBacklog } from "../health/backlog.ts";
import { type AddCommand, WITH_CONFIG, WITH_JSON } from "./command.ts";
import { printJson, renderAge } from "./output.ts";

/** `clockleaf-edge backlog`: what the hub does not have yet, how old it is, how much more fits. Works without an agent. */
export const addBacklogCommand: AddCommand = (program, { terminal, loadRunning }) => {
  program
    .command("backlog")
    .description("what the hub does not have yet, how long that takes, and how much more fits")
    .option(...WITH_CONFIG)
    .option(...WITH_JSON)
    .action(async (options) => {
      const backlog = await readBacklog(await loadRunning(options.config));
      if (options.json === true) printJson(terminal, backlog);
      else terminal.out(render(backlog));
    });
};

function render(backlog: Backlog): string {
  const { waiting, oldestWaitingMs, inPerHour, outPerMinute } = backlog;
  return renderTable([
    ["agent", backlog.from === "agent" ? "running" : "not running (read from the file)"],
    ["waiting", `${waiting} rows`],
    ["oldest", oldestWaitingMs === null ? "nothing waits" : renderAge(oldestWaitingMs)],
    ["drained in", drainText(backlog)],
    [
      "rates",
      `${inPerHour === null ? "?" : inPerHour.toFixed(1)} rows in an hour, ${outPerMinute ?? "?"} out in the last minute`,
    ],
    [
      "kept",
      `rows ${backlog.firstKeptRow} to ${backlog.lastRow}, ${mib(backlog.bytes)} of ${mib(backlog.capBytes)} MiB, ${mib(backlog.diskFreeBytes)} MiB free on the disk`,
    ],
    ["still fits", roomText(backlog)],
    ["journal", `epoch ${backlog.epoch}`],
  ]);
}

/** How long until the hub has everything, for people. */
export function drainText({ waiting, drainMs, from }: Backlog): string {
  if (waiting === 0) return "nothing to drain";
  if (drainMs !== null) return `about ${renderAge(drainMs)}`;
  return from === "file"
    ? "no agent runs"
    : "nothing goes out now; `clockleaf-edge status` says why";
}

/** How much more fits, and until when, for people. */
export function roomText({ rowsUntilFull, hoursUntilFull }: Backlog): string {
  if (rowsUntilFull === null) return "too early to say";
  const rows = `about ${rowsUntilFull} rows`;
  if (hoursUntilFull === null) return rows;
  return `${rows}: without the hub full in ${renderAge(hoursUntilFull * 3_600_000)}`;
}

const mib = (bytes: number): string => (bytes / 1024 / 1024).toFixed(1);
