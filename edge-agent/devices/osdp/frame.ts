/**
 * OSDP frames (SIA OSDP v2.2, IEC 60839-11-5): bytes ⇄ frames, without meaning.
 *
 *     [FF]  53  ADDR  LEN_L LEN_H  CTRL  [SCB_LEN SCB_TYPE [SCB_DATA]]  ID  DATA…  [MAC0..3]  CRC_L CRC_H | CKSUM
 *
 * The mark FF is optional and counted nowhere. LEN runs from 53 through the check.
 */

const MARK = 0xff;
const SOM = 0x53;
const HEADER_BYTES = 5;
export const MAC_BYTES = 4;
const REPLY_BIT = 0x80;
const CTRL_CRC = 0x04;
const CTRL_SCB = 0x08;
/** The largest frame a v2.2 device may send (clause 5.6 recommends 1440 bytes). */
export const MAX_FRAME_BYTES = 1440;
/** Header, ID and a checksum byte. */
const MIN_FRAME_BYTES = HEADER_BYTES + 2;

export type Sqn = 0 | 1 | 2 | 3;
export type CheckKind = "crc" | "checksum";

/** Security control block: 11..14 handshake, 15/16 MAC only, 17/18 MAC and encrypted data. */
export interface SecurityBlock {
  readonly type: number;
  readonly data: Uint8Array;
}

export interface FrameParts {
  /** 0..126, or 127 for broadcast. */
  readonly address: number;
  readonly isReply: boolean;
  readonly sqn: Sqn;
  readonly check: CheckKind;
  readonly security: SecurityBlock | null;
  readonly id: number;
  readonly data: Uint8Array;
}

export interface Frame extends FrameParts {
  /** The four bytes on the wire; null unless the security block is 15..18. */
  readonly mac: Uint8Array | null;
  /** From SOM through the check, without the mark. */
  readonly bytes: Uint8Array;
}

/** Whether frames with this security block carry a MAC. */
export const carriesMac = (type: number): boolean => type >= 0x15 && type <= 0x18;

/** CRC-16/SPI-FUJITSU: poly 1021, init 1D0F, MSB first. On the wire least significant byte first. */
export function crc16(bytes: Uint8Array): number {
  let crc = 0x1d0f;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit += 1) {
      crc = (crc & 0x8000) === 0 ? (crc << 1) & 0xffff : ((crc << 1) ^ 0x1021) & 0xffff;
    }
  }
  return crc;
}

/** Two's complement of the byte sum. */
export function checksum8(bytes: Uint8Array): number {
  let sum = 0;
  for (const byte of bytes) sum += byte;
  return -sum & 0xff;
}

/** Everything before MAC and check, with the final LEN already in it: the bytes a MAC is computed over. */
export function frameBody(parts: FrameParts): Uint8Array {
  const { security } = parts;
  const block =
    security === null ? [] : [security.data.length + 2, security.type, ...security.data];
  const macBytes = security !== null && carriesMac(security.type) ? MAC_BYTES : 0;
  const bodyBytes = HEADER_BYTES + block.length + 1 + parts.data.length;
  const length = bodyBytes + macBytes + (parts.check === "crc" ? 2 : 1);
  const control =
    parts.sqn | (parts.check === "crc" ? CTRL_CRC : 0) | (security === null ? 0 : CTRL_SCB);
  const body = new Uint8Array(bodyBytes);
  body.set([SOM, parts.address | (parts.isReply ? REPLY_BIT : 0), length & 0xff, length >> 8]);
  body.set([control, ...block, parts.id], 4);
  body.set(parts.data, bodyBytes - parts.data.length);
  return body;
}

/** Appends MAC (if any) and check. The result starts with SOM; put `withMark` around it for the wire. */
export function closeFrame(body: Uint8Array, check: CheckKind, mac?: Uint8Array): Uint8Array {
  const checked = mac === undefined ? body : concat(body, mac.subarray(0, MAC_BYTES));
  if (check === "checksum") return concat(checked, Uint8Array.of(checksum8(checked)));
  const crc = crc16(checked);
  return concat(checked, Uint8Array.of(crc & 0xff, crc >> 8));
}

/** A whole frame that needs no MAC. */
export const encodeFrame = (parts: FrameParts): Uint8Array =>
  closeFrame(frameBody(parts), parts.check);

export const withMark = (frame: Uint8Array): Uint8Array => concat(Uint8Array.of(MARK), frame);

/** Why bytes were thrown away, for the counters. `stalled`: the rest of a frame never came. */
export type DiscardReason = "noise" | "length" | "header" | "check" | "stalled";

export interface Framer {
  /** Frames completed by this chunk. Never throws; holds at most one frame's worth of bytes. */
  push(chunk: Uint8Array): Frame[];
  /** The line has gone quiet: stop waiting for the rest of a frame and look for others inside what is held. */
  expire(): Frame[];
  /** Counts of thrown-away bytes' causes since the last call, and forgets them. */
  takeDiscards(): Partial<Record<DiscardReason, number>>;
  /** Bytes held, for tests. */
  readonly held: number;
}

