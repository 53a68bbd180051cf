/**
 * ZKTeco packets on TCP port 4370: bytes ⇄ packets, without meaning.
 *
 *     50 50 82 7D  size[4]   command[2] checksum[2] session[2] reply[2]  data…      all little endian
 *
 * `size` counts from the command on. Source: adrobinoga/zk-protocol, `protocol.md`; pyzk 0.9.
 */
const MAGIC = Buffer.from([0x50, 0x50, 0x82, 0x7d]);
const TOP_BYTES = 8;
const HEADER_BYTES = 8;
/** The largest piece of a log that is ever asked for at once, as the vendor's own tools do. */
export const CHUNK_BYTES = 0xffc0;
/** A piece with its header, and as much again for terminals that send a table without being asked for pieces. */
export const MAX_PACKET_BYTES = 2 * (CHUNK_BYTES + HEADER_BYTES);
/** A damaged packet longer than this is dropped whole: looking for another one inside would cost its length squared. */
const MAX_SEARCHED_BYTES = 4096;

export interface Packet {
  readonly command: number;
  readonly session: number;
  readonly reply: number;
  readonly data: Buffer;
}

/** Why bytes were thrown away, and how often: noise between packets counts bytes, everything else packets. */
export type Discard = "noise" | "size" | "checksum" | "stalled";

/** One's complement of the 16-bit sum with end-around carry; over the packet with its checksum field zero. */
export function checksum(bytes: Uint8Array): number {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 2)
    sum += (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 0x10000);
  return ~sum & 0xffff;
}

export function encodePacket({ command, session, reply, data }: Packet): Buffer {
  const bytes = Buffer.alloc(TOP_BYTES + HEADER_BYTES + data.length);
  MAGIC.copy(bytes);
  bytes.writeUInt32LE(HEADER_BYTES + data.length, 4);
  bytes.writeUInt16LE(command, 8);
  bytes.writeUInt16LE(session, 12);
  bytes.writeUInt16LE(reply, 14);
  data.copy(bytes, 16);
  bytes.writeUInt16LE(checksum(bytes.subarray(TOP_BYTES)), 10);
  return bytes;
}

export interface Framer {
  /** The packets that are complete now, in order. Never throws; holds at most one packet's bytes back. */
  push(chunk: Uint8Array): Packet[];
  /** The rest of a packet will not come: finds what is hidden behind its beginning and holds nothing any more. */
  expire(): Packet[];
  /** What was thrown away since the last call. */
  takeDiscards(): Partial<Record<Discard, number>>;
  readonly held: number;
}

type Found =
  | { readonly kind: "packet"; readonly packet: Packet; readonly end: number }
  | { readonly kind: "damaged"; readonly why: Discard; readonly next: number }
  | { readonly kind: "more" };

export function createFramer(): Framer {
  let buffer: Buffer = Buffer.alloc(0);
  let discards: Partial<Record<Discard, number>> = {};
  const discard = (why: Discard, by = 1): void => {
    if (by > 0) discards[why] = (discards[why] ?? 0) + by;
  };

  const take = (): Packet[] => {
    const packets: Packet[] = [];
    let at = 0;
    for (;;) {
      const start = buffer.indexOf(MAGIC, at);
      if (start < 0) {
        const keep = beginningOfMagic(buffer.subarray(at));
        discard("noise", buffer.length - at - keep);
        buffer = buffer.subarray(buffer.length - keep);
        return packets;
      }
      discard("noise", start - at);
      const found = packetAt(buffer, start);
      if (found.kind === "more") {
        buffer = buffer.subarray(start);
        return packets;
      }
      if (found.kind === "packet") {
        packets.push(found.packet);
        at = found.end;
      } else {
        discard(found.why);
        at = found.next;
      }
    }
  };

  return {
    push(chunk) {
      buffer = buffer.length === 0 ? Buffer.from(chunk) : Buffer.concat([buffer, chunk]);
      return take();
    },
    expire() {
      const packets: Packet[] = [];
      while (buffer.length > 0) {
        const isPacket = buffer.length >= MAGIC.length;
        discard(isPacket ? "stalled" : "noise", isPacket ? 1 : buffer.length);
        buffer = buffer.subarray(isPacket ? MAGIC.length : buffer.length);
        packets.push(...take());
      }
      return packets;
    },
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

function packetAt(buffer: Buffer, start: number): Found {
  if (buffer.length < start + TOP_BYTES) return { kind: "more" };
  const size = buffer.readUInt32LE(start + 4);
  const next = start + MAGIC.length;
  if (size < HEADER_BYTES || size > MAX_PACKET_BYTES) return { kind: "damaged", why: "size", next };
  const end = start + TOP_BYTES + size;
  if (buffer.length < end) return { kind: "more" };
  // Copied: what is read from it may be kept, and the checksum field is zeroed.
  const body = Buffer.from(buffer.subarray(start + TOP_BYTES, end));
  const announced = body.readUInt16LE(2);
  body.writeUInt16LE(0, 2);
  // In one's complement 0 and FFFF are the same number, and terminals choose either.
  if (checksum(body) % 0xffff !== announced % 0xffff) {
    const isLong = size > MAX_SEARCHED_BYTES;
    return { kind: "damaged", why: "checksum", next: isLong ? end : next };
  }
  const packet = {
    command: body.readUInt16LE(0),
    session: body.readUInt16LE(4),
    reply: body.readUInt16LE(6),
    data: body.subarray(HEADER_BYTES),
  };
  return { kind: "packet", packet, end };
}

/** How many of the last bytes may be the beginning of a packet. */
function beginningOfMagic(bytes: Buffer): number {
  for (let length = Math.min(MAGIC.length - 1, bytes.length); length > 0; length -= 1) {
    if (bytes.subarray(-length).equals(MAGIC.subarray(0, length))) return length;
  }
  return 0;
}
