import { createLog } from "@clockleaf/shared/lib/log.ts";
import { encode } from "@clockleaf/shared/wire/codec.ts";
import type { DirectoryEntry } from "@clockleaf/shared/wire/directory.ts";
import type { JournalRow, PunchRow } from "@clockleaf/shared/wire/punch.ts";
import { describe, expect, it } from "vitest";
import { fillFromJournal, type RecentRows } from "./fill.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = 1_780_000_000_000;

const time = (atMs: number): PunchRow["time"] => ({
  gatewayAtMs: atMs,
  monotonicMs: 1,
  bootId: "boot",
  uncertaintyMs: 20,
  deviceLocal: null,
});
const punch = (value: string, agoMs: number, more: Partial<PunchRow> = {}): JournalRow => ({
  kind: "punch",
  reader: "door",
  credential: { kind: "number", value },
  hint: null,
  time: time(NOW - agoMs),
  pin: "not-asked",
  verdict: "known",
  traceparent: "",
  ...more,
});
const started = (agoMs: number): JournalRow => ({
  kind: "status",
  reader: null,
  what: "started",
  time: time(NOW - agoMs),
});

/** As journal.ts reads: nothing from a row that is pruned, and no more than asked for. */
function journalOf(rows: readonly JournalRow[], firstKeptRow = 1): RecentRows {
  const stored = rows.map((row) => encode(row));
  return {
    epoch: "epoch",
    lastRow: () => rows.length,
    stats: () => ({ firstKeptRow }),
    read(from, { maxRows }) {
      if (from < firstKeptRow || from > rows.length) return undefined;
      return { rows: stored.slice(from - 1, from - 1 + maxRows) };
    },
  };
}

interface Filled {
  readonly remembered: ReadonlyArray<readonly [employeeId: string, punchId: string]>;
  readonly warnings: readonly string[];
}

async function fill(journal: RecentRows, signal = new AbortController().signal): Promise<Filled> {
  const remembered: Array<[string, string]> = [];
  const warnings: string[] = [];
  await fillFromJournal({
    gateway: "gw",
    journal,
    greeter: { remember: (employeeId, punchId) => void remembered.push([employeeId, punchId]) },
    holder: (badge, atMs) => (atMs < NOW - 5 * DAY ? OLD_HOLDERS : HOLDERS)[badge],
    nowMs: NOW,
    log: createLog({ room: "test", destination: { write: (line) => warnings.push(line) } }),
    signal,
  });
  return { remembered, warnings };
}

const entry = (employeeId: string): DirectoryEntry => ({
  employeeId,
  greeting: employeeId,
  state: "valid",
  validFromMs: 0,
  pin: null,
  sites: [],
  groups: [],
});
const HOLDERS: Readonly<Record<string, DirectoryEntry>> = {
  "number-1": entry("ada"),
  "number-2": entry("ben"),
};
const OLD_HOLDERS: typeof HOLDERS = { "number-1": entry("carl") };

describe("at the start the journal tells the greeter", () => {
  it("who punched in the last eight days, each punch by the name the cloud gives it", async () => {
    const rows = [
      punch("1", 9 * DAY),
      punch("1", 6 * DAY),
      started(2 * HOUR),
      punch("1", HOUR),
      punch("2", HOUR),
      punch("9", HOUR),
    ];
    const { remembered, warnings } = await fill(journalOf(rows));
    expect(remembered).toEqual([
      ["carl", "gw-epoch-2"], // held the badge then
      ["ada", "gw-epoch-4"],
      ["ben", "gw-epoch-5"],
    ]);
    expect(warnings).toEqual([]);
  });

  it("only what the cloud counts: neither a wrong PIN nor a time nobody knew", async () => {
    const { remembered } = await fill(
      journalOf([
        punch("1", 3 * HOUR, { pin: "wrong", verdict: "wrong-pin" }),
        punch("1", 2 * HOUR, { pin: "missing", verdict: "wrong-pin" }),
        punch("1", HOUR, { time: { ...time(NOW - HOUR), uncertaintyMs: null } }),
        punch("1", 0, { pin: "verified" }),
      ]),
    );
    expect(remembered).toEqual([["ada", "gw-epoch-4"]]);
  });

  it("dated by what the gateway learned later in the same boot, as the cloud dates it", async () => {
    const undated = (bootId: string, monotonicMs: number) => ({
      time: { ...time(Date.UTC(2000, 0)), bootId, monotonicMs, uncertaintyMs: null },
    });
    const known = { ...time(NOW), monotonicMs: 10 * HOUR };
    const { remembered, warnings } = await fill(
      journalOf([
        punch("1", 0, undated("never", 5 * HOUR)),
        punch("3", 0, undated("boot", 8 * HOUR)),
        punch("1", 0, undated("boot", 9 * HOUR)),
        { kind: "status", reader: null, what: "time-known", time: known },
        punch("1", 0),
      ]),
    );
    expect(remembered).toEqual([
      ["ada", "gw-epoch-3"],
      ["ada", "gw-epoch-5"],
    ]);
    expect(warnings).toEqual([]);
  });

  it("also what was punched before the directory was there, for the cloud knew whose it was", async () => {
    const rows = [punch("1", HOUR, { verdict: "unknown-badge" })];
    expect((await fill(journalOf(rows))).remembered).toEqual([["ada", "gw-epoch-1"]]);
  });

  it("thousands of rows, newest first, and stops where they are old", async () => {
    const rows = Array.from({ length: 3000 }, (_, n) => punch("1", (3000 - n) * 10 * 60_000));
    const journal = journalOf(rows);
    const asked: number[] = [];
    const { remembered } = await fill({
      ...journal,
      read(from, limits) {
        asked.push(from);
        return journal.read(from, limits);
      },
    });
    const recent = (8 * DAY) / (10 * 60_000); // to the ten minutes the newest row is old
    const ids = new Set(remembered.map(([, punchId]) => punchId));
    expect(ids.size).toBe(remembered.length);
    expect(remembered).toHaveLength(recent);
    expect(ids).toContain("gw-epoch-3000");
    expect(asked).toEqual([...asked].toSorted((a, b) => b - a));
    expect(Math.min(...asked)).toBeGreaterThan(1500);
  });

  it("what is left of a journal whose beginning is pruned", async () => {
    const rows = Array.from({ length: 30 }, () => punch("1", HOUR));
    const { remembered } = await fill(journalOf(rows, 21));
    expect(remembered).toHaveLength(10);
    expect((await fill(journalOf(rows, 31))).remembered).toEqual([]);
    expect((await fill(journalOf([]))).remembered).toEqual([]);
  });

  it("of a clock that is not this machine's, the last eight days of its own", async () => {
    const rows = [punch("1", 50 * DAY), punch("1", 41 * DAY), punch("1", 40 * DAY)];
    expect((await fill(journalOf(rows))).remembered).toHaveLength(2);
  });

  it("and one row from the future hides nothing", async () => {
    const rows = [punch("1", HOUR), punch("1", -400 * DAY)];
    expect((await fill(journalOf(rows))).remembered).toHaveLength(2);
  });

  it("or says that it cannot, and stops nothing", async () => {
    const torn: RecentRows = {
      ...journalOf([punch("1", HOUR)]),
      read: () => ({ rows: [Uint8Array.of(0xc1)] }),
    };
    const { remembered, warnings } = await fill(torn);
    expect(remembered).toEqual([]);
    expect(warnings.join()).toContain("greetings may be wrong");
  });

  it("nothing once the agent stops", async () => {
    expect((await fill(journalOf([punch("1", HOUR)]), AbortSignal.abort())).remembered).toEqual([]);
  });
});
