import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { getHeapStatistics, queryObjects } from "node:v8";
import { hasCode } from "@clockleaf/shared/lib/errors.ts";
import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type TempDir, tempDir } from "../../test/support/temp.ts";
import { type JournalConfig, journalConfigSchema } from "./config.ts";
import { openForWriting } from "./connection.ts";
import { exportRows } from "./inspect.ts";
import { migrate, SCHEMA_VERSION } from "./schema.ts";
import { MAX_RECORD_KEYS, type NewRow, Store } from "./store.ts";
import { verifyJournal } from "./verify.ts";

const DAY_MS = 86_400_000;
const NOW = Date.UTC(2026, 10, 24);

let dir: TempDir;
let path: string;
beforeEach(() => {
  dir = tempDir("journal");
  path = join(dir.path, "journal.sqlite");
});
afterEach(() => dir.remove());

const configOf = (some: Partial<JournalConfig> = {}): JournalConfig => ({
  ...journalConfigSchema.parse({ path, reserveBytes: 64 * 1024 }),
  ...some,
});
const openStore = (some: Partial<JournalConfig> = {}): Store =>
  new Store({ config: configOf(some), newEpoch: () => "epoch00001" });
const rowOf = (n: number, origin: NewRow["origin"] = null): NewRow => ({
  body: Buffer.alloc(400, n % 251),
  origin,
});
const codeThrown = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    if (hasCode(error, "journal.full", "journal.damaged", "journal.newer-schema"))
      return error.code;
    throw error;
  }
  return "nothing";
};
/** Appends until not even a single row fits; returns the last row. */
const fill = (store: Store): number => {
  for (const size of [100, 1]) {
    const group = Array.from({ length: size }, (_, n) => rowOf(n));
    while (codeThrown(() => store.append(group, NOW)) !== "journal.full");
  }
  return store.lastRow();
};

/** Native objects that JavaScript has let go of and nobody has freed, in bytes of V8's; asking collects garbage first. */
const heldNatively = (): number => {
  queryObjects(Store, { format: "count" });
  return getHeapStatistics().used_global_handles_size;
};
const front = (deviceSeq: number): NewRow["origin"] => ({ reader: "front", deviceSeq });
const record = (recordKey: string, reader = "front"): NewRow["origin"] => ({ reader, recordKey });
const schemaAfter = (steps: readonly number[]): unknown => {
  const db = new Database(":memory:");
  for (const upTo of steps) migrate(db, () => "epoch00001", upTo);
  const found = db.prepare("SELECT name, sql FROM sqlite_schema ORDER BY name").all();
  db.close();
  return found;
};
function openAndClose(): string {
  const store = openStore();
  store.append([rowOf(1)], NOW);
  store.close();
  return path;
}
const stored = (count: number): void => {
  const store = openStore();
  for (let n = 1; n <= count; n++) store.append([rowOf(n)], NOW);
  store.recordHighWater();
  store.close();
};
const edit = (sql: string): void => {
  const db = new Database(path);
  db.exec(sql);
  db.close();
};

describe("durability of the connection", () => {
  it("syncs every commit: WAL with synchronous FULL, on the first open and on every later one", () => {
    for (let open = 0; open < 3; open++) {
      const store = openStore();
      store.append([rowOf(open)], NOW);
      store.close();
      const db = openForWriting(path, 1 << 20);
      db.exec("UPDATE meta SET delivered_seq = delivered_seq");
      expect(db.pragma("synchronous", { simple: true })).toBe(2);
      expect(db.pragma("journal_mode", { simple: true })).toBe("wal");
      db.close();
    }
  });

  it("refuses a place where SQLite cannot keep a write-ahead log", () => {
    expect(() => openForWriting(":memory:", 1 << 20)).toThrow(
      expect.objectContaining({ code: "journal.not-durable" }),
    );
  });
});

