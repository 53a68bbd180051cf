import { createHash } from "node:crypto";
import { localOf } from "./terminal-time.ts";

/**
 * Attendance records as terminals keep them, in three sizes by generation; all little endian.
 *
 *      8: slot[2] verify time[4] state
 *     16: id[4] time[4] verify state x[2] workcode[4]
 *     40: slot[2] id[24] verify time[4] state x[8]
 *
 * Source: pyzk 0.9 `get_attendance`; adrobinoga/zk-protocol `sections/data-record.md` (40).
 */
export const RECORD_SIZES = [8, 16, 40] as const;
export type RecordSize = (typeof RECORD_SIZES)[number];

export interface LogRecord {
  /** The user number as the terminal has it; null where the record only names the user's place in its memory. */
  readonly userId: Uint8Array | null;
  /** That place; null where the record has none. */
  readonly slot: number | null;
  /** Wall time of the terminal as it is stored. */
  readonly rawTime: number;
  /** The same as a date and time; null when no calendar has that day. */
  readonly local: string | null;
  /** How the person was verified: finger, card, face, password. */
  readonly verify: number;
  /** The key that was pressed: 0 in, 1 out, 2 break, 3 back, 4 and 5 overtime, 255 none. */
  readonly state: number;
  readonly workcode: number;
}

/** `bytes` is one record of `size`. */
export function decodeRecord(bytes: Buffer, size: RecordSize): LogRecord {
  switch (size) {
    case 8:
      return record({
        slot: bytes.readUInt16LE(0),
        userId: null,
        verify: bytes.readUInt8(2),
        rawTime: bytes.readUInt32LE(3),
        state: bytes.readUInt8(7),
        workcode: 0,
      });
    case 16:
      return record({
        slot: null,
        userId: Buffer.from(String(bytes.readUInt32LE(0))),
        rawTime: bytes.readUInt32LE(4),
        verify: bytes.readUInt8(8),
        state: bytes.readUInt8(9),
        workcode: bytes.readUInt32LE(12),
      });
    case 40:
      return record({
        slot: bytes.readUInt16LE(0),
        userId: untilZero(bytes.subarray(2, 26)),
        verify: bytes.readUInt8(26),
        rawTime: bytes.readUInt32LE(27),
        state: bytes.readUInt8(31),
        workcode: 0,
      });
  }
}

const record = (parts: Omit<LogRecord, "local">): LogRecord => ({
  ...parts,
  local: localOf(parts.rawTime),
});

/** Text in a field of fixed length ends at the first zero byte. */
export function untilZero(bytes: Buffer): Buffer {
  const end = bytes.indexOf(0);
  return end < 0 ? bytes : bytes.subarray(0, end);
}

/**
 * What tells one record from another, the same at every reading. Made of what the punch says, not of where it stands:
 * a full log moves up when its oldest record goes. The place in the terminal's memory counts only where there is
 * nothing else, since a user may get another one.
 */
export function contentKey({ userId, slot, rawTime, verify, state, workcode }: LogRecord): string {
  const who =
    userId === null ? `slot.${slot}` : createHash("sha256").update(userId).digest("base64url");
  return `${rawTime}.${verify}.${state}.${workcode}.${who.slice(0, 22)}`;
}

/**
 * Numbers records of equal content: the same person twice in a second, or a terminal whose clock stands. They are told
 * apart by how many alike come before them in the log.
 */
export function createKeys(): (record: LogRecord) => string {
  const times = new Map<string, number>();
  return (one) => {
    const key = contentKey(one);
    const before = times.get(key) ?? 0;
    times.set(key, before + 1);
    return before === 0 ? key : `${key}:${before + 1}`;
  };
}

/**
 * The record size with which a log of `bytes` holds at least as many records as the terminal counted before the reading,
 * and at most as many as it counted after it (somebody may have punched meanwhile). Undefined when none does, or several
 * do: then the reading says nothing.
 */
export function sizeFitting(
  bytes: number,
  counted: { readonly before: number; readonly after: number },
): RecordSize | undefined {
  const fitting = RECORD_SIZES.filter((size) => {
    const records = bytes / size;
    return Number.isInteger(records) && records >= counted.before && records <= counted.after;
  });
  return fitting.length === 1 ? fitting[0] : undefined;
}
