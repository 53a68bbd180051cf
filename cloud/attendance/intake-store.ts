import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { type GatewayAddress, gatewayKey } from "@clockleaf/shared/subjects.ts";
import Database from "better-sqlite3";
import type { Attribution } from "./attribution.ts";
import type { QuarantineReason } from "./quarantine-decider.ts";
import { holesIn, type RowRange, type RowSpan } from "./ranges.ts";

/** One journal of one gateway. */
export interface JournalId {
  readonly address: GatewayAddress;
  readonly epoch: string;
}

/** Rows that are missing and have to be asked for. */
export interface Gap extends RowSpan {
  readonly journal: JournalId;
  readonly attempts: number;
}

export interface JournalStatus {
  readonly site: string;
  readonly gateway: string;
  readonly epoch: string;
  /** Rows 1 to this one have all arrived. */
  readonly completeTo: number;
  readonly last: number;
  readonly missing: readonly RowSpan[];
}

export interface StatusNote {
  readonly rowId: string;
  readonly reader: string | null;
  readonly what: string;
  readonly at: number;
}

/** What one message leaves behind once its events are stored. */
export interface Taken {
  readonly journal: JournalId;
  /** What `ranges` was made from: if the file says something else by now, nothing is taken. */
  readonly before: readonly RowRange[];
  readonly ranges: readonly RowRange[];
  readonly statuses: readonly StatusNote[];
  readonly punchIds: readonly string[];
}

/** A message that cannot be judged yet because its gateway is not registered. It stays in CLOCK; this is its number. */
export interface Parked {
  readonly seq: number;
  readonly gatewayKey: string;
}

/**
 * What the intake must remember itself: which rows of which journal arrived, what is missing, and to whom it has
 * attributed punches whose events may be on their way. One file; every write is fsynced before it returns.
 */
export interface IntakeStore {
  ranges(journal: JournalId): readonly RowRange[];
  /** Whether another journal of this gateway has been seen. */
  knowsOtherEpoch(journal: JournalId): boolean;
  /** Remembers attributions before their events are stored; the first one of a punch stays. Returns what stands. */
  attributeOnce(wanted: ReadonlyMap<string, Attribution>): ReadonlyMap<string, Attribution>;
  attributions(punchIds: readonly string[]): ReadonlyMap<string, Attribution>;
  take(taken: Taken): void;
  /** The hub acknowledged this row to the gateway: whatever is missing up to it is a gap. */
  expect(journal: JournalId, last: number): void;
  dueGaps(nowMs: number): readonly Gap[];
  /** All holes of a journal. */
  gaps(journal: JournalId): readonly RowSpan[];
  askedFor(gap: Gap, nextAtMs: number): void;
  park(parked: Parked): void;
  unpark(seq: number): void;
  parked(gatewayKey?: string): readonly Parked[];
  journals(): readonly JournalStatus[];
  statuses(address: GatewayAddress, limit: number): readonly StatusNote[];
  /** Fingerprint of the rules that somebody's days were last recalculated by; undefined = never. */
  rulesApplied(employeeId: string): string | undefined;
  noteRules(employeeId: string, fingerprint: string): void;
  /** Identity of the CLOCK stream that this file has been filled from; undefined for an empty file. */
  source(): string | undefined;
  /** The file begins anew with this stream: nothing of it is known. */
  setSource(streamIdentity: string): void;
  /** Sequence in CLOCK up to which this file knows what arrived; undefined for a file from before this was noted. */
  position(): number | undefined;
  /** Never goes back. */
  setPosition(seq: number): void;
  close(): void;
}

const SCHEMA = `
create table if not exists ranges (
  journal text not null, first integer not null, last integer not null, prev blob not null, head blob not null,
  primary key (journal, first)) without rowid;
create table if not exists expected (journal text primary key, last integer not null) without rowid;
create table if not exists gaps (
  journal text not null, first integer not null, last integer not null,
  attempts integer not null default 0, next_at integer not null default 0,
  primary key (journal, first)) without rowid;
create table if not exists attributions (punch_id text primary key, employee_id text, reason text) without rowid;
create table if not exists parked (seq integer primary key, gateway_key text not null);
create table if not exists statuses (
  row_id text primary key, gateway_key text not null, reader text, what text not null, at integer not null);
create index if not exists statuses_newest on statuses (gateway_key, at desc);
create table if not exists applied_rules (employee_id text primary key, fingerprint text not null) without rowid;
create table if not exists position (one integer primary key check (one = 1), seq integer not null);
create table if not exists source (one integer primary key check (one = 1), identity text not null);
`;

const keyOf = ({ address, epoch }: JournalId): string => `${gatewayKey(address)}.${epoch}`;

function journalOf(key: string): JournalId {
  const [tenant = "", site = "", gateway = "", epoch = ""] = key.split(".");
  return { address: { tenant, site, gateway }, epoch };
}

