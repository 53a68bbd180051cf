/**
 * ZFM packets (ZhianTec ZFM manuals; Adafruit Fingerprint Sensor Library): bytes ⇄ packets, without meaning.
 *
 *     EF 01  ADDR[4]  PID  LEN[2]  PAYLOAD…  SUM[2]
 *
 * All numbers big-endian. LEN counts payload and sum; SUM adds PID, LEN and payload modulo 65536. The module sends a
 * single 55 outside of packets once it has power.
 */

const START = [0xef, 0x01] as const;
const POWER_UP = 0x55;
export const HEADER_BYTES = 9;
const SUM_BYTES = 2;
/** The largest payload a module may be set to. Answers have 33 bytes at most; the rest is what we never ask for. */
const MAX_PAYLOAD_BYTES = 256;
export const MAX_FRAME_BYTES = HEADER_BYTES + MAX_PAYLOAD_BYTES + SUM_BYTES;
export const DEFAULT_ADDRESS = 0xffffffff;

/** What a packet is: an order of ours, a piece of data, the answer, the last piece of data. */
export const PID = { command: 0x01, data: 0x02, answer: 0x07, endData: 0x08 } as const;
const KNOWN_PIDS: ReadonlySet<number> = new Set(Object.values(PID));

export interface FrameParts {
  readonly address: number;
  readonly pid: number;
  readonly payload: Uint8Array;
}

export function encodeFrame({ address, pid, payload }: FrameParts): Uint8Array {
  const bytes = Buffer.alloc(HEADER_BYTES + payload.length + SUM_BYTES);
  bytes.set(START);
  bytes.writeUInt32BE(address, 2);
  bytes.writeUInt8(pid, 6);
  bytes.writeUInt16BE(payload.length + SUM_BYTES, 7);
  bytes.set(payload, HEADER_BYTES);
  bytes.writeUInt16BE(sumOf(bytes.subarray(0, -SUM_BYTES)), bytes.length - SUM_BYTES);
  return Uint8Array.from(bytes);
}

/** Over everything from PID on; `bytes` ends before the sum. */
function sumOf(bytes: Uint8Array): number {
  let sum = 0;
  for (const byte of bytes.subarray(6)) sum += byte;
  return sum & 0xffff;
}

export type Heard =
  | { readonly kind: "answer"; readonly payload: Uint8Array }
  /** The module began anew: whatever it was asked is forgotten. */
  | { readonly kind: "power-up" };

/**
 * Why bytes were thrown away. `stalled`: the rest of a packet never came; `address`: another module's; `echo`: our own
 * order; `data`: pieces of an image or template, which nobody here asks for: dropped unread.
 */
export type DiscardReason =
  | "noise"
  | "length"
  | "header"
  | "check"
  | "stalled"
  | "address"
  | "echo"
  | "data";

export interface Framer {
  /** What this chunk completed. Never throws; holds at most one packet's worth of bytes. */
  push(chunk: Uint8Array): Heard[];
  /** The line has gone quiet: stop waiting for the rest of a packet and look for others inside what is held. */
  expire(): Heard[];
  /** How often bytes were thrown away, by cause, since the last call. */
  takeDiscards(): Partial<Record<DiscardReason, number>>;
  /** Bytes held, for tests. */
  readonly held: number;
}

/** Finds the answers of the module with this address. After damage it looks for the next start in what it has. */
export function createFramer(address: number): Framer {
  let buffer = new Uint8Array(0);
  let discards: Partial<Record<DiscardReason, number>> = {};
  const discard = (reason: DiscardReason): void => {
    discards[reason] = (discards[reason] ?? 0) + 1;
  };
  /** Drops what cannot be part of a packet. */
  const skip = (bytes: number, heard: Heard[]): void => {
    const isPowerUp = buffer.subarray(0, bytes).includes(POWER_UP);
    if (isPowerUp && heard.at(-1)?.kind !== "power-up") heard.push({ kind: "power-up" });
    if (!isPowerUp || bytes > 1) discard("noise");
    buffer = buffer.subarray(bytes);
  };

  const drain = (isQuiet: boolean): Heard[] => {
    const heard: Heard[] = [];
    for (;;) {
      const noise = noiseBefore(buffer, isQuiet);
      if (noise > 0) skip(noise, heard);
      if (buffer.length === 0) return heard;
      const found = takeFrame(buffer);
      if (found.kind === "more" && !isQuiet) return heard;
      if (found.kind === "frame") {
        const reason = whyNotOurs(found.frame, address);
        if (reason === undefined) heard.push({ kind: "answer", payload: found.frame.payload });
        else discard(reason);
        buffer = buffer.subarray(found.bytes);
      } else {
        discard(found.kind === "bad" ? found.reason : "stalled");
        buffer = buffer.subarray(1);
      }
    }
  };

  return {
    push(chunk) {
      const heard: Heard[] = [];
      // In slices, so that a chunk of any size never makes the buffer grow past one packet.
      for (let at = 0; at < chunk.length; at += MAX_FRAME_BYTES) {
        buffer = Uint8Array.of(...buffer, ...chunk.subarray(at, at + MAX_FRAME_BYTES));
        heard.push(...drain(false));
      }
      return heard;
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

/** Bytes before the next start code; a lone EF at the end may be half of one. */
function noiseBefore(buffer: Uint8Array, isQuiet: boolean): number {
  for (let at = 0; at < buffer.length; at += 1) {
    if (buffer[at] !== START[0]) continue;
    const next = buffer[at + 1];
    if (next === START[1] || (next === undefined && !isQuiet)) return at;
  }
  return buffer.length;
}

type Found =
  | { readonly kind: "frame"; readonly frame: FrameParts; readonly bytes: number }
  | { readonly kind: "bad"; readonly reason: DiscardReason }
  | { readonly kind: "more" };

/** Reads the packet at the start of `buffer`, which begins with the start code as far as it goes. */
function takeFrame(buffer: Uint8Array): Found {
  if (buffer.length < HEADER_BYTES) return { kind: "more" };
  const view = new DataView(buffer.buffer, buffer.byteOffset, buffer.length);
  const pid = view.getUint8(6);
  if (!KNOWN_PIDS.has(pid)) return { kind: "bad", reason: "header" };
  const length = view.getUint16(7);
  if (length <= SUM_BYTES || length > MAX_PAYLOAD_BYTES + SUM_BYTES) {
    return { kind: "bad", reason: "length" };
  }
  const bytes = HEADER_BYTES + length;
  if (buffer.length < bytes) return { kind: "more" };
  const sumAt = bytes - SUM_BYTES;
  if (view.getUint16(sumAt) !== sumOf(buffer.subarray(0, sumAt))) {
    return { kind: "bad", reason: "check" };
  }
  const payload = Uint8Array.from(buffer.subarray(HEADER_BYTES, sumAt));
  return { kind: "frame", frame: { address: view.getUint32(2), pid, payload }, bytes };
}

function whyNotOurs({ address, pid }: FrameParts, ours: number): DiscardReason | undefined {
  if (pid === PID.command) return "echo";
  if (pid !== PID.answer) return "data";
  return address === ours ? undefined : "address";
}
