import { setImmediate } from "node:timers/promises";
import type { Log } from "@clockleaf/shared/lib/log.ts";
import { decode } from "@clockleaf/shared/wire/codec.ts";
import type { DirectoryEntry } from "@clockleaf/shared/wire/directory.ts";
import {
  badgeKey,
  type JournalRow,
  journalRowSchema,
  punchedAtMs,
  punchIdOf,
} from "@clockleaf/shared/wire/punch.ts";
import {
  anchorOf,
  redated,
  type TimeAnchor,
  waitsForAnchor,
} from "@clockleaf/shared/wire/redating.ts";
import type { Greeter } from "./greeter.ts";
import { isCounted, RECENT_MS } from "./recent-punches.ts";

/** What is needed of the journal. */
export interface RecentRows {
  readonly epoch: string;
  lastRow(): number;
  stats(): { readonly firstKeptRow: number };
  read(
    from: number,
    limits: { maxRows: number; maxBytes: number },
  ): { readonly rows: readonly Uint8Array[] } | undefined;
}

export interface FillOptions {
  readonly gateway: string;
  readonly journal: RecentRows;
  readonly greeter: Pick<Greeter, "remember">;
  /** Who held the badge at an instant. */
  readonly holder: (badge: string, atMs: number) => DirectoryEntry | undefined;
  readonly nowMs: number;
  readonly log: Log;
  readonly signal: AbortSignal;
}

const ROWS_AT_A_TIME = 200;
/** A row has 2 KiB at most. */
const LIMITS = { maxRows: ROWS_AT_A_TIME, maxBytes: ROWS_AT_A_TIME * 2048 };
/** A gateway with more in a week fills up with the newest. */
const MOST_ROWS = 100_000;

/**
 * Tells the greeter what was punched here in the last week, newest first, between other work. Until it is through somebody
 * may be greeted with the wrong word; the punch itself is the cloud's to read. Never rejects.
 */
export async function fillFromJournal(options: FillOptions): Promise<void> {
  const { journal, log, signal } = options;
  const last = journal.lastRow();
  try {
    const first = Math.max(journal.stats().firstKeptRow, last - MOST_ROWS + 1);
    let sinceMs = Number.NEGATIVE_INFINITY;
    const anchors = new Map<string, TimeAnchor>();
    for (let to = last; to >= first; to -= ROWS_AT_A_TIME) {
      await setImmediate();
      if (signal.aborted) return;
      const from = Math.max(first, to - ROWS_AT_A_TIME + 1);
      const rows = readRows(journal, from, to);
      if (to === last) sinceMs = weekBefore(rows, options.nowMs);
      const recent = rows.filter(({ row }) => isRecent(row, sinceMs));
      if (recent.length === 0) return;
      // The newest come first, so what dates a punch has been read by then.
      for (const { row } of recent.toReversed()) noteAnchor(anchors, row);
      for (const each of recent) remember(each, anchors, options);
    }
  } catch (error) {
    log.warn({ err: error }, "the punches of the last week cannot be read; greetings may be wrong");
  }
}

interface NumberedRow {
  readonly number: number;
  readonly row: JournalRow;
}

function readRows(journal: RecentRows, from: number, to: number): readonly NumberedRow[] {
  const range = journal.read(from, { ...LIMITS, maxRows: to - from + 1 });
  return (range?.rows ?? []).map((bytes, index) => ({
    number: from + index,
    row: decode(bytes, journalRowSchema, { what: "journal row" }),
  }));
}

/** Before the newest row, not before now: the gateway's clock may be a simulated one, or have been set back. */
function weekBefore(rows: readonly NumberedRow[], nowMs: number): number {
  const newest = rows.findLast(({ row }) => row.time.uncertaintyMs !== null)?.row;
  const newestAtMs = newest?.time.gatewayAtMs ?? nowMs;
  return Math.min(nowMs, newestAtMs) - RECENT_MS;
}

/** What was journaled before the gateway knew the time is as old as its neighbours. */
const isRecent = ({ time }: JournalRow, sinceMs: number): boolean =>
  time.gatewayAtMs > sinceMs || waitsForAnchor(time);

function noteAnchor(anchors: Map<string, TimeAnchor>, row: JournalRow): void {
  const anchor =
    row.kind === "status" && row.what === "time-known" ? anchorOf(row.time) : undefined;
  if (anchor !== undefined) anchors.set(anchor.bootId, anchor);
}

function remember(
  { number, row }: NumberedRow,
  anchors: ReadonlyMap<string, TimeAnchor>,
  options: FillOptions,
): void {
  if (row.kind !== "punch") return;
  const anchor = anchors.get(row.time.bootId);
  const time = (anchor && redated(row.time, anchor)) ?? row.time;
  if (!isCounted({ pin: row.pin, time })) return;
  const { gateway, journal, greeter, holder } = options;
  const at = punchedAtMs(time);
  const entry = holder(badgeKey(row.credential), at);
  if (entry === undefined) return;
  const { hint, reader } = row;
  greeter.remember(entry.employeeId, punchIdOf(gateway, journal.epoch, number), {
    at,
    hint,
    reader,
  });
}
