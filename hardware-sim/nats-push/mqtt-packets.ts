/** As much of MQTT 3.1.1 (OASIS standard, 29 October 2014) as a terminal needs: publish with QoS 1, subscribe with QoS 0. */

const CONNECT = 0x10;
const PUBLISH_QOS1 = 0x32;
/** Section 3.8.1: the low bits are fixed. */
const SUBSCRIBE = 0x82;
const PINGREQ = 0xc0;
const DISCONNECT = 0xe0;
/** Section 3.1.2.3: user name, password, clean session. */
const CONNECT_FLAGS = 0xc2;
const MAX_PACKET = 64 * 1024;

export interface Login {
  readonly clientId: string;
  readonly user: string;
  readonly password: string;
  readonly keepAliveS: number;
}

export const connectPacket = ({ clientId, user, password, keepAliveS }: Login): Buffer =>
  packet(
    CONNECT,
    text("MQTT"),
    Buffer.of(4, CONNECT_FLAGS, keepAliveS >> 8, keepAliveS & 0xff),
    ...[clientId, user, password].map(text),
  );
export const subscribePacket = (packetId: number, topic: string): Buffer =>
  packet(SUBSCRIBE, uint16(packetId), text(topic), Buffer.of(0));
export const publishPacket = (packetId: number, topic: string, payload: Uint8Array): Buffer =>
  packet(PUBLISH_QOS1, text(topic), uint16(packetId), Buffer.from(payload));
export const pingPacket = (): Buffer => packet(PINGREQ);
export const disconnectPacket = (): Buffer => packet(DISCONNECT);

export type Received =
  | { readonly kind: "connack" | "suback"; readonly code: number }
  | { readonly kind: "publish"; readonly topic: string; readonly payload: Uint8Array }
  | { readonly kind: "other" };

/** Takes bytes as they come and gives whole packets. Throws for a length that no server of ours sends. */
export function createPacketReader(): (chunk: Uint8Array) => Received[] {
  let buffered = Buffer.alloc(0);
  return (chunk) => {
    buffered = Buffer.concat([buffered, chunk]);
    const packets: Received[] = [];
    for (;;) {
      const header = remainingLength(buffered);
      if (header === undefined || buffered.length < header.end + header.length) return packets;
      const whole = header.end + header.length;
      packets.push(received(buffered[0] ?? 0, buffered.subarray(header.end, whole)));
      buffered = Buffer.from(buffered.subarray(whole));
    }
  };
}

function received(type: number, body: Buffer): Received {
  switch (type >> 4) {
    case 2: // CONNACK: flags, return code
      return { kind: "connack", code: body[1] ?? 0xff };
    case 9: // SUBACK: packet id, return codes
      return { kind: "suback", code: body[2] ?? 0xff };
    case 3: {
      const topicEnd = 2 + body.readUInt16BE(0);
      const hasPacketId = (type & 0b110) !== 0;
      const payload = body.subarray(topicEnd + (hasPacketId ? 2 : 0));
      return { kind: "publish", topic: body.toString("utf8", 2, topicEnd), payload };
    }
    default:
      return { kind: "other" };
  }
}

/** Section 2.2.3: seven bits per byte, the lowest first; undefined while it is not all there. */
function remainingLength(
  bytes: Buffer,
): { readonly length: number; readonly end: number } | undefined {
  let length = 0;
  for (let index = 1; index < bytes.length; index += 1) {
    const byte = bytes[index] ?? 0;
    length += (byte & 0x7f) * 128 ** (index - 1);
    if (length > MAX_PACKET || index > 4) throw new RangeError(`an MQTT packet of ${length} bytes`);
    if (byte < 0x80) return { length, end: index + 1 };
  }
  return undefined;
}

function packet(type: number, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const length: number[] = [];
  let left = body.length;
  do {
    const low = left % 128;
    left = Math.floor(left / 128);
    length.push(left > 0 ? low | 0x80 : low);
  } while (left > 0);
  return Buffer.concat([Buffer.of(type, ...length), body]);
}

function uint16(value: number): Buffer {
  return Buffer.of(value >> 8, value & 0xff);
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([uint16(bytes.length), bytes]);
}