/** Finds frames in a stream of bytes. After damage it looks for the next SOM inside the bytes it already has. */
export function createFramer(): Framer {
  let buffer = new Uint8Array(0);
  let discards: Partial<Record<DiscardReason, number>> = {};
  const discard = (reason: DiscardReason): void => {
    discards[reason] = (discards[reason] ?? 0) + 1;
  };

  const drain = (isQuiet: boolean): Frame[] => {
    const frames: Frame[] = [];
    for (;;) {
      const start = buffer.indexOf(SOM);
      const noise = start === -1 ? buffer.length : start;
      // A single FF before a frame is the mark, not noise.
      if (noise > 1 || (noise === 1 && buffer[0] !== MARK)) discard("noise");
      buffer = buffer.subarray(noise);
      if (start === -1) return frames;
      const found = takeFrame(buffer);
      if (found.kind === "frame") {
        frames.push(found.frame);
        buffer = buffer.subarray(found.frame.bytes.length);
      } else if (found.kind === "bad" || isQuiet) {
        discard(found.kind === "bad" ? found.reason : "stalled");
        buffer = buffer.subarray(1);
      } else return frames;
    }
  };

  return {
    push(chunk) {
      const frames: Frame[] = [];
      // In slices, so that a chunk of any size never makes the buffer grow past one frame.
      for (let at = 0; at < chunk.length; at += MAX_FRAME_BYTES) {
        buffer = concat(buffer, chunk.subarray(at, at + MAX_FRAME_BYTES));
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
  | { readonly kind: "frame"; readonly frame: Frame }
  | { readonly kind: "bad"; readonly reason: DiscardReason }
  | { readonly kind: "more" };

const bad = (reason: DiscardReason): Found => ({ kind: "bad", reason });

/** Reads the frame at the start of `buffer`, whose first byte is SOM. */
function takeFrame(buffer: Uint8Array): Found {
  const [, address, lengthLow, lengthHigh, control] = buffer;
  if (lengthLow === undefined || lengthHigh === undefined) return { kind: "more" };
  const length = lengthLow | (lengthHigh << 8);
  if (length < MIN_FRAME_BYTES || length > MAX_FRAME_BYTES) return bad("length");
  if (address === undefined || control === undefined) return { kind: "more" };
  if (buffer.length < length) return { kind: "more" };
  const bytes = Uint8Array.from(buffer.subarray(0, length));
  const check: CheckKind = (control & CTRL_CRC) === 0 ? "checksum" : "crc";
  if (!isCheckRight(bytes, check)) return bad("check");
  const body = readBody(bytes.subarray(HEADER_BYTES, check === "crc" ? -2 : -1), control);
  if (body === undefined) return bad("header");
  const frame: Frame = {
    address: address & 0x7f,
    isReply: (address & REPLY_BIT) !== 0,
    sqn: sqnOf(control),
    check,
    ...body,
    bytes,
  };
  return { kind: "frame", frame };
}

/** What lies between header and check. Undefined when the lengths in it do not fit. */
function readBody(
  bytes: Uint8Array,
  control: number,
): Pick<Frame, "security" | "id" | "data" | "mac"> | undefined {
  const security = (control & CTRL_SCB) === 0 ? null : readBlock(bytes);
  if (security === undefined) return undefined;
  const idAt = security === null ? 0 : security.data.length + 2;
  const hasMac = security !== null && carriesMac(security.type);
  const dataEnd = bytes.length - (hasMac ? MAC_BYTES : 0);
  const id = bytes[idAt];
  if (id === undefined || idAt >= dataEnd) return undefined;
  const mac = hasMac ? bytes.subarray(dataEnd) : null;
  return { security, id, data: bytes.subarray(idAt + 1, dataEnd), mac };
}

function sqnOf(control: number): Sqn {
  const sqn = control & 3;
  return sqn === 1 || sqn === 2 || sqn === 3 ? sqn : 0;
}

function isCheckRight(bytes: Uint8Array, check: CheckKind): boolean {
  if (check === "checksum") return checksum8(bytes.subarray(0, -1)) === bytes.at(-1);
  const crc = crc16(bytes.subarray(0, -2));
  return bytes.at(-2) === (crc & 0xff) && bytes.at(-1) === crc >> 8;
}

/** Undefined when the block's own length makes no sense. */
function readBlock(bytes: Uint8Array): SecurityBlock | undefined {
  const [blockLength, type] = bytes;
  if (blockLength === undefined || type === undefined) return undefined;
  if (blockLength < 2 || blockLength > bytes.length) return undefined;
  return { type, data: bytes.subarray(2, blockLength) };
}

function concat(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(a.length + b.length);
  joined.set(a);
  joined.set(b, a.length);
  return joined;
}
