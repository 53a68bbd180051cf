import { setImmediate } from "node:timers/promises";
import type { Log } from "@clockleaf/shared/lib/log.ts";
import { decode } from "@clockleaf/shared/wire/codec.ts";
import type { DirectoryEntry } from "@clockleaf/shared/wire/directory.ts";
import {
  badgeKey,
  journalRowSchema,
  type PunchRow,
  punchIdOf,
} from "@clockleaf/shared/wire/punch.ts";
import type { Greeter } from "./greeter.ts";
import { RECENT_MS } from "./recent-punches.ts";

/** What is needed of the journal. */
export interface RecentRows {
  readonly epoch: string;
  lastRow(): number;
  read(
    from: number,
    limits: { maxRows: number; maxBytes: number },
  ): { readonly first: number; readonly rows: readonly Uint8Array[] } | undefined;
}

export interface FillOptions {
  readonly gateway: string;
  readonly journal: RecentRows;
  readonly greeter: Greeter;
  /** Who held the badge at an instant. */
  readonly holder: (badge: string, atMs: number) => DirectoryEntry | undefined;
  readonly nowMs: number;
  readonly log: Log;
  readonly signal: AbortSignal;
}

const ROWS_AT_A_TIME = 500;
const LIMITS = { maxRows: ROWS_AT_A_TIME, maxBytes: 4 * 1024 * 1024 };
/** A gateway with more in a week fills up with the newest. */
const MOST_ROWS = 100_000;

/**
 * Tells the greeter what was punched here in the last week, newest first, between other work. Until it is through somebody
 * may be greeted with the wrong word; the punch itself is the cloud's to read.
 */
export async function fillFromJournal(options: FillOptions): Promise<void> {
  const { journal, log, signal } = options;
  const last = journal.lastRow();
  try {
    for (let to = last; to > 0 && last - to < MOST_ROWS; to -= ROWS_AT_A_TIME) {
      await setImmediate();
      if (signal.aborted) return;
      const from = Math.max(1, to - ROWS_AT_A_TIME + 1);
      const range = journal.read(from, { ...LIMITS, maxRows: to - from + 1 });
      if (range === undefined || !fillFrom(range, options)) return;
    }
  } catch (error) {
    log.warn({ err: error }, "the punches of the last week cannot be read; greetings may be wrong");
  }
}

/** False once rows are older than what is kept in mind. */
function fillFrom(
  { first, rows }: { readonly first: number; readonly rows: readonly Uint8Array[] },
  options: FillOptions,
): boolean {
  const { gateway, journal, greeter, holder, nowMs } = options;
  let isRecent = false;
  for (const [index, bytes] of rows.entries()) {
    const row = decode(bytes, journalRowSchema, { what: "journal row" });
    if (row.time.gatewayAtMs > nowMs - RECENT_MS) isRecent = true;
    if (row.kind !== "punch" || row.verdict !== "known") continue;
    const entry = holder(badgeKey(row.credential), row.time.gatewayAtMs);
    if (entry === undefined) continue;
    const punchId = punchIdOf(gateway, journal.epoch, first + index);
    greeter.remember(entry.employeeId, punchId, hereOf(row));
  }
  return isRecent;
}

const hereOf = ({ time, hint, reader }: PunchRow) => ({ at: time.gatewayAtMs, hint, reader });
