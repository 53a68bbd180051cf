/**
 * The OSDP frame as a terminal sees it: it reads commands and writes replies.
 *
 *   [FF] 53 ADDR LEN_L LEN_H CTRL [SCB_LEN SCB_TYPE SCB_DATA…] ID DATA… [MAC×4] CRC_L CRC_H | SUM
 *
 * Source: SIA OSDP v2.2 (IEC 60839-11-5) clause 5, as implemented by libosdp and OSDP.Net. Written for the simulator alone:
 * the agent has its own, so that a mistake made here is not repeated there.
 */
export const MARK = 0xff;
const SOM = 0x53;
const REPLY_BIT = 0x80;
const CONTROL_CRC = 0x04;
const CONTROL_SECURITY = 0x08;
const HEADER = 5;
/** The longest frame the standard allows. */
const MAX_FRAME = 1440;
/** Security blocks from here on carry a MAC (SCS_15 to SCS_18). */
const FIRST_WITH_MAC = 0x15;
const MAC_BYTES = 4;
/** A pause inside a frame longer than this ends it: the standard says 20 ms, a busy machine needs more. */
const MAX_PAUSE_MS = 100;

/** Any PD answers here; used to configure a lone reader. */
export const BROADCAST = 0x7f;

export type Check = "crc" | "checksum";

export interface SecurityBlock {
  readonly type: number;
  readonly data: Uint8Array;
}

export interface Frame {
  readonly address: number;
  readonly reply: boolean;
  readonly sqn: number;
  readonly check: Check;
  readonly security: SecurityBlock | null;
  readonly id: number;
  /** As on the wire: still encrypted under SCS_17 and SCS_18. */
  readonly data: Uint8Array;
}

export interface ReceivedFrame extends Frame {
  /** The whole frame without the mark. */
  readonly bytes: Uint8Array;
  /** What the MAC covers: SOM to the last byte of data. */
  readonly covered: Uint8Array;
  readonly mac: Uint8Array | null;
}

/** CRC-16 with polynomial 1021h and start value 1D0Fh, most significant bit first. */
export function crc16(bytes: Uint8Array): number {
  let crc = 0x1d0f;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit += 1) {
      crc = crc & 0x8000 ? ((crc << 1) ^ 0x1021) & 0xffff : (crc << 1) & 0xffff;
    }
  }
  return crc;
}

/** Two's complement of the byte sum. */
export function checksum(bytes: Uint8Array): number {
  return -bytes.reduce((sum, byte) => sum + byte, 0) & 0xff;
}

/** Computes the 16 bytes of which the first four go on the wire. */
export type ComputeMac = (covered: Uint8Array) => Uint8Array;

/** Encodes a frame without a mark. Security blocks that carry a MAC need `mac`; the length field counts it already. */
export function encodeFrame(frame: Frame, mac?: ComputeMac): Uint8Array {
  const block = frame.security;
  const security = block === null ? [] : [block.data.length + 2, block.type, ...block.data];
  const tail = (mac === undefined ? 0 : MAC_BYTES) + (frame.check === "crc" ? 2 : 1);
  const length = HEADER + security.length + 1 + frame.data.length + tail;
  const covered = Uint8Array.of(
    SOM,
    frame.address | (frame.reply ? REPLY_BIT : 0),
    length & 0xff,
    length >> 8,
    frame.sqn | (frame.check === "crc" ? CONTROL_CRC : 0) | (block === null ? 0 : CONTROL_SECURITY),
    ...security,
    frame.id,
    ...frame.data,
  );
  const checked =
    mac === undefined ? covered : Uint8Array.of(...covered, ...mac(covered).subarray(0, MAC_BYTES));
  return Uint8Array.of(...checked, ...checkBytes(frame.check, checked));
}

function checkBytes(check: Check, bytes: Uint8Array): readonly number[] {
  if (check === "checksum") return [checksum(bytes)];
  const crc = crc16(bytes);
  return [crc & 0xff, crc >> 8];
}

