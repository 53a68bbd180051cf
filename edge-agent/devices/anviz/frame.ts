/**
 * Anviz TC_B frames (TC_B Communication Protocol V2.1, part I): bytes ⇄ frames, without meaning. The same on RS-232,
 * RS-485 and TCP.
 *
 *     request   A5 CH[4] CMD          LEN[2] DATA… CRC_L CRC_H
 *     response  A5 CH[4] CMD|80h RET  LEN[2] DATA… CRC_L CRC_H
 *
 * CH is the device number, numbers are big endian, the CRC covers everything before it.
 */

const START = 0xa5;
const REPLY_BIT = 0x80;
/** Start, CH and command. */
const HEAD_BYTES = 6;
const CRC_BYTES = 2;
/** V2.1 allows 400 bytes of data, V2.15 allows 600; nothing that is asked for here is answered with more. */
export const MAX_DATA_BYTES = 600;
export const MAX_FRAME_BYTES: number = HEAD_BYTES + 1 + 2 + MAX_DATA_BYTES + CRC_BYTES;

/** What goes from us to a terminal, or, for the heartbeat, from a terminal to us. */
export interface Call {
  readonly kind: "call";
  readonly device: number;
  readonly command: number;
  readonly data: Uint8Array;
}

/** What a terminal answers, or tells unasked. `command` is without the reply bit; RET 0 is success. */
export interface Reply {
  readonly kind: "reply";
  readonly device: number;
  readonly command: number;
  readonly ret: number;
  readonly data: Uint8Array;
}

export type Frame = Call | Reply;

/** CRC-16/MCRF4XX: reflected polynomial 8408h, init FFFFh, nothing xored at the end; low byte first on the wire. */
export function crc16(bytes: Uint8Array): number {
  let crc = 0xffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc & 1) === 0 ? crc >> 1 : (crc >> 1) ^ 0x8408;
  }
  return crc;
}

/** The frame as it goes on the wire. `data` must not be longer than {@link MAX_DATA_BYTES}. */
export function encodeFrame(frame: Frame): Uint8Array {
  const isReply = frame.kind === "reply";
  const lengthAt = HEAD_BYTES + (isReply ? 1 : 0);
  const bytes = new Uint8Array(lengthAt + 2 + frame.data.length + CRC_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, START);
  view.setUint32(1, frame.device);
  view.setUint8(5, isReply ? frame.command | REPLY_BIT : frame.command);
  if (isReply) view.setUint8(6, frame.ret);
  view.setUint16(lengthAt, frame.data.length);
  bytes.set(frame.data, lengthAt + 2);
  view.setUint16(bytes.length - CRC_BYTES, crc16(bytes.subarray(0, -CRC_BYTES)), true);
  return bytes;
}

/**
 * Why bytes were thrown away. `noise`: bytes that begin no frame, counted one by one. The others are frames that were
 * none, or no longer, each with the one byte it seemed to begin with; the rest of it is looked through again.
 */
export type DiscardReason = "noise" | "length" | "check" | "stalled";
export type Discards = Partial<Record<DiscardReason | "bytes", number>>;

export interface Framer {
  /** Frames completed by this chunk. Never throws; holds less than one frame afterwards. */
  push(chunk: Uint8Array): Frame[];
  /** The line has gone quiet: stop waiting for the rest of a frame and look for others inside what is held. */
  expire(): Frame[];
  /** Counts since the last call by reason, and `bytes` for all of them together; forgets them. */
  takeDiscards(): Discards;
  /** Bytes held, for tests. */
  readonly held: number;
}

/** Finds frames in a stream of bytes. After damage it looks for the next start inside the bytes it already has. */
export function createFramer(): Framer {
  let buffer: Uint8Array = new Uint8Array(0);
  let discards: Discards = {};
  const discard = (reason: DiscardReason, bytes: number): void => {
    if (bytes === 0) return;
    discards[reason] = (discards[reason] ?? 0) + bytes;
    discards.bytes = (discards.bytes ?? 0) + bytes;
    buffer = buffer.subarray(bytes);
  };

  const drain = (isQuiet: boolean): Frame[] => {
    const frames: Frame[] = [];
    for (;;) {
      const start = buffer.indexOf(START);
      discard("noise", start === -1 ? buffer.length : start);
      if (buffer.length === 0) return frames;
      const found = takeFrame(buffer);
      if (found.kind === "frame") {
        frames.push(found.frame);
        buffer = buffer.subarray(found.bytes);
      } else if (found.kind === "bad") discard(found.reason, 1);
      else if (isQuiet) discard("stalled", 1);
      else return frames;
    }
  };

  return {
    push(chunk) {
      const frames: Frame[] = [];
      // In slices, so that a chunk of any size never makes the buffer grow past two frames.
      for (let at = 0; at < chunk.length; at += MAX_FRAME_BYTES) {
        buffer = joined(buffer, chunk.subarray(at, at + MAX_FRAME_BYTES));
        frames.push(...drain(false));
      }
      return frames;
    },
    expire: () => drain(true),
    takeDiscards() {
      const taken = discards;
      discards = {};
      return taken;
    },
    get held() {
      return buffer.length;
    },
  };
}

type Found =
  | { readonly kind: "frame"; readonly frame: Frame; readonly bytes: number }
  | { readonly kind: "bad"; readonly reason: DiscardReason }
  | { readonly kind: "more" };

/** Reads the frame at the beginning of `buffer`, whose first byte is a start. */
function takeFrame(buffer: Uint8Array): Found {
  const view = new DataView(buffer.buffer, buffer.byteOffset, buffer.length);
  if (buffer.length < HEAD_BYTES) return { kind: "more" };
  const command = view.getUint8(5);
  const isReply = (command & REPLY_BIT) !== 0;
  const lengthAt = HEAD_BYTES + (isReply ? 1 : 0);
  const dataAt = lengthAt + 2;
  if (buffer.length < dataAt) return { kind: "more" };
  const length = view.getUint16(lengthAt);
  if (length > MAX_DATA_BYTES) return { kind: "bad", reason: "length" };
  const end = dataAt + length;
  if (buffer.length < end + CRC_BYTES) return { kind: "more" };
  if (crc16(buffer.subarray(0, end)) !== view.getUint16(end, true)) {
    return { kind: "bad", reason: "check" };
  }
  const device = view.getUint32(1);
  const data = Uint8Array.from(buffer.subarray(dataAt, end));
  const frame: Frame = isReply
    ? { kind: "reply", device, command: command & ~REPLY_BIT, ret: view.getUint8(6), data }
    : { kind: "call", device, command, data };
  return { kind: "frame", frame, bytes: end + CRC_BYTES };
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
