import type { Kysely } from "kysely";
import { NO_HASH } from "./entry.ts";
import type { AuditDb } from "./projection.ts";
import type { Tip } from "./tip.ts";

/** Where the log stands as far as it is read. */
export async function readTip(db: Kysely<AuditDb>): Promise<Tip> {
  const newest = await db
    .selectFrom("audit_entries")
    .select(["entry", "hash", "seq"])
    .orderBy("entry", "desc")
    .limit(1)
    .executeTakeFirst();
  const stranger = await db
    .selectFrom("audit_strangers")
    .select("seq")
    .orderBy("seq", "desc")
    .limit(1)
    .executeTakeFirst();
  const streams = await db
    .selectFrom("audit_entries")
    .select(["stream", (eb) => eb.fn.max("stream_seq").as("stream_seq")])
    .groupBy("stream")
    .execute();
  return {
    seq: Math.max(newest?.seq ?? 0, stranger?.seq ?? 0),
    entry: newest?.entry ?? 0,
    hash: newest?.hash ?? NO_HASH,
    positions: new Map(streams.map((row) => [row.stream, row.stream_seq])),
  };
}