export interface Framer {
  /** Every whole frame that `chunk` completes; `nowMs` is monotonic and ends a frame that stopped halfway. */
  push(chunk: Uint8Array, nowMs: number): readonly ReceivedFrame[];
  /** Bytes thrown away since the start because they belonged to no sound frame, marks aside. */
  readonly discarded: () => number;
}

/** Finds frames in a stream of bytes; after damage it looks for the next start inside what it already has. */
export function createFramer(): Framer {
  let buffer: Uint8Array = new Uint8Array(0);
  let lastAtMs = 0;
  let discarded = 0;

  const skip = (count: number): void => {
    discarded += buffer.subarray(0, count).filter((byte) => byte !== MARK).length;
    buffer = buffer.subarray(count);
  };

  const take = (frames: ReceivedFrame[]): void => {
    for (;;) {
      const start = buffer.indexOf(SOM);
      skip(start === -1 ? buffer.length : start);
      const found = readFrame(buffer);
      if (found === "more") return;
      if (found === "bad") {
        skip(1);
      } else {
        frames.push(found);
        buffer = buffer.subarray(found.bytes.length);
      }
    }
  };

  return {
    push(chunk, nowMs) {
      const frames: ReceivedFrame[] = [];
      if (buffer.length > 0 && nowMs - lastAtMs > MAX_PAUSE_MS) {
        skip(1);
        take(frames);
      }
      lastAtMs = nowMs;
      buffer = Uint8Array.of(...buffer, ...chunk);
      take(frames);
      return frames;
    },
    discarded: () => discarded,
  };
}

function readFrame(buffer: Uint8Array): ReceivedFrame | "more" | "bad" {
  const [, address, low, high, control] = buffer;
  if (address === undefined || low === undefined || high === undefined || control === undefined) {
    return "more";
  }
  const length = low | (high << 8);
  if (length < HEADER + 2 || length > MAX_FRAME) return "bad";
  if (buffer.length < length) return "more";
  return decodeFrame(Uint8Array.from(buffer.subarray(0, length))) ?? "bad";
}

/** Reads one frame without a mark, exactly as long as its length field says; undefined if anything is wrong with it. */
export function decodeFrame(bytes: Uint8Array): ReceivedFrame | undefined {
  if (bytes.length < HEADER + 2) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const address = view.getUint8(1);
  const control = view.getUint8(4);
  const check: Check = control & CONTROL_CRC ? "crc" : "checksum";
  const end = bytes.length - (check === "crc" ? 2 : 1);
  if (!isSound(bytes, end, check)) return undefined;
  const security = control & CONTROL_SECURITY ? readSecurity(bytes.subarray(HEADER, end)) : null;
  if (security === undefined) return undefined;
  const at = HEADER + (security === null ? 0 : security.data.length + 2);
  const hasMac = security !== null && security.type >= FIRST_WITH_MAC;
  const dataEnd = hasMac ? end - MAC_BYTES : end;
  if (at >= dataEnd) return undefined;
  return {
    address: address & ~REPLY_BIT,
    reply: (address & REPLY_BIT) !== 0,
    sqn: control & 0x03,
    check,
    security,
    id: view.getUint8(at),
    data: bytes.subarray(at + 1, dataEnd),
    bytes,
    covered: bytes.subarray(0, dataEnd),
    mac: hasMac ? bytes.subarray(dataEnd, end) : null,
  };
}

function isSound(bytes: Uint8Array, end: number, check: Check): boolean {
  const expected = checkBytes(check, bytes.subarray(0, end));
  return expected.every((byte, index) => bytes[end + index] === byte);
}

function readSecurity(bytes: Uint8Array): SecurityBlock | undefined {
  const [length = 0, type = 0] = bytes;
  if (length < 2 || length > bytes.length) return undefined;
  return { type, data: bytes.subarray(2, length) };
}
