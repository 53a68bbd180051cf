import { statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { codeOf, type ErrorCode } from "@clockleaf/shared/lib/errors.ts";
import { silentLog } from "@clockleaf/shared/lib/log.ts";
import { CHAIN_START, chain } from "@clockleaf/shared/wire/chain.ts";
import type { JournalRow } from "@clockleaf/shared/wire/punch.ts";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type TempDir, tempDir } from "../../test/support/temp.ts";
import { type JournalConfig, journalConfigSchema } from "./config.ts";
import { exportRows, readJournalStats, setJournalAside } from "./inspect.ts";
import { type Journal, openJournal } from "./journal.ts";
import { verifyJournal } from "./verify.ts";

let dir: TempDir;
let path: string;
let opened: Journal[];
beforeEach(() => {
  dir = tempDir("journal");
  path = join(dir.path, "journal.sqlite");
  opened = [];
});
afterEach(async () => {
  await Promise.all(opened.map((journal) => journal.close()));
  dir.remove();
});

async function open(some: Partial<JournalConfig> = {}): Promise<Journal> {
  const config = { ...journalConfigSchema.parse({ path, reserveBytes: 0 }), ...some };
  const journal = await openJournal({ config, log: silentLog() });
  opened.push(journal);
  return journal;
}

function punch(n: number, reader = "front"): JournalRow {
  return {
    kind: "punch",
    reader,
    credential: { kind: "number", value: String(n) },
    hint: null,
    time: {
      gatewayAtMs: Date.UTC(2026, 10, 24) + n,
      monotonicMs: n,
      bootId: "boot",
      uncertaintyMs: 0,
      deviceLocal: null,
    },
    pin: "not-asked",
    verdict: "known",
    traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
  };
}

const append = (journal: Journal, count: number): Promise<unknown> =>
  Promise.all(Array.from({ length: count }, (_, n) => journal.append(punch(n), null)));
const coded = (code: ErrorCode): unknown => expect.objectContaining({ code });

describe("appending", () => {
  it("gives thousands of concurrent appends gapless numbers in their order, and a sound chain", async () => {
    const journal = await open();
    const loops = Array.from({ length: 50 }, async (_, reader) => {
      const rows: number[] = [];
      for (let seq = 1; seq <= 80; seq++) {
        rows.push((await journal.append(punch(seq, `reader-${reader}`), { deviceSeq: seq })).row);
      }
      return rows;
    });
    const rows = await Promise.all(loops);
    for (const own of rows) expect(own).toEqual(own.toSorted((a, b) => a - b));
    expect(rows.flat().toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 4000 }, (_, index) => index + 1),
    );
    expect(journal.stats().commits).toBeLessThan(4000);
    await journal.close();
    expect(verifyJournal(path)).toMatchObject({ rows: 4000, damage: null });
  });

  it("says of an exchange that comes again that it is stored, and stores nothing", async () => {
    const journal = await open();
    const [first, again] = await Promise.all([
      journal.append(punch(1), { deviceSeq: 41 }),
      journal.append(punch(1), { deviceSeq: 41 }),
    ]);
    expect([first, again]).toEqual([
      { row: 1, isRepeat: false },
      { row: 1, isRepeat: true },
    ]);
    expect(journal.lastRow()).toBe(1);
    expect(journal.stats().repeats).toBe(1);
    expect([journal.lastDeviceSeq("front"), journal.lastDeviceSeq("back")]).toEqual([41, null]);
  });

  it("tells listeners the last row after each group, until they stop", async () => {
    const journal = await open();
    const heard: number[] = [];
    const stop = journal.onAppended((row) => heard.push(row));
    await append(journal, 3);
    expect(heard.at(-1)).toBe(3);
    stop();
    const before = heard.length;
    await append(journal, 1);
    expect(heard).toHaveLength(before);
  });

  it("refuses a row that is too large without troubling the others", async () => {
    const journal = await open();
    const large = { ...punch(1), traceparent: "x".repeat(3000) };
    const [refused, stored] = await Promise.allSettled([
      journal.append(large, null),
      journal.append(punch(1), null),
    ]);
    expect(refused).toMatchObject({ status: "rejected", reason: { code: "wire.too-large" } });
    expect(stored).toMatchObject({ status: "fulfilled", value: { row: 1 } });
  });

  it("commits what was appended before close, and refuses what comes after", async () => {
    const journal = await open();
    const last = append(journal, 10);
    const closing = journal.close();
    await expect(journal.append(punch(1), null)).rejects.toEqual(coded("journal.unavailable"));
    await Promise.all([last, closing]);
    expect(readJournalStats(path).lastRow).toBe(10);
  });
});

