import type { Link } from "./link.ts";
import {
  createKeys,
  decodeRecord,
  type LogRecord,
  RECORD_SIZES,
  type RecordSize,
  sizeFitting,
} from "./records.ts";
import {
  type Broken,
  broken,
  entries,
  entriesLength,
  type Prepared,
  prepare,
  readRange,
  readSizes,
  type Sizes,
} from "./tables.ts";
import { usersBySlot } from "./users.ts";

/** So many records before the new ones must be the ones that were there, or the log is another one. */
const WINDOW_RECORDS = 16;

/** How far a log was read and committed, with what proves that it is still the same log. */
export interface Position {
  readonly count: number;
  readonly size: RecordSize;
  /** The last committed records as the terminal wrote them. */
  readonly window: Buffer;
  /** Every time among the committed records: another record of one of these may be one of equal content. */
  readonly times: Set<number>;
  /** Monotonic milliseconds of the last reading of the whole log. */
  readonly wholeAtMs: number;
}

export interface NewRecord {
  readonly record: LogRecord;
  readonly userId: Uint8Array | null;
  readonly key: string;
}

/** Records nobody has yet, in the log's order, and how to go on from any of them. */
export interface NewRecords {
  readonly kind: "new";
  readonly records: readonly NewRecord[];
  readonly isWhole: boolean;
  /** The position once the first `committed` of them are. */
  positionAfter(committed: number): Position;
}

/** `nothing`: no record since the position. `empty`: the log holds none, and the position is worth nothing. */
export type LogReading =
  | { readonly kind: "nothing" }
  | { readonly kind: "empty" }
  | NewRecords
  | Broken;

export interface LogQuestion {
  readonly position: Position | undefined;
  /** Looks even when the number of records is the known one: somebody punched, or it is time to be sure. */
  readonly isWoken: boolean;
  readonly nowMs: number;
}

/**
 * Reads what the terminal's log holds beyond `position`; all of it without one, or when the log is not the one the
 * position was taken in. Nothing is returned of a reading whose announced, delivered and counted bytes do not agree.
 */
export async function readLog(link: Link, question: LogQuestion): Promise<LogReading> {
  const { position } = question;
  const before = await readSizes(link);
  if (before.kind === "broken") return before;
  if (before.records === 0) return { kind: "empty" };
  if (!question.isWoken && position?.count === before.records && !isFull(before)) {
    return { kind: "nothing" };
  }
  const read = await readFrom(link, position);
  if (read.kind === "broken") return read;
  const after = await readSizes(link);
  if (after.kind === "broken") return after;
  const size = sizeOf(read, { before: before.records, after: after.records });
  if (size === undefined) return broken("count");
  return finish({ link, read, size, users: after.users, nowMs: question.nowMs });
}

async function readFrom(link: Link, position: Position | undefined): Promise<LogBytes | Broken> {
  const prepared = await prepare(link, "attendance");
  if (prepared.kind === "broken") return prepared;
  const read = await readBytes(link, prepared, position);
  if (prepared.inline === null) await link.ask("freeBuffer");
  return read;
}

/** A full log drops its oldest record for every new one: the number says nothing any more. */
const isFull = ({ records, recordCapacity }: Sizes): boolean =>
  recordCapacity > 0 && records >= recordCapacity;

/** A part of the log that reaches to its end. */
interface LogBytes {
  readonly kind: "bytes";
  readonly bytes: Buffer;
  /** Records of the log before these bytes. */
  readonly startsAt: number;
  /** Records at the beginning of these bytes that are committed; `since` says so. */
  readonly known: number;
  /** Bytes of the whole log. */
  readonly total: number;
  readonly since: Position | undefined;
}

