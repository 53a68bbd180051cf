import { REPLIES, TABLES, type Table } from "./commands.ts";
import { CHUNK_BYTES, type Packet } from "./frame.ts";
import type { Link } from "./link.ts";

/** A table larger than this is none: eight times the log of the largest terminals known. */
const MAX_TABLE_BYTES = 32 * 1024 * 1024;
const FIRST_SIZE_FIELD_BYTES = 4;

/** The reading says nothing: what was read so far is worth nothing, and is to be read again. */
export interface Broken {
  readonly kind: "broken";
  readonly reason: "refused" | "announced" | "piece" | "count" | "users";
}

export const broken = (reason: Broken["reason"]): Broken => ({ kind: "broken", reason });

export interface Sizes {
  readonly kind: "sizes";
  readonly users: number;
  readonly records: number;
  /** Records there is room for; 0 when the terminal does not say. */
  readonly recordCapacity: number;
}

/** How full the terminal is (command 50). Source: pyzk 0.9 `read_sizes`: twenty numbers of 32 bits. */
export async function readSizes(link: Link): Promise<Sizes | Broken> {
  const [answer] = await link.ask("sizes");
  if (answer?.command !== REPLIES.ok || answer.data.length < 80) return broken("refused");
  const field = (index: number): number => answer.data.readUInt32LE(index * 4);
  return { kind: "sizes", users: field(4), records: field(8), recordCapacity: field(16) };
}

/** A table the terminal has laid ready, as it was at that moment. */
export interface Prepared {
  readonly kind: "prepared";
  /** Length of what is ready, with the length field it begins with. */
  readonly bytes: number;
  /** All of it, where the terminal sent it at once. */
  readonly inline: Buffer | null;
}

/** Has the terminal lay a table ready (1503). Small ones it sends at once (1501), of others it says the length (2000). */
export async function prepare(link: Link, table: Table): Promise<Prepared | Broken> {
  const request = Buffer.alloc(11);
  request.writeUInt8(1, 0);
  request.writeUInt16LE(TABLES[table].read, 1);
  request.writeUInt32LE(TABLES[table].argument, 3);
  const [answer] = await link.ask("bufferedRead", request);
  if (answer?.command === REPLIES.data) {
    return { kind: "prepared", bytes: answer.data.length, inline: answer.data };
  }
  if (answer?.command !== REPLIES.ok || answer.data.length < 5) return broken("refused");
  const bytes = answer.data.readUInt32LE(1);
  return bytes > MAX_TABLE_BYTES ? broken("announced") : { kind: "prepared", bytes, inline: null };
}

/**
 * The length the table itself gives for its entries; broken unless that, with its own field, is exactly what was
 * announced.
 */
export async function entriesLength(
  link: Link,
  prepared: Prepared,
): Promise<{ readonly kind: "length"; readonly bytes: number } | Broken> {
  if (prepared.bytes < FIRST_SIZE_FIELD_BYTES) return broken("announced");
  const head = await readRange(link, prepared, { from: 0, to: FIRST_SIZE_FIELD_BYTES });
  if (head.kind === "broken") return head;
  const bytes = head.bytes.readUInt32LE(0);
  return bytes === prepared.bytes - FIRST_SIZE_FIELD_BYTES
    ? { kind: "length", bytes }
    : broken("announced");
}

export interface Range {
  readonly from: number;
  readonly to: number;
}

/** Entries by their place behind the length field. */
export const entries = ({ from, to }: Range): Range => ({
  from: from + FIRST_SIZE_FIELD_BYTES,
  to: to + FIRST_SIZE_FIELD_BYTES,
});

/** Exactly the bytes asked for, or broken. */
export async function readRange(
  link: Link,
  prepared: Prepared,
  { from, to }: Range,
): Promise<{ readonly kind: "bytes"; readonly bytes: Buffer } | Broken> {
  if (prepared.inline !== null) return { kind: "bytes", bytes: prepared.inline.subarray(from, to) };
  const pieces: Buffer[] = [];
  for (let at = from; at < to; at += CHUNK_BYTES) {
    const piece = await readPiece(link, at, Math.min(CHUNK_BYTES, to - at));
    if (piece === undefined) return broken("piece");
    pieces.push(piece);
  }
  return { kind: "bytes", bytes: Buffer.concat(pieces) };
}

/** One piece (1504): a length (1500), data that add up to it (1501), and 2000; or the data alone. */
async function readPiece(link: Link, start: number, size: number): Promise<Buffer | undefined> {
  const request = Buffer.alloc(8);
  request.writeUInt32LE(start, 0);
  request.writeUInt32LE(size, 4);
  const answer = await link.ask("readChunk", request, (packets) => isWhole(packets, size));
  const data = Buffer.concat(answer.filter(isData).map((packet) => packet.data));
  if (data.length !== size) return undefined;
  const [first] = answer;
  if (first === undefined || isData(first)) return answer.length === 1 ? data : undefined;
  const isAnnounced = first.data.length >= 4 && first.data.readUInt32LE(0) === size;
  return isAnnounced && answer.at(-1)?.command === REPLIES.ok ? data : undefined;
}

const isData = ({ command }: Packet): boolean => command === REPLIES.data;

function isWhole(packets: readonly Packet[], size: number): boolean {
  const [first, last] = [packets[0], packets.at(-1)];
  if (first === undefined || last === undefined) return false;
  if (isData(first)) return true;
  if (!isData(last)) return last.command !== REPLIES.prepareData || packets.length > 1;
  const bytes = packets.filter(isData).reduce((sum, packet) => sum + packet.data.length, 0);
  return bytes > size;
}
