import { statfsSync } from "node:fs";
import { dirname } from "node:path";
import { hasCode } from "@clockleaf/shared/lib/errors.ts";
import type { JournalConfig } from "../journal/config.ts";
import { type JournalFileStats, readJournalStats } from "../journal/inspect.ts";
import { askStatus } from "./control-client.ts";
import type { AgentStatus } from "./status.ts";

/** Everything `clockleaf-edge backlog` shows. Estimates are null while there is too little to judge by. */
export interface Backlog extends JournalFileStats {
  /** Whether an agent runs, or the file alone tells. */
  readonly from: "agent" | "file";
  readonly capBytes: number;
  /** Free on the journal's disk, for its owner. */
  readonly diskFreeBytes: number;
  /** Rows that the hub took within the last minute; null without an agent that has reached it. */
  readonly outPerMinute: number | null;
  /** Until the hub has everything, at the speed of the last minute; 0 when it has, null while nothing goes out. */
  readonly drainMs: number | null;
  /** Rows that still fit, by the cap or by the disk, whichever comes first. */
  readonly rowsUntilFull: number | null;
  /** Until then, if the hub takes nothing any more and people go on as in the last day. */
  readonly hoursUntilFull: number | null;
}

const ROWS_TO_JUDGE = 100;
const MINUTES_PER_HOUR = 60;

export interface BacklogPlace {
  readonly runtimeDir: string;
  readonly journal: Pick<JournalConfig, "path" | "maxBytes">;
}

/** Works with and without an agent. Throws what `readJournalStats` does. */
export async function readBacklog({ runtimeDir, journal }: BacklogPlace): Promise<Backlog> {
  const status = await statusIfRunning(runtimeDir);
  const { bavail, bsize } = statfsSync(dirname(journal.path));
  return backlogOf(readJournalStats(journal.path), {
    status,
    capBytes: journal.maxBytes,
    diskFreeBytes: bavail * bsize,
  });
}

interface Around {
  readonly status: Pick<AgentStatus, "uplink"> | undefined;
  readonly capBytes: number;
  readonly diskFreeBytes: number;
}

/** Pure. */
export function backlogOf(
  stats: JournalFileStats,
  { status, capBytes, diskFreeBytes }: Around,
): Backlog {
  const uplink = status?.uplink;
  const outPerMinute =
    uplink !== undefined && "stats" in uplink ? uplink.stats.rowsLastMinute : null;
  const rowsUntilFull = roomFor(stats, { capBytes, diskFreeBytes });
  const perHour = stats.inPerHour;
  return {
    ...stats,
    from: status === undefined ? "file" : "agent",
    capBytes,
    diskFreeBytes,
    outPerMinute,
    drainMs: drainMs(stats, outPerMinute),
    rowsUntilFull,
    hoursUntilFull:
      rowsUntilFull === null || perHour === null || perHour === 0 ? null : rowsUntilFull / perHour,
  };
}

/** What the hub has is deleted when room is needed; what it does not have stays. */
function roomFor(
  { rows, bytes, waiting }: JournalFileStats,
  { capBytes, diskFreeBytes }: Pick<Around, "capBytes" | "diskFreeBytes">,
): number | null {
  if (rows < ROWS_TO_JUDGE) return null;
  const perRow = bytes / rows;
  const room = Math.min(capBytes, bytes + diskFreeBytes) - waiting * perRow;
  return Math.max(0, Math.floor(room / perRow));
}

function drainMs(
  { waiting, inPerHour }: JournalFileStats,
  outPerMinute: number | null,
): number | null {
  if (waiting === 0) return 0;
  if (outPerMinute === null) return null;
  const gained = outPerMinute - (inPerHour ?? 0) / MINUTES_PER_HOUR;
  return gained <= 0 ? null : (waiting / gained) * 60_000;
}

async function statusIfRunning(runtimeDir: string): Promise<AgentStatus | undefined> {
  try {
    return await askStatus(runtimeDir);
  } catch (error) {
    if (hasCode(error, "agent.not-running")) return undefined;
    throw error;
  }
}