describe("the thread that commits", () => {
  it("answers after what was appended before", async () => {
    const config = { ...journalConfigSchema.parse({ path, reserveBytes: 0 }) };
    const journal = await openJournal({ config, log: silentLog(), commitDelayMs: 200 });
    opened.push(journal);
    const order: string[] = [];
    await Promise.all([
      journal.append(punch(1), null).then(() => order.push("stored")),
      journal.answers().then(() => order.push("answered")),
    ]);
    expect(order).toEqual(["stored", "answered"]);
    expect(journal.lastRow()).toBe(1);
  });

  it("answers no more once it is closed; who had asked is answered first", async () => {
    const journal = await open();
    const asked = journal.answers();
    await journal.close();
    await asked;
    await expect(journal.answers()).rejects.toEqual(coded("journal.unavailable"));
  });
});

describe("ownership", () => {
  it("refuses a second owner with a clear error, and takes one after the first has closed", async () => {
    const first = await open();
    await append(first, 1);
    await expect(open()).rejects.toEqual(coded("journal.unavailable"));
    await append(first, 1);
    await first.close();
    const second = await open();
    expect([second.epoch, second.lastRow()]).toEqual([first.epoch, 2]);
  });

  it("makes a new epoch for every new journal", async () => {
    const a = await open();
    const b = await open({ path: join(dir.path, "other.sqlite") });
    expect(a.epoch).toMatch(/^[0-9a-z]{10}$/);
    expect(a.epoch).not.toBe(b.epoch);
  });

  it("makes its folder, for nobody else to read", async () => {
    const folder = join(dir.path, "var", "clockleaf");
    const journal = await open({ path: join(folder, "journal.sqlite") });
    await append(journal, 1);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });

  it("reports a folder it may not use as unavailable", async () => {
    const file = join(dir.path, "a-file");
    writeFileSync(file, "");
    await expect(open({ path: join(file, "journal.sqlite") })).rejects.toEqual(
      coded("journal.unavailable"),
    );
  });
});

describe("a full journal", () => {
  it("rejects appends with journal.full and takes them again after delivery made room", async () => {
    const journal = await open({ maxBytes: 1 << 20 });
    expect(await fillUp(journal)).toBe("journal.full");
    const full = journal.lastRow();
    expect(journal.stats()).toMatchObject({ waiting: full, state: "open" });

    journal.markDelivered(full - 5, 1234);
    await expect(journal.append(punch(1), null)).resolves.toEqual({
      row: full + 1,
      isRepeat: false,
    });
    expect(journal.stats().firstKeptRow).toBeGreaterThan(1);
    expect(journal.read(full - 4, { maxRows: 100, maxBytes: 1e6 })?.rows).toHaveLength(6);
    await journal.close();
    expect(verifyJournal(path)).toMatchObject({ lastRow: full + 1, damage: null });
  });
});

/** Appends until even a single row is refused; returns why. */
async function fillUp(journal: Journal): Promise<string | undefined> {
  let refusal: unknown;
  for (const size of [50, 1]) {
    do {
      const group = Array.from({ length: size }, (_, n) => journal.append(punch(n), null));
      const settled = await Promise.allSettled(group);
      refusal = settled.find((each) => each.status === "rejected")?.reason;
    } while (refusal === undefined);
  }
  return codeOf(refusal);
}

const sumOf = (rows: readonly Uint8Array[]): number =>
  rows.reduce((sum, row) => sum + row.length, 0);