describe("appending", () => {
  it("numbers rows from 1 without gaps, over groups and over opens", () => {
    const first = openStore();
    expect(first.append([rowOf(1), rowOf(2)], NOW).map(({ row }) => row)).toEqual([1, 2]);
    first.close();
    const second = openStore();
    expect(second.epoch).toBe("epoch00001");
    expect(second.append([rowOf(3)], NOW)).toEqual([{ row: 3, isRepeat: false }]);
    second.close();
    expect(verifyJournal(path)).toMatchObject({ rows: 3, lastRow: 3, damage: null });
  });

  it("stores an exchange once, also when it comes twice in one group or after a restart", () => {
    const first = openStore();
    expect(first.append([rowOf(1, front(7)), rowOf(1, front(7))], NOW)).toEqual([
      { row: 1, isRepeat: false },
      { row: 1, isRepeat: true },
    ]);
    first.close();
    const second = openStore();
    expect(second.append([rowOf(1, front(7)), rowOf(2, front(8))], NOW)).toEqual([
      { row: 1, isRepeat: true },
      { row: 2, isRepeat: false },
    ]);
    expect(second.append([rowOf(3, { reader: "back", deviceSeq: 7 })], NOW)[0]?.isRepeat).toBe(
      false,
    );
    second.close();
  });

  it("stores a record of a terminal's own log once, also in one group, after a restart, and after its row is gone", () => {
    const first = openStore({ keepDeliveredDays: 1 });
    const group = [rowOf(1, record("a")), rowOf(2, record("a")), rowOf(3, record("a", "back"))];
    expect(first.append(group, NOW)).toEqual([
      { row: 1, isRepeat: false },
      { row: 1, isRepeat: true },
      { row: 2, isRepeat: false },
    ]);
    first.markDelivered(2, 7);
    expect(first.prune(NOW + 2 * 86_400_000)).toBe(2);
    first.close();
    const second = openStore();
    // Records come in any order: an older one that was never seen is not a repeat.
    expect(second.append([rowOf(4, record("0")), rowOf(1, record("a"))], NOW)).toEqual([
      { row: 3, isRepeat: false },
      { row: 1, isRepeat: true },
    ]);
    second.close();
  });

  it("forgets the oldest records of a reader beyond what any terminal keeps", () => {
    const store = openStore();
    for (let n = 0; n < MAX_RECORD_KEYS + 1_001; n += 1_000) {
      const group = Array.from({ length: 1_000 }, (_, k) => ({
        body: Buffer.alloc(4),
        origin: record(String(n + k)),
      }));
      store.append(group, NOW);
    }
    expect(store.append([rowOf(1, record("0"))], NOW)[0]?.isRepeat).toBe(false);
    expect(store.append([rowOf(1, record("5000"))], NOW)[0]?.isRepeat).toBe(true);
    store.close();
  });

  it("takes rows without an origin however equal they are", () => {
    const store = openStore();
    expect(store.append([rowOf(1), rowOf(1)], NOW).every(({ isRepeat }) => !isRepeat)).toBe(true);
    store.close();
  });

  it("keeps nothing of a group that does not reach its commit", () => {
    let isBroken = false;
    const store = new Store({
      config: configOf(),
      newEpoch: () => "epoch00001",
      beforeCommit: () => {
        if (isBroken) throw new Error("pulled");
      },
    });
    store.append([rowOf(1)], NOW);
    isBroken = true;
    expect(() => store.append([rowOf(2, { reader: "front", deviceSeq: 1 })], NOW)).toThrow();
    isBroken = false;
    expect(store.append([rowOf(2, { reader: "front", deviceSeq: 1 })], NOW)).toEqual([
      { row: 2, isRepeat: false },
    ]);
    store.close();
  });
});

describe("a full journal", () => {
  it("rejects with journal.full, stores nothing of it, and goes on after delivered rows gave way", () => {
    const store = openStore({ maxBytes: 1 << 20 });
    const fitted = fill(store);
    expect(fitted).toBeGreaterThan(1000);
    expect(store.makeRoom()).toBe(false);

    store.markDelivered(fitted - 10, 99);
    expect(store.makeRoom()).toBe(true);
    expect(store.append([rowOf(1)], NOW)).toEqual([{ row: fitted + 1, isRepeat: false }]);
    store.checkpoint();
    expect(statSync(path).size).toBeLessThanOrEqual(1 << 20);
    store.close();
    expect(verifyJournal(path)).toMatchObject({ lastRow: fitted + 1, damage: null });
  });

  it("never lets a row go that the hub does not have", () => {
    const store = openStore({ maxBytes: 1 << 20 });
    fill(store);
    store.markDelivered(3, 1);
    while (store.makeRoom());
    expect(store.firstKeptRow()).toBe(4);
    store.close();
  });

  it("gives way to new rows before it is full", () => {
    const store = openStore({ maxBytes: 1 << 20, keepDeliveredDays: 3650 });
    const fitted = fill(store);
    store.markDelivered(fitted, 1);
    expect(store.prune(NOW)).toBeGreaterThan(0);
    while (store.prune(NOW) > 0);
    expect(store.firstKeptRow()).toBeLessThan(fitted);
    store.close();
  });
});

