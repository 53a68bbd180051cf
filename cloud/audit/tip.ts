import type { AuditEvent } from "@clockleaf/shared/events/audit.ts";
import { eventSubject, STREAMS } from "@clockleaf/shared/subjects.ts";
import type { JetStreamManager } from "@nats-io/jetstream";
import type { NatsConnection } from "nats";
import { decidedAs } from "../eventing/decided-as.ts";
import { readAfter } from "../eventing/direct-read.ts";
import { storedEventOf } from "../eventing/event-message.ts";
import { continues } from "./chain.ts";
import { type AuditEntry, logAddress } from "./entry.ts";

/** Where the log ends, and how far each stream is recorded in it. */
export interface Tip {
  /** Sequence in AUDIT of the last message on the log's subject, whatever it is; 0 = none. Guards the next append. */
  readonly seq: number;
  readonly entry: number;
  readonly hash: string;
  /** Stream → sequence of its newest event that has an entry. */
  readonly positions: ReadonlyMap<string, number>;
}

/** The tip after more entries. */
export function tipAfter(tip: Tip, entries: readonly AuditEntry[], seq: number): Tip {
  const last = entries.at(-1);
  if (last === undefined) return { ...tip, seq };
  const positions = new Map(tip.positions);
  for (const { stream, streamSeq } of entries) positions.set(stream, streamSeq);
  return { seq, entry: last.entry, hash: last.hash, positions };
}

/** Reads what was appended behind `tip`, by a rival or by an append of our own that got no answer. */
export async function readTipAfter(
  { nc, jsm, tenant }: { nc: NatsConnection; jsm: JetStreamManager; tenant: string },
  tip: Tip,
): Promise<Tip> {
  let now = tip;
  for await (const message of readAfter(nc, jsm, {
    stream: STREAMS.audit,
    subject: eventSubject(logAddress(tenant)),
    afterSeq: tip.seq,
    timeoutMs: 5_000,
  })) {
    const entry = readEntry(message);
    const streamSeq = now.positions.get(entry?.stream ?? "") ?? 0;
    const isNext = entry !== undefined && continues({ ...now, streamSeq }, entry);
    now = tipAfter(now, isNext ? [entry] : [], message.seq);
  }
  return now;
}

function readEntry(message: Parameters<typeof storedEventOf>[0]): AuditEntry | undefined {
  try {
    return decidedAs<AuditEvent>(storedEventOf(message)).data;
  } catch {
    // Not ours: the writers' guards and this check alike pass over it.
    return undefined;
  }
}
