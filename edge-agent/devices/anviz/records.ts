import type { PunchHint } from "@clockleaf/shared/wire/punch.ts";
import type { Reading } from "../driver.ts";
import type { AnvizReader } from "./config.ts";

/** One line of a terminal's log, as it sends it (TC_B V2.1, command 40h). */
export interface LogRecord {
  /** 1 to 13 digits; 0 is what some terminals write for a door that was opened without anybody. */
  readonly user: number;
  /** Seconds since 2000-01-02 00:00:00 of the terminal's own wall clock. */
  readonly secs: number;
  /** How the person was known: 0 and 1 finger, 2 password, 3 card. */
  readonly backup: number;
  /** Bit 7: the door was opened. Bits 0 to 3: the attendance state that was chosen. */
  readonly type: number;
  readonly workCode: number;
}

export const RECORD_BYTES = 14;

/** The manual says 2000-01-01; every known implementation, tried on real terminals, counts from the day after. */
const EPOCH_MS = Date.UTC(2000, 0, 2);

/** Undefined unless `data` is a count and exactly so many records. */
export function decodeRecords(data: Uint8Array): LogRecord[] | undefined {
  const [count] = data;
  if (count === undefined || data.length !== 1 + count * RECORD_BYTES) return undefined;
  return Array.from({ length: count }, (_, at) => {
    const bytes = Buffer.from(data.buffer, data.byteOffset + 1 + at * RECORD_BYTES, RECORD_BYTES);
    return {
      user: bytes.readUIntBE(0, 5),
      secs: bytes.readUInt32BE(5),
      backup: bytes.readUInt8(9),
      type: bytes.readUInt8(10),
      workCode: bytes.readUIntBE(11, 3),
    };
  });
}

/** `YYYY-MM-DDTHH:MM:SS`. Thirty-two bits reach into 2136: whatever a terminal sends is a date, if not a likely one. */
export const localOf = (secs: number): string =>
  new Date(EPOCH_MS + secs * 1_000).toISOString().slice(0, 19);

/** What tells two records of one terminal apart, unless its clock stands still or was set back: see names.ts. */
export const likenessOf = (device: number, record: LogRecord): string =>
  `${device}.${record.user}.${record.secs}.${record.type}.${record.backup}`;

export function readingOf(reader: AnvizReader, record: LogRecord, recordKey: string): Reading {
  return {
    reader: reader.id,
    credential: { kind: "number", value: `${reader.userGroup ?? reader.id}-${record.user}` },
    hint: hintOf(reader, record.type),
    deviceLocal: localOf(record.secs),
    // A password stands in for a finger here, and the terminal has checked it.
    pin: "not-asked",
    deviceSeq: null,
    recordKey,
  };
}

const hintOf = (reader: AnvizReader, type: number): PunchHint | null =>
  reader.states[String(type & 0x0f)] ?? null;

/**
 * Whether a page can be the one after another. A terminal that was switched off and on has forgotten where it was, and
 * might begin again anywhere; its log grows with its clock.
 */
export function goesOn(page: readonly LogRecord[], next: readonly LogRecord[]): boolean {
  const [last, first] = [page.at(-1), next[0]];
  if (first === undefined) return false;
  const isSame = JSON.stringify(page) === JSON.stringify(next);
  return !isSame && last !== undefined && first.secs >= last.secs;
}
