/**
 * SFM packets as the module sees them.
 *
 *   40             CMD PARAM×4 SIZE×4 FLAG SUM 0A       alone on its line
 *   41 TERMINAL×2  CMD PARAM×4 SIZE×4 FLAG SUM 0A       on a network; start code from Suprema's public SDK headers
 *
 * Little-endian; SUM over everything before it. Source: Suprema's UF Protocol Manual. Written for the simulator alone: the
 * agent has its own, so that a mistake made here is not repeated there.
 */
export interface Packet {
  /** Undefined: alone on its line. */
  readonly terminal: number | undefined;
  readonly command: number;
  readonly param: number;
  readonly size: number;
  readonly flag: number;
}

export function packetBytes({ terminal, command, param, size, flag }: Packet): Uint8Array {
  const start = terminal === undefined ? [0x40] : [0x41, terminal & 0xff, terminal >> 8];
  const counted = [...start, command, ...four(param), ...four(size), flag];
  const sum = counted.reduce((total, byte) => total + byte, 0) % 256;
  return Uint8Array.of(...counted, sum, 0x0a);
}

const four = (value: number): readonly number[] =>
  [0, 8, 16, 24].map((shift) => (value >>> shift) & 0xff);

export interface Ear {
  hear(chunk: Uint8Array): Packet[];
  forget(): void;
  /** Bytes that belonged to no sound packet. */
  readonly discarded: () => number;
}

/** Hears one of the two forms. */
export function createEar(isNetwork: boolean): Ear {
  const [start, length] = isNetwork ? [0x41, 15] : [0x40, 13];
  let held: number[] = [];
  let discarded = 0;
  const drop = (): void => {
    held = held.slice(1);
    discarded += 1;
  };
  return {
    hear(chunk) {
      const packets: Packet[] = [];
      for (const byte of chunk) {
        held.push(byte);
        while (held.length > 0 && held[0] !== start) drop();
        if (held.length < length) continue;
        const packet = read(held, isNetwork);
        if (packetBytes(packet).every((right, index) => right === held[index])) {
          packets.push(packet);
          held = [];
        } else drop();
      }
      return packets;
    },
    forget() {
      held = [];
    },
    discarded: () => discarded,
  };
}

function read(held: readonly number[], isNetwork: boolean): Packet {
  const at = isNetwork ? 3 : 1;
  const number = (from: number, bytes: number): number =>
    held.slice(from, from + bytes).reduceRight((value, byte) => value * 256 + byte, 0);
  return {
    terminal: isNetwork ? number(1, 2) : undefined,
    command: held[at] ?? 0,
    param: number(at + 1, 4),
    size: number(at + 5, 4),
    flag: held[at + 9] ?? 0,
  };
}