describe("retention", () => {
  it("keeps rows of a clock that was not set yet as long as those after it", () => {
    const store = openStore({ keepDeliveredDays: 30 });
    const year2000 = Date.UTC(2000, 0);
    store.append([rowOf(1), rowOf(2)], year2000);
    store.markDelivered(2, 10);
    expect(store.prune(year2000)).toBe(0);
    expect(store.prune(NOW)).toBe(0); // set meanwhile, and no row says since when
    store.append([rowOf(3)], NOW);
    store.markDelivered(3, 11);
    expect(store.prune(NOW + 29 * DAY_MS)).toBe(0);
    expect(store.prune(NOW + 31 * DAY_MS)).toBe(3);
    store.close();
  });

  it("deletes delivered rows past their days and nothing else", () => {
    const store = openStore({ keepDeliveredDays: 30 });
    store.append([rowOf(1), rowOf(2)], NOW - 31 * DAY_MS);
    store.append([rowOf(3)], NOW - 29 * DAY_MS);
    store.append([rowOf(4)], NOW);
    store.markDelivered(1, 10);
    expect(store.prune(NOW)).toBe(1);
    store.markDelivered(3, 11);
    expect(store.prune(NOW)).toBe(1);
    expect(store.prune(NOW)).toBe(0);
    expect(store.firstKeptRow()).toBe(3);
    store.close();
    expect(verifyJournal(path)).toMatchObject({ firstRow: 3, rows: 2, damage: null });
  });

  it("leaves nothing behind in a thread that never returns to its event loop", () => {
    const store = openStore();
    store.append([rowOf(1)], NOW);
    const keepHouse = (): void => {
      store.prune(NOW);
      store.checkpoint();
    };
    keepHouse();
    const before = heldNatively();
    for (let times = 0; times < 200; times += 1) keepHouse();
    expect(heldNatively() - before).toBeLessThan(4096);
    store.close();
  });

  it("goes on with the chain and the numbers when every row was deleted", () => {
    const first = openStore({ keepDeliveredDays: 0 });
    first.append([rowOf(1), rowOf(2)], NOW - 1);
    first.markDelivered(2, 5);
    expect(first.prune(NOW)).toBe(2);
    first.close();
    const second = openStore();
    expect(second.append([rowOf(3)], NOW)).toEqual([{ row: 3, isRepeat: false }]);
    second.close();
    expect(verifyJournal(path)).toMatchObject({ firstRow: 3, rows: 1, damage: null });
  });

  it("remembers what was delivered over a clean close", () => {
    const first = openStore();
    first.append([rowOf(1), rowOf(2)], NOW);
    first.markDelivered(2, 77);
    first.close();
    const second = openStore();
    expect([second.deliveredRow(), second.deliveredSeq()]).toEqual([2, 77]);
    second.markDelivered(1, 3);
    second.markDelivered(9, 99);
    expect([second.deliveredRow(), second.deliveredSeq()]).toEqual([2, 77]);
    second.close();
  });
});

describe("the reserve", () => {
  it("holds real bytes beside the journal", () => {
    const store = openStore({ reserveBytes: 3 * 1024 * 1024 });
    const stat = statSync(`${path}.reserve`);
    expect(stat.size).toBe(3 * 1024 * 1024);
    expect(stat.blocks * 512).toBeGreaterThanOrEqual(3 * 1024 * 1024);
    store.close();
  });
});