describe("reading", () => {
  it("gives ranges that any cut of the same rows verifies against", async () => {
    const journal = await open();
    await append(journal, 120);
    const all = journal.read(1, { maxRows: 1000, maxBytes: 1e6 });
    expect(all?.rows).toHaveLength(120);
    const heads = [CHAIN_START];
    for (const row of all?.rows ?? []) heads.push(chain(heads.at(-1) ?? CHAIN_START, row));

    fc.assert(
      fc.property(
        fc.record({
          from: fc.integer({ min: -2, max: 125 }),
          maxRows: fc.integer({ min: 0, max: 130 }),
          maxBytes: fc.integer({ min: 0, max: 40_000 }),
        }),
        ({ from, maxRows, maxBytes }) => {
          const range = journal.read(from, { maxRows, maxBytes });
          if (from < 1 || from > 120) {
            expect(range).toBeUndefined();
            return;
          }
          const rows = range?.rows ?? [];
          const bytes = sumOf(rows);
          expect(range).toEqual({
            epoch: journal.epoch,
            first: from,
            prev: Buffer.from(heads[from - 1] ?? ""),
            rows: all?.rows.slice(from - 1, from - 1 + rows.length),
          });
          expect(rows.length).toBeGreaterThanOrEqual(1);
          expect(rows.length).toBeLessThanOrEqual(Math.max(1, maxRows));
          expect(rows.length === 1 || bytes <= maxBytes).toBe(true);
          // As much as the limits allow: one more row would break one of them.
          const next = all?.rows[from - 1 + rows.length];
          const mayTakeNext =
            next !== undefined && rows.length < maxRows && bytes + next.length <= maxBytes;
          expect(mayTakeNext).toBe(false);
        },
      ),
      { numRuns: 300, seed: 20_261_124 },
    );
  });

  it("throws rather than give out a row that is not what was committed", async () => {
    const journal = await open();
    await append(journal, 10);
    const { default: Database } = await import("better-sqlite3");
    const db = new Database(path);
    db.exec("UPDATE rows SET body = x'c0' WHERE row = 6");
    db.close();
    expect(journal.read(1, { maxRows: 5, maxBytes: 1e6 })?.rows).toHaveLength(5);
    expect(() => journal.read(1, { maxRows: 6, maxBytes: 1e6 })).toThrow(
      expect.objectContaining({ code: "journal.damaged", details: { row: 6 } }),
    );
  });
});

describe("the view from outside", () => {
  it("shows stats and rows of a journal in use, and counts what waits", async () => {
    const journal = await open();
    await append(journal, 8);
    journal.markDelivered(5, 17);
    expect(journal.stats()).toMatchObject({ rows: 8, waiting: 3, deliveredRow: 5, state: "open" });
    expect(journal.stats().oldestWaitingMs).not.toBeNull();
    const outside = readJournalStats(path);
    expect(outside).toMatchObject({ epoch: journal.epoch, rows: 8, lastRow: 8, firstKeptRow: 1 });
    const hour = 3_600_000;
    expect(outside.inPerHour).toBeNull();
    expect(readJournalStats(path, Date.now() + 2 * hour).inPerHour).toBeCloseTo(4, 2);
    expect(readJournalStats(path, Date.now() + 48 * hour).inPerHour).toBe(0);
    const exported = [...exportRows(path)];
    expect(exported.map(({ row, isSound }) => [row, isSound])).toEqual(
      Array.from({ length: 8 }, (_, index) => [index + 1, true]),
    );
    expect(exported[3]?.record).toEqual(punch(3));
  });

  it("sets a journal aside, whole, and the next open starts a new epoch", async () => {
    const journal = await open();
    await append(journal, 4);
    expect(() => setJournalAside(path, "damaged-1")).toThrow(
      expect.objectContaining({ code: "journal.unavailable" }),
    );
    await journal.close();
    const aside = setJournalAside(path, "damaged-1");
    expect([...exportRows(aside)]).toHaveLength(4);
    const fresh = await open();
    expect(fresh.lastRow()).toBe(0);
    expect(fresh.epoch).not.toBe(journal.epoch);
  });
});
