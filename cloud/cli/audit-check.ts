import { hash as hashOnce } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { metadataSchema } from "@clockleaf/shared/events/envelope.ts";
import { parseEventSubject, tokenSchema } from "@clockleaf/shared/subjects.ts";
import { decode } from "@clockleaf/shared/wire/codec.ts";
import { z } from "zod";

/**
 * Checks an audit log against the streams it is about, from its description in `cloud/audit/README.md` and not from the
 * code that writes it: a fault of the writer must not be a fault of its judge. Pure: told every message, it gives a verdict.
 */
export interface AuditCheck {
  /** Every message on the tenant's subjects in AUDIT, in stream order, before the first event. */
  entry(message: StoredBytes): void;
  /** Every message of a recorded stream, of all tenants, from sequence 1 on; the streams one after another. */
  event(stream: string, message: StoredBytes): void;
  verdict(): Verdict;
}

export interface StoredBytes {
  readonly seq: number;
  readonly subject: string;
  readonly data: Uint8Array;
  readonly storedAtMs: number;
  /** The header `clockleaf-actor`, decoded; undefined where there is none. */
  readonly actor?: string | undefined;
}

/** One thing that is not as it must be. */
export interface Fault {
  readonly kind:
    | "unreadable-entry"
    | "wrong-subject"
    | "wrong-number"
    | "broken-chain"
    | "wrong-hash"
    | "wrong-metadata"
    | "wrong-order"
    | "event-differs"
    | "event-missing"
    | "entry-missing"
    | "stream-gap"
    | "wrong-head";
  /** Where it lies: a stream and a sequence in it. */
  readonly stream: string;
  readonly seq: number;
  /** Number of the entry concerned; null where there is none. */
  readonly entry: number | null;
  readonly detail: string;
}

export interface Verdict {
  readonly entries: number;
  /** Events of the tenant that were looked at. */
  readonly events: number;
  /** Events behind the newest recorded one of their stream: not recorded yet, or cut off together with their entries. */
  readonly waiting: number;
  readonly rootHash: string;
  /** In the order found: the log first, then the streams. At most `MAX_FAULTS`. */
  readonly faults: readonly Fault[];
  readonly faultsTotal: number;
}

export interface Head {
  readonly size: number;
  readonly rootHash: string;
}

const LOG = "AUDIT";
const MAX_FAULTS = 100;
const hash = z.string().regex(/^[0-9a-f]{64}$/);

const entrySchema = z.strictObject({
  entry: z.int(),
  eventId: z.string(),
  eventType: z.string(),
  stream: z.string(),
  streamSeq: z.int(),
  subject: z.string(),
  aggregateId: z.string(),
  at: z.int(),
  source: z.string(),
  correlationId: z.string().nullable(),
  causationId: z.string().nullable(),
  bytesHash: hash,
  actor: z.string().optional(),
  previousHash: hash,
  hash,
});
type Entry = z.output<typeof entrySchema>;
const bodySchema = z.strictObject({ metadata: metadataSchema, data: entrySchema });

/** What is kept of an entry until its event comes by. */
interface Expected {
  readonly entry: number;
  /** Sequence in AUDIT. */
  readonly seq: number;
  readonly streamSeq: number;
  readonly previousHash: string;
  readonly hash: string;
  readonly bytesHash: string;
  readonly hasActor: boolean;
}

/** `head` is one kept from earlier: the log must still begin with it. */
export function checkAudit(tenant: string, head?: Head): AuditCheck {
  const faults: Fault[] = [];
  let faultsTotal = 0;
  const report = (fault: Fault): void => {
    faultsTotal += 1;
    if (faults.length < MAX_FAULTS) faults.push(fault);
  };
  const log = followLog(tenant, report, head);
  const streams = new Map<string, StreamCheck>();
  return {
    entry: (message) => log.entry(message),
    event(stream, message) {
      let check = streams.get(stream);
      if (check === undefined) {
        check = followStream({ tenant, stream, expected: log.expectedOf(stream), report });
        streams.set(stream, check);
      }
      check.event(message);
    },
    verdict() {
      for (const [stream, expected] of log.allExpected()) {
        if (!streams.has(stream)) {
          streams.set(stream, followStream({ tenant, stream, expected, report }));
        }
      }
      let events = 0;
      let waiting = 0;
      for (const check of streams.values()) {
        const end = check.end();
        events += end.events;
        waiting += end.waiting;
      }
      return { ...log.end(), events, waiting, faults, faultsTotal };
    },
  };
}

type Report = (fault: Fault) => void;

interface LogCheck {
  entry(message: StoredBytes): void;
  expectedOf(stream: string): readonly Expected[];
  allExpected(): Iterable<readonly [string, readonly Expected[]]>;
  end(): Pick<Verdict, "entries" | "rootHash">;
}