describe("schema", () => {
  it("brings a journal of the release before to this one, rows and epoch kept", () => {
    const older = new Database(openAndClose());
    older.exec("DROP TABLE record_keys");
    older.pragma(`user_version = ${SCHEMA_VERSION - 1}`);
    older.close();
    const store = openStore();
    expect([store.epoch, store.lastRow()]).toEqual(["epoch00001", 1]);
    expect(
      store.append([rowOf(2, { reader: "front", deviceSeq: 1 })], NOW).map(({ row }) => row),
    ).toEqual([2]);
    store.close();
    expect(verifyJournal(path)).toMatchObject({ rows: 2, damage: null });
  });

  it("builds the same schema step by step as at once", () => {
    const versions = Array.from({ length: SCHEMA_VERSION }, (_, index) => index + 1);
    expect(schemaAfter(versions)).toEqual(schemaAfter([SCHEMA_VERSION]));
  });

  it("refuses a journal of a newer release and leaves it as it was", () => {
    const newer = new Database(openAndClose());
    newer.pragma(`user_version = ${SCHEMA_VERSION + 1}`);
    newer.close();
    const before = readFileSync(path);
    expect(codeThrown(() => openStore())).toBe("journal.newer-schema");
    expect(codeThrown(() => verifyJournal(path))).toBe("journal.newer-schema");
    expect(readFileSync(path).equals(before)).toBe(true);
  });
});

describe("damage", () => {
  it.each([
    ["an edited row", "UPDATE rows SET body = x'00' WHERE row = 7", 7],
    ["a deleted row", "DELETE FROM rows WHERE row = 4", 4],
    [
      "two rows changing places",
      "UPDATE rows SET row = CASE row WHEN 2 THEN -3 WHEN 3 THEN 2 END WHERE row IN (2, 3); UPDATE rows SET row = 3 WHERE row = -3",
      2,
    ],
    ["an edited chain value", "UPDATE rows SET chain = zeroblob(32) WHERE row = 9", 9],
  ])("finds %s, names the row and refuses to go on from it", (_, sql, row) => {
    stored(10);
    edit(sql);
    expect(verifyJournal(path).damage?.row).toBe(row);
    expect(codeThrown(() => openStore())).toBe("journal.damaged");
  });

  it("notices that acknowledged rows are gone from the end", () => {
    stored(10);
    edit("DELETE FROM rows WHERE row > 8");
    expect(verifyJournal(path).damage).toBeNull();
    expect(codeThrown(() => openStore())).toBe("journal.damaged");
  });

  it("notices rows that SQLite drops in silence after one flipped bit in its write-ahead log", () => {
    const store = openStore();
    for (let n = 1; n <= 10; n++) store.append([rowOf(n)], NOW);
    store.recordHighWater();
    const wal = readFileSync(`${path}-wal`);
    wal[wal.length >> 1] = (wal[wal.length >> 1] ?? 0) ^ 0x10;
    const database = readFileSync(path);
    const highWater = readFileSync(`${path}.high-water`);
    store.close();
    writeFileSync(path, database);
    writeFileSync(`${path}-wal`, wal);
    writeFileSync(`${path}.high-water`, highWater);

    expect(codeThrown(() => openStore())).toBe("journal.damaged");
    expect([...exportRows(path)].length).toBeLessThan(10);
  });

  it("is not alarmed by a high-water mark that was lost or torn", () => {
    stored(3);
    for (const torn of ["", "epoch000", "\0".repeat(64)]) {
      writeFileSync(`${path}.high-water`, torn);
      const store = openStore();
      expect(store.lastRow()).toBe(3);
      store.close();
    }
  });

  it("still exports what a damaged journal holds, and marks what is not sound", () => {
    stored(5);
    edit("UPDATE rows SET body = x'00' WHERE row = 3");
    expect([...exportRows(path)].map(({ row, isSound }) => [row, isSound])).toEqual([
      [1, true],
      [2, true],
      [3, false],
      [4, true],
      [5, true],
    ]);
  });

  it("says damaged, not a crash, for a file that is no database", () => {
    stored(3);
    writeFileSync(path, Buffer.alloc(8192, 0x41));
    expect(codeThrown(() => openStore())).toBe("journal.damaged");
    expect(codeThrown(() => verifyJournal(path))).toBe("journal.damaged");
  });
});