/** Opens or makes `attendance-intake.sqlite` below `dir`. Throws `config.unreadable`. */
export function openIntakeStore(dir: string): IntakeStore {
  const db = openFile(dir);
  return {
    ...journalPart(db),
    ...gapPart(db),
    ...attributionPart(db),
    ...parkedPart(db),
    ...rulesPart(db),
    ...sourcePart(db),
    close: () => void db.close(),
  };
}

/**
 * Whether a write failed because another process is at the file. Mostly for milliseconds; but one that was frozen within a
 * transaction keeps everybody waiting until it is thawed or killed.
 */
export function isBusy(error: unknown): boolean {
  return error instanceof Database.SqliteError && error.code.startsWith("SQLITE_BUSY");
}

function openFile(dir: string): Database.Database {
  const file = join(dir, "attendance-intake.sqlite");
  try {
    mkdirSync(dir, { recursive: true });
    // Waiting blocks the whole process, its leases included; see `isBusy`.
    const db = new Database(file, { timeout: 250 });
    db.pragma("journal_mode = WAL");
    db.pragma("synchronous = FULL");
    db.exec(SCHEMA);
    return db;
  } catch (error) {
    throw new PlatformError("config.unreadable", `cannot open the intake's file ${file}`, {
      cause: error,
    });
  }
}

function readRanges(db: Database.Database, key: string): RowRange[] {
  return db
    .prepare<[string], RowRange>(
      "select first, last, prev, head from ranges where journal = ? order by first",
    )
    .all(key);
}

/** What tells two states of a journal apart: the hashes belong to the rows. */
function spansOf(ranges: readonly RowRange[]): string {
  return ranges.map(({ first, last }) => `${first}-${last}`).join();
}

/** Holes are derived from the ranges; their rows only remember how often each was asked for. */
function refreshGaps(db: Database.Database, key: string): void {
  const expected = db
    .prepare<[string], { last: number }>("select last from expected where journal = ?")
    .get(key);
  const holes = holesIn(readRanges(db, key), expected?.last);
  const known = db
    .prepare<[string], RowSpan>("select first, last from gaps where journal = ?")
    .all(key);
  for (const { first, last } of known) {
    if (holes.some((hole) => hole.first === first && hole.last === last)) continue;
    db.prepare("delete from gaps where journal = ? and first = ?").run(key, first);
  }
  for (const { first, last } of holes) {
    db.prepare("insert or ignore into gaps (journal, first, last) values (?, ?, ?)").run(
      key,
      first,
      last,
    );
  }
}

type Part<K extends keyof IntakeStore> = Pick<IntakeStore, K>;

function journalPart(
  db: Database.Database,
): Part<"ranges" | "knowsOtherEpoch" | "take" | "expect" | "journals" | "statuses"> {
  const take = db.transaction(({ journal, before, ranges, statuses, punchIds }: Taken) => {
    const key = keyOf(journal);
    if (spansOf(before) !== spansOf(readRanges(db, key))) {
      throw new PlatformError("stream.conflict", "another process has taken rows of this journal", {
        retriable: true,
      });
    }
    db.prepare("delete from ranges where journal = ?").run(key);
    const insert = db.prepare(
      "insert into ranges (journal, first, last, prev, head) values (?, ?, ?, ?, ?)",
    );
    for (const { first, last, prev, head } of ranges) insert.run(key, first, last, prev, head);
    const note = db.prepare(
      "insert or ignore into statuses (row_id, gateway_key, reader, what, at) values (?, ?, ?, ?, ?)",
    );
    for (const { rowId, reader, what, at } of statuses) {
      note.run(rowId, gatewayKey(journal.address), reader, what, at);
    }
    const forget = db.prepare("delete from attributions where punch_id = ?");
    for (const id of punchIds) forget.run(id);
    refreshGaps(db, key);
  });
  const expect = db.transaction((journal: JournalId, last: number) => {
    const key = keyOf(journal);
    db.prepare(
      "insert into expected (journal, last) values (?, ?) on conflict do update set last = max(last, excluded.last)",
    ).run(key, last);
    refreshGaps(db, key);
  });
  return {
    ranges: (journal) => readRanges(db, keyOf(journal)),
    knowsOtherEpoch: (journal) =>
      db
        .prepare("select 1 from ranges where journal >= ? and journal < ? and journal <> ? limit 1")
        .get(
          `${gatewayKey(journal.address)}.`,
          `${gatewayKey(journal.address)}/`,
          keyOf(journal),
        ) !== undefined,
    take: (taken) => take.immediate(taken),
    expect: (journal, last) => expect.immediate(journal, last),
    journals() {
      const keys = db
        .prepare<[], { journal: string }>("select distinct journal from ranges order by journal")
        .all();
      return keys.map(({ journal }) => statusOf(journal, readRanges(db, journal)));
    },
    statuses: (address, limit) =>
      db
        .prepare<[string, number], StatusNote>(
          `select row_id as "rowId", reader, what, at from statuses where gateway_key = ? order by at desc, row_id limit ?`,
        )
        .all(gatewayKey(address), limit),
  };
}

