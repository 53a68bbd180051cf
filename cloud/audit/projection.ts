import type { AuditEvent } from "@clockleaf/shared/events/audit.ts";
import { domainSubjects, eventSubject, STREAMS } from "@clockleaf/shared/subjects.ts";
import type { Kysely, Transaction } from "kysely";
import { decidedAs } from "../eventing/decided-as.ts";
import type { Projection } from "../eventing/projection.ts";
import { continues } from "./chain.ts";
import { type AuditEntry, logAddress, NO_HASH } from "./entry.ts";
import { foldComplete, leafHash } from "./merkle.ts";
import { readTip } from "./read-tip.ts";
import { type Tip, tipAfter } from "./tip.ts";

export interface AuditDb {
  audit_entries: {
    entry: number;
    /** Sequence in AUDIT. */
    seq: number;
    event_id: string;
    event_type: string;
    stream: string;
    stream_seq: number;
    subject: string;
    aggregate_id: string;
    /** UTC milliseconds. */
    at: number;
    source: string;
    correlation_id: string | null;
    causation_id: string | null;
    actor: string | null;
    bytes_hash: string;
    previous_hash: string;
    hash: string;
  };
  /** Roots of complete subtrees of every fourth level: all that proofs need besides the entries. */
  audit_nodes: { level: number; position: number; hash: string };
  /** What stands in the log and does not continue it. */
  audit_strangers: { seq: number; entry: number };
}

/** Only every `STEP`th level of the tree is kept; a node between two kept ones is made of at most 8. */
export const STEP = 4;
const FAN = 2 ** STEP;

/** The tenant's audit log, searchable, and its Merkle tree. */
export function auditProjection(tenant: string): Projection<AuditDb> {
  const subject = eventSubject(logAddress(tenant));
  const memory: Memory = { tx: undefined, tip: undefined };
  return {
    name: "audit",
    version: 2,
    stream: STREAMS.audit,
    filterSubjects: [domainSubjects("audit")],
    migrate,
    async apply(tx, stored) {
      if (stored.subject === subject) {
        const { data: entry } = decidedAs<AuditEvent>(stored);
        await apply(tx, { seq: stored.seq, entry }, memory);
      }
    },
  };
}

async function migrate(db: Kysely<AuditDb>): Promise<void> {
  let table = db.schema
    .createTable("audit_entries")
    .addColumn("entry", "bigint", (column) => column.primaryKey())
    .addColumn("seq", "bigint", (column) => column.notNull())
    .addColumn("stream_seq", "bigint", (column) => column.notNull())
    .addColumn("at", "bigint", (column) => column.notNull())
    .addColumn("correlation_id", "text")
    .addColumn("causation_id", "text")
    .addColumn("actor", "text");
  for (const name of TEXTS) table = table.addColumn(name, "text", (column) => column.notNull());
  await table.execute();
  await db.schema
    .createIndex("audit_entries_of_streams")
    .on("audit_entries")
    .columns(["stream", "stream_seq"])
    .unique()
    .execute();
  for (const by of ["aggregate_id", "event_type", "source", "at"] as const) {
    await db.schema
      .createIndex(`audit_entries_by_${by}`)
      .on("audit_entries")
      .columns([by, "entry"])
      .execute();
  }
  await db.schema
    .createTable("audit_nodes")
    .addColumn("level", "integer", (column) => column.notNull())
    .addColumn("position", "bigint", (column) => column.notNull())
    .addColumn("hash", "text", (column) => column.notNull())
    .addPrimaryKeyConstraint("audit_nodes_key", ["level", "position"])
    .execute();
  await db.schema
    .createTable("audit_strangers")
    .addColumn("seq", "bigint", (column) => column.primaryKey())
    .addColumn("entry", "bigint", (column) => column.notNull())
    .execute();
}

const TEXTS = [
  "event_id",
  "event_type",
  "stream",
  "subject",
  "aggregate_id",
  "source",
  "bytes_hash",
  "previous_hash",
  "hash",
] as const;

type Tx = Transaction<AuditDb>;

interface Memory {
  tx: Tx | undefined;
  tip: Tip | undefined;
}

/**
 * Where the log stands: remembered, since reading it costs more than an entry. What was remembered in a transaction that
 * was not committed does not fit the rows, and is read again; how far each stream is recorded follows from the newest entry.
 */
async function tipIn(tx: Tx, memory: Memory): Promise<Tip> {
  const { tip } = memory;
  if (tip === undefined || memory.tx === tx) return tip ?? (await readTip(tx));
  const newest = await tx
    .selectFrom("audit_entries")
    .select("hash")
    .orderBy("entry", "desc")
    .limit(1)
    .executeTakeFirst();
  return (newest?.hash ?? NO_HASH) === tip.hash ? tip : await readTip(tx);
}

async function apply(
  tx: Tx,
  { seq, entry }: { readonly seq: number; readonly entry: AuditEntry },
  memory: Memory,
): Promise<void> {
  const tip = await tipIn(tx, memory);
  const isNext = continues({ ...tip, streamSeq: tip.positions.get(entry.stream) ?? 0 }, entry);
  memory.tip = tipAfter(tip, isNext ? [entry] : [], seq);
  memory.tx = tx;
  if (!isNext) {
    await tx.insertInto("audit_strangers").values({ seq, entry: entry.entry }).execute();
    return;
  }
  await tx
    .insertInto("audit_entries")
    .values({
      entry: entry.entry,
      seq,
      event_id: entry.eventId,
      event_type: entry.eventType,
      stream: entry.stream,
      stream_seq: entry.streamSeq,
      subject: entry.subject,
      aggregate_id: entry.aggregateId,
      at: entry.at,
      source: entry.source,
      correlation_id: entry.correlationId,
      causation_id: entry.causationId,
      actor: entry.actor ?? null,
      bytes_hash: entry.bytesHash,
      previous_hash: entry.previousHash,
      hash: entry.hash,
    })
    .execute();
  await completeNodes(tx, entry.entry);
}

/** Writes the nodes whose last leaf is the newest entry. */
async function completeNodes(tx: Tx, size: number): Promise<void> {
  let count = size;
  for (let level = STEP; count % FAN === 0; level += STEP) {
    count /= FAN;
    const position = count - 1;
    const below = await nodesOf(tx, level - STEP, { from: position * FAN, count: FAN });
    await tx
      .insertInto("audit_nodes")
      .values({ level, position, hash: foldComplete(below).toString("hex") })
      .execute();
  }
}

/** Kept nodes of one level, which is a multiple of `STEP`, from left to right. */
export async function nodesOf(
  db: Kysely<AuditDb>,
  level: number,
  { from, count }: { readonly from: number; readonly count: number },
): Promise<Buffer[]> {
  if (level === 0) {
    const leaves = await db
      .selectFrom("audit_entries")
      .select("hash")
      .where("entry", ">", from)
      .where("entry", "<=", from + count)
      .orderBy("entry")
      .execute();
    return leaves.map(({ hash }) => leafHash(hash));
  }
  const nodes = await db
    .selectFrom("audit_nodes")
    .select("hash")
    .where("level", "=", level)
    .where("position", ">=", from)
    .where("position", "<", from + count)
    .orderBy("position")
    .execute();
  return nodes.map(({ hash }) => Buffer.from(hash, "hex"));
}
