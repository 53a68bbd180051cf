/**
 * ZFM packets as the module sees them: it reads orders and writes answers.
 *
 *   EF 01  ADDR×4  PID  LEN×2  payload  SUM×2     LEN = payload + 2; SUM over PID, LEN and payload
 *
 * Source: Adafruit Fingerprint Sensor Library and ZhianTec's manuals. Written for the simulator alone: the agent has its
 * own, so that a mistake made here is not repeated there.
 */
export const ORDER = 0x01;
export const ANSWER = 0x07;
const PREFIX = 9;
/** Longer orders do not exist outside of template and image transfer. */
const MAX_PAYLOAD = 64;

export interface Packet {
  readonly address: number;
  readonly pid: number;
  readonly payload: readonly number[];
}

export function packetBytes({ address, pid, payload }: Packet): Uint8Array {
  const length = payload.length + 2;
  const counted = [pid, length >> 8, length & 0xff, ...payload];
  const sum = counted.reduce((total, byte) => total + byte, 0);
  const spread = [24, 16, 8, 0].map((shift) => (address >>> shift) & 0xff);
  return Uint8Array.of(0xef, 0x01, ...spread, ...counted, (sum >> 8) & 0xff, sum & 0xff);
}

export interface Ear {
  /** Whole, sound packets in what was heard so far. */
  hear(chunk: Uint8Array): Packet[];
  /** Forgets half a packet, as a power cut does. */
  forget(): void;
  /** Bytes that belonged to no sound packet. */
  readonly discarded: () => number;
}

export function createEar(): Ear {
  let held: number[] = [];
  let discarded = 0;
  const drop = (count: number): void => {
    held = held.slice(count);
    discarded += count;
  };
  return {
    hear(chunk) {
      const packets: Packet[] = [];
      for (const byte of chunk) {
        held.push(byte);
        while (held.length > 0) {
          const verdict = judge(held);
          if (verdict === "more") break;
          if (verdict === "bad") drop(1);
          else {
            packets.push(verdict);
            held = [];
          }
        }
      }
      return packets;
    },
    forget() {
      held = [];
    },
    discarded: () => discarded,
  };
}

/** Bytes come one by one, so a sound packet always ends with the newest of them. */
function judge(held: readonly number[]): Packet | "more" | "bad" {
  const [start = 0, second = 0x01] = held;
  if (start !== 0xef || second !== 0x01) return "bad";
  if (held.length < PREFIX) return "more";
  const length = numberIn(held, 7, 9);
  if (length < 3 || length > MAX_PAYLOAD + 2) return "bad";
  if (held.length < PREFIX + length) return "more";
  const payload = held.slice(PREFIX, -2);
  const packet = { address: numberIn(held, 2, 6), pid: numberIn(held, 6, 7), payload };
  const right = packetBytes(packet);
  return held.every((byte, index) => byte === right[index]) ? packet : "bad";
}

const numberIn = (held: readonly number[], from: number, end: number): number =>
  held.slice(from, end).reduce((value, byte) => value * 256 + byte, 0);