function statusOf(key: string, ranges: readonly RowRange[]): JournalStatus {
  const { address, epoch } = journalOf(key);
  const [head] = ranges;
  return {
    site: address.site,
    gateway: address.gateway,
    epoch,
    completeTo: head?.first === 1 ? head.last : 0,
    last: ranges.at(-1)?.last ?? 0,
    missing: holesIn(ranges),
  };
}

function gapPart(db: Database.Database): Part<"dueGaps" | "gaps" | "askedFor"> {
  interface GapRow extends RowSpan {
    readonly journal: string;
    readonly attempts: number;
  }
  return {
    dueGaps: (nowMs) =>
      db
        .prepare<[number], GapRow>(
          "select journal, first, last, attempts from gaps where next_at <= ? order by next_at limit 100",
        )
        .all(nowMs)
        .map(({ journal, first, last, attempts }) => ({
          journal: journalOf(journal),
          first,
          last,
          attempts,
        })),
    gaps: (journal) =>
      db
        .prepare<[string], RowSpan>("select first, last from gaps where journal = ? order by first")
        .all(keyOf(journal)),
    askedFor({ journal, first }, nextAtMs) {
      db.prepare(
        "update gaps set attempts = attempts + 1, next_at = ? where journal = ? and first = ?",
      ).run(nextAtMs, keyOf(journal), first);
    },
  };
}

function attributionPart(db: Database.Database): Part<"attributeOnce" | "attributions"> {
  const find = db.prepare<
    [string],
    { employee_id: string | null; reason: QuarantineReason | null }
  >("select employee_id, reason from attributions where punch_id = ?");
  const read = (punchIds: Iterable<string>): Map<string, Attribution> => {
    const found = new Map<string, Attribution>();
    for (const id of punchIds) {
      const row = find.get(id);
      if (row === undefined) continue;
      if (row.employee_id !== null) found.set(id, { kind: "person", employeeId: row.employee_id });
      else if (row.reason !== null) found.set(id, { kind: "quarantine", reason: row.reason });
    }
    return found;
  };
  const insert = db.prepare(
    "insert or ignore into attributions (punch_id, employee_id, reason) values (?, ?, ?)",
  );
  const attributeOnce = db.transaction((wanted: ReadonlyMap<string, Attribution>) => {
    for (const [id, to] of wanted) {
      insert.run(
        id,
        to.kind === "person" ? to.employeeId : null,
        to.kind === "quarantine" ? to.reason : null,
      );
    }
    return read(wanted.keys());
  });
  return { attributeOnce: (wanted) => attributeOnce.immediate(wanted), attributions: read };
}

function parkedPart(db: Database.Database): Part<"park" | "unpark" | "parked"> {
  const columns = `select seq, gateway_key as "gatewayKey" from parked`;
  return {
    park({ seq, gatewayKey: key }) {
      db.prepare("insert or ignore into parked (seq, gateway_key) values (?, ?)").run(seq, key);
    },
    unpark(seq) {
      db.prepare("delete from parked where seq = ?").run(seq);
    },
    parked: (key) =>
      key === undefined
        ? db.prepare<[], Parked>(`${columns} order by seq`).all()
        : db.prepare<[string], Parked>(`${columns} where gateway_key = ? order by seq`).all(key),
  };
}

function rulesPart(db: Database.Database): Part<"rulesApplied" | "noteRules"> {
  const find = db.prepare<[string], { fingerprint: string }>(
    "select fingerprint from applied_rules where employee_id = ?",
  );
  const note = db.prepare(
    "insert or replace into applied_rules (employee_id, fingerprint) values (?, ?)",
  );
  return {
    rulesApplied: (employeeId) => find.get(employeeId)?.fingerprint,
    noteRules: (employeeId, fingerprint) => void note.run(employeeId, fingerprint),
  };
}

function sourcePart(
  db: Database.Database,
): Part<"source" | "setSource" | "position" | "setPosition"> {
  const setPosition = db.prepare(
    "insert into position (one, seq) values (1, ?) on conflict do update set seq = max(seq, excluded.seq)",
  );
  const setSource = db.transaction((identity: string) => {
    db.prepare("insert or replace into source (one, identity) values (1, ?)").run(identity);
    db.prepare("insert or replace into position (one, seq) values (1, 0)").run();
  });
  return {
    source: () =>
      db.prepare<[], { identity: string }>("select identity from source").get()?.identity,
    setSource: (identity) => setSource.immediate(identity),
    position: () => db.prepare<[], { seq: number }>("select seq from position").get()?.seq,
    setPosition: (seq) => void setPosition.run(seq),
  };
}
