/**
 * Packets of Suprema's SFM and UniFinger modules (UF Protocol Manual): bytes ⇄ packets, without meaning.
 *
 *     40                COMMAND  PARAM[4]  SIZE[4]  FLAG  SUM  0A      13 bytes, one module on a line
 *     41  TERMINAL[2]   COMMAND  PARAM[4]  SIZE[4]  FLAG  SUM  0A      15 bytes, RS-485 and RS-422
 *
 * Numbers are little-endian; SUM adds all bytes before it modulo 256. The manual shows the start code of the longer form
 * in a picture only; 41 is what Suprema's public SDK headers have. It was never heard from a device: unverified.
 */

const END = 0x0a;
const START = { single: 0x40, network: 0x41 } as const;
const BYTES = { single: 13, network: 15 } as const;
export const MAX_FRAME_BYTES = BYTES.network;

export interface Packet {
  /** 1 to 65535 in network packets; null in the form for one module. */
  readonly terminal: number | null;
  readonly command: number;
  readonly param: number;
  readonly size: number;
  /** A flag on the way to the module, an outcome on the way back. */
  readonly flag: number;
}

export function encodePacket({ terminal, command, param, size, flag }: Packet): Uint8Array {
  const form = formOf(terminal);
  const bytes = Buffer.alloc(BYTES[form]);
  const at = bytes.length - BYTES.single;
  bytes[0] = START[form];
  if (terminal !== null) bytes.writeUInt16LE(terminal, 1);
  bytes[at + 1] = command;
  bytes.writeUInt32LE(param, at + 2);
  bytes.writeUInt32LE(size, at + 6);
  bytes[at + 10] = flag;
  bytes[at + 11] = sumOf(bytes.subarray(0, at + 11));
  bytes[at + 12] = END;
  return Uint8Array.from(bytes);
}

const formOf = (terminal: number | null): keyof typeof START =>
  terminal === null ? "single" : "network";

const sumOf = (bytes: Uint8Array): number => bytes.reduce((sum, byte) => (sum + byte) & 0xff, 0);

/** Why bytes were thrown away. `stalled`: the rest of a packet never came; `terminal`: another module's. */
export type DiscardReason = "noise" | "check" | "stalled" | "terminal";

export interface Framer {
  /** Packets completed by this chunk. Never throws; holds less than one packet. */
  push(chunk: Uint8Array): Packet[];
  /** The line has gone quiet: stop waiting for the rest of a packet and look for others inside what is held. */
  expire(): Packet[];
  /** How often bytes were thrown away, by cause, since the last call. */
  takeDiscards(): Partial<Record<DiscardReason, number>>;
  /** Bytes held, for tests. */
  readonly held: number;
}

/** Finds the packets of one module: of `terminal`, or of the only one on the line for null. */
export function createFramer(terminal: number | null): Framer {
  const form = formOf(terminal);
  let buffer: readonly number[] = [];
  let discards: Partial<Record<DiscardReason, number>> = {};
  const discard = (reason: DiscardReason): void => {
    discards[reason] = (discards[reason] ?? 0) + 1;
  };

  const drain = (isQuiet: boolean): Packet[] => {
    const packets: Packet[] = [];
    for (;;) {
      const start = buffer.indexOf(START[form]);
      const noise = start === -1 ? buffer.length : start;
      if (noise > 0) discard("noise");
      buffer = buffer.slice(noise);
      if (buffer.length === 0) return packets;
      if (buffer.length < BYTES[form]) {
        if (!isQuiet) return packets;
        discard("stalled");
        buffer = buffer.slice(1);
        continue;
      }
      const packet = decode(Uint8Array.from(buffer.slice(0, BYTES[form])), form);
      if (packet === undefined) discard("check");
      else if (packet.terminal === terminal) packets.push(packet);
      else discard("terminal");
      buffer = buffer.slice(packet === undefined ? 1 : BYTES[form]);
    }
  };

  return {
    push(chunk) {
      const packets: Packet[] = [];
      // In slices, so that a chunk of any size never makes the buffer grow.
      for (let at = 0; at < chunk.length; at += MAX_FRAME_BYTES) {
        buffer = [...buffer, ...chunk.subarray(at, at + MAX_FRAME_BYTES)];
        packets.push(...drain(false));
      }
      return packets;
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

/** Undefined when sum or end code are wrong. */
function decode(bytes: Uint8Array, form: keyof typeof START): Packet | undefined {
  const view = new DataView(bytes.buffer);
  const at = bytes.length - BYTES.single;
  if (bytes[at + 12] !== END || bytes[at + 11] !== sumOf(bytes.subarray(0, at + 11))) {
    return undefined;
  }
  return {
    terminal: form === "network" ? view.getUint16(1, true) : null,
    command: view.getUint8(at + 1),
    param: view.getUint32(at + 2, true),
    size: view.getUint32(at + 6, true),
    flag: view.getUint8(at + 10),
  };
}
