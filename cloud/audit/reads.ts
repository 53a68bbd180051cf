import type { Kysely } from "kysely";
import type { AuditEntry } from "./entry.ts";
import { foldComplete, type SubtreeRoot } from "./merkle.ts";
import { type AuditDb, nodesOf, STEP } from "./projection.ts";

export type Db = Kysely<AuditDb>;

export interface EntryQuery {
  readonly aggregate?: string | undefined;
  readonly type?: string | undefined;
  readonly source?: string | undefined;
  readonly stream?: string | undefined;
  readonly correlation?: string | undefined;
  /** UTC milliseconds, of the event; `to` is excluded. */
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
  /** Only entries before this one: the newest come first. */
  readonly before?: number | undefined;
  readonly limit: number;
}

/** Entries, newest first. */
export async function entries(db: Db, query: EntryQuery): Promise<AuditEntry[]> {
  let rows = db.selectFrom("audit_entries").selectAll();
  if (query.aggregate !== undefined) rows = rows.where("aggregate_id", "=", query.aggregate);
  if (query.type !== undefined) rows = rows.where("event_type", "=", query.type);
  if (query.source !== undefined) rows = rows.where("source", "=", query.source);
  if (query.stream !== undefined) rows = rows.where("stream", "=", query.stream);
  if (query.correlation !== undefined) rows = rows.where("correlation_id", "=", query.correlation);
  if (query.fromMs !== undefined) rows = rows.where("at", ">=", query.fromMs);
  if (query.toMs !== undefined) rows = rows.where("at", "<", query.toMs);
  if (query.before !== undefined) rows = rows.where("entry", "<", query.before);
  const found = await rows.orderBy("entry", "desc").limit(query.limit).execute();
  return found.map(entryOfRow);
}

export async function entry(db: Db, number: number): Promise<AuditEntry | undefined> {
  const row = await db
    .selectFrom("audit_entries")
    .selectAll()
    .where("entry", "=", number)
    .executeTakeFirst();
  return row === undefined ? undefined : entryOfRow(row);
}

export interface LogState {
  readonly size: number;
  /** Of the newest entry's event, UTC milliseconds. */
  readonly newestAt: number | null;
  /** Messages in the log that do not continue it. */
  readonly strangers: number;
}

export async function logState(db: Db): Promise<LogState> {
  const newest = await db
    .selectFrom("audit_entries")
    .select(["entry", "at"])
    .orderBy("entry", "desc")
    .limit(1)
    .executeTakeFirst();
  const { strangers } = await db
    .selectFrom("audit_strangers")
    .select((eb) => eb.fn.countAll<number>().as("strangers"))
    .executeTakeFirstOrThrow();
  return {
    size: newest?.entry ?? 0,
    newestAt: newest?.at ?? null,
    strangers,
  };
}

/** Roots of complete subtrees out of the read model. */
export const subtreesIn =
  (db: Db): SubtreeRoot =>
  async (level, index) => {
    const count = 2 ** (level % STEP);
    return foldComplete(await nodesOf(db, level - (level % STEP), { from: index * count, count }));
  };

function entryOfRow(row: AuditDb["audit_entries"]): AuditEntry {
  return {
    entry: row.entry,
    eventId: row.event_id,
    eventType: row.event_type,
    stream: row.stream,
    streamSeq: row.stream_seq,
    subject: row.subject,
    aggregateId: row.aggregate_id,
    at: row.at,
    source: row.source,
    correlationId: row.correlation_id,
    causationId: row.causation_id,
    ...(row.actor === null ? {} : { actor: row.actor }),
    bytesHash: row.bytes_hash,
    previousHash: row.previous_hash,
    hash: row.hash,
  };
}