/** The log by itself: numbers, chain, hashes, order. After a fault it goes on from what it found. */
function followLog(tenant: string, report: Report, head: Head | undefined): LogCheck {
  const expected = new Map<string, Expected[]>();
  const tree = createTree();
  let entries = 0;
  let last = { number: 0, hash: "0".repeat(64) };
  const checkHead = (seq: number): void => {
    if (head === undefined || tree.size() !== head.size || tree.root() === head.rootHash) return;
    const detail = `the first ${head.size} entries are not those of the head given`;
    report({ kind: "wrong-head", stream: LOG, seq, entry: head.size, detail });
  };
  checkHead(0);
  return {
    entry(message) {
      const { seq } = message;
      const body = readBody(message);
      if (body === undefined) {
        report({ kind: "unreadable-entry", stream: LOG, seq, entry: null, detail: "no entry" });
        return;
      }
      const { data } = body;
      entries += 1;
      for (const [kind, detail] of faultsOf(tenant, message, { ...body, last })) {
        report({ kind, stream: LOG, seq, entry: data.entry, detail });
      }
      const ofStream = expected.get(data.stream) ?? [];
      expected.set(data.stream, ofStream);
      const before = ofStream.at(-1);
      if (before !== undefined && before.streamSeq >= data.streamSeq) {
        const detail = `${data.stream} ${data.streamSeq} comes after ${before.streamSeq}`;
        report({ kind: "wrong-order", stream: LOG, seq, entry: data.entry, detail });
      } else {
        const { entry, streamSeq, previousHash, bytesHash } = data;
        const hasActor = data.actor !== undefined;
        ofStream.push({
          entry,
          seq,
          streamSeq,
          previousHash,
          hash: data.hash,
          bytesHash,
          hasActor,
        });
      }
      last = { number: data.entry, hash: data.hash };
      tree.add(data.hash);
      checkHead(seq);
    },
    expectedOf: (stream) => expected.get(stream) ?? [],
    allExpected: () => expected,
    end() {
      if (head !== undefined && head.size > tree.size()) {
        const detail = `the head given has ${head.size} entries, the log ${tree.size()}`;
        report({ kind: "wrong-head", stream: LOG, seq: 0, entry: null, detail });
      }
      return { entries, rootHash: tree.root() };
    },
  };
}

function readBody(message: StoredBytes): z.output<typeof bodySchema> | undefined {
  try {
    return decode(message.data, bodySchema, { what: "entry" });
  } catch {
    return undefined;
  }
}

function* faultsOf(
  tenant: string,
  { subject }: StoredBytes,
  {
    metadata,
    data,
    last,
  }: z.output<typeof bodySchema> & {
    readonly last: { readonly number: number; readonly hash: string };
  },
): Generator<readonly [Fault["kind"], string]> {
  const address = parseEventSubject(subject);
  if (address?.tenant !== tenant || address.aggregateId !== "log") {
    yield ["wrong-subject", `stands on ${subject}`];
  }
  if (data.entry !== last.number + 1) {
    yield ["wrong-number", `is number ${data.entry} where ${last.number + 1} is due`];
  }
  if (data.previousHash !== last.hash) yield ["broken-chain", "is not chained to the one before"];
  if (data.hash !== hashOf(data, data)) yield ["wrong-hash", "its hash is not that of its fields"];
  if (!isDeepStrictEqual(metadata, metadataFor(data)))
    yield ["wrong-metadata", "its metadata do not follow from it"];
}

const metadataFor = ({ hash: own, at, correlationId, eventId }: Entry): unknown => ({
  eventId: idFrom("audit", own),
  eventType: "audit.entry.recorded",
  timestamp: at,
  version: "1.0",
  source: "cloud/audit",
  correlationId,
  causationId: eventId,
});

type Described = Omit<Entry, "entry" | "previousHash" | "hash">;

function hashOf(event: Described, place: Pick<Entry, "entry" | "previousHash">): string {
  const { eventId, eventType, stream, streamSeq, subject, aggregateId, at, source } = event;
  const { correlationId, causationId, bytesHash } = event;
  const named = [eventId, eventType, stream, streamSeq, subject, aggregateId, at, source];
  const { actor } = event;
  const who = actor === undefined ? [] : [actor];
  const rest = [correlationId, causationId, bytesHash, ...who, place.previousHash];
  const form = actor === undefined ? "clockleaf-audit-1" : "clockleaf-audit-2";
  return sha256(JSON.stringify([form, place.entry, ...named, ...rest]));
}

interface StreamCheck {
  event(message: StoredBytes): void;
  end(): { readonly events: number; readonly waiting: number };
}

