/**
 * ZKTeco packets as a terminal reads and writes them; written on its own, without the agent's. Little endian:
 * command, checksum, session, reply number, data; over TCP after `50 50 82 7D` and a 32-bit length.
 */
export interface ZkPacket {
  readonly command: number;
  readonly session: number;
  readonly reply: number;
  readonly data: Buffer;
}

const TOP = 0x7d825050;
const MAX_REQUEST = 65_536;

/** The bytes of a packet with `check` as its checksum. */
function lay({ command, session, reply, data }: ZkPacket, check: number): Buffer {
  const head = Buffer.from(Uint16Array.of(command, check, session, reply).buffer);
  return Buffer.concat([head, data]);
}

function sumOf(bytes: Buffer): number {
  const padded = bytes.length % 2 === 0 ? bytes : Buffer.concat([bytes, Buffer.of(0)]);
  let sum = 0;
  for (let at = 0; at < padded.length; at += 2) {
    sum += padded.readUInt16LE(at);
    if (sum > 0xffff) sum -= 0xffff;
  }
  return 0xffff - sum;
}

/** A packet for UDP. */
export const datagram = (packet: ZkPacket): Buffer => lay(packet, sumOf(lay(packet, 0)));

/** A packet for TCP. */
export function segment(packet: ZkPacket): Buffer {
  const body = datagram(packet);
  const top = Buffer.from(Uint32Array.of(TOP, body.length).buffer);
  return Buffer.concat([top, body]);
}

/** Undefined for what no terminal would answer: too short, or with a wrong checksum. */
export function parseDatagram(bytes: Uint8Array): ZkPacket | undefined {
  if (bytes.length < 8) return undefined;
  const body = Buffer.from(bytes);
  const packet = {
    command: body.readUInt16LE(0),
    session: body.readUInt16LE(4),
    reply: body.readUInt16LE(6),
    data: body.subarray(8),
  };
  const isRight = sumOf(lay(packet, 0)) % 0xffff === body.readUInt16LE(2) % 0xffff;
  return isRight ? packet : undefined;
}

/** Cuts a TCP stream into packets; a terminal drops everything it has when the stream makes no sense. */
export function createStream(): (chunk: Uint8Array) => ZkPacket[] {
  let held = Buffer.alloc(0);
  return (chunk) => {
    held = Buffer.concat([held, chunk]);
    const packets: ZkPacket[] = [];
    while (held.length >= 8) {
      const length = held.readUInt32LE(4);
      if (held.readUInt32LE(0) !== TOP || length > MAX_REQUEST) {
        held = Buffer.alloc(0);
        break;
      }
      if (held.length < 8 + length) break;
      const packet = parseDatagram(held.subarray(8, 8 + length));
      if (packet !== undefined) packets.push(packet);
      held = held.subarray(8 + length);
    }
    return packets;
  };
}