async function readBytes(
  link: Link,
  prepared: Prepared,
  position: Position | undefined,
): Promise<LogBytes | Broken> {
  const length = await entriesLength(link, prepared);
  if (length.kind === "broken") return length;
  const total = length.bytes;
  if (position !== undefined && total >= position.count * position.size) {
    const { count, size, window } = position;
    const range = entries({ from: count * size - window.length, to: total });
    const tail = await readRange(link, prepared, range);
    if (tail.kind === "broken") return tail;
    const { bytes } = tail;
    const known = window.length / size;
    const isSameLog = window.equals(bytes.subarray(0, window.length));
    if (isSameLog && !mayRepeat(bytes.subarray(window.length), position)) {
      return { kind: "bytes", bytes, startsAt: count - known, known, total, since: position };
    }
  }
  const whole = await readRange(link, prepared, entries({ from: 0, to: total }));
  if (whole.kind === "broken") return whole;
  const known = position === undefined ? 0 : recordsUpTo(whole.bytes, position);
  const since = known === 0 ? undefined : position;
  return { kind: "bytes", bytes: whole.bytes, startsAt: 0, known, total, since };
}

/** Whether one of these could have the content of an older record, and a name that only the whole log tells. */
function mayRepeat(rest: Buffer, { size, times }: Position): boolean {
  return recordsOf(rest, size).some(({ rawTime }) => times.has(rawTime));
}

/** Records up to the end of the position's window, wherever it has moved to; 0 when the log does not hold it. */
function recordsUpTo(log: Buffer, { size, window }: Position): number {
  for (let at = log.indexOf(window); at >= 0; at = log.indexOf(window, at + 1)) {
    if (at % size === 0) return (at + window.length) / size;
  }
  return 0;
}

function sizeOf(
  { total, since }: LogBytes,
  counted: { readonly before: number; readonly after: number },
): RecordSize | undefined {
  if (since === undefined) return sizeFitting(total, counted);
  // The size was proven before; here the number of records has to fit it.
  const records = total / since.size;
  const fits = Number.isInteger(records) && records >= counted.before && records <= counted.after;
  return fits ? since.size : undefined;
}

function recordsOf(bytes: Buffer, size: RecordSize): LogRecord[] {
  const count = Math.floor(bytes.length / size);
  return Array.from({ length: count }, (_, at) =>
    decodeRecord(bytes.subarray(at * size, (at + 1) * size), size),
  );
}

interface Finishing {
  readonly link: Link;
  readonly read: LogBytes;
  readonly size: RecordSize;
  readonly users: number;
  readonly nowMs: number;
}

async function finish({ link, read, size, users, nowMs }: Finishing): Promise<LogReading> {
  const { bytes, startsAt, known, since } = read;
  const all = recordsOf(bytes, size);
  if (all.length === known) return { kind: "nothing" };
  const bySlot = size === RECORD_SIZES[0] ? await readUsers(link, users) : NO_USERS;
  if ("kind" in bySlot) return bySlot;
  const keyOf = createKeys();
  const records = all.map((record) => ({
    record,
    key: keyOf(record),
    userId: record.userId ?? bySlot.get(record.slot ?? -1) ?? null,
  }));
  const times = since?.times ?? new Set<number>();
  return {
    kind: "new",
    isWhole: known === 0,
    records: records.slice(known),
    positionAfter(committed) {
      const end = known + committed;
      for (const { rawTime } of all.slice(known, end)) times.add(rawTime);
      const from = Math.max(0, end - WINDOW_RECORDS) * size;
      return {
        count: startsAt + end,
        size,
        window: Buffer.from(bytes.subarray(from, end * size)),
        times,
        wholeAtMs: since?.wholeAtMs ?? nowMs,
      };
    },
  };
}

const NO_USERS: ReadonlyMap<number, Uint8Array> = new Map();

/** Which user has which place in the terminal's memory: the oldest records name nothing else. */
async function readUsers(
  link: Link,
  users: number,
): Promise<ReadonlyMap<number, Uint8Array> | Broken> {
  const prepared = await prepare(link, "users");
  if (prepared.kind === "broken") return prepared;
  const length = await entriesLength(link, prepared);
  const table =
    length.kind === "broken"
      ? length
      : await readRange(link, prepared, entries({ from: 0, to: length.bytes }));
  if (prepared.inline === null) await link.ask("freeBuffer");
  if (table.kind === "broken") return table;
  return usersBySlot(table.bytes, users) ?? broken("users");
}
