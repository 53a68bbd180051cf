import { hasCode } from "@clockleaf/shared/lib/errors.ts";
import { renderTable } from "@clockleaf/shared/lib/text-table.ts";
import type { EdgeConfig } from "../config.ts";
import { askStatus } from "../health/control-client.ts";
import { type JournalFileStats, readJournalStats } from "../journal/inspect.ts";
import { type AddCommand, WITH_CONFIG, WITH_JSON } from "./command.ts";
import { printJson, renderAge } from "./output.ts";

interface Backlog extends JournalFileStats {
  /** Whether a running agent said so, or the file alone. */
  readonly from: "agent" | "file";
  readonly capBytes: number;
  /** Rows that still fit, at this journal's bytes per row; null while it is too young to say. */
  readonly rowsUntilFull: number | null;
}

const ROWS_TO_JUDGE = 100;

/** `clockleaf-edge backlog`: what the hub does not have yet, how old it is, how much more fits. Works without an agent. */
export const addBacklogCommand: AddCommand = (program, { terminal, load }) => {
  program
    .command("backlog")
    .description("what the hub does not have yet, how old it is, and how much more fits")
    .option(...WITH_CONFIG)
    .option(...WITH_JSON)
    .action(async (options) => {
      const backlog = await readBacklog(await load(options.config));
      if (options.json === true) printJson(terminal, backlog);
      else terminal.out(render(backlog));
    });
};

async function readBacklog(config: EdgeConfig): Promise<Backlog> {
  const isRunning = await answers(config.runtimeDir);
  const stats = readJournalStats(config.journal.path);
  const capBytes = config.journal.maxBytes;
  const bytesPerRow = stats.rows < ROWS_TO_JUDGE ? null : stats.bytes / stats.rows;
  return {
    ...stats,
    from: isRunning ? "agent" : "file",
    capBytes,
    rowsUntilFull:
      bytesPerRow === null
        ? null
        : Math.max(0, Math.floor((capBytes - stats.waiting * bytesPerRow) / bytesPerRow)),
  };
}

async function answers(runtimeDir: string): Promise<boolean> {
  try {
    await askStatus(runtimeDir);
    return true;
  } catch (error) {
    if (hasCode(error, "agent.not-running")) return false;
    throw error;
  }
}

function render(backlog: Backlog): string {
  const oldest = backlog.oldestWaitingMs;
  return renderTable([
    ["agent", backlog.from === "agent" ? "running" : "not running (read from the file)"],
    ["waiting", `${backlog.waiting} rows`],
    ["oldest", oldest === null ? "nothing waits" : renderAge(oldest)],
    [
      "kept",
      `rows ${backlog.firstKeptRow} to ${backlog.lastRow}, ${mib(backlog.bytes)} of ${mib(backlog.capBytes)} MiB`,
    ],
    [
      "still fits",
      backlog.rowsUntilFull === null ? "too early to say" : `about ${backlog.rowsUntilFull} rows`,
    ],
    ["journal", `epoch ${backlog.epoch}`],
  ]);
}

const mib = (bytes: number): string => (bytes / 1024 / 1024).toFixed(1);