/** A stream against what the log says of it. */
function followStream({
  tenant,
  stream,
  expected,
  report,
}: {
  readonly tenant: string;
  readonly stream: string;
  readonly expected: readonly Expected[];
  readonly report: Report;
}): StreamCheck {
  let at = 0;
  let events = 0;
  let waiting = 0;
  let lastSeq = 0;
  const missing = ({ entry, streamSeq: seq }: Expected): void =>
    report({ kind: "event-missing", stream, seq, entry, detail: "its event is gone" });
  return {
    event(message) {
      const { seq } = message;
      if (seq !== lastSeq + 1) {
        const detail = `${lastSeq + 1} to ${seq - 1} are not in the stream`;
        report({ kind: "stream-gap", stream, seq: lastSeq + 1, entry: null, detail });
      }
      lastSeq = seq;
      if (message.subject.split(".")[4] !== tenant) return;
      events += 1;
      let next = expected[at];
      while (next !== undefined && next.streamSeq < seq) {
        missing(next);
        at += 1;
        next = expected[at];
      }
      if (next === undefined) {
        waiting += 1;
        return;
      }
      if (next.streamSeq > seq) {
        const detail = `no entry, although ${next.streamSeq} has one`;
        report({ kind: "entry-missing", stream, seq, entry: null, detail });
        return;
      }
      at += 1;
      // An entry that names nobody may be of a writer that did not know of actors.
      const described = describe(
        stream,
        next.hasActor ? message : { ...message, actor: undefined },
      );
      if (hashOf(described, next) === next.hash) return;
      const what = described.bytesHash === next.bytesHash ? "what is said of it" : "its bytes";
      const detail = `${what} and entry ${next.entry} differ`;
      report({ kind: "event-differs", stream, seq, entry: next.entry, detail });
    },
    end() {
      for (const left of expected.slice(at)) missing(left);
      at = expected.length;
      return { events, waiting };
    },
  };
}

const eventSchema = z.object({
  metadata: metadataSchema.extend({ eventType: metadataSchema.shape.eventType.max(128) }),
});

/** What the entry of a message must say. */
function describe(stream: string, message: StoredBytes): Described {
  const { seq, subject, data, storedAtMs, actor } = message;
  const place = {
    ...(actor === undefined ? {} : { actor }),
    stream,
    streamSeq: seq,
    subject: subject.slice(0, 256),
    aggregateId: tokenSchema.catch("unreadable").parse(parseEventSubject(subject)?.aggregateId),
    bytesHash: sha256(data),
  };
  try {
    const { metadata } = decode(data, eventSchema, { what: "event" });
    const { eventId, eventType, timestamp, source, correlationId, causationId } = metadata;
    return { ...place, eventId, eventType, at: timestamp, source, correlationId, causationId };
  } catch {
    const unreadable = { eventType: "unreadable", source: "unreadable", at: storedAtMs };
    const eventId = idFrom("unreadable", stream, String(seq));
    return { ...place, ...unreadable, eventId, correlationId: null, causationId: null };
  }
}

const sha256 = (bytes: string | Uint8Array): string => hashOnce("sha256", bytes, "hex");

/** A UUID of version 8 out of SHA-256 over the parts, each behind its length in bytes and a colon. */
function idFrom(...parts: readonly string[]): string {
  const text = parts.map((part) => `${Buffer.byteLength(part)}:${part}`).join("");
  const hex = sha256(text).slice(0, 32);
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16);
  const digits = `${hex.slice(0, 12)}8${hex.slice(13, 16)}${variant}${hex.slice(17)}`;
  return [0, 8, 12, 16, 20].map((from, index, all) => digits.slice(from, all[index + 1])).join("-");
}

const digest = (prefix: number, ...parts: readonly Buffer[]): Buffer =>
  hashOnce("sha256", Buffer.concat([Buffer.of(prefix), ...parts]), "buffer");

/** The Merkle tree of RFC 9162 as it grows: the roots of its complete subtrees, largest first. */
function createTree() {
  const subtrees: Array<{ readonly leaves: number; readonly root: Buffer }> = [];
  let leaves = 0;
  return {
    size: () => leaves,
    add(entryHash: string): void {
      leaves += 1;
      let grown = { leaves: 1, root: digest(0, Buffer.from(entryHash, "hex")) };
      for (;;) {
        const left = subtrees.at(-1);
        if (left?.leaves !== grown.leaves) break;
        subtrees.pop();
        grown = { leaves: 2 * grown.leaves, root: digest(1, left.root, grown.root) };
      }
      subtrees.push(grown);
    },
    root(): string {
      const [last, ...larger] = subtrees.toReversed();
      if (last === undefined) return sha256("");
      return larger.reduce((right, { root }) => digest(1, root, right), last.root).toString("hex");
    },
  };
}
